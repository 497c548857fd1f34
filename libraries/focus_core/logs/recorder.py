"""Takes what is read, finds the errors in it and writes it down: without secrets, in bounded memory."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO

from focus_core.logs import entries
from focus_core.logs.entries import Entry, Source
from focus_core.logs.patterns import Patterns
from focus_core.logs.stamped import StampedLine
from focus_core.logs.templates import TemplateCounter
from focus_core.site import secrets

# What waits to be written, in characters: the oldest is dropped above.
MOST_WAITING = 16 << 20
# A run that logs more than this on the disk keeps only errors from there on.
MOST_BYTES = 1 << 30
# Written at once, before others get their turn; where more waits, a share of it, or reading would always be ahead.
_BATCH, _SHARE = 500, 4
# Keywords of running tests read what was written.
_EVERY_S = 0.1
_LONGEST_SHOWN = 20_000


@dataclass
class Figures:
    """What the monitor did. ``skew`` is how many seconds the clock of each node is behind ours."""

    lines: int = 0
    bytes: int = 0
    streams: int = 0
    reconnects: int = 0
    gaps: int = 0
    gap_seconds: float = 0.0
    dropped: int = 0
    not_kept: int = 0
    refused: int = 0
    worst_lag_s: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)
    patterns: Counter[str] = field(default_factory=Counter)
    skew: dict[str, float] = field(default_factory=dict)


class Recorder:
    """Writes the files of one monitor; ``run`` does it, all other methods only note."""

    def __init__(self, folder: Path, patterns: Patterns) -> None:
        self.figures = Figures()
        self.templates = TemplateCounter()
        self._folder, self._patterns = folder, patterns
        self._waiting: deque[Entry] = deque()
        self._waiting_size = 0
        # What was dropped since the last entry that says so: number, begin and end, by source.
        self._dropped: dict[Source, tuple[int, float, float]] = {}
        self._written = 0
        self._something = asyncio.Event()
        self._files = ExitStack()
        self._by_name: dict[str, IO[str]] = {}

    @property
    def waiting(self) -> int:
        """How many entries are not written yet."""
        return len(self._waiting)

    def lines(self, source: Source, lines: Iterable[StampedLine]) -> None:
        """Notes lines of a container."""
        for line in lines:
            self.figures.lines += 1
            self.figures.bytes += len(line.text) + 1
            self.note(Entry("line", line.at, source, line.text))

    def note(self, entry: Entry) -> None:
        """Notes anything; where too much waits, the oldest is dropped and counted."""
        self._waiting.append(entry)
        self._waiting_size += len(entry.text)
        while self._waiting_size > MOST_WAITING and len(self._waiting) > 1:
            self._drop(self._waiting.popleft())
        self._something.set()

    def gap(self, source: Source, begin: float, end: float, why: str) -> None:
        """Notes that lines may be missing between two times of the source's clock."""
        self.figures.gaps += 1
        self.figures.gap_seconds += max(0.0, end - begin)
        text = f"gap of {max(0.0, end - begin):.3f} s: {why}"
        self.note(Entry("gap", begin, source, text, seconds=max(0.001, end - begin)))

    async def run(self) -> None:
        """Writes until it is cancelled."""
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                self.write(max(_BATCH, len(self._waiting) // _SHARE))
                await asyncio.sleep(0)
            self._flush()
            await asyncio.sleep(_EVERY_S)

    def close(self) -> None:
        """Writes what still waits and closes the files."""
        while self._waiting:
            self.write(_BATCH)
        self._files.close()
        self._by_name.clear()

    def write(self, most: int) -> None:
        """Writes so many of the oldest entries."""
        for source, (number, begin, end) in self._dropped.items():
            text = f"{number} lines were dropped: more came than could be written"
            self._put(Entry("dropped", begin, source, text, seconds=max(0.001, end - begin)))
        self._dropped.clear()
        batch = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        for entry in batch:
            self._waiting_size -= len(entry.text)
            entry.text = secrets.redacted(entry.text[:_LONGEST_SHOWN])
        self._judge([entry for entry in batch if entry.kind == "line"])
        for entry in batch:
            self._put(entry)

    def _put(self, entry: Entry) -> None:
        if entry.severity:
            self.figures.errors[entry.source.service] += 1
            self.figures.patterns[entry.pattern] += 1
        if self._written > MOST_BYTES and not entry.severity:
            self.figures.not_kept += 1
            return
        data = entry.to_json()
        self._written += 2 * len(data)
        self._file(entries.FILE).write(f"{data}\n")
        name = entry.source.service
        shown = as_text(entry)
        self._file(f"{name}.log").write(shown)
        if entry.severity:
            self._file(f"{name}_errors.log").write(shown)

    def _judge(self, lines: list[Entry]) -> None:
        for entry in lines:
            self.templates.add(entry.source.service, entry.text)
        for place, pattern in self._patterns.find_in([entry.text for entry in lines]).items():
            lines[place].pattern, lines[place].severity = pattern.name, pattern.severity

    def _drop(self, entry: Entry) -> None:
        self._waiting_size -= len(entry.text)
        self.figures.dropped += 1
        number, begin, end = self._dropped.get(entry.source, (0, entry.at, entry.at))
        self._dropped[entry.source] = number + 1, min(begin, entry.at), max(end, entry.at)

    def _file(self, name: str) -> IO[str]:
        file = self._by_name.get(name)
        if file is None:
            path = self._folder / name
            # Halves of surrogate pairs can be in what a program wrote, and in no file.
            opened = path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
            file = self._by_name[name] = self._files.enter_context(opened)
        return file

    def _flush(self) -> None:
        for file in self._by_name.values():
            file.flush()


def as_text(entry: Entry) -> str:
    """The entry as a line of a file for people, with newline."""
    where = entry.source.pod or entry.source.service
    mark = "" if entry.kind == "line" else f"<{entry.kind}> "
    return f"{time_text(entry.at)} [{where}] {mark}{entry.text}\n"


def time_text(at: float) -> str:
    """An epoch second as ``2026-12-01T05:09:12.284Z``."""
    second = int(at)
    return f"{_second_text(second)}.{int((at - second) * 1000):03d}Z"


# Lines come by the hundred in one second.
@lru_cache(maxsize=64)
def _second_text(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
