"""The JSON of a run: it follows its schema, and reading it gives the run back."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import fastjsonschema
import pytest

from pipeline.results import run_json, stamp, summary
from pipeline.results.model import NEVER, Attempt, Run, TestResult, Verdict
from pipeline.results.output_xml import ResultsError
from pipeline.results.stamp import Stamp

STAMP = Stamp("20261122-110000-ab12", "smoke", "simulated", True, "0.1.0", "abc", branch="main")
BAD = Attempt(Verdict.FAILED, "2026-11-22T11:00:00", 1.5, "no\nmore", "no", ("Open", "Fail"), ("pod_logs/a.log",))
HIDDEN = Attempt(Verdict.KNOWN_BUG, "2026-11-22T11:00:02", 0.1, "Known bug", "Known bug", bugs=("PZ-13667",))


def a_test(name: str, *attempts: Attempt) -> TestResult:
    return TestResult(
        name, f"Api.X.{name}", "Api.X", "suites/api/x.robot", 3, ("api",), "PZ-1", ("PZ-2",), "api", attempts
    )


RUN = Run(
    STAMP, "2026-11-22T11:00:00", 3.5, (a_test("א", BAD, HIDDEN), a_test("B", HIDDEN), a_test("C", NEVER)), ("e",)
)
validate = fastjsonschema.compile(json.loads(run_json.SCHEMA.read_text(encoding="utf-8")))


def test_a_run_follows_the_schema_and_comes_back_as_it_was(tmp_path: Path) -> None:
    run_json.write(RUN, tmp_path / "metrics.json")
    text = (tmp_path / "metrics.json").read_text(encoding="utf-8")
    validate(json.loads(text))
    assert "א" in text
    assert run_json.read(tmp_path / "metrics.json") == RUN


def test_the_schema_refuses_what_it_does_not_know() -> None:
    data = json.loads(json.dumps(run_json.data(RUN)))
    for change in ({"verdict": "green"}, {"colour": "green"}, {"attempts": []}):
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            validate(data | {"tests": [data["tests"][0] | change]})


def test_known_bugs_are_counted_and_name_what_they_hide() -> None:
    data = run_json.data(RUN)
    assert (data["failed"], data["known_bug"], data["not_run"]) == (1, 1, 1)
    (bug,) = data["known_bugs"]
    assert (bug["key"], bug["tests"]) == ("PZ-13667", ["suites/api/x.robot::B"])
    assert bug["title"]


def test_a_path_of_this_machine_and_the_length_of_a_message_stay_out() -> None:
    long = replace(BAD, message="x" * 10_000)
    test = replace(a_test("A", long), source="C:\\agent\\work\\suites\\api\\x.robot")
    (written,) = run_json.data(replace(RUN, tests=(test,)))["tests"]
    assert written["file"] == "suites/api/x.robot"
    assert len(written["attempts"][0]["message"]) < 5_000


def test_the_approval_of_disruption_is_kept_and_shown(tmp_path: Path) -> None:
    run = replace(RUN, stamp=replace(STAMP, approval="Dana Cohen, 2026-12-01T20:00:00+02:00 to ...: Release 4.2"))
    run_json.write(run, tmp_path / "metrics.json")
    assert run_json.read(tmp_path / "metrics.json") == run
    validate(json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8")))
    assert "Disruption approved by Dana Cohen, " in summary.markdown(run)
    options = run.stamp.robot_options()
    assert f"Disruption approved:{run.stamp.approval}" in options
    metadata = dict(one.split(":", 1) for flag, one in pairwise(options) if flag == "--metadata")
    assert stamp.of_metadata(metadata).approval == run.stamp.approval


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 99}', '{"schema": 1}'])
def test_another_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text(text)
    with pytest.raises(ResultsError, match=r"metrics\.json"):
        run_json.read(tmp_path / "metrics.json")
