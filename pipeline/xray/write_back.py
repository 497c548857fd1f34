"""Writes the key of its execution into a run: run.json, summary.md, and the pages of Robot Framework."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from pipeline.errors import RunError
from pipeline.paths import PYTHON
from pipeline.results import run_json
from pipeline.run import reports
from pipeline.xray import keys

LINE = "Xray execution: "


def write(folder: Path, key: str) -> None:
    """The same key twice changes nothing. A folder that was removed meanwhile needs nothing."""
    if not folder.is_dir():
        return
    _summary(folder / "summary.md", key)
    _pages(folder, key)
    _run_json(folder / "run.json", key)


def _run_json(path: Path, key: str) -> None:
    if path.is_file():
        found = json.loads(path.read_text(encoding="utf-8"))
        keys.replace_json(path, found | {"execution": key})


def _summary(path: Path, key: str) -> None:
    """The line stands below the title."""
    if not path.is_file():
        return
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(LINE)]
    keys.replace_text(path, "\n".join([*lines[:2], f"{LINE}{key}", *lines[2:]]) + "\n")


def _pages(folder: Path, key: str) -> None:
    """Report and log anew, where they bear their usual names; output.xml stays as the tests wrote it."""
    pages = {what: folder / f"{what}.html" for what in ("report", "log")}
    output = folder / "output.xml"
    if not output.is_file() or not any(path.is_file() for path in pages.values()):
        return
    command = [PYTHON, "-m", "robot.rebot", "--nostatusrc", "--output", "NONE", "--outputdir", str(folder)]
    for what, path in pages.items():
        command += [f"--{what}", path.name if path.is_file() else "NONE"]
    command += [*reports.OPTIONS, "--metadata", f"Xray:{key}"]
    metrics = folder / run_json.NAME
    if metrics.is_file():
        command += run_json.read(metrics).stamp.robot_options()
    done = subprocess.run([*command, str(output)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunError(f"The pages of {folder.name} could not be made anew with {key}: see 'rebot {output.name}'.")
