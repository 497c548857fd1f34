"""What has to be undone stands on disk before it is done.

A record is a file of the site's state directory, locked while its process lives: whoever finds one that nobody holds
plays its undo. Records are newest first by their names.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from filelock import FileLock, Timeout

from focus_core.base.run_identity import run_id
from focus_core.site import locks

if TYPE_CHECKING:
    from focus_core.site.model import Site

# One process at a time repairs a site; the next one waits for it and then finds nothing left to do.
_PATIENCE_S = 600.0
# A lock that nobody refers to any more would be let go while its process lives.
_held: set[OpenRecord] = set()


@dataclass(frozen=True)
class Record:
    """One thing to undo: its kind, the workload concerned (empty: none), and what the undo needs to know."""

    kind: str
    workload: str
    details: dict[str, Any]
    run: str
    made_at: str

    def __str__(self) -> str:
        return f"{self.kind}{f' of {self.workload}' if self.workload else ''} by run {self.run} at {self.made_at}"


class OpenRecord:
    """A record that this process holds."""

    def __init__(self, path: Path, record: Record, lock: FileLock) -> None:
        self.record = record
        self._path = path
        self._lock = lock

    def forget(self) -> None:
        """It is undone: the file goes."""
        self._path.unlink(missing_ok=True)
        self.leave()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def leave(self) -> None:
        """It could not be undone: the file stays for whoever opens the site next."""
        self._lock.release()
        _held.discard(self)


def keep(site: Site, kind: str, workload: str, details: dict[str, Any]) -> OpenRecord:
    """Writes a record that is on disk, and not only on its way there, when this returns."""
    folder = _folder(site)
    folder.mkdir(exist_ok=True)
    # Nanoseconds since the epoch have the same number of digits for centuries: names sort by time.
    path = folder / f"{time.time_ns()}-{uuid4().hex[:8]}.json"
    record = Record(kind, workload, details, run_id(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    lock = FileLock(path.with_suffix(".lock"))
    lock.acquire()
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(record), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(folder)
    kept = OpenRecord(path, record, lock)
    _held.add(kept)
    return kept


def something_left(site: Site) -> bool:
    """Whether there is any record, a living process's included."""
    return any(_folder(site).glob("*.json"))


@contextmanager
def left(site: Site) -> Iterator[list[OpenRecord]]:
    """The records that nobody holds any more, newest first; nobody else repairs the site meanwhile."""
    folder = _folder(site)
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "recovery.lock", timeout=_PATIENCE_S):
        yield [found for path in sorted(folder.glob("*.json"), reverse=True) if (found := _taken(path))]


def _taken(path: Path) -> OpenRecord | None:
    lock = FileLock(path.with_suffix(".lock"))
    with suppress(Timeout):
        lock.acquire(timeout=0)
        try:
            return OpenRecord(path, Record(**json.loads(path.read_text(encoding="utf-8"))), lock)
        except FileNotFoundError:
            lock.release()
    return None


def _folder(site: Site) -> Path:
    return locks.state_dir(site) / "disruption"


def _sync(folder: Path) -> None:
    if os.name != "nt":
        # A new name is on disk when its folder is.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
