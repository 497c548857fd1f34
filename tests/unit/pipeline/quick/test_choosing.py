"""The tests of a quick run, and what is written about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline import command_line
from pipeline.commands import quick
from pipeline.errors import RunError
from pipeline.quick import choosing, kill_matrix, sentences
from pipeline.quick.changes import Touched
from pipeline.quick.kill_matrix import KillMatrix, Kills
from pipeline.results.quarantine import Entry
from pipeline.run import lanes, site

SUITE = """\
*** Test Cases ***
Known
    [Tags]    api    PZ-1
    No Operation

Idle
    [Tags]    api
    No Operation

New
    [Tags]    api
    No Operation

Alert
    [Tags]    alerts    critical
    No Operation

Long
    [Tags]    api    slow
    No Operation
"""
MATRIX = KillMatrix("api", {"S.Known": Kills(4.0, ("shared-port",), 2), "S.Idle": Kills(2.0)}, ("configure-late",))


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "top"
    folder.mkdir()
    (folder / "s.robot").write_text(SUITE, encoding="utf-8")
    monkeypatch.setattr(kill_matrix, "FOLDER", tmp_path)
    monkeypatch.setattr(choosing.kill_matrix, "read", lambda: [MATRIX])
    monkeypatch.setattr(choosing, "ROOT", tmp_path)
    return folder


def test_what_detects_something_and_what_is_new_is_chosen_and_long_tests_are_not(suite: Path) -> None:
    choice = choosing.choose(60, [str(suite)])
    assert [one.name for one in choice.chosen] == ["S.Alert", "S.Known", "S.New"]
    new = choice.chosen[2]
    assert (new.seconds, new.worth) == (3.0, (1.04 + 0.0) / 2)
    assert choice.lanes == [["Top.S"]]
    assert [test.name for test in choice.tests] == ["Alert", "Known", "New"]


def test_a_test_in_quarantine_is_left_out(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Entry("s.robot::Known", "dan", "PZ-1", date(2026, 12, 31))
    monkeypatch.setattr(choosing.quarantine, "read", lambda: [entry])
    assert [one.name for one in choosing.choose(60, [str(suite)]).chosen] == ["S.Alert", "S.New"]


def test_the_screen_shows_what_is_detected_and_what_stays_unseen(suite: Path) -> None:
    choice = choosing.choose(60, [str(suite)])
    assert sentences.looked_at(choice) == [
        "quick: 3 of 4 tests (1 critical), about 13 s",
        "too new for the kill matrices, so that they count as usual ones: 2",
        "defects of api: 1 of 2 detected (50%)",
    ]
    assert sentences.unseen(choice) == ["unseen defects of api (1): configure-late"]
    without_alerts = replace(choice, chosen=choice.chosen[1:])
    assert sentences.unseen(without_alerts)[0] == "unseen areas: alerts"
    assert "make one with 'python run.py strength'" in sentences.unseen(replace(choice, matrices=[]))[0]


def test_tests_of_changed_files_and_folders_and_those_that_use_what_was_changed_come_first(
    suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = Touched(tests={("top/s.robot", "Idle")}, others=["simulator/defects.yaml"])
    monkeypatch.setattr(choosing.changes, "since", lambda ref: {"main": change}[ref])
    choice = choosing.choose(60, [str(suite)], since="main")
    assert [one.name for one in choice.chosen] == ["S.Alert", "S.Idle", "S.Known", "S.New"]
    assert sentences.looked_at(choice)[1:3] == [
        "touched by the change: 1",
        "changed files that lead to no test: simulator/defects.yaml",
    ]
    monkeypatch.setattr(choosing.changes, "since", lambda _: Touched(files={"top/__init__.robot"}))
    assert all(one.changed for one in choosing.choose(60, [str(suite)], since="main").chosen)


def test_the_command_runs_what_was_chosen_in_its_lanes(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[lanes.Plan] = []
    monkeypatch.setattr(site, "open_site", lambda _: None)
    monkeypatch.setattr(lanes, "run", lambda plan: ran.append(plan) or 3)  # type: ignore[func-returns-value]
    assert quick.main(command_line.parse(["quick", "--seconds", "45", str(suite)])) == 3
    (plan,) = ran
    assert plan.quick
    assert [test.name for test in plan.quick.tests] == ["Alert", "Known", "New"]
    assert (plan.command, plan.quick.lanes) == ("quick", [["Top.S"]])


def test_the_list_runs_nothing(
    suite: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lanes, "run", lambda _: pytest.fail("a run began"))
    assert quick.main(command_line.parse(["quick", "--list", str(suite)])) == 0
    assert "   4.0 s  S.Known" in capsys.readouterr().out


def test_seconds_in_which_no_test_fits_are_refused(suite: Path) -> None:
    with pytest.raises(RunError, match="No selected test fits into 3 s"):
        quick.main(command_line.parse(["quick", "--list", "--seconds", "3", str(suite)]))


def test_what_cannot_be_chosen_is_refused_before_a_site_is_started(
    suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "open_site", lambda _: pytest.fail("a site was opened"))
    with pytest.raises(RunError, match="No selected test fits into 3 s"):
        quick.main(command_line.parse(["quick", "--seconds", "3", str(suite)]))
    with pytest.raises(RunError, match="There is no site 'nowhere-at-all'"):
        quick.main(command_line.parse(["quick", "--list", "--site", "nowhere-at-all", str(suite)]))


@pytest.mark.parametrize(("seconds", "words"), [(48.2, "after 48 s"), (90.0, "give --seconds 40 to be in time here")])
def test_a_late_verdict_says_what_helps(seconds: float, words: str) -> None:
    assert words in sentences.took(seconds, 60)


def test_the_matrices_in_use_know_tests_of_the_suites() -> None:
    """A matrix of tests that were all renamed would choose nothing by what it knows."""
    choice = choosing.choose(60)
    for matrix in kill_matrix.read():
        there = matrix.tests.keys() & choice.areas.keys()
        assert len(there) > len(matrix.tests) / 2, f"measure the area {matrix.area} again"
