"""The coverage of a made-up catalogue: states, shares, the files, and the command on the real one."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from focus_core.base import yaml_files

from pipeline import command_line, paths
from pipeline.checks.missing_specs import SuiteTest
from pipeline.commands import coverage as command
from pipeline.coverage import catalogue, pyramid, report, scenarios, shares, strength
from pipeline.coverage.catalogue import Entry, Manual
from pipeline.coverage.report import Coverage
from pipeline.coverage.scenarios import Scenario, State
from pipeline.coverage.strength import Strength
from pipeline.errors import RunError
from pipeline.history import database
from pipeline.results import catalogue as tags_file
from pipeline.results.model import Attempt, LastResult, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp

ENTRIES = [
    Entry("PZ-1", "Channels are listed", "api"),
    Entry("PZ-2", "=Sensors, \u05d7\u05d9\u05d9\u05e9\u05e0\u05d9\u05dd <are> listed", "api"),
    Entry("PZ-3", "The cable is cut", "api"),
    Entry("PZ-4", "Nobody has tried this", "api"),
    Entry("PZ-9", "Health is good", "api-health"),
    Entry("PZ-13669", "A view of several channels", "bug"),
]
TESTS = [
    SuiteTest("suites/api/a.robot", "A", frozenset({"PZ-1", "api", "smoke", "regression", "nightly"}), "Api.A.A"),
    SuiteTest("suites/api/a.robot", "B", frozenset({"PZ-1", "api", "nightly"}), "Api.A.B"),
    SuiteTest("suites/api/a.robot", "C", frozenset({"PZ-13823", "api", "regression", "nightly"}), "Api.A.C"),
    SuiteTest("suites/api/l.robot", "D", frozenset({"PZ-N001", "live", "nightly"}), "Api.L.D"),
]


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "entries", lambda: {entry.key: entry for entry in ENTRIES})
    monkeypatch.setattr(catalogue, "not_automated", lambda: {"PZ-3": Manual("hardware", "Somebody has to cut it.")})
    monkeypatch.setattr(tags_file, "covers", lambda: {"PZ-1": ("PZ-2",)})


def last(verdict: Verdict, start: str = "2026-11-22T11:00:00") -> LastResult:
    return LastResult(verdict, "staging", start, "run-1")


def found(*results: LastResult | None) -> dict[str, Scenario]:
    """The scenarios by key; the results are those of the tests, in their order."""
    by_id = {test.id: one for test, one in zip(TESTS, results, strict=False) if one}
    return {one.key: one for one in scenarios.of(TESTS, by_id, {"Api.A.A": {"late", "ack-500"}})}


def test_each_scenario_has_one_state() -> None:
    states = {key: one.state for key, one in found().items()}
    assert states == {
        "PZ-1": State.AUTOMATED,
        "PZ-2": State.AUTOMATED,  # covered by the tests of another key
        "PZ-3": State.MANUAL,
        "PZ-4": State.OPEN,
        "PZ-9": State.OPEN,
        "PZ-13669": State.AUTOMATED,  # a bug of the catalogue that a test shows
        "PZ-13823": State.AUTOMATED,
        "PZ-N001": State.AUTOMATED,
    }


def test_a_scenario_knows_its_tests_and_what_they_find() -> None:
    scenario = found()["PZ-1"]
    assert [test.id for test in scenario.tests] == ["suites/api/a.robot::A", "suites/api/a.robot::B"]
    assert scenario.tier == "smoke"
    assert scenario.detects == ("ack-500", "late")
    assert found()["PZ-13823"].bugs == ("PZ-13669",)
    assert found()["PZ-N001"].title == "D"
    assert found()["PZ-N001"].area == "live"


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((last(Verdict.PASSED), last(Verdict.FAILED)), Verdict.FAILED),
        ((last(Verdict.PASSED), last(Verdict.KNOWN_BUG)), Verdict.KNOWN_BUG),
        ((last(Verdict.PASSED), last(Verdict.SKIPPED)), Verdict.SKIPPED),
        ((last(Verdict.PASSED), last(Verdict.PASSED)), Verdict.PASSED),
        ((last(Verdict.PASSED), None), None),  # one of its tests never ran: nothing is shown yet
        ((None, last(Verdict.FAILED)), Verdict.FAILED),
    ],
)
def test_the_worst_result_counts(results: tuple[LastResult | None, ...], expected: Verdict | None) -> None:
    worst = found(*results)["PZ-1"].last
    assert (worst.verdict if worst else None) == expected


def test_a_share_counts_the_scenarios_of_the_catalogue_only() -> None:
    by_area = {one.area: one for one in shares.of(found(last(Verdict.PASSED), last(Verdict.PASSED)).values())}
    api = by_area["api"]
    assert (api.scenarios, api.automated, api.passed, api.manual, api.open, api.local) == (4, 2, 2, 1, 1, 1)
    assert round(api.percent) == 67  # 2 of the 3 that can be automated
    assert not api.is_reached
    assert by_area["health"].percent == 0
    assert by_area["live"].local == 1
    assert by_area["live"].is_reached  # no target was agreed


def a_run(*verdicts: Verdict) -> Run:
    keys = ("PZ-1", "PZ-1", "PZ-N001")
    tests = tuple(
        TestResult(
            key, key, "A", "suites/a.robot", line, (), key, tags_file.covers().get(key, ()), "api", (Attempt(one),)
        )
        for line, (key, one) in enumerate(zip(keys, verdicts, strict=False))
    )
    return Run(Stamp("run-1", "smoke", "staging", False, "0.1.0", "abc"), "2026-11-22T11:00:00", 1.0, tests)


def test_the_summary_has_a_line_of_what_the_run_shows() -> None:
    assert shares.line(a_run(Verdict.PASSED, Verdict.PASSED, Verdict.PASSED)) == (
        "2 of 4 scenarios that can be automated are shown: api 66 % (target 100)"
    )
    assert shares.line(a_run(Verdict.PASSED, Verdict.KNOWN_BUG)) == (
        "0 of 4 scenarios that can be automated are shown: api 0 % (target 100)"
    )
    assert shares.line(a_run()) == "0 of 4 scenarios that can be automated are shown"


def coverage(*results: LastResult) -> Coverage:
    known = list(found(*results).values())
    measured = Strength({}, {"late": "It answers <late>."}, {"api": "2026-11-30"})
    floors = [pyramid.Floor("smoke", "run on every change", 3)]
    return Coverage("2026-11-30 12:00", "", known, shares.of(known), floors, floors, measured)


def test_the_three_files_agree(tmp_path: Path) -> None:
    page = report.write(coverage(last(Verdict.PASSED), last(Verdict.FAILED)), tmp_path)
    data = json.loads((tmp_path / "coverage.json").read_text(encoding="utf-8"))
    with (tmp_path / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["key"] for line in lines] == [one["key"] for one in data["scenarios"]]
    assert data["catalogue"] == {"automated": 2, "manual": 1, "open": 2}
    first = data["scenarios"][0]
    assert (first["state"], first["result"], first["site"], first["when"]) == (
        "automated",
        "failed",
        "staging",
        "2026-11-22 11:00",
    )
    text = page.read_text(encoding="utf-8")
    assert re.findall(r'<td class="key">(.*?)</td>', text) == [line["key"] for line in lines]
    assert "hardware: Somebody has to cut it." in text
    assert '<li title="It answers &lt;late&gt;.">late</li>' in text


def test_titles_are_text_wherever_they_are_shown(tmp_path: Path) -> None:
    page = report.write(coverage(), tmp_path)
    title = ENTRIES[1].title
    assert title.replace("<", "&lt;").replace(">", "&gt;") in page.read_text(encoding="utf-8")
    assert f"'{title}" in (tmp_path / "coverage.csv").read_text(encoding="utf-8-sig")
    assert title in (tmp_path / "coverage.json").read_text(encoding="utf-8")


def test_the_page_needs_no_network() -> None:
    assert not re.search(r"https?://|src=|<link|@import|url\(", report.html(coverage()))


def kept_strength(text: str) -> Path:
    file = paths.RESULTS / "strength" / "api" / "strength.json"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("results")
def test_defects_come_from_the_last_measurement() -> None:
    assert not strength.last().measured
    tests = [{"name": "Api.A.A", "detections": ["defect late", "GET /ack 200 status: plus one"]}]
    defects = [{"name": "late", "sentence": "It is late."}]
    kept_strength(json.dumps({"area": "api", "started": "2026-11-30", "tests": tests, "defects": defects}))
    measured = strength.last()
    assert measured.detections == {"Api.A.A": {"late"}}
    assert measured.sentences == {"late": "It is late."}
    assert measured.measured == {"api": "2026-11-30"}


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"area": "api", "started": "", "defects": [], "tests": [1]}'])
def test_a_damaged_measurement_is_named(text: str) -> None:
    kept_strength(text)
    with pytest.raises(RunError, match=r"strength\.json is no result of 'run\.py strength'.*: remove it"):
        strength.last()


def test_every_tier_of_the_tags_is_a_floor_of_the_pyramid() -> None:
    tags = yaml_files.read(paths.ROOT / "variables" / "tags.yaml")
    assert tuple(tags["tiers"]) == scenarios.TIERS


@pytest.mark.usefixtures("results")
def test_a_site_that_nobody_knows_is_refused() -> None:
    with pytest.raises(RunError, match="prodution"):
        command.main(command_line.parse(["coverage", "--site", "prodution"]))


@pytest.mark.nightly
def test_the_command_shows_the_real_catalogue(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(paths, "RESULTS", results)
    stamp = Stamp("run-1", "smoke", "staging", False, "0.1.0", "abc")
    attempts = (Attempt(Verdict.PASSED, "2026-11-22T11:00:00"),)
    named = "The Liveness Request Is Answered"
    test = TestResult(named, named, "A", "suites/api/health.robot", 1, (), "PZ-14026", (), "health", attempts)
    with database.opened() as connection:
        database.add(connection, Run(stamp, "2026-11-22T11:00:00", 1.0, (test,)))
    assert command.main(command_line.parse(["coverage"])) == 0
    assert re.search(r"^health +100 +100 ", capsys.readouterr().out, re.MULTILINE)
    data = json.loads((results / "coverage" / "coverage.json").read_text(encoding="utf-8"))
    by_key = {one["key"]: one for one in data["scenarios"]}
    assert by_key.keys() >= catalogue.entries().keys()
    assert (by_key["PZ-14026"]["result"], by_key["PZ-14026"]["site"]) == ("passed", "staging")
    assert by_key["PZ-13823"]["bugs"] == ["PZ-13669"]
    assert all(floor["tests"] for floors in data["pyramid"].values() for floor in floors)
    assert command.main(command_line.parse(["coverage", "--site", "production"])) == 0
    data = json.loads((results / "coverage" / "coverage.json").read_text(encoding="utf-8"))
    assert not any(one["result"] for one in data["scenarios"])
