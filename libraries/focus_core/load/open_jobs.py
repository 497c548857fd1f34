"""Jobs that a load opens: none may be left, not even when its process is killed."""

from __future__ import annotations

import json
from contextlib import suppress

from focus_core.load.users import Users
from focus_core.run.left_jobs import OwnedJobs
from focus_core.site import state
from focus_core.site.model import Site

CONFIGURE, JOB = "/configure", "/job/"


class OpenJobs:
    """Each job with the number of an action whose user owns it; on a site it stands on the list on disk too."""

    def __init__(self, users: Users, site: Site | None) -> None:
        self._users = users
        self._folder = state.state_dir(site) / "jobs" if site else None
        self._owned: dict[str, OwnedJobs] = {}
        self.living: dict[str, int] = {}

    def opened(self, number: int, body: bytes) -> str:
        """Notes the job that an answer to POST /configure names; its id, empty where it names none."""
        job_id = ""
        with suppress(ValueError, AttributeError):
            job_id = str(json.loads(body).get("job_id") or "")
        if job_id:
            self.living[job_id] = number
            if self._folder:
                user = self._users.name(number)
                self._owned.setdefault(user, OwnedJobs(self._folder, user)).add(job_id)
        return job_id

    def removed(self, job_id: str) -> None:
        """A job is gone."""
        number = self.living.pop(job_id, None)
        if number is not None and self._folder:
            self._owned[self._users.name(number)].remove(job_id)
