"""What the monitor writes down: one entry a line of ``events.jsonl``, for programs, in the order in which it came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

FILE = "events.jsonl"

# json.dumps makes an encoder for each call that has options.
_in_json = json.JSONEncoder(ensure_ascii=False).encode

Kind = Literal["line", "state", "event", "gap", "dropped", "sample", "monitor"]


@dataclass(frozen=True, slots=True)
class Source:
    """Whose log it is: ``service`` is the workload's name in site files, ``jobs`` and ``cleanup_jobs`` those of views.

    ``job`` is the id of the view's job that a pod belongs to, ``node`` whose clock stamps its lines.
    """

    service: str
    pod: str = ""
    container: str = ""
    node: str = ""
    job: str = ""


@dataclass(slots=True)
class Entry:
    """A line of a log, or what happened to a container, an event of the cluster, a sample, or a gap in what was read.

    ``at`` is an epoch second by the clock of the source's node, or ours where ``node`` is empty. ``pattern`` and
    ``severity`` are those of an error. ``seconds`` is how long a gap is.
    """

    kind: Kind
    at: float
    source: Source
    text: str
    pattern: str = ""
    severity: str = ""
    seconds: float = 0.0

    def to_json(self) -> str:
        """One line of the file, without newline."""
        parts = [f'{{"at": {round(self.at, 6)!r}, "kind": "{self.kind}"', _source_in_json(self.source)]
        parts.append(f'"text": {_in_json(self.text)}')
        if self.pattern:
            parts.append(f'"pattern": {_in_json(self.pattern)}')
        if self.severity:
            parts.append(f'"severity": "{self.severity}"')
        if self.seconds:
            parts.append(f'"seconds": {round(self.seconds, 3)!r}')
        return ", ".join(parts) + "}"


# Thousands of lines in a row are of few sources.
@lru_cache(maxsize=1024)
def _source_in_json(source: Source) -> str:
    values = {name: getattr(source, name) for name in ("pod", "container", "node", "job")}
    return _in_json({"service": source.service} | {name: value for name, value in values.items() if value})[1:-1]


def from_data(data: dict[str, Any]) -> Entry:
    """An entry of the file. Raises ``KeyError`` for what is none."""
    source = Source(data["service"], *(data.get(name, "") for name in ("pod", "container", "node", "job")))
    return Entry(
        data["kind"],
        data["at"],
        source,
        data["text"],
        data.get("pattern", ""),
        data.get("severity", ""),
        data.get("seconds", 0.0),
    )


def read(folder: Path, begin: int = 0) -> Iterator[Entry]:
    """The entries of a monitor's folder from this byte on; a line that is still being written is left out."""
    try:
        with (folder / FILE).open("rb") as file:
            file.seek(begin)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                try:
                    yield from_data(json.loads(line))
                except (ValueError, KeyError, TypeError):
                    # The monitor was killed while it wrote; what follows is whole again.
                    continue
    except FileNotFoundError:
        return


def size(folder: Path) -> int:
    """How many bytes of entries there are now."""
    try:
        return (folder / FILE).stat().st_size
    except OSError:
        return 0
