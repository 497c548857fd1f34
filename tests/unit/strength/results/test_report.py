"""Results of a measurement: verdicts, problems, files, and the command's options."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import __main__ as command_line
from pipeline.errors import RunError
from pipeline.paths import SUITES
from strength import areas
from strength.mutants.mutants import Mutant
from strength.results import report
from strength.results.results import DEFECTS, MUTANTS, Outcome, Record, Result
from strength.search.defect_order import DefectOrder
from strength.workers import tests
from strength.workers.site import Defect, registered_defects
from strength.workers.tests import Run, Test

PASS, FAIL, SKIP = Run("PASS", "PASS", "", 0.5), Run("FAIL", "FAIL", "it broke", 0.5), Run("SKIP", "FAIL", "open", 0.5)
(API,) = areas.read(["api"])
DEFECT = Defect("shared-port", "", "api", "Every view is answered the port of slot 1.", "POST /configure", "at once")


def record(name: str, *runs: Run, detections: int = 0) -> Record:
    return Record(
        Test(f"Suites.{name}", frozenset({"PZ-1"}), False),
        list(runs),
        detections=[f"m{index}" for index in range(detections)],
    )


def outcome(*records: Record, killed: int = 9, survived: int = 0) -> Outcome:
    found = Outcome("api", "*", False, 2, "now", frozenset({MUTANTS, DEFECTS}), finished=True, required_score=0.9)
    found.records = {known.test: known for known in records}
    for index in range(killed + survived):
        mutant = Mutant(("GET /ack", 200), (f"p{index}",), "null")
        found.mutants[mutant] = Result("killed", "Api.One", "<b>") if index < killed else Result("survived", tried=2)
    return found


def test_a_good_measurement_has_no_problem() -> None:
    good = outcome(record("Api.One", PASS, PASS, detections=9))
    good.defects = {DEFECT: Result("detected", "Api.One")}
    assert good.problems() == []


def test_the_tests_of_a_quick_run_have_to_detect_their_share_of_the_defects() -> None:
    found = outcome(record("Api.One", PASS, PASS))
    found.required_share = 0.9
    found.defects = {replace(DEFECT, name=f"d{number}"): Result("detected", "Api.One") for number in range(9)}
    found.defects[DEFECT] = Result("survived")
    assert found.problems() == []
    found.required_share = 0.95
    assert found.problems()[0] == "90.0% of the defects are detected; required are 95%."
    assert "Defect shared-port is not detected" in found.problems()[1]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (outcome(record("Api.Mute", PASS, PASS)), "Test 'Api.Mute' detects nothing."),
        (outcome(record("Api.Moody", PASS, FAIL, detections=1)), "Test 'Api.Moody' is flaky: it broke"),
        (outcome(record("Api.Broken", FAIL, FAIL)), "Test 'Api.Broken' fails in the baseline run: it broke"),
        (outcome(killed=8, survived=2), "The mutation score is 80.0%; required are 90%."),
    ],
)
def test_each_thing_that_is_missing_is_one_sentence(found: Outcome, sentence: str) -> None:
    assert found.problems() == [sentence]


def test_a_sample_does_not_show_which_tests_detect_nothing() -> None:
    quick = replace(outcome(record("Api.Mute", PASS, PASS)), quick=True)
    assert quick.problems() == []
    assert "tests: 1; a sample does not show which detect nothing" in report.summary(quick)
    assert [test["verdict"] for test in report.data(quick)["tests"]] == ["passing"]


def test_an_undetected_defect_is_a_problem() -> None:
    found = outcome()
    found.defects = {DEFECT: Result("survived")}
    assert found.problems() == [
        "Defect shared-port is not detected (survived): Every view is answered the port of slot 1."
    ]


def test_a_test_that_failed_although_no_mutant_was_applied_is_flaky() -> None:
    moody = record("Api.Moody", PASS, PASS, detections=1)
    moody.unrelated_failures.append("It failed although no answer was changed: x")
    assert moody.verdict == "flaky"


def test_a_skipped_test_counts_only_when_a_switch_lets_it_pass() -> None:
    skipped = record("Api.Open", SKIP, SKIP)
    found = outcome(skipped)
    assert found.problems() == []
    skipped.needs = ("spec-formulas",)
    assert found.problems() == ["Test 'Api.Open' detects nothing."]


def test_the_files_are_complete_and_escaped(tmp_path: Path) -> None:
    found = outcome(record("Api.One", PASS, PASS, detections=9), survived=1)
    found.defects = {DEFECT: Result("detected", "Api.One")}
    found.left_out = {Mutant(("GET /ack", 200), ("uuid",), "changed"): "An opaque id."}
    page = report.write(found, tmp_path).read_text(encoding="utf-8")
    data = json.loads((tmp_path / "strength.json").read_text(encoding="utf-8"))
    assert data["simulated"] is True
    assert data["score"]["mutants"] == {"all": 10, "killed": 9, "survived": 1, "not tried": 0, "share": 0.9}
    assert [entry["name"] for entry in data["mutants"]] == sorted(entry["name"] for entry in data["mutants"])
    for text in ("SIMULATED", "An opaque id.", "shared-port", "Api.One", "&lt;b&gt;"):
        assert text in page
    assert "http" not in page.partition("<body")[0].replace("GET", ""), "the page needs nothing else"


def test_a_page_of_a_stopped_measurement_can_be_written(tmp_path: Path) -> None:
    stopped = outcome(record("Api.One"), killed=0)
    stopped.finished = False
    assert report.write(stopped, tmp_path).exists()
    assert "The measurement was stopped before its end." in stopped.problems()


def test_the_tests_of_an_area_open_its_interface() -> None:
    chosen = tests.select(SUITES, API, "*")
    assert all(test.tags & API.tags for test in chosen)
    assert not any(test.name.startswith("Alerts.") for test in chosen)


def test_what_takes_too_long_is_measured_only_when_named() -> None:
    chosen = {test.name for test in tests.select(SUITES, API, "*")}
    for name in API.too_long:
        assert [test.name for test in tests.select(SUITES, API, name)] == [name]
        assert name not in chosen


def test_a_pattern_that_matches_nothing_is_refused() -> None:
    with pytest.raises(RunError, match="No test of the area 'api' matches 'nothing like it'"):
        tests.select(SUITES, API, "nothing like it")


@pytest.mark.parametrize(
    "args", [["--area", "nowhere"], ["--only", "everything"], ["--workers", "0"], ["--workers", "many"], ["--fast"]]
)
def test_wrong_options_are_refused_before_a_site_is_started(args: list[str]) -> None:
    with pytest.raises(RunError):
        command_line.run(["strength", *args])


def test_tests_that_share_words_with_a_defect_come_first() -> None:
    ports, other = record("Live.Two Views Have Different Ports", PASS), record("Live.Something Else", PASS)
    records = {known.test: known for known in (other, ports)}
    assert DefectOrder(records).of_tests(DEFECT, records) == [ports.test, other.test]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    names = ["Live.A View Opens", "Live.A View Is Answered", "Live.A View Closes", "Live.A Slot Is Freed"]
    records = {known.test: known for known in (record(name, PASS) for name in names)}
    defect = Defect("slot-lost", "", "api", "A view keeps its slot.", "DELETE /job", "at once")
    first, *others = DefectOrder(records).of_tests(defect, records)
    assert first.name == "Live.A Slot Is Freed"
    assert not any(DefectOrder(records).is_related(defect, test) for test in others)


def test_defects_that_share_words_with_a_test_come_first() -> None:
    ports = record("Live.Two Views Have Different Ports", PASS)
    other = Defect("late-health", "", "health", "The health is late.", "GET /health", "at once")
    assert DefectOrder({ports.test: ports}).of_defects([other, DEFECT], ports.test) == [DEFECT, other]


def test_an_area_without_a_required_score_accepts_survivors() -> None:
    found = outcome(killed=1, survived=9)
    found.required_score = 0.0
    assert found.problems() == []


def test_all_areas_are_measured_once_each() -> None:
    known = areas.read(["all"])
    assert [area.name for area in areas.read(["all", "api"])] == [area.name for area in known]
    assert {"api", "cluster", "mongodb", "rabbitmq", "streams", "resilience"} <= {area.name for area in known}


def test_an_area_without_defects_in_the_registry_is_refused() -> None:
    with pytest.raises(RunError, match="api: the simulator has no defects of the area stream"):
        areas.require_defects(API, API.defects - {"stream"})


def test_every_area_has_defects_in_the_registry() -> None:
    registered = {defect.area for defect in registered_defects()}
    for area in areas.read(["all"]):
        areas.require_defects(area, registered)


def test_an_unknown_area_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RunError, match="There is no area 'kubernets'; choose one of: api, cluster"):
        areas.read(["kubernets"])
