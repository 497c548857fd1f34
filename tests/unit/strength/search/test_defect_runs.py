"""Defects on made-up sites: which test runs with which defect, and what counts as detected."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from focus_core.run import known_bugs

from pipeline.errors import RunError
from strength.areas import Area
from strength.mutants.mutants import Mutant
from strength.mutants.traffic import Seen
from strength.results.results import DEFECTS, MUTANTS, Outcome, Record, Result
from strength.search.defect_runs import DefectRuns
from strength.search.measurement import Measurement
from strength.workers.pool import WorkerGroup, WorkerGroups, WorkerPool
from strength.workers.site import Defect
from strength.workers.tests import Run, Test
from strength.workers.threads import run_parallel

AREA = Area("queues", frozenset({"messaging"}), frozenset({"messaging"}), own_sites=True)
PASS = Run("PASS", "PASS", "", 0.1)
LOST, SLOW = (
    Defect(name, "", "messaging", sentence, "RabbitMQ", "at once")
    for name, sentence in (("queue-lost", "The queue is lost."), ("broker-slow", "Answers come late."))
)
FOREIGN = Defect("queue-shown", "", "webapp", "The queue is shown to everyone.", "web app", "at once")
UNLIKE = Defect("login-open", "", "webapp", "Anybody may log in.", "web app", "at once")
Fails = Callable[[str, "Site"], bool]


class Site:
    """Records which defects were on; `damaged`: a defect left damage behind."""

    def __init__(self) -> None:
        self.on = ""
        self.seen: list[str] = []
        self.damaged = False

    @contextmanager
    def switched(self, *_: str) -> Iterator[None]:
        yield

    @contextmanager
    def with_defect(self, defect: Defect, area: Area) -> Iterator[None]:
        assert area.name == AREA.name
        self.on = defect.name
        self.seen.append(defect.name)
        yield
        self.on = ""

    def settle(self) -> None:
        self.damaged = False


class Worker:
    """Runs tests that fail where `fails` is true."""

    def __init__(self, site: Site, fails: Fails) -> None:
        self.site = site
        self.runs: list[tuple[str, str]] = []
        self.renewed = 0
        self._fails = fails

    def run(self, test: Test, *_: Any, limit: float) -> Run:
        assert limit > 0
        self.runs.append((test.name, self.site.on))
        return Run("FAIL", "FAIL", "lost", 0.1) if self._fails(test.name, self.site) else PASS

    def renew(self) -> None:
        self.renewed += 1
        self.site.damaged = False

    def stop(self) -> None:
        return


def make_runs(names: list[str], fails: Fails, *, groups: int = 1) -> tuple[DefectRuns, list[Worker]]:
    outcome = Outcome("queues", "*", False, groups, "now", frozenset({DEFECTS}))
    for name in names:
        test = Test(f"Suites.{name}", frozenset({"messaging"}), False)
        outcome.records[test] = Record(test, [PASS])
    workers = [Worker(Site(), fails) for _ in range(groups)]
    known: Any = [WorkerGroup(worker.site, WorkerPool([worker])) for worker in workers]  # type: ignore[arg-type, list-item]
    return DefectRuns(AREA, WorkerGroups(known), outcome, time.monotonic() + 60), workers


def test_a_defect_is_detected_by_the_first_test_that_fails_and_passes_again() -> None:
    found, (worker,) = make_runs(["Queue Is There", "Answers Are Fast"], lambda _, site: site.on == "queue-lost")
    found.run([LOST])
    result = found.outcome.defects[LOST]
    assert (result.outcome, result.by, result.tried) == ("detected", "Queue Is There", 1)
    assert worker.runs == [("Queue Is There", "queue-lost"), ("Queue Is There", "")]


def test_a_test_that_fails_without_the_defect_too_has_detected_nothing_and_is_flaky() -> None:
    found, (worker,) = make_runs(["Queue Is There"], lambda *_: True)
    found.run([LOST])
    (record,) = found.outcome.records.values()
    assert found.outcome.defects[LOST].outcome == "survived"
    assert record.verdict == "flaky"
    assert worker.renewed == 1, "it might have been the site"


def test_a_defect_that_leaves_damage_is_detected_on_a_new_site() -> None:
    def fails(_name: str, site: Site) -> bool:
        site.damaged = site.damaged or bool(site.on)
        return site.damaged

    found, (worker,) = make_runs(["Queue Is There"], fails)
    found.run([LOST])
    assert found.outcome.defects[LOST].outcome == "detected"
    assert worker.renewed == 1


def test_each_defect_runs_on_one_site() -> None:
    found, workers = make_runs(["Queue Is There"], lambda _, site: bool(site.on), groups=2)
    found.run([LOST, SLOW])
    assert sorted(workers[0].site.seen + workers[1].site.seen) == ["broker-slow", "queue-lost"]
    assert all(result.outcome == "detected" for result in found.outcome.defects.values())


def test_an_ineffective_test_runs_with_related_defects_of_its_area_then_of_other_areas() -> None:
    found, (worker,) = make_runs(["Queue Is There"], lambda *_: False)
    found.run([LOST, SLOW, FOREIGN, UNLIKE])
    assert set(found.outcome.defects) == {LOST, SLOW}
    found.for_ineffective_tests(found.deadline)
    assert worker.site.seen[2:] == ["queue-shown"], "those of its area were tried before"


def test_known_bugs_are_read_once_however_many_tests_and_defects_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them for each pair took ten minutes, in which the site found that nobody used it, and ended."""
    read, reads = known_bugs.read, list[int]()
    monkeypatch.setattr(known_bugs, "read", lambda: reads.append(1) or read())
    runs, _ = make_runs(["Queue One", "Queue Two"], lambda *_: False)
    runs.run([LOST, SLOW])
    runs.for_ineffective_tests(time.monotonic() + 60)
    assert len(reads) <= 1


def test_a_test_that_has_detected_something_is_not_run_again() -> None:
    found, (worker,) = make_runs(["Queue Is There", "Queue Is Deep"], lambda _, site: site.on == "broker-slow")
    found.run([LOST, SLOW])
    found.for_ineffective_tests(found.deadline)
    assert not found.outcome.ineffective()
    assert [name for name, on in worker.runs if on == "broker-slow"] == ["Queue Is Deep", "Queue Is There"]


@pytest.mark.parametrize(
    ("quick", "detecting"), [(False, {"Queue Is There", "Queue Is Deep"}), (True, {"Queue Is Deep"})]
)
def test_where_mutants_are_preferred_a_few_related_tests_run_along_for_the_kill_matrix(
    quick: bool, detecting: set[str]
) -> None:
    found, _ = make_runs(["Queue Is There", "Queue Is Deep"], lambda _, site: bool(site.on))
    found.area = replace(AREA, required_score=0.9)
    found.outcome.quick = quick
    found.run([LOST])
    assert {record.test.name for record in found.outcome.records.values() if record.detections} == detecting


def test_an_ineffective_test_without_time_left_is_reported_so() -> None:
    found, _ = make_runs(["Queue Is There"], lambda *_: False)
    found.run([LOST, FOREIGN])
    found.for_ineffective_tests(time.monotonic() - 1)
    assert "Test 'Queue Is There' detects nothing so far: the time was over." in found.outcome.problems()


def test_no_run_starts_after_the_deadline() -> None:
    found, (worker,) = make_runs(["Queue Is There"], lambda *_: True)
    found.deadline = time.monotonic() - 1
    found.run([LOST])
    assert worker.runs == []
    assert found.outcome.defects[LOST].outcome == "not tried"


def test_the_others_are_stopped_when_one_fails() -> None:
    stopped = threading.Event()

    def job(number: int) -> None:
        if number == 0:
            raise RunError("broken")
        stopped.wait(60)

    began = time.monotonic()
    with pytest.raises(RunError, match="broken"):
        run_parallel([0, 1], job, stop=stopped.set)
    assert stopped.is_set()
    assert time.monotonic() - began < 50


@pytest.mark.parametrize("detected", ["p02", "p37", "p59"])
def test_an_ineffective_test_runs_against_all_it_observes_in_few_runs(detected: str) -> None:
    kind = ("POST /configure", 200)
    found = [Mutant(kind, (f"p{index:02}",), "plus one") for index in range(60)]
    test = Test("Suites.Row Time", frozenset(), False)
    seen = Seen(samples={mutant.place or (): [1] for mutant in found})
    outcome = Outcome(
        "api", "*", False, 1, "now", frozenset({MUTANTS}), mutants=dict.fromkeys(found, Result("killed", "Another"))
    )
    outcome.records[test] = Record(test, [PASS], traffic={kind: seen})
    runs: list[tuple[Mutant, ...]] = []

    class Armed:
        def run(self, _: Test, armed: tuple[Mutant, ...], *, limit: float) -> Run:
            assert limit > 0
            runs.append(armed)
            status = "FAIL" if any(mutant.place == (detected,) for mutant in armed) else "PASS"
            return Run(status, status, "wrong", 0.1, frozenset(mutant.name for mutant in armed))

    groups: Any = WorkerGroups([WorkerGroup(Site(), WorkerPool([Armed()]))])  # type: ignore[arg-type, list-item]
    measurement = Measurement(AREA, groups, outcome, time.monotonic() + 60, {}, [])
    measurement.retry_ineffective_tests(outcome.ineffective(), measurement.deadline)
    assert outcome.records[test].detections == [f"POST /configure 200 {detected}: plus one"]
    assert len(runs) < 20


@pytest.mark.parametrize(("exclusive", "seconds", "kept"), [(True, 8.0, 2), (True, 0.2, 4), (False, 8.0, 4)])
def test_of_answers_of_expensive_tests_each_place_has_one_mutant(exclusive: bool, seconds: float, kept: int) -> None:
    kind = ("POST /configure", 429)
    place = [Mutant(kind, ("allowed",), operator) for operator in ("null", "plus one", "zero")]
    status = Mutant(kind, None, "status changed", "500")
    test = Test("Suites.Limits", frozenset(), exclusive)
    outcome = Outcome("api", "*", False, 1, "now", frozenset({MUTANTS}))
    seen = Seen(samples={("allowed",): [30]})
    outcome.records[test] = Record(test, [Run("PASS", "PASS", "", seconds)], traffic={kind: seen})
    groups: Any = WorkerGroups([])
    measurement = Measurement(AREA, groups, outcome, time.monotonic() + 60, {}, [])
    assert len(measurement._skip_expensive([*place, status])) == kept
    assert len(outcome.left_out) == 4 - kept


def test_a_phase_begins_on_a_repaired_site() -> None:
    """What the phase before has left broken would pass for flaky tests."""
    site = Site()
    site.damaged = True
    groups: Any = WorkerGroups([WorkerGroup(site, WorkerPool([]))])  # type: ignore[arg-type]
    measurement = Measurement(AREA, groups, Outcome("api", "*", False, 1, "now", frozenset()), time.monotonic(), {}, [])
    with measurement._phase("baseline runs again"):
        assert not site.damaged
