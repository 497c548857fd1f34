"""The line of report.html that names the known bugs."""

from pathlib import Path

from robot.rebot import rebot
from robot.run import run

SUITE = """\
*** Test Cases ***
Hidden
    [Tags]    known-bug
    Skip    Known bug PZ-13667: empty.\\nno

Hidden Twice
    [Tags]    known-bug
    Skip    Known bug PZ-13667: empty.\\nOpen question PZ-Q001: rows.\\nno

Skipped
    Skip    no node
"""


def test_the_report_names_bugs_and_how_many_tests_they_hide(tmp_path: Path) -> None:
    (tmp_path / "suite.robot").write_text(SUITE)
    output, report = tmp_path / "output.xml", tmp_path / "report.html"
    run(str(tmp_path / "suite.robot"), output=str(output), log=None, report=None, console="none")
    modifier = "pipeline.results.report.KnownBugs"
    for outputs, merge in (([output], False), ([output, output], True)):
        rebot(*map(str, outputs), merge=merge, prerebotmodifier=modifier, report=str(report), log=None, stdout=None)
        assert "2 tests are hidden, counted as skipped: PZ-13667 (2), PZ-Q001 (1)" in report.read_text(encoding="utf-8")
