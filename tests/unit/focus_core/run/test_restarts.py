"""Restarts of workloads are named once, with how they ended, and only when the same run has seen the count before."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.run.restarts import Restarts
from focus_core.site import state


@dataclass
class Cluster:
    """A cluster with these pods; ``counts`` is how often each was restarted."""

    counts: dict[str, int] = field(default_factory=lambda: {"recorder-1": 0, "webapp-1": 3, "grpc-job-7-1-x": 0})

    def pods(self) -> list[Any]:
        ended = [SimpleNamespace(last_end="Error")]
        return [SimpleNamespace(name=name, restarts=times, containers=ended) for name, times in self.counts.items()]


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def run(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Restarts]:
    """The restarts as the run of this id sees them."""
    monkeypatch.setattr(state, "state_dir", lambda _site: tmp_path)
    site: Any = SimpleNamespace(job_prefix="grpc-job-")
    watching: Any = cluster
    return lambda run_id: Restarts(site, watching, run_id)


Run = Callable[[str], Restarts]


def test_a_restart_is_named_once_to_a_suite_and_again_at_the_end(run: Run, cluster: Cluster) -> None:
    run("1").begin()
    assert run("1").risen() == []
    cluster.counts["recorder-1"] = 2
    named = ["recorder-1 was restarted 2 times (ended with Error)"]
    assert run("1").risen() == named
    assert run("1").risen() == []
    assert run("1").unexplained() == named


def test_what_nobody_looked_at_meanwhile_is_named_at_the_end(run: Run, cluster: Cluster) -> None:
    run("1").begin()
    cluster.counts["webapp-1"] = 4
    assert run("1").unexplained() == ["webapp-1 was restarted 1 times (ended with Error)"]


def test_the_first_suite_of_a_run_begins_and_the_next_ones_go_on(run: Run, cluster: Cluster) -> None:
    run("1").begin()
    cluster.counts["webapp-1"] = 4
    run("1").begin()
    assert run("1").risen() == ["webapp-1 was restarted 1 times (ended with Error)"]
    cluster.counts["webapp-1"] = 9
    run("2").begin()
    assert run("2").risen() == []


def test_what_a_fault_does_is_explained_for_every_run_and_what_was_before_it_is_not(run: Run, cluster: Cluster) -> None:
    run("1").begin()
    run("2").begin()
    cluster.counts["webapp-1"] = 4
    run("1").before_a_fault()
    cluster.counts = {"recorder-1": 1, "webapp-1": 5}
    run("1").after_a_fault()
    for each in ("1", "2"):
        assert run(each).risen() == []
        assert run(each).unexplained() == ["webapp-1 was restarted 1 times (ended with Error)"]


def test_pods_of_views_come_and_go(run: Run, cluster: Cluster) -> None:
    run("1").begin()
    cluster.counts["grpc-job-7-1-x"] = 2
    assert run("1").unexplained() == []


def test_a_file_that_cannot_be_read_counts_as_none(run: Run, cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "restarts-1.json").write_text("{", encoding="utf-8")
    run("1").begin()
    cluster.counts["recorder-1"] = 1
    assert run("1").risen() == ["recorder-1 was restarted 1 times (ended with Error)"]


def test_the_files_of_ended_and_of_old_runs_go(run: Run, tmp_path: Path) -> None:
    for each in ("1", "2", "3"):
        run(each).begin()
    os.utime(tmp_path / "restarts-2.json", (0, 0))
    run("1").forget()
    assert [path.name for path in tmp_path.glob("restarts-*.json")] == ["restarts-3.json"]
