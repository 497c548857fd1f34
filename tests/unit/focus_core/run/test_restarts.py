"""Restarts of workloads are named once, with how they ended, and only when the same run has seen the count before."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.run import clients, restarts
from focus_core.site import state


@dataclass
class Cluster:
    """A cluster with one pod for each workload; ``counts`` is how often each was restarted."""

    counts: dict[str, int] = field(default_factory=lambda: {"recorder-1": 0, "webapp-1": 3})

    def pods(self, selector: str) -> list[Any]:
        ended = [SimpleNamespace(last_end="Error")]
        return [
            SimpleNamespace(name=name, restarts=times, containers=ended)
            for name, times in self.counts.items()
            if name.startswith(selector)
        ]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster()
    monkeypatch.setattr(clients, "cluster", lambda: made)
    monkeypatch.setattr(state, "state_dir", lambda _site: tmp_path)
    monkeypatch.setattr(restarts, "run_id", lambda: "run-1")
    return made


SITE: Any = SimpleNamespace(
    workloads=SimpleNamespace(
        segy_recorder=SimpleNamespace(selector="recorder"), webapp=SimpleNamespace(selector="webapp"), preprocessor=None
    )
)


def test_a_restart_is_named_once(cluster: Cluster) -> None:
    restarts.begin(SITE)
    assert restarts.risen(SITE) == []
    cluster.counts["recorder-1"] = 2
    assert restarts.risen(SITE) == ["recorder-1 was restarted 2 times (ended with Error)"]
    assert restarts.risen(SITE) == []


def test_the_first_suite_of_a_run_begins_and_the_next_ones_go_on(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarts.begin(SITE)
    cluster.counts["webapp-1"] = 4
    restarts.begin(SITE)
    assert restarts.risen(SITE) == ["webapp-1 was restarted 1 times (ended with Error)"]
    cluster.counts["webapp-1"] = 9
    monkeypatch.setattr(restarts, "run_id", lambda: "run-2")
    restarts.begin(SITE)
    assert restarts.risen(SITE) == []


def test_what_our_own_faults_did_is_taken_as_it_is(cluster: Cluster) -> None:
    restarts.begin(SITE)
    cluster.counts = {"recorder-1": 1, "webapp-2": 0}
    restarts.note(SITE)
    assert restarts.risen(SITE) == []


def test_a_file_that_cannot_be_read_counts_as_none(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "restarts.json").write_text("{", encoding="utf-8")
    restarts.begin(SITE)
    cluster.counts["recorder-1"] = 1
    assert restarts.risen(SITE) == ["recorder-1 was restarted 1 times (ended with Error)"]
