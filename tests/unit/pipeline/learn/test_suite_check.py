"""What the checker sees in a learner's file before anything runs, and what it says of a run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from pipeline.errors import RunError
from pipeline.learn import exercises, suite_check
from pipeline.learn.exercises import Exercise, all_exercises, exercise
from pipeline.results.model import Run, Verdict

OF_SUITES = [one.number for one in all_exercises() if one.kind == "suite"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exercises, "SANDBOX", tmp_path)
    monkeypatch.setattr(exercises, "RESULTS", tmp_path)


def written(number: int, text: str) -> Exercise:
    one = exercise(number)
    one.learners_file.write_text(text, encoding="utf-8")
    return one


def solution(number: int) -> str:
    return exercise(number).solution.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", OF_SUITES)
def test_the_file_to_begin_with_is_not_done(number: int) -> None:
    one = exercise(number)
    one.begin()
    assert suite_check.before_running(one).startswith("It is still the file that you began with")
    text = one.start.read_text(encoding="utf-8").replace("\n", "\n\n")
    assert suite_check.before_running(written(number, text)).startswith("It is still the file")


@pytest.mark.parametrize("number", OF_SUITES)
def test_a_solution_is_fit_to_run(number: int) -> None:
    assert suite_check.before_running(written(number, solution(number))) == ""


def test_other_channels_than_those_of_the_task_are_seen() -> None:
    assert "channels 20 to 40" in suite_check.before_running(written(1, solution(1).replace("20-40", "11-109")))


def test_rows_that_are_alike_count_once() -> None:
    rows = ["    channels=50-1    field=channels\n", "    channels=2-1    field=channels\n"]
    text = solution(2)[: solution(2).index("    channels=50-1")] + "".join(rows * 3)
    assert suite_check.before_running(written(2, text)) == "The table has 2 rows, the task asks for 5."


def test_a_file_without_steps_is_told_so() -> None:
    text = "*** Test Cases ***\nNothing\n    [Documentation]    It is empty.\n"
    assert "No test in it calls a keyword" in suite_check.before_running(written(1, text))


def test_a_file_that_robot_cannot_read_is_refused_in_a_sentence() -> None:
    with pytest.raises(RunError, match=r"Robot cannot read learn_1_first_test\.robot"):
        suite_check.before_running(written(1, "no suite at all\n"))


def test_a_new_beginning_keeps_what_was_there() -> None:
    one = written(1, "mine")
    one.begin(again=True)
    assert one.learners_file.read_bytes() == one.start.read_bytes()
    assert one.learners_file.with_name(f"{one.learners_file.name}.old").read_text(encoding="utf-8") == "mine"


def test_every_exercise_is_whole() -> None:
    found = all_exercises()
    assert [one.number for one in found] == [1, 2, 3, 4, 5]
    for one in found:
        assert one.start.is_file()
        assert one.solution.is_file()
        assert one.text.is_file()
        assert len(one.hints) >= 2
        assert one.defects


def test_an_exercise_that_is_none_is_refused() -> None:
    with pytest.raises(RunError, match="There is no exercise 9: choose 1 to 5"):
        exercise(9)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Several failures occurred:\n\n1) no field\n\n2) no channel", "no field (the first of 2 rows that fail)"),
        ("no field", "no field"),
    ],
)
def test_how_many_rows_fail_is_said(message: str, said: str) -> None:
    failed = SimpleNamespace(name="Table", verdict=Verdict.FAILED, reason="no field", message=message)
    run = cast("Run", SimpleNamespace(errors=[], tests=[failed]))
    assert suite_check.on_a_whole_site(run) == f"On a site without a defect 'Table' fails: {said}"
