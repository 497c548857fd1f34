"""What a measurement adds to the kill matrix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.quick import kill_matrix
from pipeline.quick.kill_matrix import Kills
from strength.results import kills
from strength.results.results import DEFECTS, MUTANTS, Outcome, Record, Result
from strength.workers.site import Defect
from strength.workers.tests import Run, Test

PASS, FAIL = Run("PASS", "PASS", "", 0.5), Run("FAIL", "FAIL", "it broke", 0.5)
BOTH = frozenset({MUTANTS, DEFECTS})


def measured(detections: list[str], *runs: Run, parts: frozenset[str] = BOTH) -> Outcome:
    outcome = Outcome("api", "*", False, 2, "now", parts, finished=True)
    test = Test("Suites.Api.One", frozenset(), False)
    outcome.records = {test: Record(test, list(runs), detections=detections)}
    for name, result in (("shared-port", "detected"), ("configure-late", "survived")):
        outcome.defects[Defect(name, "", "api", "", "", "at once")] = Result(result)
    return outcome


def test_the_matrix_has_the_defects_of_a_test_and_the_number_of_its_mutants(tmp_path: Path) -> None:
    kills.keep(measured(["GET /ack 200 null", "defect shared-port", "GET /ack 200 drop"], PASS), tmp_path)
    (matrix,) = kill_matrix.read(folder=tmp_path)
    assert matrix.tests == {"Api.One": Kills(0.5, ("shared-port",), 2)}
    assert matrix.undetected == ("configure-late",)


def test_what_a_flaky_test_detected_is_not_in_the_matrix(tmp_path: Path) -> None:
    kills.keep(measured(["defect shared-port"], PASS, FAIL), tmp_path)
    assert kill_matrix.read(folder=tmp_path)[0].tests == {"Api.One": Kills(0.5)}


def test_a_part_that_was_not_measured_stays_as_it_is(tmp_path: Path) -> None:
    kills.keep(measured(["GET /ack 200 null", "defect shared-port"], PASS), tmp_path)
    only_mutants = measured(["GET /ack 200 null", "GET /ack 200 drop"], PASS, parts=frozenset({MUTANTS}))
    kills.keep(replace(only_mutants, defects={}), tmp_path)
    (matrix,) = kill_matrix.read(folder=tmp_path)
    assert matrix.tests == {"Api.One": Kills(0.5, ("shared-port",), 2)}
    assert matrix.undetected == ("configure-late",)


def test_of_a_defect_that_was_not_tried_the_matrix_keeps_what_it_knows(tmp_path: Path) -> None:
    kills.keep(measured(["defect shared-port", "defect removed-since"], PASS), tmp_path)
    late = measured([], PASS)
    late.defects = {defect: Result("not tried") for defect in late.defects if defect.name == "shared-port"}
    kills.keep(late, tmp_path)
    (matrix,) = kill_matrix.read(folder=tmp_path)
    assert matrix.tests["Api.One"].defects == ("shared-port",)
    assert matrix.undetected == ()


@pytest.mark.parametrize("change", [{"finished": False}, {"quick": True}, {"pattern": "Api.*"}])
def test_only_a_whole_measurement_is_kept(tmp_path: Path, change: dict[str, object]) -> None:
    assert kills.keep(replace(measured([], PASS), **change), tmp_path) is None  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_some_tests_renew_their_rows_and_leave_the_others(tmp_path: Path) -> None:
    kills.keep(measured(["defect shared-port"], PASS), tmp_path)
    two = replace(measured(["defect configure-late"], PASS), pattern="Api.Two")
    two.records = {Test("Suites.Api.Two", frozenset(), False): next(iter(two.records.values()))}
    two.records = {test: replace(record, test=test) for test, record in two.records.items()}
    assert kills.keep(two, tmp_path)
    (matrix,) = kill_matrix.read(folder=tmp_path)
    assert {name: row.defects for name, row in matrix.tests.items()} == {
        "Api.One": ("shared-port",),
        "Api.Two": ("configure-late",),
    }
    assert matrix.undetected == ()
