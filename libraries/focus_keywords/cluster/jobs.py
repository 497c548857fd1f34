"""Keywords about what the cluster runs for a view: its job, pod, service and cleanup job."""

from __future__ import annotations

import time
from collections.abc import Callable

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.cluster import view_jobs
from focus_core.cluster.objects import Pod
from focus_core.cluster.view_jobs import ViewInCluster
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.streams import client as stream_client
from focus_core.streams.client import Frame, StreamReading
from focus_core.views.view import View
from robot.api import logger
from robot.api.deco import keyword

# A stream that still delivers so long after a silence was not closed in it: what was on the way comes at once.
_STILL_DELIVERS_S = 3.0
# A watched view has to outlive its idle time by half of it.
_OUTLIVED = 1.5
# The removal of a finished job may be seen late, not much too early.
_EARLIEST = 0.5


class ViewJobs:
    """The job of a view, from its start to its removal."""

    def __init__(self) -> None:
        self._moment = ""

    @keyword("Job Of View Should Be Running Within The Site's Budget", tags=("kubernetes",))
    def job_should_be_running(self, view: View) -> Pod:
        """Waits until the view's job has a pod (``pod_visible_s``) that is Running (``job_running_s``); returns it.

        Example:
        | ${view} =    Open Live View
        | Job Of View Should Be Running Within The Site's Budget    ${view}
        """
        timings, seen = site().timings, self._seen(view)
        wait_until(f"View {view.job_id} has its job", seen.job, timeout=timings.pod_visible_s)
        wait_until(f"Job {seen.job_name} has a pod", seen.pods, timeout=timings.pod_visible_s)

        def running() -> Pod:
            pods, job = seen.pods(), seen.job()
            if job is None or job.finished == "Failed":
                raise AssertionError(
                    f"Job {seen.job_name} {'failed' if job else 'is gone'}: {'; '.join(map(str, pods)) or 'no pod'}."
                )
            if not pods:
                raise NotYet("no pod")
            if pods[-1].phase != "Running":
                raise NotYet(clients.cluster().describe(pods[-1]))
            return pods[-1]

        return wait_until(f"The pod of job {seen.job_name} is Running", running, timeout=timings.job_running_s)

    @keyword(tags=("kubernetes",))
    def note_the_time_of_the_cluster(self) -> None:
        """From here on `Pod Of View Should Have Been` looks at what pods went through; before the view is opened.

        Example:
        | Note The Time Of The Cluster
        | ${view} =    Open Historic View    ${recording}
        """
        self._moment = clients.cluster().now()

    @keyword(tags=("kubernetes", "Assertion"))
    def pod_of_view_should_have_been(self, view: View, *phases: str) -> None:
        """Checks that the pod of a view went through exactly these phases, in this order, since the noted moment.

        Phases are Pending, Running, Succeeded, Failed, as Kubernetes calls them. No phase is too short to be seen.

        Example:
        | Pod Of View Should Have Been    ${view}    Pending    Running    Succeeded
        """
        demands.some("phase", phases)
        if not self._moment:
            raise BenchError("Note The Time Of The Cluster has to come before the view is opened.")
        seen = self._seen(view)
        passed = clients.cluster().phases_since(self._moment, f"job-name={seen.job_name}")
        fail_with(f"The pod of job {seen.job_name} did not live as it should", view_jobs.phase_problems(passed, phases))

    @keyword(tags=("kubernetes", "Assertion"))
    def job_of_view_should_have_completed(self, view: View) -> None:
        """Waits, at most ``job_running_s``, until the job of a view that was played to its end is Complete and its pod
        Succeeded.

        Example:
        | Playback Should Finish    ${view}
        | Job Of View Should Have Completed    ${view}
        """
        seen = self._seen(view)

        def completed() -> bool:
            job, pods = seen.job(), seen.pods()
            if job is None or job.finished == "Failed":
                raise AssertionError(f"Job {seen.job_name} {'failed' if job else 'is gone'} instead of being Complete.")
            if job.finished != "Complete" or [pod.phase for pod in pods] != ["Succeeded"]:
                raise NotYet(f"it is not over: {'; '.join(map(str, pods)) or 'no pod'}")
            return True

        wait_until(f"Job {seen.job_name} is Complete", completed, timeout=site().timings.job_running_s)

    @keyword(tags=("kubernetes", "Assertion"))
    def finished_job_should_be_removed_after_its_time_to_live(self, view: View) -> None:
        """Waits until the finished job of a view is removed: within ``finished_job_ttl_s`` and ``job_removed_s``, and
        not before half of its time to live, in which its log can still be read.

        To be used right after the job has completed.

        Example:
        | Job Of View Should Have Completed    ${view}
        | Finished Job Should Be Removed After Its Time To Live    ${view}
        """
        timings, seen = site().timings, self._seen(view)
        begun = time.monotonic()
        left = view_jobs.still_there(seen.left, timings.finished_job_ttl_s + timings.job_removed_s)
        took = time.monotonic() - begun
        if not left and took < timings.finished_job_ttl_s * _EARLIEST:
            left = [f"it was removed after {took:.1f} s already"]
        limit = f"its time to live of {timings.finished_job_ttl_s:g} s"
        fail_with(f"Finished job {seen.job_name} was not removed after {limit}", left)

    @keyword(tags=("kubernetes",))
    def job_of_view_should_have_its_service(self, view: View) -> None:
        """Fails unless the view's service serves exactly the answered stream port and leads to the pod of its job.

        Example:
        | Job Of View Should Have Its Service    ${view}
        """
        seen = self._seen(view)
        service = seen.service()
        if service is None:
            raise AssertionError(f"View {view.job_id} has no service {seen.service_name} in the cluster.")
        faults = view_jobs.service_problems(service, view.answer.stream_port, [view_jobs.one_pod(seen)])
        fail_with(f"Service {service.name} is wrong", faults)

    @keyword(tags=("kubernetes", "Assertion"))
    def job_of_view_should_be_removed(self, view: View) -> None:
        """Waits, at most the site's ``job_removed_s``, until the view has neither job, nor pod, nor service.

        Example:
        | Close View    ${view}
        | Job Of View Should Be Removed    ${view}
        """
        self._should_be_gone(view, self._seen(view).left, site().timings.job_removed_s)

    @keyword(tags=("kubernetes", "Assertion"))
    def cleanup_job_of_view_should_be_running(self, view: View) -> None:
        """Waits until the job that clears up after the view runs: ``pod_visible_s`` and ``job_running_s``.

        Example:
        | Cleanup Job Of View Should Be Running    ${view}
        """
        timings, seen = site().timings, self._seen(view)

        def running() -> bool:
            pods = seen.cleanup_pods()
            if [pod.phase for pod in pods] != ["Running"]:
                raise NotYet("; ".join(map(str, pods)) or "no pod")
            return True

        budget = timings.pod_visible_s + timings.job_running_s
        wait_until(f"Job {seen.cleanup_name} runs", running, timeout=budget)

    @keyword(tags=("kubernetes", "Assertion"))
    def cleanup_job_of_view_should_be_removed(self, view: View) -> None:
        """Waits until the job that clears up after the view is gone itself: ``job_removed_s`` and, since it may end
        before it is removed, ``cleanup_job_ttl_s``.

        Example:
        | Close View    ${view}
        | Cleanup Job Of View Should Be Removed    ${view}
        """
        timings = site().timings
        self._should_be_gone(view, self._seen(view).left_of_cleanup, timings.job_removed_s + timings.cleanup_job_ttl_s)

    @keyword(tags=("kubernetes", "Assertion"))
    def unwatched_view_should_be_removed(self, view: View) -> None:
        """Waits until job, pod and service of a view that nobody reads are gone: ``idle_job_s`` and ``job_removed_s``.

        Example:
        | Unwatched View Should Be Removed    ${view}
        """
        timings = site().timings
        self._should_be_gone(view, self._seen(view).left, timings.idle_job_s + timings.job_removed_s)

    @keyword(tags=("kubernetes", "Stream", "Assertion"))
    def watched_view_should_outlive_the_idle_time(self, view: View) -> None:
        """Reads the first stream of a live view for one and a half times ``idle_job_s``: it must not end, and the job
        has to be there all along.

        Example:
        | Watched View Should Outlive The Idle Time    ${view}
        """
        timings, seen = site().timings, self._seen(view)
        seconds = timings.idle_job_s * _OUTLIVED
        reading = self._read(
            view,
            lambda frames: frames[-1].arrived - frames[0].arrived >= seconds,
            timings.first_frame_s + seconds * _OUTLIVED,
        )
        problems = [f"its stream did not last {seconds:g} s: {reading}"] if reading.finished or reading.ended_by else []
        if seen.job() is None:
            problems.append(f"job {seen.job_name} is gone")
        fail_with(f"The {view} was removed while it was watched", problems)

    @keyword(tags=("Stream", "Assertion"))
    def idle_stream_should_be_closed(self, view: View) -> None:
        """Opens the first stream of a live view, takes a frame and then nothing for longer than ``idle_stream_s``: in
        that time the stream has to be closed. What was on the way still comes.

        Only for views of so much data that it does not all fit into the network's buffers.

        Example:
        | ${view} =    Open Live View    channels=1-300
        | Idle Stream Should Be Closed    ${view}
        """
        timings = site().timings
        silence = timings.idle_stream_s + timings.cleanup_job_ttl_s
        resumed: list[float] = []

        def goes_on(frames: list[Frame]) -> bool:
            if not resumed:
                time.sleep(silence)
                resumed.append(time.time())
            return frames[-1].arrived - resumed[0] > _STILL_DELIVERS_S

        reading = self._read(view, goes_on, timings.first_frame_s + silence + 2 * _STILL_DELIVERS_S)
        logger.info(str(reading))
        if not reading.frames:
            raise AssertionError(f"The {view} delivered nothing: {reading}.")
        if not reading.finished:
            raise AssertionError(
                f"The stream of the {view} was not closed, although its client read nothing for {silence:g} s: "
                f"{reading}."
            )

    def _seen(self, view: View) -> ViewInCluster:
        return ViewInCluster(clients.cluster(), site().job_prefix, view.job_id)

    def _should_be_gone(self, view: View, look: Callable[[], list[str]], budget: float) -> None:
        left = view_jobs.still_there(look, budget)
        fail_with(f"Not everything of the {view} was removed within {budget:g} s", left)

    def _read(self, view: View, enough: stream_client.Enough, timeout: float) -> StreamReading:
        target = stream_client.address(view.answer.stream_url, view.answer.stream_port)
        return stream_client.read_stream(target, 0, timeout=timeout, enough=enough)
