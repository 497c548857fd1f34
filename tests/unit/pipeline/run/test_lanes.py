"""What a run is worth, from a real output.xml."""

from __future__ import annotations

import argparse
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from robot.run import run

from pipeline.commands import rerun
from pipeline.errors import RunError
from pipeline.results import reading
from pipeline.results.model import Run, Verdict
from pipeline.results.stamp import Stamp
from pipeline.run import folders as runs
from pipeline.run import lanes
from pipeline.run.selection import Selection, select

STAMP = Stamp("20261122-110000-ab12", "smoke", "simulated", True, "0.1.0", "abc")
# The test that is gone from the second text never ran.
SUITE = """\
*** Variables ***
${KIND}    made

*** Test Cases ***
Good
    Log    a tester's own line    level=ERROR

A ${KIND} name with \\ and "quotes"
    Fail    no

Left Out
    Skip    This site has no config_task.
"""
GONE = """
Gone
    No Operation
"""


def execute(text: str, folder: Path) -> tuple[Selection, Run]:
    """The selection of a suite that has a test more than what was run of it."""
    suite = folder / "suite.robot"
    suite.write_text(text + GONE)
    selected = select([str(suite)], folder)
    suite.write_text(text)
    run(str(suite), outputdir=str(folder), log=None, report=None, console="none")
    return selected, reading.read_one(folder / "output.xml", STAMP)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Selection, Run]:
    return execute(SUITE, tmp_path_factory.mktemp("run"))


def test_every_selected_test_needs_a_result_whatever_its_name_became(ran: tuple[Selection, Run]) -> None:
    selected, result = ran
    assert "1 of 4 selected tests have no result, the first is 'Gone'" in lanes.why_broken(1, result, selected.tests)
    assert lanes.why_broken(1, result, selected.tests[:-1]) == ""


@pytest.mark.parametrize(("code", "cause"), [(252, "exit code 252"), (0, "ended with 0 although 1 tests failed")])
def test_a_broken_run_is_never_green(ran: tuple[Selection, Run], code: int, cause: str) -> None:
    assert cause in lanes.why_broken(code, ran[1], ())


def test_a_result_that_is_cut_off_breaks_a_run_that_pabot_calls_green(tmp_path: Path) -> None:
    _, result = execute("*** Test Cases ***\nGood\n    No Operation\n", tmp_path)
    assert lanes.why_broken(0, result, ()) == ""
    output = tmp_path / "output.xml"
    output.write_text(output.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    broken = lanes.why_broken(0, reading.read_run([output], STAMP), ())
    assert "output.xml is cut off" in broken


def test_a_run_in_which_nothing_passed_is_not_green(ran: tuple[Selection, Run]) -> None:
    skipped = tuple(ran[1].of(Verdict.SKIPPED))
    assert "No test passed" in lanes.why_broken(0, replace(ran[1], tests=skipped), ())


def test_what_robot_cannot_import_breaks_a_run_even_where_all_tests_pass(tmp_path: Path) -> None:
    text = "*** Settings ***\nLibrary    NoSuchLibrary\n\n*** Test Cases ***\nGood\n    No Operation\n"
    _, result = execute(text, tmp_path)
    assert result.passed == 1
    broken = lanes.why_broken(0, result, ())
    assert broken.startswith("Robot could not read or import everything: Error in file ")
    assert "NoSuchLibrary" in broken


def test_an_error_that_a_test_logs_breaks_nothing(ran: tuple[Selection, Run]) -> None:
    assert ran[1].errors == ()


def test_failed_tests_and_those_without_a_result_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "RESULTS", tmp_path)
    folder = tmp_path / "runs" / "one"
    first = runs.Run("one", "suites", "simulated", "/", [], [], [])
    first.open()
    selected, _ = execute(SUITE, folder)
    first = replace(first, tests=selected.tests)
    assert [test.name for test in rerun.unfinished(first)] == ['A ${KIND} name with \\ and "quotes"', "Gone"]
    assert [test.name for test in rerun.unfinished(replace(first, countable=False))] == [selected.tests[1].name]
    (folder / "output.xml").unlink()
    assert rerun.unfinished(first) == selected.tests


def test_after_a_dry_run_there_is_nothing_that_a_rerun_could_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "RESULTS", tmp_path)
    dry = replace(STAMP, dry_run=True)
    metadata = [value for name, value in itertools.pairwise(dry.robot_options()) if name == "--metadata"]
    folder = tmp_path / "runs" / "one"
    (tmp_path / "good.robot").write_text("*** Test Cases ***\nGood\n    No Operation\n")
    run(str(tmp_path / "good.robot"), outputdir=str(folder), metadata=metadata, dryrun=True, console="none")
    monkeypatch.setattr(runs, "latest", lambda: runs.Run("one", "smoke", "simulated", "/", [], [], []))
    with pytest.raises(RunError, match=r"The last run \(one\) was a dry run, in which no test ran: start it anew\."):
        rerun.main(argparse.Namespace())


def test_results_that_have_one_name_are_not_merged_with_new_ones(ran: tuple[Selection, Run]) -> None:
    tests = ran[0].tests
    last = runs.Run("1", "suites", "simulated", ".", [], [], tests, code=1)
    rerun.refuse_mixed_up_results(last)
    with pytest.raises(RunError, match=r"once for each of its --argumentfileN.*start it anew\."):
        rerun.refuse_mixed_up_results(replace(last, options=["--argumentfile1", "a.txt"]))
    namesake = replace(tests[0], source="/elsewhere/suite.robot")
    with pytest.raises(RunError, match=rf"two tests named '{tests[0].full_name}', .*start the run anew\."):
        rerun.refuse_mixed_up_results(replace(last, tests=[*tests, namesake]))


def test_errors_of_suites_that_do_not_run_again_still_count() -> None:
    tests = [lanes.ChosenTest(f"/{name}.robot", 2, "It", f"{name}.It") for name in "ab"]
    errors = [f"Error in file '/{name}.robot' on line 1: no" for name in ("a", "b", "c")]
    first = runs.Run("one", "suites", "simulated", "/", [], [], tests, errors=errors)
    again = lanes.Again(first, tests[:1])
    assert lanes.errors_left(again, ["Error in file '/d.robot' on line 1: no"]) == [
        "Error in file '/d.robot' on line 1: no",
        "Error in file '/b.robot' on line 1: no",
    ]
