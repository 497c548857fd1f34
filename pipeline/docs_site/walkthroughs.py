"""Records the walkthroughs of docs/walkthroughs.yaml from real runs: casts of the terminal, pictures of the log."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from focus_core.base.errors import BenchError
from focus_core.ui import browser_files

from pipeline import console, processes
from pipeline.docs_site.casts import Cast, Line
from pipeline.errors import RunError
from pipeline.paths import PYTHON, RESULTS, ROOT, SANDBOX

FILE = ROOT / "docs" / "walkthroughs.yaml"
FOLDER = ROOT / "docs" / "pictures" / "walkthroughs"
_TYPING_S = 1.0
_HEADLESS = ("--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1100,1200", "--virtual-time-budget=3000")
_BROWSER_S = 60
# What a command writes every few seconds while it waits.
_TICK = re.compile(r"^ *\.\.\. \d+ s$|Waiting for .* \(\d+ s\) \.\.\.$")


@dataclass(frozen=True)
class Walkthrough:
    """Commands of run.py, and the suite that they make, which is removed before and afterwards."""

    name: str
    title: str
    suite: str
    commands: list[str]
    picture: bool = False


def all_walkthroughs() -> list[Walkthrough]:
    content: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Walkthrough(name, **entry) for name, entry in content.items()]


def record_all(folder: Path = FOLDER) -> None:
    """Record every walkthrough into ``folder``. Raises RunError where there is no browser for the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in all_walkthroughs():
        console.say(f"recording {one.name} ...")
        record(one, folder)
        if one.picture:
            take_picture(RESULTS / "try" / "log.html", folder / f"{one.name}.png")


def record(one: Walkthrough, folder: Path) -> None:
    """Run the commands of a walkthrough and write what they said."""
    suite = SANDBOX / one.suite
    suite.unlink(missing_ok=True)
    try:
        Cast(one.title, [line for command in one.commands for line in _run(command)]).write(folder / one.name)
    finally:
        suite.unlink(missing_ok=True)


def take_picture(page: Path, picture: Path) -> None:
    """Save what a browser shows of a page, without the places of this machine. Raises RunError."""
    try:
        browser = browser_files.require()
    except BenchError as error:
        raise RunError(str(error)) from None
    shown = picture.with_suffix(".html")
    shown.write_text(without_places(page.read_text(encoding="utf-8")), encoding="utf-8")
    command = [str(browser.program), *_HEADLESS, f"--screenshot={picture}", shown.as_uri()]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_BROWSER_S, check=False)
    finally:
        shown.unlink()
    if done.returncode or not picture.exists():
        raise RunError(f"The browser took no picture of {page.name}: {done.stderr.decode(errors='replace')[-200:]}")


def _run(command: str) -> Iterator[Line]:
    yield Line(f"$ python run.py {command}", _TYPING_S, typed=True)
    process = processes.start(
        [PYTHON, "-u", "-m", "pipeline", *shlex.split(command)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    before = time.monotonic()
    try:
        for raw in process.stdout or ():
            text = without_places(raw.decode("utf-8", "replace").rstrip())
            if not _TICK.search(text):
                yield Line(text, time.monotonic() - before)
            before = time.monotonic()
        process.wait()
    except BaseException:
        processes.stop(process)
        raise


def without_places(text: str) -> str:
    """A line without what only this machine has: where the checkout and the home folder lie."""
    return text.replace(f"{ROOT}{os.sep}", "").replace(str(Path.home()), "~")
