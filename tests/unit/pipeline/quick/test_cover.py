"""The cover: what detects most in the seconds that there are, and in which lane it runs."""

from __future__ import annotations

from dataclasses import replace

from pipeline.quick import cover
from pipeline.quick.cover import Candidate

LANES = 2


def a_test(name: str, seconds: float = 1.0, *defects: str, suite: str = "") -> Candidate:
    return Candidate(name, suite or f"S{name}", seconds, frozenset(defects))


def names(found: list[Candidate]) -> list[str]:
    return [one.name for one in found]


def test_the_test_that_adds_most_in_a_second_comes_first_and_one_that_adds_nothing_not_at_all() -> None:
    tests = [
        a_test("Dear", 9.0, "a", "b", "c"),
        a_test("Both", 1.0, "a", "b"),
        a_test("Only B", 0.5, "b"),
        a_test("Idle", 0.1),
    ]
    assert names(cover.cover(tests, 60, LANES)) == ["Both", "Dear"]


def test_what_does_not_fit_into_the_seconds_is_left_out() -> None:
    tests = [a_test(f"T{number:02}", 2.0, f"d{number}") for number in range(40)]
    chosen = cover.cover(tests, 30, LANES)
    assert 10 < len(chosen) < 20
    assert cover.expected(chosen, LANES) <= 30
    assert cover.cover(tests, cover.START_S, LANES) == []


def test_critical_tests_come_first_then_those_that_the_change_touches() -> None:
    tests = [
        a_test("Best", 0.1, "a", "b", "c"),
        replace(a_test("Changed", 5.0), changed=True),
        replace(a_test("Touched", 5.0), touched=True),
        replace(a_test("Critical", 5.0), critical=True),
    ]
    assert names(cover.cover(tests, 60, LANES)) == ["Critical", "Changed", "Touched", "Best"]


def test_a_new_test_counts_as_a_usual_one_and_mutants_count_less_than_a_defect() -> None:
    tests = [
        replace(a_test("New"), worth=0.5),
        replace(a_test("Mutants"), mutants=10),
        a_test("Defect", 1.0, "a"),
    ]
    assert names(cover.cover(tests, 60, LANES)) == ["Defect", "New", "Mutants"]


def test_a_test_that_runs_alone_costs_the_time_of_every_lane() -> None:
    beside, alone = a_test("Beside", 2.0, "a"), replace(a_test("Alone", 1.9, "b"), exclusive=True)
    assert names(cover.cover([alone, beside], 60, LANES)) == ["Beside", "Alone"]
    assert cover.expected([alone], LANES) > cover.expected([beside], LANES)


def test_lanes_are_equally_long_each_begins_with_its_best_suite_and_what_runs_alone_has_one_of_its_own() -> None:
    tests = [
        replace(a_test("A1", 1.0, "a", suite="A"), critical=True),
        a_test("B1", 4.0, "b", suite="B"),
        a_test("C1", 5.0, "c", suite="C"),
        a_test("D1", 1.0, "d", suite="D"),
        replace(a_test("E1", 1.0, "e", suite="E"), exclusive=True),
    ]
    chosen = sorted(tests, key=lambda one: one.name)
    assert cover.pack(chosen, LANES) == [["C", "D"], ["A", "B"], ["E"]]
