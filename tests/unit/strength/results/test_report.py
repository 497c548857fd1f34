"""What a measurement says: verdicts, problems, files, and the command's options."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.paths import SUITES
from strength import areas as rules
from strength import command as strength
from strength.mutants.mutants import Mutant
from strength.results import report
from strength.results.results import Hit, Outcome, Record
from strength.search.defect_order import Order
from strength.workers import tests
from strength.workers.site import Defect
from strength.workers.tests import Run, Test

PASS, FAIL, SKIP = Run("PASS", "PASS", "", 0.5), Run("FAIL", "FAIL", "it broke", 0.5), Run("SKIP", "FAIL", "open", 0.5)
(API,) = rules.areas(["api"])
DEFECT = Defect("shared-port", "", "api", "Every view is told the port of slot 1.", "POST /configure", "at once")


def record(name: str, *runs: Run, catches: int = 0) -> Record:
    return Record(
        Test(f"Suites.{name}", frozenset({"PZ-1"}), False),
        list(runs),
        catches=[f"m{index}" for index in range(catches)],
    )


def outcome(*records: Record, caught: int = 9, survived: int = 0) -> Outcome:
    found = Outcome("api", "*", False, 2, "now", (1, 2), finished=True, share=0.9)
    found.records = {known.test: known for known in records}
    for index in range(caught + survived):
        mutant = Mutant(("GET /ack", 200), (f"p{index}",), "null")
        found.mutants[mutant] = Hit("caught", "Api.One", "<b>") if index < caught else Hit("survived", tried=2)
    return found


def test_a_good_measurement_has_no_problem() -> None:
    good = outcome(record("Api.One", PASS, PASS, catches=9))
    good.defects = {DEFECT: Hit("caught", "Api.One")}
    assert good.problems() == []


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (outcome(record("Api.Mute", PASS, PASS)), "Test 'Api.Mute' catches nothing."),
        (outcome(record("Api.Moody", PASS, FAIL, catches=1)), "Test 'Api.Moody' is flaky: it broke"),
        (outcome(record("Api.Broken", FAIL, FAIL)), "Test 'Api.Broken' fails on the sound site: it broke"),
        (outcome(caught=8, survived=2), "Of the changed answers 80.0% are caught; at least 90% have to be."),
    ],
)
def test_each_thing_that_is_missing_is_one_sentence(found: Outcome, sentence: str) -> None:
    assert found.problems() == [sentence]


def test_a_sample_does_not_tell_which_tests_catch_nothing() -> None:
    quick = replace(outcome(record("Api.Mute", PASS, PASS)), quick=True)
    assert quick.problems() == []
    assert "tests: 1; a sample does not tell which of them catch nothing" in report.summary(quick)
    assert [test["verdict"] for test in report.data(quick)["tests"]] == ["sound"]


def test_a_defect_that_nobody_catches_is_a_problem() -> None:
    found = outcome()
    found.defects = {DEFECT: Hit("survived")}
    assert found.problems() == ["Defect shared-port is not caught (survived): Every view is told the port of slot 1."]


def test_a_test_that_failed_without_a_changed_answer_is_flaky() -> None:
    moody = record("Api.Moody", PASS, PASS, catches=1)
    moody.accidents.append("It failed although no answer was changed: x")
    assert moody.verdict == "flaky"


def test_a_skipped_test_counts_only_when_a_switch_lets_it_pass() -> None:
    skipped = record("Api.Open", SKIP, SKIP)
    found = outcome(skipped)
    assert found.problems() == []
    skipped.needs = ("spec-formulas",)
    assert found.problems() == ["Test 'Api.Open' catches nothing."]


def test_the_files_are_complete_and_escaped(tmp_path: Path) -> None:
    found = outcome(record("Api.One", PASS, PASS, catches=9), survived=1)
    found.defects = {DEFECT: Hit("caught", "Api.One")}
    found.left_out = {Mutant(("GET /ack", 200), ("uuid",), "changed"): "An opaque id."}
    page = report.write(found, tmp_path).read_text(encoding="utf-8")
    data = json.loads((tmp_path / "strength.json").read_text(encoding="utf-8"))
    assert data["simulated"] is True
    assert data["score"]["ring1"] == {"all": 10, "caught": 9, "survived": 1, "not tried": 0, "share": 0.9}
    assert [entry["name"] for entry in data["mutants"]] == sorted(entry["name"] for entry in data["mutants"])
    for text in ("SIMULATED", "An opaque id.", "shared-port", "Api.One", "&lt;b&gt;"):
        assert text in page
    assert "http" not in page.partition("<body")[0].replace("GET", ""), "the page needs nothing else"


def test_a_page_of_a_stopped_measurement_can_be_written(tmp_path: Path) -> None:
    stopped = outcome(record("Api.One"), caught=0)
    stopped.finished = False
    assert report.write(stopped, tmp_path).exists()
    assert "The measurement was stopped before its end." in stopped.problems()


def test_the_tests_of_an_area_open_its_interface() -> None:
    chosen = tests.select(SUITES, API, "*")
    assert all(test.tags & API.tags for test in chosen)
    assert not any(test.name.startswith("Alerts.") for test in chosen)


def test_what_takes_too_long_is_measured_only_when_asked_for() -> None:
    chosen = {test.name for test in tests.select(SUITES, API, "*")}
    for name in API.too_long:
        assert [test.name for test in tests.select(SUITES, API, name)] == [name]
        assert name not in chosen


def test_a_pattern_that_fits_nothing_is_refused() -> None:
    with pytest.raises(RunError, match="No test of the area 'api' fits 'nothing like it'"):
        tests.select(SUITES, API, "nothing like it")


@pytest.mark.parametrize(
    "args", [["--area", "nowhere"], ["--ring", "3"], ["--workers", "0"], ["--workers", "many"], ["--fast"]]
)
def test_wrong_options_are_refused_before_a_site_is_started(args: list[str]) -> None:
    with pytest.raises(RunError):
        strength.main("strength", args)


def test_tests_that_speak_of_a_defect_come_first() -> None:
    ports, other = record("Live.Two Views Have Different Ports", PASS), record("Live.Something Else", PASS)
    records = {known.test: known for known in (other, ports)}
    assert Order(records).of_tests(DEFECT, records) == [ports.test, other.test]


def test_a_word_of_few_tests_tells_more_than_one_of_many() -> None:
    names = ["Live.A View Opens", "Live.A View Is Told", "Live.A View Closes", "Live.A Slot Is Freed"]
    records = {known.test: known for known in (record(name, PASS) for name in names)}
    defect = Defect("slot-lost", "", "api", "A view keeps its slot.", "DELETE /job", "at once")
    first, *others = Order(records).of_tests(defect, records)
    assert first.name == "Live.A Slot Is Freed"
    assert not any(Order(records).has_something_in_common(defect, test) for test in others)


def test_what_a_test_speaks_of_comes_first_for_it() -> None:
    ports = record("Live.Two Views Have Different Ports", PASS)
    other = Defect("late-health", "", "health", "The health is late.", "GET /health", "at once")
    assert Order({ports.test: ports}).of_defects([other, DEFECT], ports.test) == [DEFECT, other]


def test_changed_answers_that_are_only_a_help_need_no_share() -> None:
    found = outcome(caught=1, survived=9)
    found.share = 0.0
    assert found.problems() == []


def test_all_areas_are_measured_once_each() -> None:
    known = rules.areas(["all"])
    assert [area.name for area in rules.areas(["all", "api"])] == [area.name for area in known]
    assert {"api", "k8s", "mongo", "rabbit", "grpc", "resilience"} <= {area.name for area in known}


def test_an_unknown_area_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RunError, match="There is no area 'kubernets'; choose one of: api, k8s"):
        rules.areas(["kubernets"])
