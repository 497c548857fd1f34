"""What a tester does in RIDE: opens the suites, knows every word, saves, writes a test of their own, runs it.

RIDE needs a window toolkit that only the machine's own Python has, so it lives in an environment of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import suite_files

from pipeline.environment import BIN, ROOT

pytestmark = pytest.mark.nightly

RIDE = "robotframework-ride==2.2"
# The Python of the distribution; wxPython has no wheel for Linux in the package index.
SYSTEM_PYTHON = "/usr/bin/python3"
TO_INSTALL = "apt install python3-venv python3-wxgtk4.0 xvfb xauth"
SCREEN = ["xvfb-run", "-a", "-s", "-screen 0 1280x900x24"]
# Opening and saving everything takes about 25 s of an idle machine.
PATIENCE_S = 600


@dataclass(frozen=True)
class Session:
    """What a session in RIDE left: the suites that it saved, the suite that it made, what it reported."""

    suites: Path
    made: Path
    tests: dict[str, list[str]]
    words: int
    unknown: list[list[str]]
    knows_nonsense: bool


def needed() -> None:
    """Skips where the window toolkit or the screen is missing."""
    has_wx = subprocess.run([SYSTEM_PYTHON, "-c", "import wx, ensurepip"], capture_output=True, check=False)
    if has_wx.returncode or not shutil.which("xvfb-run") or not shutil.which("xauth"):
        pytest.skip(f"RIDE needs wxPython and Xvfb: {TO_INSTALL}")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with RIDE and everything that a run needs, as docs/ride.md describes it."""
    needed()
    folder = tmp_path_factory.mktemp("ride") / "venv"
    python = folder / "bin/python"
    quiet = ["-q", "--disable-pip-version-check"]
    for command in (
        [SYSTEM_PYTHON, "-m", "venv", "--system-site-packages", folder],
        [BIN / "uv", "pip", "install", "-q", "--python", python, "-r", "requirements.txt"],
        [python, "-m", "pip", "install", *quiet, RIDE],  # uv does not see the machine's wxPython
    ):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    return python


@pytest.fixture(scope="module")
def session(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """One session in RIDE with a copy of the suites; nothing of this folder or of the user's settings is touched."""
    folder = tmp_path_factory.mktemp("session")
    suites, report = folder / "suites", folder / "report.json"
    shutil.copytree(suite_files.SUITES, suites, ignore=shutil.ignore_patterns("sandbox"))
    (package,) = (python.parents[1] / "lib").glob("python3*/site-packages/robotide")
    shutil.copy(package / "preferences/settings.cfg", folder)
    steps = Path(__file__).with_name("ride_session.py")
    arguments = [suites, folder / "settings.cfg", report, folder / "picture.png"]
    done = subprocess.run(
        [*SCREEN, python, steps, *arguments],
        cwd=folder,
        env=os.environ | {"HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
    seen = json.loads(report.read_text(encoding="utf-8"))
    return Session(suites, Path(seen.pop("made")), **seen)


def test_every_suite_opens_with_the_tests_that_robot_finds(session: Session) -> None:
    expected: dict[Path, list[str]] = {}
    for test in suite_files.tests():
        expected.setdefault(test.file.relative_to(suite_files.SUITES), []).append(test.name)
    seen = {Path(source).relative_to(session.suites): names for source, names in session.tests.items() if names}
    assert seen == expected


def test_every_word_is_known(session: Session) -> None:
    assert session.words > sum(map(len, session.tests.values()))
    assert not session.unknown
    assert not session.knows_nonsense


def test_what_ride_changes_when_it_saves_is_repaired_by_robocop(session: Session) -> None:
    """RIDE drops empty lines, puts imports last and renames settings; the words of the tests it leaves alone."""
    formatted = session.suites.with_name("formatted")
    shutil.copytree(session.suites, formatted)
    (formatted / session.made.name).unlink()
    command = [sys.executable, "-m", "robocop", "format", "--config", ROOT / "pyproject.toml", formatted]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    names = [path.relative_to(suite_files.SUITES) for path in suite_files.files()]
    changed = [name for name in names if (formatted / name).read_bytes() != (suite_files.SUITES / name).read_bytes()]
    assert not changed


def test_a_test_that_is_written_in_the_grid_runs(session: Session, python: Path) -> None:
    text = session.made.read_text(encoding="utf-8")
    run = [python, "-m", "robot", "--output", "NONE", "--log", "NONE", "--report", "NONE"]
    good = subprocess.run([*run, session.made], capture_output=True, text=True, check=False)
    assert "1 test, 1 passed, 0 failed" in good.stdout, good.stdout + text
    wrong = session.made.with_name("wrong.robot")
    wrong.write_text(text.replace("1000.4", "1100"), encoding="utf-8")
    bad = subprocess.run([*run, wrong], capture_output=True, text=True, check=False)
    assert "1 test, 0 passed, 1 failed" in bad.stdout, bad.stdout
    assert "Rate (Hz)" in bad.stdout
