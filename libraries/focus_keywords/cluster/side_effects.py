"""What requests leave behind on the site: jobs, pods, services."""

import time

from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import Names
from focus_core.run import clients
from focus_core.site import data as site_data
from robot.api.deco import keyword

# How long a server that went on again may take to work on what it was asked before.
_STILL_STARTED_S = 5.0


class SideEffects:
    """What a request leaves behind in the cluster; only for exclusive suites.

    Views of other tests would be counted too.
    """

    @keyword(tags=("Side effects",))
    def list_what_runs_in_the_cluster(self) -> frozenset[str]:
        """The names of every job, pod and service of the site, for `Nothing Should Have Been Started Since`.

        | ${before} =    List What Runs In The Cluster
        """
        cluster = clients.cluster()
        return frozenset(
            [f"job {job.name}" for job in cluster.jobs()]
            + [f"pod {pod.name}" for pod in cluster.pods()]
            + [f"service {service.name}" for service in cluster.services()]
        )

    @keyword(tags=("Side effects", "Assertion"))
    def nothing_should_have_been_started_since(self, before: Names) -> None:
        """Fails when the cluster has a job, pod or service that it had not ``before``.

        | Nothing Should Have Been Started Since    ${before}
        """
        fail_with("A request that starts nothing started", sorted(self.list_what_runs_in_the_cluster() - before))

    @keyword(tags=("Side effects", "Assertion"))
    def everything_started_should_be_removed_since(self, before: Names) -> None:
        """Waits until the cluster has no job and no pod that it had not ``before``: what nobody uses is removed
        within ``idle_job_s`` and ``job_removed_s`` of the site. Looks for some seconds at least: a server may only
        now do what it was asked for earlier.

        | Everything Started Should Be Removed Since    ${before}
        """

        begun = time.monotonic()
        cluster = clients.cluster()

        def gone() -> bool:
            left = [f"job {job.name}" for job in cluster.jobs() if f"job {job.name}" not in before]
            left += [f"pod {pod.name} is {pod.phase}" for pod in cluster.pods() if f"pod {pod.name}" not in before]
            if left:
                raise NotYet(", ".join(left))
            return time.monotonic() - begun > _STILL_STARTED_S

        timings = site_data.site().timings
        wait_until(
            "Nothing is left of what was started",
            gone,
            timeout=timings.idle_job_s + timings.job_removed_s,
            interval=1.0,
        )
