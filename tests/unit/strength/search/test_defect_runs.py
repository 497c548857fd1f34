"""Defects on made-up sites: which test meets which defect, and what counts as caught."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline.errors import RunError
from strength.areas import Area
from strength.mutants.mutants import Mutant
from strength.mutants.traffic import Seen
from strength.results.results import Hit, Outcome, Record
from strength.search.defect_runs import DefectRounds
from strength.search.measurement import Measurement
from strength.workers.pool import Crew, Team, Teams
from strength.workers.site import Defect
from strength.workers.tests import Run, Test
from strength.workers.threads import at_once

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
    """Remembers what was on; `spoiled` is what a defect leaves behind."""

    def __init__(self) -> None:
        self.on = ""
        self.seen: list[str] = []
        self.spoiled = False

    @contextmanager
    def switched(self, *_: str) -> Iterator[None]:
        yield

    @contextmanager
    def broken_by(self, defect: Defect, area: Area) -> Iterator[None]:
        assert area is AREA
        self.on = defect.name
        self.seen.append(defect.name)
        yield
        self.on = ""


class Worker:
    """Runs tests that fail where `fails` says so."""

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
        self.site.spoiled = False

    def stop(self) -> None:
        return


def rounds(names: list[str], fails: Fails, *, teams: int = 1) -> tuple[DefectRounds, list[Worker]]:
    outcome = Outcome("queues", "*", False, teams, "now", (2,))
    for name in names:
        test = Test(f"Suites.{name}", frozenset({"messaging"}), False)
        outcome.records[test] = Record(test, [PASS])
    workers = [Worker(Site(), fails) for _ in range(teams)]
    known: Any = [Team(worker.site, Crew([worker])) for worker in workers]  # type: ignore[arg-type, list-item]
    return DefectRounds(AREA, Teams(known), outcome, time.monotonic() + 60), workers


def test_a_defect_is_caught_by_the_first_test_that_fails_and_passes_again() -> None:
    found, (worker,) = rounds(["Queue Is There", "Answers Are Fast"], lambda _, site: site.on == "queue-lost")
    found.run([LOST])
    hit = found.outcome.defects[LOST]
    assert (hit.outcome, hit.by, hit.tried) == ("caught", "Queue Is There", 1)
    assert worker.runs == [("Queue Is There", "queue-lost"), ("Queue Is There", "")]


def test_who_fails_without_the_defect_too_has_caught_nothing_and_is_flaky() -> None:
    found, (worker,) = rounds(["Queue Is There"], lambda *_: True)
    found.run([LOST])
    (record,) = found.outcome.records.values()
    assert found.outcome.defects[LOST].outcome == "survived"
    assert record.verdict == "flaky"
    assert worker.renewed == 1, "it might have been the site"


def test_a_defect_that_leaves_something_behind_is_caught_on_a_new_site() -> None:
    def fails(_name: str, site: Site) -> bool:
        site.spoiled = site.spoiled or bool(site.on)
        return site.spoiled

    found, (worker,) = rounds(["Queue Is There"], fails)
    found.run([LOST])
    assert found.outcome.defects[LOST].outcome == "caught"
    assert worker.renewed == 1


def test_each_defect_is_met_on_one_site() -> None:
    found, workers = rounds(["Queue Is There"], lambda _, site: bool(site.on), teams=2)
    found.run([LOST, SLOW])
    assert sorted(workers[0].site.seen + workers[1].site.seen) == ["broker-slow", "queue-lost"]
    assert all(hit.outcome == "caught" for hit in found.outcome.defects.values())


def test_a_test_that_caught_nothing_meets_the_likely_ones_then_those_of_other_areas_that_speak_of_the_same() -> None:
    found, (worker,) = rounds(["Queue Is There"], lambda *_: False)
    found.run([LOST, SLOW, FOREIGN, UNLIKE])
    assert set(found.outcome.defects) == {LOST, SLOW}
    found.for_silent(found.deadline)
    assert worker.site.seen[2:] == ["queue-shown"], "those of the area it had met"


def test_a_test_is_asked_no_more_when_it_has_caught_something() -> None:
    found, (worker,) = rounds(["Queue Is There", "Queue Is Deep"], lambda _, site: site.on == "broker-slow")
    found.run([LOST, SLOW])
    found.for_silent(found.deadline)
    assert not found.outcome.silent()
    assert [name for name, on in worker.runs if on == "broker-slow"] == ["Queue Is Deep", "Queue Is There"]


def test_who_had_no_time_to_catch_anything_is_told_so() -> None:
    found, _ = rounds(["Queue Is There"], lambda *_: False)
    found.run([LOST, FOREIGN])
    found.for_silent(time.monotonic() - 1)
    assert "Test 'Queue Is There' catches nothing so far: the time was over." in found.outcome.problems()


def test_nothing_is_begun_after_the_deadline() -> None:
    found, (worker,) = rounds(["Queue Is There"], lambda *_: True)
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
        at_once([0, 1], job, stop=stopped.set)
    assert stopped.is_set()
    assert time.monotonic() - began < 50


@pytest.mark.parametrize("noticed", ["p02", "p37", "p59"])
def test_a_test_that_caught_nothing_meets_everything_that_it_sees_in_few_runs(noticed: str) -> None:
    kind = ("POST /configure", 200)
    found = [Mutant(kind, (f"p{index:02}",), "plus one") for index in range(60)]
    test = Test("Suites.Row Time", frozenset(), False)
    seen = Seen(samples={mutant.place or (): [1] for mutant in found})
    outcome = Outcome("api", "*", False, 1, "now", (1,), mutants=dict.fromkeys(found, Hit("caught", "Another")))
    outcome.records[test] = Record(test, [PASS], traffic={kind: seen})
    runs: list[tuple[Mutant, ...]] = []

    class Armed:
        def run(self, _: Test, armed: tuple[Mutant, ...], *, limit: float) -> Run:
            assert limit > 0
            runs.append(armed)
            status = "FAIL" if any(mutant.place == (noticed,) for mutant in armed) else "PASS"
            return Run(status, status, "wrong", 0.1, frozenset(mutant.name for mutant in armed))

    teams: Any = Teams([Team(Site(), Crew([Armed()]))])  # type: ignore[arg-type, list-item]
    measurement = Measurement(AREA, teams, outcome, time.monotonic() + 60, {}, [])
    measurement.ask_again(outcome.silent(), measurement.deadline)
    assert outcome.records[test].catches == [f"POST /configure 200 {noticed}: plus one"]
    assert len(runs) < 20


@pytest.mark.parametrize(("exclusive", "seconds", "kept"), [(True, 8.0, 2), (True, 0.2, 4), (False, 8.0, 4)])
def test_of_what_only_dear_tests_see_each_place_is_changed_once(exclusive: bool, seconds: float, kept: int) -> None:
    kind = ("POST /configure", 429)
    place = [Mutant(kind, ("allowed",), operator) for operator in ("null", "plus one", "zero")]
    status = Mutant(kind, None, "status changed", "500")
    test = Test("Suites.Limits", frozenset(), exclusive)
    outcome = Outcome("api", "*", False, 1, "now", (1,))
    seen = Seen(samples={("allowed",): [30]})
    outcome.records[test] = Record(test, [Run("PASS", "PASS", "", seconds)], traffic={kind: seen})
    teams: Any = Teams([])
    measurement = Measurement(AREA, teams, outcome, time.monotonic() + 60, {}, [])
    assert len(measurement._spare_the_dear([*place, status])) == kept
    assert len(outcome.left_out) == 4 - kept
