"""Jobs that a killed run left behind: each process writes down the jobs that it owns, whoever opens the site next
removes those of a process that is gone.

A process holds the lock of its own list for its whole life; a list whose lock is free belongs to nobody any more.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from focus_core.base import run_identity
from focus_core.base.errors import BenchError

REMOVED = "Removed what a killed run left:"


class OwnedJobs:
    """The list of the jobs that one user of this process opened and did not yet remove."""

    def __init__(self, folder: Path, username: str) -> None:
        self._folder = folder
        self._username = username
        self._path: Path | None = None
        self._lock: FileLock | None = None
        self._jobs: list[str] = []

    def add(self, job_id: str) -> None:
        """Writes a job down; the file is made with the first one."""
        if self._path is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._folder / f"{run_identity.unique('jobs')}.json"
            self._lock = FileLock(_lock_of(self._path))
            self._lock.acquire()
        self._jobs.append(job_id)
        self._write()

    def remove(self, job_id: str) -> None:
        """Crosses a job off that is removed."""
        if job_id in self._jobs:
            self._jobs.remove(job_id)
            self._write()

    def _write(self) -> None:
        if self._path:
            content = {"run_id": run_identity.run_id(), "username": self._username, "jobs": self._jobs}
            self._path.write_text(json.dumps(content), encoding="utf-8")


@dataclass(frozen=True)
class LeftJobs:
    """Jobs of a process that is gone."""

    run_id: str
    username: str
    jobs: list[str]

    def __str__(self) -> str:
        return f"jobs {', '.join(self.jobs)} of {self.username}, left by run {self.run_id}"


def sweep(folder: Path, remove: Callable[[LeftJobs], None]) -> list[str]:
    """Lets ``remove`` remove the jobs of every list that nobody holds any more. Returns a sentence for each.

    A list whose jobs could not be removed (``remove`` raises ``BenchError``) stays for the next sweep.
    """
    sentences = []
    for path in sorted(folder.glob("*.json")):
        with suppress(Timeout, OSError, ValueError, TypeError), FileLock(_lock_of(path), timeout=0):
            left = LeftJobs(**json.loads(path.read_text(encoding="utf-8")))
            if left.jobs:
                try:
                    remove(left)
                except BenchError as error:
                    sentences.append(f"A killed run left what could not be removed: {left}: {error}")
                    continue
                sentences.append(f"{REMOVED} {left}.")
            path.unlink()
            _lock_of(path).unlink(missing_ok=True)
    return sentences


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")
