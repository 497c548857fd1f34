"""What the lanes of a run note of their tests, for whoever has to find which line of a log belongs to which test.

Each process appends to a file of its own in the monitor's folder; without a monitor its records stay in its memory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

# Where the monitor of this run writes; set by whoever starts it.
FOLDER_VARIABLE = "FOCUS_MONITOR_FOLDER"
# off, on or strict.
MODE_VARIABLE = "FOCUS_MONITOR"
_SUBFOLDER = "journal"
# Of a process without a monitor: those of the running test are among the last.
_MOST_IN_MEMORY = 2_000

_own: list[dict[str, Any]] = []


def folder() -> Path | None:
    """The folder of the monitor that watches this run; None where there is none."""
    chosen = os.environ.get(FOLDER_VARIABLE, "")
    return Path(chosen) if chosen else None


def note(what: str, **content: Any) -> None:
    """Adds a record. A disk that is full costs the record and nothing else."""
    record = {"what": what} | content
    place = folder()
    if place is None:
        _own.append(record)
        del _own[:-_MOST_IN_MEMORY]
        return
    with suppress(OSError):
        path = place / _SUBFOLDER
        path.mkdir(parents=True, exist_ok=True)
        with (path / f"{os.getpid()}.jsonl").open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def records(place: Path | None = None) -> Iterator[Mapping[str, Any]]:
    """All records of a monitor's folder, process by process; without one those of this process."""
    if place is None:
        yield from _own
        return
    for path in sorted((place / _SUBFOLDER).glob("*.jsonl")):
        with suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                with suppress(ValueError):  # a process was killed while it wrote
                    record = json.loads(line)
                    if isinstance(record, dict):
                        yield record
