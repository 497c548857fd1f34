"""Which test runs against which mutants when, with made-up results."""

from __future__ import annotations

import time
from collections.abc import Callable

from strength.mutants.mutants import Mutant
from strength.search import scheduler as scheduling
from strength.search.scheduler import Scheduler, Step
from strength.workers.tests import Run, Test

KIND = ("GET /ack", 200)


def make_test(name: str, *, exclusive: bool = False) -> Test:
    return Test(f"Suites.{name}", frozenset(), exclusive)


def make_mutants(number: int) -> list[Mutant]:
    return [Mutant(KIND, (f"p{index:02}",), "null") for index in range(number)]


def run_all(
    scheduler: Scheduler, kills: Callable[[Test, Mutant], bool], applies: Callable[[Mutant], bool] = lambda _: True
) -> list[Step]:
    """Run all steps to the end; a test fails when it kills one of the armed mutants."""
    steps = []
    while step := scheduler.next():
        steps.append(step)
        applied = frozenset(mutant.name for mutant in step.mutants if applies(mutant))
        failed = any(kills(step.test, mutant) for mutant in step.mutants)
        status = "FAIL" if failed else "PASS"
        scheduler.done(step, Run(status, status, "because", 0.1, applied))
    assert scheduler.over
    return steps


def make_scheduler(
    mutants: list[Mutant], tests: list[Test], seconds: dict[Test, float] | None = None, within: float = 60
) -> Scheduler:
    candidates = {mutant: frozenset(tests) for mutant in mutants}
    return Scheduler(candidates, seconds or dict.fromkeys(tests, 0.1), time.monotonic() + within)


def test_a_killed_mutant_is_not_tried_again() -> None:
    one, two = make_test("One"), make_test("Two")
    scheduler = make_scheduler(make_mutants(1), [one, two])
    steps = run_all(scheduler, lambda *_: True)
    assert len(steps) == 1
    (state,) = scheduler.states.values()
    assert state.killed_by == steps[0].test
    assert state.message == "because"


def test_a_test_that_killed_the_neighbour_runs_first() -> None:
    tests = [make_test(f"T{index}") for index in range(8)]
    scheduler = make_scheduler(make_mutants(10), tests)
    steps = run_all(scheduler, lambda test, _: test is tests[0])
    late = [step for step in steps if len(step.mutants) == 1][-3:]
    assert all(step.test is tests[0] for step in late)
    assert all(state.killed_by is tests[0] for state in scheduler.states.values())


def test_cheap_tests_come_before_slow_and_exclusive_ones() -> None:
    cheap, slow, alone = make_test("Cheap"), make_test("Slow"), make_test("Alone", exclusive=True)
    scheduler = make_scheduler(make_mutants(1), [cheap, slow, alone], {cheap: 0.1, slow: 20.0, alone: 0.1})
    assert [step.test for step in run_all(scheduler, lambda *_: False)] == [cheap, alone, slow]


def test_survivors_are_tried_in_bundles() -> None:
    tests = [make_test(f"T{index:02}") for index in range(30)]
    scheduler = make_scheduler(make_mutants(20), tests)
    steps = run_all(scheduler, lambda *_: False)
    alone = 20 * scheduling.ALONE
    assert len(steps) < alone + 2 * len(tests), "one run a test for all of them, not one for each"
    assert all(state.tried == len(tests) for state in scheduler.states.values())


def test_a_failing_bundle_is_bisected() -> None:
    tests = [make_test(f"T{index:02}") for index in range(10)]
    mutants = make_mutants(16)
    scheduler = make_scheduler(mutants, tests)
    run_all(scheduler, lambda test, mutant: test is tests[9] and mutant in (mutants[3], mutants[12]))
    assert {mutant for mutant, state in scheduler.states.items() if state.killed_by} == {mutants[3], mutants[12]}
    assert all(scheduler.states[mutant].killed_by is tests[9] for mutant in (mutants[3], mutants[12]))


def test_mutants_that_a_failing_test_did_not_reach_are_tried_again() -> None:
    tests = [make_test(f"T{index:02}") for index in range(5)]
    first, second = make_mutants(2)
    scheduler = make_scheduler([first, second], tests)
    while step := scheduler.next():
        armed = list(step.mutants)
        # The last test fails at the first mutant.
        failed = step.test is tests[4]
        applied = armed[:1] if failed else armed
        status = "FAIL" if failed else "PASS"
        scheduler.done(step, Run(status, status, "because", 0.1, frozenset(mutant.name for mutant in applied)))
    assert all(state.killed_by is tests[4] for state in scheduler.states.values())


def test_mutants_of_the_whole_answer_are_not_bundled() -> None:
    mutants = [Mutant(KIND, None, "status changed", "404"), Mutant(KIND, None, "status changed", "500")]
    steps = run_all(make_scheduler(mutants, [make_test(f"T{index}") for index in range(6)]), lambda *_: False)
    assert all(len(step.mutants) == 1 for step in steps)


def test_a_failure_without_an_applied_mutant_is_unrelated_and_no_kill() -> None:
    scheduler = make_scheduler(make_mutants(1), [make_test("One")])
    run_all(scheduler, lambda *_: True, applies=lambda _: False)
    (state,) = scheduler.states.values()
    assert state.killed_by is None
    assert [message for _, message in scheduler.unrelated_failures] == ["because"]


def test_no_step_starts_after_the_deadline() -> None:
    scheduler = make_scheduler(make_mutants(3), [make_test("One")], within=-1)
    assert scheduler.next() is None
    assert scheduler.over


def test_a_mutant_is_with_one_worker_while_there_are_others() -> None:
    scheduler = make_scheduler(make_mutants(2), [make_test("One"), make_test("Two")])
    first, second = scheduler.next(), scheduler.next()
    assert first
    assert second
    assert set(first.mutants).isdisjoint(second.mutants)
    assert not scheduler.over


def test_the_last_mutant_runs_against_several_tests_in_parallel() -> None:
    tests = [make_test(f"T{index:02}") for index in range(10)]
    scheduler = make_scheduler(make_mutants(1), tests)
    (state,) = scheduler.states.values()
    while state.tried < scheduling.ALONE:
        step = scheduler.next()
        assert step
        scheduler.done(step, Run("PASS", "PASS", "", 0.1, frozenset(mutant.name for mutant in step.mutants)))
    steps = [step for _ in range(3) if (step := scheduler.next())]
    assert len({step.test for step in steps}) == 3
    assert not scheduler.over
    for step in steps:
        status = "FAIL" if step is steps[1] else "PASS"
        scheduler.done(step, Run(status, status, "because", 0.1, frozenset(mutant.name for mutant in step.mutants)))
    assert state.killed_by is steps[1].test
    assert scheduler.over
