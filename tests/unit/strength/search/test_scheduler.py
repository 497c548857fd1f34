"""Which test meets which mutants when, with made-up results."""

from __future__ import annotations

import time
from collections.abc import Callable

from strength.mutants.mutants import Mutant
from strength.search import scheduler as hunting
from strength.search.scheduler import Hunt, Step
from strength.workers.tests import Run, Test

KIND = ("GET /ack", 200)


def make_test(name: str, *, exclusive: bool = False) -> Test:
    return Test(f"Suites.{name}", frozenset(), exclusive)


def make_mutants(number: int) -> list[Mutant]:
    return [Mutant(KIND, (f"p{index:02}",), "null") for index in range(number)]


def play(
    hunt: Hunt, catches: Callable[[Test, Mutant], bool], applies: Callable[[Mutant], bool] = lambda _: True
) -> list[Step]:
    """Play the hunt to its end; a test fails when it catches one of the armed mutants."""
    steps = []
    while step := hunt.next():
        steps.append(step)
        applied = frozenset(mutant.name for mutant in step.mutants if applies(mutant))
        failed = any(catches(step.test, mutant) for mutant in step.mutants)
        status = "FAIL" if failed else "PASS"
        hunt.done(step, Run(status, status, "because", 0.1, applied))
    assert hunt.over
    return steps


def make_hunt(
    mutants: list[Mutant], tests: list[Test], seconds: dict[Test, float] | None = None, within: float = 60
) -> Hunt:
    candidates = {mutant: frozenset(tests) for mutant in mutants}
    return Hunt(candidates, seconds or dict.fromkeys(tests, 0.1), time.monotonic() + within)


def test_the_first_catch_is_the_last_try() -> None:
    one, two = make_test("One"), make_test("Two")
    hunt = make_hunt(make_mutants(1), [one, two])
    steps = play(hunt, lambda *_: True)
    assert len(steps) == 1
    (fate,) = hunt.fates.values()
    assert fate.caught_by == steps[0].test
    assert fate.message == "because"


def test_a_test_that_caught_the_neighbour_is_asked_first() -> None:
    tests = [make_test(f"T{index}") for index in range(8)]
    hunt = make_hunt(make_mutants(10), tests)
    steps = play(hunt, lambda test, _: test is tests[0])
    late = [step for step in steps if len(step.mutants) == 1][-3:]
    assert all(step.test is tests[0] for step in late)
    assert all(fate.caught_by is tests[0] for fate in hunt.fates.values())


def test_cheap_tests_come_before_slow_and_exclusive_ones() -> None:
    cheap, slow, alone = make_test("Cheap"), make_test("Slow"), make_test("Alone", exclusive=True)
    hunt = make_hunt(make_mutants(1), [cheap, slow, alone], {cheap: 0.1, slow: 20.0, alone: 0.1})
    assert [step.test for step in play(hunt, lambda *_: False)] == [cheap, alone, slow]


def test_survivors_are_tried_in_bundles() -> None:
    tests = [make_test(f"T{index:02}") for index in range(30)]
    hunt = make_hunt(make_mutants(20), tests)
    steps = play(hunt, lambda *_: False)
    alone = 20 * hunting.ALONE
    assert len(steps) < alone + 2 * len(tests), "one run a test for all of them, not one for each"
    assert all(fate.tried == len(tests) for fate in hunt.fates.values())


def test_a_bundle_is_halved_until_the_one_is_found() -> None:
    tests = [make_test(f"T{index:02}") for index in range(10)]
    mutants = make_mutants(16)
    hunt = make_hunt(mutants, tests)
    play(hunt, lambda test, mutant: test is tests[9] and mutant in (mutants[3], mutants[12]))
    assert {mutant for mutant, fate in hunt.fates.items() if fate.caught_by} == {mutants[3], mutants[12]}
    assert all(hunt.fates[mutant].caught_by is tests[9] for mutant in (mutants[3], mutants[12]))


def test_what_a_failing_test_did_not_come_to_is_asked_again() -> None:
    tests = [make_test(f"T{index:02}") for index in range(5)]
    first, second = make_mutants(2)
    hunt = make_hunt([first, second], tests)
    while step := hunt.next():
        armed = list(step.mutants)
        # The last test ends at the first change that it meets.
        failed = step.test is tests[4]
        applied = armed[:1] if failed else armed
        status = "FAIL" if failed else "PASS"
        hunt.done(step, Run(status, status, "because", 0.1, frozenset(mutant.name for mutant in applied)))
    assert all(fate.caught_by is tests[4] for fate in hunt.fates.values())


def test_mutants_of_the_whole_answer_are_not_bundled() -> None:
    mutants = [Mutant(KIND, None, "status changed", "404"), Mutant(KIND, None, "status changed", "500")]
    steps = play(make_hunt(mutants, [make_test(f"T{index}") for index in range(6)]), lambda *_: False)
    assert all(len(step.mutants) == 1 for step in steps)


def test_a_failure_without_a_changed_answer_is_an_accident_and_no_catch() -> None:
    hunt = make_hunt(make_mutants(1), [make_test("One")])
    play(hunt, lambda *_: True, applies=lambda _: False)
    (fate,) = hunt.fates.values()
    assert fate.caught_by is None
    assert [message for _, message in hunt.accidents] == ["because"]


def test_nothing_is_begun_after_the_deadline() -> None:
    hunt = make_hunt(make_mutants(3), [make_test("One")], within=-1)
    assert hunt.next() is None
    assert hunt.over


def test_a_mutant_is_with_one_worker_while_there_are_others() -> None:
    hunt = make_hunt(make_mutants(2), [make_test("One"), make_test("Two")])
    first, second = hunt.next(), hunt.next()
    assert first
    assert second
    assert set(first.mutants).isdisjoint(second.mutants)
    assert not hunt.over


def test_what_all_wait_for_meets_several_tests_at_once() -> None:
    tests = [make_test(f"T{index:02}") for index in range(10)]
    hunt = make_hunt(make_mutants(1), tests)
    (fate,) = hunt.fates.values()
    while fate.tried < hunting.ALONE:
        step = hunt.next()
        assert step
        hunt.done(step, Run("PASS", "PASS", "", 0.1, frozenset(mutant.name for mutant in step.mutants)))
    steps = [step for _ in range(3) if (step := hunt.next())]
    assert len({step.test for step in steps}) == 3
    assert not hunt.over
    for step in steps:
        status = "FAIL" if step is steps[1] else "PASS"
        hunt.done(step, Run(status, status, "because", 0.1, frozenset(mutant.name for mutant in step.mutants)))
    assert fate.caught_by is steps[1].test
    assert hunt.over
