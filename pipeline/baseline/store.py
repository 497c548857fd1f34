"""Where the figures of runs are kept: JSON lines, a file for each site and machine, only ever added to.

Files of several places are joined by writing one behind the other. FOCUS_BASELINES names another folder than
results/baselines, for machines that keep nothing between their jobs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import paths
from pipeline.baseline import entries
from pipeline.baseline.entries import Line
from pipeline.baseline.machine import Machine
from pipeline.errors import RunError

VARIABLE = "FOCUS_BASELINES"
WAIT_S = 30


def folder() -> Path:
    chosen = os.environ.get(VARIABLE)
    return Path(chosen) if chosen else paths.RESULTS / "baselines"


def file_of(site: str, machine: Machine) -> Path:
    return folder() / f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', site)}-{machine.digest}.jsonl"


def files(site: str = "") -> list[Path]:
    """The files of a site, or those whose name begins so; all without one."""
    return sorted(path for path in folder().glob("*.jsonl") if path.name.startswith(site))


def keep(site: str, machine: Machine, lines: Iterable[Line]) -> int:
    """Add the lines that are not there yet to the file of this site and machine; returns how many they were."""
    return append(file_of(site, machine), lines, machine.to_json(site))


def append(path: Path, lines: Iterable[Line], head: str = "") -> int:
    """Add the lines that are not there yet, below `head` where the file is new; returns how many. Raises RunError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_suffix(".lock"), timeout=WAIT_S):
            known = {_identity(line) for line in read(path)}
            new = [line for line in lines if _identity(line) not in known]
            if new:
                _write(path, head, new)
    except Timeout:
        raise RunError(f"Another process has had {path} for {WAIT_S} s: wait for its end.") from None
    return len(new)


def read(path: Path) -> list[Line]:
    """Every line but those that describe the machine. Raises RunError that names a damaged line."""
    if not path.exists():
        return []
    found: list[Line] = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.startswith('{"kind": "machine"') or not text.strip():
            continue
        try:
            found.append(entries.from_json(text))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RunError(f"{path}, line {number} is damaged ({type(error).__name__}): remove that line.") from None
    return found


def _identity(line: Line) -> tuple[object, ...]:
    if isinstance(line, entries.Entry):
        return "run", line.name, line.plan, line.run
    return "accepted", line.name, line.figure, line.run


def _write(path: Path, head: str, lines: Iterable[Line]) -> None:
    """In one piece behind what is there, which a person may have left without its end of line."""
    begun = path.read_bytes() if path.exists() else b""
    torn = bool(begun) and not begun.endswith(b"\n")
    before = f"{head}\n" if head and not begun else "\n" * torn
    with path.open("a", encoding="utf-8") as file:
        file.write(before + "".join(f"{entries.to_json(line)}\n" for line in lines))
