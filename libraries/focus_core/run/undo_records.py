"""What has to be undone stands on disk before it is done.

A record is a file of the site's state directory, locked while its process lives: whoever finds one that nobody holds
plays its undo. Records are newest first by their names. On a site that machines share, a copy of each lies on its Lease
too, for who does not have the file: another machine, or the next container of a CI job.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from filelock import FileLock, Timeout

from focus_core.base.errors import BenchError
from focus_core.base.run_identity import run_id
from focus_core.site import state

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

    def __init__(self, site: Site, path: Path, record: Record, lock: FileLock) -> None:
        self.record = record
        self._site = site
        self._path = path
        self._lock = lock

    def undo(self, action: Callable[[], object]) -> None:
        """Does what undoes it; then the record goes, else it stays on disk. Raises what ``action`` raises."""
        try:
            action()
        except BaseException:
            self.leave()
            raise
        self.forget()

    def forget(self) -> None:
        """It is undone: the file goes, after its copy at the site."""
        _note(self._site, self._path.stem, None)
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
    text = json.dumps(asdict(record))
    _write(path, text)
    _note(site, path.stem, text)
    kept = OpenRecord(site, path, record, lock)
    _held.add(kept)
    return kept


def something_left(site: Site) -> bool:
    """Whether there is any record, a living process's included."""
    return any(_folder(site).glob("*.json")) or bool(_copies(site))


@contextmanager
def left(site: Site) -> Iterator[list[OpenRecord]]:
    """The records that nobody holds any more, newest first; nobody else repairs the site meanwhile."""
    folder = _folder(site)
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "recovery.lock", timeout=_PATIENCE_S):
        for name, text in _copies(site).items():
            # A file that is there may be a living process's; one that is not was lost, or is another machine's.
            if not (folder / f"{name}.json").exists():
                _write(folder / f"{name}.json", text)
        yield [found for path in sorted(folder.glob("*.json"), reverse=True) if (found := _taken(site, path))]


def _taken(site: Site, path: Path) -> OpenRecord | None:
    lock = FileLock(path.with_suffix(".lock"))
    with suppress(Timeout):
        lock.acquire(timeout=0)
        try:
            return OpenRecord(site, path, Record(**json.loads(path.read_text(encoding="utf-8"))), lock)
        except FileNotFoundError:
            lock.release()
    return None


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(path.parent)


def _copies(site: Site) -> dict[str, str]:
    """What lies on the Lease of a site that machines share, by name."""
    if not site.reserve:
        return {}
    from focus_core.run import reservation

    return reservation.left_notes(site)


def _note(site: Site, name: str, text: str | None) -> None:
    if site.reserve:
        from focus_core.run import reservation

        # A site that refuses the copy, or cannot be asked in the middle of a fault, has the file all the same.
        with suppress(BenchError):
            reservation.Leases.of_site(site).note(name, text)


def _folder(site: Site) -> Path:
    return state.state_dir(site) / "disruption"


def _sync(folder: Path) -> None:
    if os.name != "nt":
        # A new name is on disk when its folder is.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
