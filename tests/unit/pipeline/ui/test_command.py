"""`run.py ui`: which browser there is, which pictures wait, and how one is approved."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.ui import approved, browser_files
from PIL import Image

from pipeline import command_line
from pipeline.errors import RunError
from pipeline.ui import command


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an approved picture, and a run that has left two pictures."""
    monkeypatch.setattr(approved, "FOLDER", tmp_path / "pictures")
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    picture(tmp_path / "pictures" / "login.png", "white")
    picture(tmp_path / "results" / "1" / "picture-login.actual.png", "red")
    # As pabot names what a lane has left.
    picture(tmp_path / "results" / "1" / "pabot-2-picture-map.actual.png", "green")
    return tmp_path


def picture(path: Path, colour: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (32, 32), colour).save(path)


def run(*args: str) -> int:
    return command.main(command_line.parse(["ui", *args]))


def test_pictures_that_wait_are_shown_with_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show") == 0
    login, map_, what_to_do = capsys.readouterr().out.strip().splitlines()
    assert "256 of 256 pixels differ in the window at 0,0 and in 3 more windows" in login
    assert map_.split(maxsplit=1) == [
        "map",
        "results/1/pabot-2-picture-map.actual.png: nobody has approved it yet",
    ]
    assert what_to_do.endswith("'python run.py ui approve NAME'")


def test_an_approved_picture_waits_no_more(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("approve", "login", "map") == 0
    assert (project / "pictures" / "map.png").read_bytes() == (
        project / "results" / "1" / "pabot-2-picture-map.actual.png"
    ).read_bytes()
    capsys.readouterr()
    assert run("show") == 0
    assert capsys.readouterr().out.strip() == "no picture waits for approval"


def test_a_picture_that_no_run_has_left_is_refused() -> None:
    with pytest.raises(RunError, match="No run has left a picture 'journal'"):
        run("approve", "journal")


def test_without_a_browser_the_doctor_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser_files, "find", lambda: None)
    assert run("doctor") == 1
    assert browser_files.HOW_TO_GET in capsys.readouterr().err
