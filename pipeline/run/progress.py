"""How far the lanes are: a Robot listener in each of them writes a line per finished test, run.py shows them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pipeline import console

FILE_VARIABLE = "FOCUS_PROGRESS_FILE"


class Progress:
    """The listener: `--listener pipeline.run.progress.Progress`."""

    ROBOT_LISTENER_API_VERSION = 3
    # After the listener of the libraries, which turns the failure of a known bug into a skip.
    ROBOT_LISTENER_PRIORITY = -1

    def __init__(self) -> None:
        self._path = Path(os.environ[FILE_VARIABLE])

    def end_test(self, _data: Any, result: Any) -> None:
        line = json.dumps(
            [result.status, result.full_name.partition(".")[2], round(result.elapsed_time.total_seconds(), 1)]
        )
        # One short write to a file opened for appending: lines of several lanes do not mix.
        with self._path.open("ab", buffering=0) as file:
            file.write(line.encode("utf-8") + b"\n")


class Display:
    """Shows what the listeners wrote since the last look."""

    def __init__(self, path: Path, total: int | None) -> None:
        self._path, self._total = path, total
        self._offset = self._done = 0

    def look(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._offset += len(line)
                self._done += 1
                status, name, seconds = json.loads(line)
                of = "" if self._total is None else f"/{self._total}"
                console.say(f"  {self._done:>3}{of}  {status:<4}  {seconds:>5.1f} s  {name}")
