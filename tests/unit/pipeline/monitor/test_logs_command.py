"""`run.py logs`: of a run, of one test, of two runs compared."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from focus_core.logs import accounts, monitor

from pipeline.commands import logs
from pipeline.errors import RunError
from pipeline.monitor import collecting, comparing


@pytest.fixture(autouse=True)
def collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two collections, `one` and `two`, in the place of runs: they have the same files."""
    monkeypatch.setattr(collecting, "FOLDER", tmp_path)
    kinds = {
        "one": {"webapp: same": 5, "webapp: gone": 3, "webapp: rare": 2},
        "two": {"webapp: same": 6, "webapp: rare": 40, "webapp: new": 1},
    }
    for name, counts in kinds.items():
        (tmp_path / name / accounts.TESTS).mkdir(parents=True)
        (tmp_path / name / monitor.TEMPLATES).write_text(json.dumps({"counts": counts}))
    (tmp_path / "one" / "journal").mkdir()
    about = {"run": "r", "lane": 0, "at": 1.0}
    records = [
        {"what": "test", "token": f"aaaaaaa{number}", "name": name, "file": f"T-{number}", **about}
        for number, name in enumerate(("Suite.Opens A View", "Suite.Opens A View Again"))
    ]
    (tmp_path / "one" / "journal" / "1.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records))
    (tmp_path / "one" / accounts.TESTS / "T-0.log").write_text("12:00 [webapp-1] a line\n")
    return tmp_path


def test_kinds_of_lines_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert logs.show_difference(argparse.Namespace(here="one", there="two")) == 0
    assert capsys.readouterr().out.splitlines() == [
        "only in two: 1 kinds of lines",
        "       1  webapp: new",
        "only in one: 1 kinds of lines",
        "       3  webapp: gone",
        "far more or less often: 1 kinds of lines",
        "       2 -> 40        webapp: rare",
    ]


def test_a_whole_name_wins_over_those_that_hold_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert logs.show_test(argparse.Namespace(test="opens a view", run="one")) == 0
    assert "12:00 [webapp-1] a line" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "words"), [("opens", "2 tests have it"), ("closes", "no test has it")])
def test_a_name_that_names_no_one_test_is_refused(name: str, words: str) -> None:
    with pytest.raises(RunError, match=words):
        logs.show_test(argparse.Namespace(test=name, run="one"))


def test_errors_of_a_run_are_listed_and_are_the_exit_code(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test = {"name": "Suite.T", "status": "FAIL", "errors": 1, "file": "tests/T-0.html", "shown": ["12:00 ERROR x"]}
    errors = [{"service": "webapp", "pattern": "error", "lines": 1}]
    summary = {"banner": "", "errors": errors, "tests": [test]}
    (collected / "one" / accounts.SUMMARY).write_text(json.dumps(summary))
    assert logs.show_errors(argparse.Namespace(run="one")) == 1
    out = capsys.readouterr().out
    assert "1 x error                webapp" in out
    assert "12:00 ERROR x" in out
    (collected / "one" / accounts.SUMMARY).write_text(json.dumps(summary | {"errors": [], "tests": []}))
    assert logs.show_errors(argparse.Namespace(run="one")) == 0


def test_a_run_without_logs_is_refused_in_one_sentence(collected: Path) -> None:
    with pytest.raises(RunError, match="made with --monitor off"):
        logs.show_errors(argparse.Namespace(run="two"))
    (collected / "two" / monitor.TEMPLATES).unlink()
    with pytest.raises(RunError, match="No pod monitor has counted"):
        comparing.counts(collected / "two", "two")
