"""Results of pieces and repetitions as one typed run, from real output.xml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pabot.listener import interrupt_listener
from robot.rebot import rebot
from robot.run import run

from pipeline.results import messages, output_xml, reading
from pipeline.results.model import Run, TestResult, Verdict
from pipeline.results.output_xml import ResultsError

SUITE = """\
*** Test Cases ***
Good
    [Tags]    api    smoke    PZ-13419
    No Operation

Bad
    [Tags]    live    critical
    Log    <img src="waterfall.png">The same is in pod_logs/focus.log.    html=True
    Check The View    ${first}

Known
    [Tags]    api    known-bug
    Skip    Known bug PZ-13667: the status is empty.\\nOpen question PZ-Q001: rows.\\nstatus is ''

Left Out
    Skip    Site has no node.

*** Keywords ***
Check The View
    [Arguments]    ${value}
    TRY
        Fail    tried first
    EXCEPT
        Should Be Equal    ${value}    right
    END
"""
SHOWING = """\
*** Settings ***
Suite Setup    Log    <img src="setup.png">    html=True
Suite Teardown    Log    <img src="teardown.png">    html=True
*** Test Cases ***
One
    No Operation

Two
    Log    <img src="two.png">    html=True

Three
    No Operation
"""
SETUP = """\
*** Settings ***
Suite Setup    Open The Door
*** Test Cases ***
Behind The Door
    No Operation
*** Keywords ***
Open The Door
    Fail    locked
"""
Execute = Callable[..., Path]


@pytest.fixture
def execute(tmp_path: Path) -> Execute:
    """Run these suites below a folder `suites`, with robot's options; the path of their output.xml."""
    made: list[Path] = []

    def one(files: dict[str, str], **options: object) -> Path:
        folder = tmp_path / "checkout" / "suites"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        output = tmp_path / f"output{len(made)}.xml"
        made.append(output)
        run(str(folder), output=str(output), log=None, report=None, console="none", **options)
        return output

    return one


def named(result: Run, name: str) -> TestResult:
    return next(test for test in result.tests if test.name == name)


def test_a_test_has_all_that_the_file_says_of_it(execute: Execute) -> None:
    output = execute({"live/view.robot": SUITE}, variable="first:wrong", metadata=["Site:simulated", "Commit:abc"])
    result = reading.read_one(output)
    assert (result.site, result.commit, result.broken, len(result.tests)) == ("simulated", "abc", "", 4)
    bad = named(result, "Bad")
    assert (bad.id, bad.long_name, bad.suite) == ("suites/live/view.robot::Bad", "Live.View.Bad", "Live.View")
    assert (bad.area, bad.critical, bad.line) == ("live", True, 6)
    assert (bad.verdict, bad.reason) == (Verdict.FAILED, "wrong != right")
    assert bad.keywords == ("Check The View", "Should Be Equal")
    assert bad.evidence == ("waterfall.png", "pod_logs/focus.log")
    good = named(result, "Good")
    assert (good.key, good.covers) == ("PZ-13419", ("PZ-13560", "PZ-13762", "PZ-13895"))
    assert good.start >= result.start
    known = named(result, "Known")
    assert (known.verdict, known.bugs) == (Verdict.KNOWN_BUG, ("PZ-13667", "PZ-Q001"))
    assert named(result, "Left Out").verdict == Verdict.SKIPPED


def test_evidence_belongs_to_the_test_that_showed_it(execute: Execute) -> None:
    showing = {
        "a.robot": SHOWING,
        "b.robot": SHOWING.replace("No Operation", 'Log    <a href="x.log">    html=True', 1),
    }
    found = [test.evidence for test in reading.read_one(execute(showing)).tests]
    assert found == [(), ("two.png",), (), ("x.log",), ("two.png",), ()]


def test_the_output_of_robot_framework_6_is_read_alike(execute: Execute) -> None:
    files = {"a.robot": SUITE}
    new = reading.read_one(execute(files, variable="first:wrong"))
    old = reading.read_one(execute(files, variable="first:wrong", legacyoutput=True))
    kept = ("name", "verdict", "reason", "keywords", "evidence", "bugs", "line")
    of_new, of_old = ([[getattr(test, name) for name in kept] for test in run.tests] for run in (new, old))
    assert of_new == of_old
    assert old.start[:10] == new.start[:10]
    assert all(test.start >= old.start and test.seconds < 10 for test in old.tests)


def test_a_failed_suite_setup_is_the_failed_keyword_of_its_tests(execute: Execute) -> None:
    (test,) = reading.read_one(execute({"door.robot": SETUP})).tests
    assert (test.keywords, test.reason) == (("Open The Door", "Fail"), "locked")


def test_pieces_of_a_run_become_one_run(execute: Execute) -> None:
    files = {"a.robot": SUITE, "b.robot": SETUP}
    whole = reading.read_one(execute(files, variable="first:wrong"))
    pieces = [execute(files, variable="first:wrong", suite=suite) for suite in ("a", "b")]
    result = reading.read_run(pieces)
    assert [(test.id, test.verdict) for test in result.tests] == [(test.id, test.verdict) for test in whole.tests]
    assert result.start == min(reading.read_one(piece).start for piece in pieces)


def test_a_repetition_is_a_second_attempt(execute: Execute) -> None:
    first = execute({"a.robot": SUITE}, variable="first:wrong")
    second = execute({"a.robot": "\n" + SUITE}, variable="first:right", rerunfailed=str(first))
    bad = named(reading.read_run([first, second]), "Bad")
    assert [one.verdict for one in bad.attempts] == [Verdict.FAILED, Verdict.PASSED]
    assert bad.verdict == Verdict.PASSED
    assert bad.place == named(reading.read_one(first), "Bad").place
    assert bad.attempts[0].keywords == ("Check The View", "Should Be Equal")


def test_attempts_that_rebot_merged_are_found_again(execute: Execute, tmp_path: Path) -> None:
    outputs = [execute({"a.robot": SUITE}, variable=f"first:<b>{n}</b><hr>", test="Bad") for n in (1, 2)]
    outputs.append(execute({"a.robot": SUITE}, variable="first:right", test="Bad"))
    merged = tmp_path / "merged.xml"
    rebot(*map(str, outputs), merge=True, output=str(merged), log=None, report=None, stdout=None)
    bad = named(reading.read_one(merged), "Bad")
    assert [(one.verdict, one.reason) for one in bad.attempts] == [
        (Verdict.FAILED, "<b>1</b><hr> != right"),
        (Verdict.FAILED, "<b>2</b><hr> != right"),
        (Verdict.PASSED, ""),
    ]
    assert bad.verdict == Verdict.PASSED
    assert reading.read_one(merged).start


def test_a_skipped_repetition_takes_no_failure_away(execute: Execute, tmp_path: Path) -> None:
    first = execute({"a.robot": SUITE}, variable="first:wrong")
    skipping = SUITE.replace("    Check The View", "    Skip    gone\n    Check The View", 1)
    second = execute({"a.robot": skipping}, variable="first:wrong", test="Bad")
    merged = tmp_path / "merged.xml"
    rebot(str(first), str(second), merge=True, output=str(merged), log=None, report=None, stdout=None)
    for result in (reading.read_one(merged), reading.read_run([first, second])):
        bad = named(result, "Bad")
        assert [one.verdict for one in bad.attempts] == [Verdict.FAILED, Verdict.SKIPPED]
        assert (bad.verdict, bad.reason) == (Verdict.FAILED, "wrong != right")


def test_what_pabot_calls_failed_after_ctrl_c_did_not_run(execute: Execute) -> None:
    files = {"a.robot": SUITE, "b.robot": SETUP}
    interrupted = execute(files, variable="first:wrong", dryrun=True, listener=interrupt_listener.__file__, suite="a")
    result = reading.read_run([interrupted, execute(files, suite="b", variable="first:wrong")])
    assert (result.count(Verdict.NOT_RUN), result.failed, result.passed) == (4, 1, 0)


def test_what_robot_stopped_before_did_not_run(execute: Execute) -> None:
    result = reading.read_one(execute({"a.robot": SETUP, "b.robot": SUITE}, variable="first:x", exitonfailure=True))
    assert (result.failed, result.count(Verdict.NOT_RUN)) == (1, 4)


def test_two_tests_of_one_name_stay_two(execute: Execute) -> None:
    text = "*** Test Cases ***\nSame\n    No Operation\n\nSame\n    Fail    no\n"
    assert [test.verdict for test in reading.read_one(execute({"a.robot": text})).tests] == ["passed", "failed"]


def broken_file(kind: str, whole: Path, path: Path) -> Path:
    text = whole.read_text(encoding="utf-8")
    texts = {
        "truncated": text[: len(text) // 2],
        "cut after the suites": text[: text.index("<statistics>")],
        "empty": "",
        "foreign": "<testsuite><testcase name='a'/></testsuite>",
        "old": text.replace('schemaversion="5"', 'schemaversion="3"'),
        "no status": text.replace("</test>", "</test><test name='x'></test>", 1),
        "no XML": "<!DOCTYPE html><html><br></html>",
    }
    if kind != "missing":
        path.write_text(texts[kind], encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "kind", ["truncated", "cut after the suites", "empty", "foreign", "old", "no status", "no XML", "missing"]
)
def test_a_file_that_is_not_whole_is_named_and_breaks_the_run(kind: str, execute: Execute, tmp_path: Path) -> None:
    whole = execute({"a.robot": SUITE}, variable="first:right")
    other = broken_file(kind, whole, tmp_path / "shard-3.xml")
    result = reading.read_run([whole, other])
    assert "shard-3.xml" in result.broken
    assert result.broken.endswith(".")
    assert len(result.tests) == 4
    with pytest.raises(ResultsError, match=r"shard-3\.xml"):
        reading.read_one(other)


def test_no_file_and_results_of_two_sites_break_a_run(execute: Execute) -> None:
    assert "no output.xml" in reading.read_run([]).broken
    outputs = [execute({"a.robot": SETUP}, metadata=f"Site:{site}") for site in ("staging", "simulated")]
    assert "several sites (simulated, staging)" in reading.read_run(outputs).broken


def test_each_test_knows_its_suites_and_its_file_however_deep_they_are(execute: Execute) -> None:
    files = {"top.robot": SETUP, "x/a.robot": SUITE, "x/y/b.robot": SETUP}
    found = output_xml.read(execute(files, variable="first:right")).tests
    assert {(".".join(reversed(test.names[1:])), Path(test.source).name) for test in found} == {
        ("Suites.Top", "top.robot"),
        ("Suites.X.A", "a.robot"),
        ("Suites.X.Y.B", "b.robot"),
    }


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Several failures occurred:\n\n1) first\n\n2) second", "first"),
        ("1) this test said so itself", "1) this test said so itself"),
        ("Parent suite setup failed:\nlocked", "locked"),
    ],
)
def test_the_reason_is_the_line_below_robots_headings(message: str, reason: str) -> None:
    assert messages.first_line(message) == reason
