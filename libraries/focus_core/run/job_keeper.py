"""The jobs that one client opened: evidence of the running test, on a list on disk, and to be removed at its end."""

import threading
from collections.abc import Callable

from focus_core.base import cleanup
from focus_core.run import evidence
from focus_core.run.left_jobs import OwnedJobs
from focus_core.site import state
from focus_core.site.model import Site, User


class JobKeeper:
    """What becomes of each job of one client while it lives. Views may be opened and removed by several threads."""

    def __init__(self, owned: OwnedJobs) -> None:
        self._owned = owned
        # Undo of each living job, so that a job that the test itself removed is not removed twice.
        self._undo_ids: dict[str, str] = {}
        self._changing = threading.Lock()

    def opened(self, job_id: str, remove: Callable[[], None]) -> None:
        """A job exists from now on; ``remove`` is how it is removed at the end of the test."""
        with self._changing:
            evidence.note_job(job_id)
            self._owned.add(job_id)
            self._undo_ids[job_id] = cleanup.current().add(f"Job {job_id}", remove)

    def living(self) -> list[str]:
        """The jobs that nobody has removed yet, oldest first."""
        with self._changing:
            return list(self._undo_ids)

    def removed(self, job_id: str) -> None:
        """The job is gone: nothing is left to do."""
        with self._changing:
            if job_id in self._undo_ids:
                cleanup.current().done(self._undo_ids.pop(job_id))
            self._owned.remove(job_id)


def of_site(site: Site, user: User) -> JobKeeper:
    """Keeps the jobs that a client of ``site`` opens as ``user``."""
    return JobKeeper(OwnedJobs(state.state_dir(site) / "jobs", user.username))
