"""What suites share on one site: the lock, the verdicts of probes, the known bugs."""

import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from focus_core.base import run_identity
from focus_core.base.errors import BenchError
from focus_core.mongodb import client as mongo_client
from focus_core.run import left_jobs, probes
from focus_core.run.left_jobs import OwnedJobs
from focus_core.site import data as site_data
from focus_core.site import loader as site_loader
from focus_core.site.locks import SiteLock
from focus_core.site.model import Interface, Site
from support.loopback import Answer, free_port, http_server

HOLD_READER = """
import sys
from dataclasses import replace
from pathlib import Path
from focus_core.site import loader as site_loader
from focus_core.run.left_jobs import OwnedJobs
from focus_core.site.locks import SiteLock
site = replace(site_loader.read("staging"), state_dir=Path(sys.argv[1]))
SiteLock(site).acquire(exclusive=False)
print("held", flush=True)
sys.stdin.read()
"""

USERS = {"viewer": "viewer", "lane1": "admin", "root": "super admin"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    staging = site_loader.read("staging")
    assert isinstance(staging, Site)
    return replace(staging, state_dir=tmp_path)


def test_readers_share_and_a_writer_is_alone(site: Site) -> None:
    one, other, exclusive = SiteLock(site), SiteLock(site), SiteLock(site)
    one.acquire(exclusive=False)
    other.acquire(exclusive=False)
    with pytest.raises(BenchError, match=r"held by other suites for more than 0\.1 s"):
        exclusive.acquire(exclusive=True, patience=0.1)
    one.release()
    other.release()
    alone = SiteLock(site)
    alone.acquire(exclusive=True, patience=1)
    late = SiteLock(site)
    with pytest.raises(BenchError, match="held by an exclusive suite"):
        late.acquire(exclusive=False, patience=0.1)
    alone.release()


def test_the_lock_of_a_killed_process_is_free_at_once(site: Site) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_READER, str(site.state_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    lock = SiteLock(site)
    lock.acquire(exclusive=True, patience=1)
    lock.release()


def test_a_site_of_which_nothing_answers_is_dead_in_one_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(_site: Site) -> None:
        asked.append("asked")
        raise BenchError("Nobody there.")

    monkeypatch.setattr(probes, "_PROBES", dict.fromkeys(probes._PROBES, refuse))
    for interface in ("rest", "ssh"):
        with pytest.raises(
            BenchError, match=rf"^Site {site.name} is dead: nothing answers of rest, .*\. Nobody there\.$"
        ):
            probes.require_alive(site, interface, fresh=True)
    assert len(asked) <= len(probes._PROBES)


def test_only_fresh_verdicts_are_probed_where_asked_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_site: Site) -> None:
        raise BenchError("It is dead.")

    monkeypatch.setattr(probes, "_PROBES", dict.fromkeys(probes._PROBES, refuse))
    monkeypatch.setattr(probes, "only_fresh", True)
    assert not probes.require_alive(site, "rest").trouble
    with pytest.raises(BenchError, match="dead"):
        probes.require_alive(site, "rest", fresh=True)


def test_a_site_of_which_something_answers_is_not_dead(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_site: Site) -> None:
        raise BenchError("Nobody there.")

    monkeypatch.setattr(probes, "_PROBES", dict.fromkeys(probes._PROBES, refuse) | {"ssh": lambda _site: None})
    with pytest.raises(BenchError, match=r"^Nobody there\.$"):
        probes.require_alive(site, "rest")


LOGIN = {"POST /prisma/api/auth/login": Answer(201, {"access_token": "token-of-a-probe", "expires_in": 300})}


def pointed_at(site: Site, focus: str, webapp: str) -> Site:
    """The site with its Focus Server and its web app at these addresses."""
    return replace(
        site,
        focus=replace(site.focus, url=f"{focus}/focus-server"),
        webapp=replace(site.webapp, url=f"{webapp}/prisma/api"),
    )


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "RABBITMQ", "MONGODB", "NODE"):
        monkeypatch.setenv(f"STAGING_{name}_PASSWORD", "a-password")


def test_a_dead_interface_is_found_once_and_remembered(site: Site) -> None:
    with http_server(LOGIN) as server:
        dead = pointed_at(site, f"http://127.0.0.1:{free_port()}", server.url)
        first = probes.check(dead, "rest")
        assert "The Focus Server does not answer" in first.trouble
        assert probes.check(dead, "rest") == first
        assert probes.check(dead, "rest", fresh=True).at > first.at


def test_a_dead_verdict_counts_in_its_run_only_and_an_alive_one_is_shared(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_server(LOGIN) as server:
        dead = pointed_at(site, f"http://127.0.0.1:{free_port()}", server.url)
        first, alive = probes.check(dead, "rest"), probes.check(dead, "webapp")
        monkeypatch.setattr(run_identity, "run_of_lanes", lambda: "the next run")
        assert probes.check(dead, "rest").at > first.at
        assert probes.check(dead, "webapp") == alive


def test_a_site_that_was_started_anew_or_is_reached_another_way_is_asked_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_server(LOGIN) as server:
        dead = pointed_at(site, f"http://127.0.0.1:{free_port()}", server.url)
        first = probes.check(dead, "rest")
        (tmp_path / "site.yaml").touch()
        second = probes.check(dead, "rest")
        assert second.at > first.at
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        third = probes.check(dead, "rest")
        assert third.at > second.at
        assert probes.check(dead, "rest") == third


def test_lanes_of_a_run_have_one_run_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOCUS_RUN_ID", raising=False)
    assert run_identity.run_of_lanes() == run_identity.run_id()
    monkeypatch.setattr(run_identity, "_variable_of_pabot", {"PABOTQUEUEINDEX": "3"}.get)
    assert run_identity.run_of_lanes() == f"pabot {os.getppid()}"
    monkeypatch.setenv("FOCUS_RUN_ID", "run-7")
    assert run_identity.run_of_lanes() == run_identity.run_id()


def test_an_old_verdict_is_asked_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with http_server({"GET /focus-server/ack": Answer(200, {}), **LOGIN}) as server:

        def asked() -> int:
            return sum(request.target == "GET /focus-server/ack" for request in server.requests)

        living = pointed_at(site, server.url, server.url)
        assert probes.check(living, "rest").trouble == ""
        probes.check(living, "grpc")
        probes.check(living, "rest")
        assert asked() == 2
        later = time.time() + probes.VERDICT_LIFE_S + 1
        monkeypatch.setattr(time, "time", lambda: later)
        probes.check(living, "rest")
        assert asked() == 3


def test_a_corrected_site_file_does_not_inherit_the_verdict(site: Site) -> None:
    with http_server({"GET /focus-server/ack": Answer(200, {}), **LOGIN}) as server:
        wrong = pointed_at(site, f"http://127.0.0.1:{free_port()}", server.url)
        assert probes.check(wrong, "rest").trouble
        assert not probes.check(pointed_at(site, server.url, server.url), "rest").trouble


def test_a_server_that_answers_badly_is_in_trouble(site: Site) -> None:
    with http_server({"GET /focus-server/ack": Answer(503, {}), **LOGIN}) as server:
        ill = pointed_at(site, server.url, server.url)
        assert "answered 503 instead of 200" in probes.check(ill, "rest").trouble


def test_a_dead_web_app_is_one_sentence_for_all_who_log_in(site: Site) -> None:
    with http_server({"GET /focus-server/ack": Answer(200, {})}) as server:
        dead = pointed_at(site, server.url, f"http://127.0.0.1:{free_port()}")
        troubles = {probes.check(dead, interface).trouble for interface in ("webapp", "rest", "grpc")}
    assert len(troubles) == 1
    assert "The web app does not answer" in troubles.pop()


@pytest.mark.parametrize(
    ("interface", "sentence"),
    [
        ("mongodb", "MongoDB at .* does not answer"),
        ("rabbitmq", "RabbitMQ at .* cannot be reached"),
        ("kubernetes", "The kubeconfig .* cannot be used"),
        ("ssh", "The node .* does not let 'prisma' in"),
    ],
)
def test_every_probe_finds_a_dead_interface(
    site: Site, interface: Interface, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(probes, "TIMEOUT_S", 0.2)
    monkeypatch.setattr(mongo_client, "CONNECT_TIMEOUT_MS", 200)
    port = free_port()
    dead = replace(
        site,
        mongodb=replace(site.mongodb, host="127.0.0.1", port=port),
        rabbitmq=replace(site.rabbitmq, host="127.0.0.1", port=port),
        node=replace(site.node, host="127.0.0.1", port=port),
        kubernetes=replace(site.kubernetes, kubeconfig=tmp_path / "gone"),
    )
    trouble = probes.check(dead, interface).trouble
    assert re.match(sentence, trouble)
    assert "\n" not in trouble


def swept(folder: Path) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    left_jobs.sweep(folder, lambda left: found.append((left.username, left.jobs)))
    return found


def test_jobs_of_a_living_process_are_its_own(tmp_path: Path) -> None:
    mine = OwnedJobs(tmp_path, "lane0")
    mine.add("1-1")
    assert swept(tmp_path) == []


def test_jobs_of_a_killed_process_are_found_once(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from focus_core.run.left_jobs import OwnedJobs;"
        "mine = OwnedJobs(Path(sys.argv[1]), 'lane3');"
        "mine.add('1-1'); mine.add('2-2'); mine.remove('1-1'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert swept(tmp_path) == [("lane3", ["2-2"])]
    assert swept(tmp_path) == []


def test_jobs_that_could_not_be_removed_are_found_again(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from focus_core.run.left_jobs import OwnedJobs;"
        "OwnedJobs(Path(sys.argv[1]), 'lane3').add('1-1'); os.kill(os.getpid(), 9)"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], check=False, env=os.environ | {"FOCUS_RUN_ID": "run-7"}
    )

    def refuse(_left: left_jobs.LeftJobs) -> None:
        raise BenchError("the server is away")

    assert left_jobs.sweep(tmp_path, refuse) == [
        "A killed run left what could not be removed: jobs 1-1 of lane3, left by run run-7: the server is away"
    ]
    assert swept(tmp_path) == [("lane3", ["1-1"])]


def test_a_process_that_removed_all_its_jobs_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from focus_core.run.left_jobs import OwnedJobs;"
        "mine = OwnedJobs(Path(sys.argv[1]), 'lane3'); mine.add('1-1'); mine.remove('1-1')"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    assert swept(tmp_path) == []
    assert list(tmp_path.glob("*.json")) == []


def test_lanes_share_the_admins_and_never_act_as_a_viewer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first = replace(site.users[0], username="lane0", role="admin")
    users = [replace(first, username=name, role=role) for name, role in USERS.items()]
    monkeypatch.setattr(site_data, "site", lambda: replace(site, users=[first, *users]))
    picked = []
    for lane in range(5):
        monkeypatch.setattr(run_identity, "lane", lambda lane=lane: lane)
        picked.append(site_data.lane_user().username)
    assert picked == ["lane0", "lane1", "lane0", "lane1", "lane0"]
