"""What a run reports about itself, from a real output.xml."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from focus_core.base.failures import fail_with
from robot.rebot import rebot
from robot.run import run

from pipeline.results import catalogue, messages, reading, run_json, summary
from pipeline.results.model import Run, Verdict
from pipeline.results.stamp import Stamp

SUITE = """\
*** Settings ***
Suite Setup    No Operation

*** Test Cases ***
Good
    [Tags]    api    smoke
    No Operation

Bad | With A Bar
    [Tags]    live
    Fail    NFFT 8192 was accepted.\\nSecond line

Left Out
    [Tags]    no-area
    Skip    This site has no config_task.
"""

STAMP = Stamp("20261122-110000-ab12", "smoke", "simulated", True, "0.1.0", "abc")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "suite.robot").write_text(SUITE)
    run(str(folder / "suite.robot"), outputdir=str(folder), log=None, report=None, console="none")
    return folder / "output.xml"


@pytest.fixture
def result(output: Path) -> Run:
    return reading.read_one(output, STAMP)


def test_counts_and_areas(result: Run) -> None:
    assert (result.passed, result.failed, result.count(Verdict.SKIPPED)) == (1, 1, 1)
    assert {test.long_name: test.area for test in result.tests} == {
        "Good": "api",
        "Bad | With A Bar": "live",
        "Left Out": catalogue.NO_AREA,
    }


def test_the_screen_names_failures_and_where_the_report_is(result: Run) -> None:
    text = summary.screen(result, {"report": Path("results/latest/report.html")})
    assert "SIMULATED" in text
    assert "Bad | With A Bar\n      NFFT 8192 was accepted." in text
    assert "Second line" not in text
    assert "1 passed, 1 failed, 1 skipped" in text
    assert text.endswith(f"report: {Path('results/latest/report.html')}")
    assert len(text.splitlines()) < 24


def test_the_page_keeps_its_table_whatever_a_test_is_called(result: Run) -> None:
    text = summary.markdown(result)
    assert "| live | 0 | 1 | 0 |" in text
    assert "- **Bad \\| With A Bar**: NFFT 8192 was accepted." in text
    assert "This site has no config\\_task." in text
    assert "does not count" not in text
    assert "**This run does not count.** A lane died." in summary.markdown(replace(result, broken="A lane died."))


# Each test fails or is skipped for the same reason, which Robot words in its own way.
REASONS = """\
*** Settings ***
Suite Setup    {setup}
Suite Teardown    {teardown}

*** Test Cases ***
Setup
    [Setup]    Fail    THE REASON
    No Operation

Teardown
    No Operation
    [Teardown]    Fail    THE REASON

Several
    Run Keyword And Continue On Failure    Fail    THE REASON
    Fail    another

Page
    Fail    *HTML* <b>THE REASON</b><br>more

Both
    Run Keyword And Continue On Failure    Keyword
    Keyword
    [Teardown]    Fail    another

Skipped
    [Tags]    robot:skip-on-failure
    Fail    THE REASON

*** Keywords ***
Keyword
    No Operation
    [Teardown]    Fail    THE REASON
"""


@pytest.mark.parametrize("setup", ["No Operation", "Fail    THE REASON", "Skip    THE REASON"])
@pytest.mark.parametrize("teardown", ["No Operation", "Fail    THE REASON"])
def test_the_first_line_that_gives_a_reason_is_shown(setup: str, teardown: str, tmp_path: Path) -> None:
    (tmp_path / "suite.robot").write_text(REASONS.format(setup=setup, teardown=teardown))
    run(str(tmp_path / "suite.robot"), outputdir=str(tmp_path), log=None, report=None, console="none")
    messages = [test.reason for test in reading.read_one(tmp_path / "output.xml", STAMP).tests]
    assert len(messages) == 6
    assert [message for message in messages if "THE REASON" not in message] == []


def test_a_message_without_a_reason_keeps_its_first_line() -> None:
    assert messages.first_line("Several failures occurred:\n\n") == "Several failures occurred:"
    assert messages.first_line("") == ""
    assert messages.first_line(messages.plain("*HTML* Test added from merged output.<hr>Setup failed:\nNo.")) == "No."


def test_a_line_that_only_announces_reasons_is_followed_by_the_first() -> None:
    with pytest.raises(AssertionError) as failure:
        fail_with("The rows of the LiveView do not agree", ["row 3 has 11 values", "row 7 has 12 values"])
    reason = "The rows of the LiveView do not agree: row 3 has 11 values"
    assert messages.first_line(str(failure.value)) == reason
    assert messages.first_line(f"Several failures occurred:\n\n1) {failure.value}\n\n2) Other.") == reason
    assert messages.first_line("No reason follows:") == "No reason follows:"


def test_metrics_are_for_programs(result: Run, tmp_path: Path) -> None:
    run_json.write(result, tmp_path / run_json.NAME)
    metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["simulated"] is True
    assert metrics["passed"] == 1
    assert [test["verdict"] for test in metrics["tests"]] == ["passed", "failed", "skipped"]


def test_a_second_attempt_is_recognized_by_its_own_message(output: Path, tmp_path: Path) -> None:
    folder = output.parent
    second = tmp_path / "second.xml"
    again = (folder / "suite.robot").read_text().replace("NFFT 8192 was accepted", "NFFT 16384 was accepted")
    (tmp_path / "suite.robot").write_text(again)
    run(
        str(tmp_path / "suite.robot"),
        rerunfailed=str(output),
        output=str(second),
        log=None,
        report=None,
        console="none",
    )
    merged = tmp_path / "merged.xml"
    rebot(str(output), str(second), merge=True, output=str(merged), log=None, report=None, stdout=None)
    failed = [test.reason for test in reading.read_one(merged, STAMP).of(Verdict.FAILED)]
    assert failed == ["NFFT 16384 was accepted."]


def test_an_import_that_fails_is_reported(tmp_path: Path) -> None:
    (tmp_path / "suite.robot").write_text(
        "*** Settings ***\nLibrary    NoSuchLibrary\n\n" + SUITE[SUITE.index("*** Test") :]
    )
    run(str(tmp_path / "suite.robot"), outputdir=str(tmp_path), log=None, report=None, console="none")
    broken = reading.read_one(tmp_path / "output.xml", STAMP)
    assert "NoSuchLibrary" in broken.errors[0]
    assert "NoSuchLibrary" in summary.screen(broken, {})
