"""The stop of a run's shards: from the machine on which a critical test failed over the Lease to the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import run_id

from pipeline.ci import stopping


class Lease:
    """One Lease for all machines; ``gone`` is how often the cluster does not answer."""

    def __init__(self) -> None:
        self.run, self.stops, self.gone = run_id(), dict[str, str](), 0

    def of_site(self, _site: Any) -> Lease:
        return self

    def read(self) -> Any:
        if self.gone:
            self.gone -= 1
            raise BenchError("The cluster does not answer.")
        return SimpleNamespace(run=self.run, stops=self.stops)

    def stop(self, attempt: int, text: str) -> None:
        self.stops[str(attempt)] = text


@pytest.fixture
def lease(monkeypatch: pytest.MonkeyPatch) -> Lease:
    found = Lease()
    monkeypatch.setattr(stopping, "Leases", found)
    monkeypatch.setattr(stopping, "LOOK_S", 0.01)
    return found


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_stop_reaches_the_other_machine_whose_cluster_was_gone_for_a_while(lease: Lease, tmp_path: Path) -> None:
    here, there = tmp_path / "here.txt", tmp_path / "there.txt"
    site: Any = None
    with stopping.shared(site, there, 1):
        lease.gone = 3
        with stopping.shared(site, here, 1):
            here.write_text("Suites.Api.Broken", encoding="utf-8")
        until(there.exists)
    assert there.read_text(encoding="utf-8") == "Suites.Api.Broken"
    assert lease.stops == {"1": "Suites.Api.Broken"}


@pytest.mark.parametrize(("run", "attempt"), [("another", 1), ("", 2)])
def test_a_stop_of_another_run_or_attempt_is_none(lease: Lease, tmp_path: Path, run: str, attempt: int) -> None:
    lease.stops["1"] = "Suites.Api.Broken"
    lease.run = run or lease.run
    marker, site = tmp_path / "marker.txt", None
    with stopping.shared(site, marker, attempt):  # type: ignore[arg-type]
        time.sleep(0.1)
    assert not marker.exists()
