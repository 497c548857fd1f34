"""Several views are closed at the same time; what is left of them is looked for at the server and in the cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeVar

from focus_core.base.errors import BenchError
from focus_core.base.threads import Threads
from focus_core.run import clients
from focus_core.run.session import client
from focus_core.server.client import FocusClient
from focus_core.site import data as site_data
from focus_core.views.view import View

# Requests that are under way at the same time; more only wait for each other on the tester's machine.
MOST_AT_ONCE = 50

T = TypeVar("T")
R = TypeVar("R")


def each(do: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """What ``do`` returns for each thing, in their order; ``MOST_AT_ONCE`` are done at the same time."""
    with Threads(max(1, min(MOST_AT_ONCE, len(things)))) as pool:
        return list(pool.map(do, things))


def remove_at_once(jobs: Sequence[tuple[FocusClient, str]]) -> None:
    """Removes jobs by whatever way the site has. Raises ``BenchError`` that names what could not be removed."""

    def remove(job: tuple[FocusClient, str]) -> str:
        try:
            job[0].remove_job(job[1])
        except BenchError as error:
            return f"job {job[1]}: {error}"
        return ""

    troubles = [trouble for trouble in each(remove, jobs) if trouble]
    if troubles:
        raise BenchError(f"{len(troubles)} of {len(jobs)} jobs were not removed: {'; '.join(troubles[:3])}")


def owner_of(view: View) -> FocusClient:
    """The client that opened the view."""
    return view.owner or client()


def left(views: Sequence[View], seconds: float) -> list[str]:
    """What is still there of closed views after so many seconds, each as a part of a sentence."""
    from focus_core.cluster.view_jobs import still_there

    site = site_data.site()

    def known_jobs() -> list[str]:
        answers = each(lambda view: owner_of(view).job_status(view.job_id), views)
        return [
            f"job {view.job_id} at the server ({answer.status})"
            for view, answer in zip(views, answers, strict=True)
            if answer.status != HTTPStatus.NOT_FOUND
        ]

    def look() -> list[str]:
        found = known_jobs()
        return found + (_left_in_the_cluster(views, site.job_prefix) if "kubernetes" in site.capabilities else [])

    return still_there(look, seconds)


def _left_in_the_cluster(views: Sequence[View], prefix: str) -> list[str]:
    from focus_core.cluster.view_jobs import ViewInCluster  # only where views are closed together

    cluster = clients.cluster()
    objects = [ViewInCluster(cluster, prefix, view.job_id) for view in views]
    names = {one.job_name for one in objects}
    services = {one.service_name for one in objects}
    found = [f"job {job.name}" for job in cluster.jobs() if job.name in names]
    found += [f"pod {pod.name}" for pod in cluster.pods() if pod.labels.get("job-name") in names]
    return found + [f"service {one.name}" for one in cluster.services() if one.name in services]
