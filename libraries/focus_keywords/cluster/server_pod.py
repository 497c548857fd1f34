"""Keywords about the life of the Focus Server itself: how it started, and how it keeps over time."""

from __future__ import annotations

import time

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.cluster import server_pod as server_life
from focus_core.cluster.objects import Pod
from focus_core.cluster.server_pod import Sample
from focus_core.run import clients
from focus_core.run.report import log_fold
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_status
from focus_core.site.data import site
from focus_core.views.refused import small_view
from robot.api.deco import keyword


class ServerPod:
    """The pod of the Focus Server from its start on. Every keyword only looks, and opens views as any client does."""

    @keyword(tags=("Server", "kubernetes", "Assertion"))
    def focus_server_should_have_started_cleanly(self) -> None:
        """Reads what the Focus Server's pod logged from its start until it was ready: something, and no error.

        Lines about requests do not count; ``pod_ready_s`` is the longest start that is looked at.

        Example:
        | Focus Server Should Have Started Cleanly
        """
        pod = self._pod()
        lines = clients.cluster().pod_log(pod.name)
        started = server_life.start_of(lines, pod, site().timings.pod_ready_s)
        log_fold(f"Start of {pod.name}: {len(started)} of {len(lines)} lines", "\n".join(map(str, started)))
        fail_with(f"Pod {pod.name} logged errors when it started", server_life.errors_in(started))

    @keyword(tags=("Server", "kubernetes", "Assertion"))
    def focus_server_should_stay_stable(self, seconds: float, views: int, success: float, growth: float) -> None:
        """Opens a live view again and again, ``views`` times in ``seconds``, and removes it when its job has a pod that
        is Running: at least ``success`` percent have to succeed, the server's pod must neither be started again nor
        replaced, and its memory must not grow by more than ``growth`` percent. A table is in the log.

        Example:
        | Focus Server Should Stay Stable    ${SITE_DATA.timings.stability_s}    views=12    success=90    growth=20
        """
        demands.above_zero(seconds=seconds)
        demands.at_least(server_life.FEWEST_SAMPLES, views=views)
        demands.percentage(success=success)
        demands.not_negative(growth=growth)
        first = self._pod()
        samples: list[Sample] = []
        begun = time.monotonic()
        for number in range(views):
            samples.append(self._sample(time.monotonic() - begun))
            time.sleep(max(0.0, begun + (number + 1) * seconds / views - time.monotonic()))
        log_fold(f"{len(samples)} views in {seconds:g} s", server_life.table(samples))
        problems = server_life.problems_over_time(samples, success, growth)
        fail_with(
            f"Focus Server did not stay stable for {seconds:g} s", problems + server_life.changes(first, self._pod())
        )

    def _pod(self) -> Pod:
        workload = site().workloads.focus_server
        pods = clients.cluster().pods(workload.selector)
        if len(pods) != 1 or pods[0].phase != "Running":
            raise AssertionError(
                f"Focus Server has not one pod that is Running: {'; '.join(map(str, pods)) or 'it has none'}."
            )
        return pods[0]

    def _sample(self, at: float) -> Sample:
        trouble = ""
        try:
            self._serve_one_view()
        except AssertionError as failure:
            trouble = str(failure)
        selector = site().workloads.focus_server.selector
        measured = clients.cluster().pod_metrics(selector)
        if not measured:
            raise BenchError(
                f"The cluster measures no pod that is labelled {selector}; check that its metrics server runs."
            )
        return Sample(at, trouble, measured[0].memory_bytes)

    def _serve_one_view(self) -> None:
        answer = client().configure(small_view().body())
        check_status(answer, OK, "A live view")
        job_id = str(answer.json().get("job_id"))
        selector = f"job-name={site().job_prefix}{job_id}"

        def running() -> bool:
            pods = clients.cluster().pods(selector)
            if [pod.phase for pod in pods] != ["Running"]:
                raise NotYet("; ".join(map(str, pods)) or "no pod")
            return True

        try:
            wait_until(f"The pod of job {job_id} is Running", running, timeout=site().timings.job_running_s)
        finally:
            client().remove_job(job_id)
