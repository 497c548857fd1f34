"""The profile ``deployed`` is one known build: a client of its recorded answers meets no surprise, however long."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from support.focus_views import Cluster
from support.recorded_client import RecordedClient
from support.site_commands import Site, eventually, running_site, simulator

from simulator.defects import ALL_DEFECTS, profiles

ANSWERS, PERIOD_S = 300, 2.0
ONLY_OLDER = profiles()["older"].defects.keys() - profiles()["deployed"].defects.keys()
# What the client reads nothing of.
NOT_READ = {"missing-field-500", "timeline-404", "port-bookkeeping"}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of that build with the timers of a real one."""
    with running_site(tmp_path_factory.mktemp("deployed"), "--profile", "deployed") as site:
        yield site


def test_a_client_of_the_recorded_runs_meets_no_surprise(simulated_site: Site, defect: Callable[..., None]) -> None:
    names = set(profiles()["deployed"].defects) - {"metadata-race"}  # three seconds of waiting for each view
    defect(*names)
    client = RecordedClient(simulated_site)
    client.use(answers=18, period_s=0.05)
    assert client.surprises == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", sorted(ONLY_OLDER - NOT_READ))
def test_the_client_sees_what_older_builds_do(name: str, simulated_site: Site, defect: Callable[..., None]) -> None:
    """It is strict enough to tell the builds apart, where an answer that it reads differs."""
    defect(*(set(profiles()["deployed"].defects) - {"metadata-race", "cni-pending"}), name)
    client = RecordedClient(simulated_site)
    client.use(answers=9, period_s=0.05)
    assert client.surprises != []


@pytest.mark.nightly
def test_ten_minutes_of_steady_use_leave_the_site_as_able_as_before(deployed: Site) -> None:
    cluster = Cluster(deployed)

    def standing() -> tuple[set[str], set[str]]:
        services = cluster.core.list_namespaced_service(cluster.namespace).items
        return cluster.job_names(), {one.metadata.name for one in services}

    before = standing()
    client = RecordedClient(deployed)
    client.use(ANSWERS, PERIOD_S)
    assert client.surprises == []
    eventually(lambda: standing() == before, timeout=300)
    again = RecordedClient(deployed)
    again.use(answers=18, period_s=PERIOD_S)
    assert again.surprises == []


def test_the_command_line_shows_builds_and_their_union(simulated_site: Site) -> None:
    shown = simulator("up", "--help").out
    for name, profile in profiles().items():
        assert name in shown
        assert profile.sentence.split()[0] in shown
    both = simulator("up", "--profile", "deployed", "--all-defects", "--state-dir", simulated_site["state_dir"])
    assert both.code == 2
    assert "not allowed with" in both.err
    assert ALL_DEFECTS in shown
