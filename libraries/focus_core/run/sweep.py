"""Removes from a site what killed runs left on it."""

from focus_core.base.errors import BenchError
from focus_core.run import clients, left_jobs
from focus_core.run.left_jobs import LeftJobs
from focus_core.site import state
from focus_core.site.model import Site


def sweep(site: Site) -> list[str]:
    """Removes the jobs of runs that were killed. Returns a sentence for each process that left some."""

    def remove(left: LeftJobs) -> None:
        owner = next((user for user in site.users if user.username == left.username), None)
        if owner is None:
            raise BenchError("the site file names this user no more")
        client = clients.focus_client(site, owner)
        for job_id in left.jobs:
            client.remove_job(job_id)

    return left_jobs.sweep(state.state_dir(site) / "jobs", remove)


def something_left(site: Site) -> bool:
    """Whether a sweep may find something: a killed run's list, or that of a living one."""
    return any((state.state_dir(site) / "jobs").glob("*.json"))
