"""What clients of the site see while a part of it is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

from focus_core.base import cleanup
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import ChannelRange
from focus_core.cluster.owners import WorkloadName
from focus_core.disruption.outage_answers import ViewOpener, ViewReader, problems_of_unavailable
from focus_core.mongodb import recordings as mongo_recordings
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange
from focus_core.site.data import lane_user, site
from focus_core.streams import client as stream_client
from focus_core.views.opening import view_request
from focus_core.views.view import View, ViewRequest, ViewType, read_answer
from focus_core.webapp.alerts import Alert, AlertClass, Severity, push_body
from robot.api import logger
from robot.api.deco import keyword

# A view that costs the site little.
_FEW_CHANNELS = ChannelRange(1, 3)
# The window of a historic view that is asked for during an outage: it began so many seconds ago, and is that long.
_WINDOW_AGE_S, _WINDOW_S = 60, 10
_READER_TELLS_S = 5.0
# A program that breaks off again does so soon after its restart.
_STAYS_S, _LOOK_S = 5.0, 0.25

Dependency = Literal["mongodb", "rabbitmq", "kubernetes"]


@dataclass(frozen=True)
class PodsMark:
    """The pods of a workload at one moment: how often the containers of each were restarted, by its name."""

    workload: WorkloadName
    restarts: dict[str, int]


class Outages:
    """Answers during an outage, and what has to be whole after it. Nothing here disturbs anything."""

    def __init__(self) -> None:
        self._readers: dict[str, ViewReader] = {}

    @keyword(tags=("Outage", "Assertion"))
    def historic_view_should_be_unavailable(self, because: str) -> None:
        """Asks for a historic view: 503 within 5 s (``configure_s``), with a reason that speaks of ``because``.

        A ``Retry-After`` must say when to try again, and no job may have been started.

        | Historic View Should Be Unavailable    because=MongoDB
        """
        start = int(time.time()) - _WINDOW_AGE_S
        window = (start, start + _WINDOW_S)
        self._refused("historic", view_request(ViewType.MultiChannel, channels=_FEW_CHANNELS, window=window), because)

    @keyword(tags=("Outage", "Assertion"))
    def live_view_should_be_unavailable(self, because: str) -> None:
        """Asks for a live view: 503 as for `Historic View Should Be Unavailable`, and no job of it is left.

        | Live View Should Be Unavailable    because=cluster
        """
        self._refused("live", view_request(ViewType.MultiChannel, channels=_FEW_CHANNELS), because)

    @keyword(tags=("Outage", "Assertion"))
    def live_view_should_be_opened_or_clearly_refused(self, because: str) -> View | None:
        """Asks for a live view, which may be opened or refused with a clear 503, but nothing between these.

        A refusal must give a reason that speaks of ``because`` and start no job. Returns the view, or None when it was
        refused.

        | ${view} =    Live View Should Be Opened Or Clearly Refused    because=RabbitMQ
        """
        request = view_request(ViewType.MultiChannel, channels=_FEW_CHANNELS)
        before = self._jobs()
        answer = client().configure(request.body())
        if answer.status == OK:
            return View(request, read_answer(answer.json()), answer)
        problems = problems_of_unavailable(answer, because, site().timings.configure_s)
        if new := sorted(self._jobs() - before):
            problems.append(f"it started {', '.join(new)}")
        fail_with("The live view was neither opened nor clearly refused", problems)
        return None

    @keyword(tags=("Outage", "Assertion"))
    def health_should_name(self, *down: Dependency) -> None:
        """Waits, at most ``reconnected_s``, until /health is degraded and names exactly these dependencies as down.

        Without any name, all must be ok.

        | Health Should Name    mongodb
        """

        def named() -> bool:
            answer = client().send("GET", "/health")
            if answer.status != OK:
                raise NotYet(f"{answer.status} {answer.body[:200]}")
            content = answer.json()
            wrong = {name for name, state in content["dependencies"].items() if state != "ok"}
            status = "degraded" if down else "ok"
            if wrong != set(down) or content["status"] != status:
                raise NotYet(f"status {content['status']}, not ok: {', '.join(sorted(wrong)) or 'none'}")
            return True

        wanted = f"degraded by {', '.join(down)} alone" if down else "ok"
        wait_until(f"The health is {wanted}", named, timeout=site().timings.reconnected_s)

    @keyword("Focus Server Should Be Unavailable", tags=("Outage", "Assertion"))
    def focus_server_should_be_unavailable(self) -> None:
        """Asks for liveness, channels and a live view: each is refused with 503, or its connection is, within 5 s.

        | Focus Server Should Be Unavailable
        """
        body = view_request(ViewType.MultiChannel, channels=_FEW_CHANNELS).body()
        asks: dict[str, Callable[[], Exchange]] = {
            "GET /ack": lambda: client().send("GET", "/ack"),
            "GET /channels": lambda: client().send("GET", "/channels"),
            "POST /configure": lambda: client().configure(body),
        }
        problems = []
        for name, ask in asks.items():
            begun = time.monotonic()
            try:
                answer = ask()
            except BenchError as error:
                logger.info(f"{name}: {error}")
                if time.monotonic() - begun > site().timings.configure_s:
                    problems.append(f"{name} was left hanging for {time.monotonic() - begun:.1f} s")
                continue
            problems += [f"{name}: {text}" for text in problems_of_unavailable(answer, "", site().timings.configure_s)]
        fail_with("The Focus Server is down, and clients are not told so", problems)

    @keyword(tags=("Outage",))
    def keep_reading(self, view: View) -> None:
        """Reads the first stream of a live view beside the test, to its end: a view that nobody reads is removed.

        | Keep Reading    ${view}
        """
        target = stream_client.address(view.answer.stream_url, view.answer.stream_port)
        reader = ViewReader(target, site().timings.first_frame_s)
        self._readers[view.job_id] = reader
        cleanup.current().add(f"The reader of {view}", reader.stop)
        reader.start()

    @keyword(tags=("Outage", "Assertion"))
    def reading_should_go_on(self, view: View) -> None:
        """Fails when the stream of `Keep Reading` has ever stopped; waits until it gave more frames.

        | Reading Should Go On    ${view}
        """
        reader = self._readers.get(view.job_id)
        if reader is None:
            raise BenchError(f"Nobody reads the {view}; begin with Keep Reading.")
        seen = reader.parts

        def more() -> bool:
            if reader.trouble:
                raise AssertionError(f"The {view} stopped to deliver: {reader.trouble}.")
            if reader.parts <= seen:
                raise NotYet(f"{reader.parts} parts")
            return True

        # A stream that brings nothing is reported by its reader, which waits as long as the budget says.
        wait_until(f"The {view} delivers frames", more, timeout=site().timings.first_frame_s + _READER_TELLS_S)

    @keyword(tags=("Outage",))
    def keep_opening_views(self, kind: Literal["live", "historic"] = "live") -> ViewOpener:
        """Opens views, one after another, beside the test, and removes each again, until they are judged.

        | ${opener} =    Keep Opening Views    historic
        | Kill Process    mongodb
        | Workload Should Recover By Itself    mongodb
        | Views Should Have Been Answered Cleanly    ${opener}    because=MongoDB
        """
        window = self._recorded_window() if kind == "historic" else None
        request = view_request(ViewType.MultiChannel, channels=_FEW_CHANNELS, window=window)
        # A client of its own: the log of Robot Framework takes nothing from other threads.
        opener = ViewOpener(clients.focus_client(site(), lane_user()), request.body())
        opener.before = frozenset(self._jobs())
        cleanup.current().add("The opener of views", opener.stop)
        opener.start()
        return opener

    @keyword(tags=("Outage", "Assertion"))
    def views_should_have_been_answered_cleanly(
        self, opener: ViewOpener, because: str, *, requests_may_break: bool = False
    ) -> None:
        """Ends `Keep Opening Views`: each view was either opened or refused with a clear 503, and no job is left.

        The last view must have been opened: the site serves again. ``requests_may_break`` is for the Focus Server
        itself, which cannot answer what it was working on when it was lost. Jobs may take ``idle_job_s`` and
        ``job_removed_s`` to go.

        | ${opener} =    Keep Opening Views
        | Views Should Have Been Answered Cleanly    ${opener}    because=MongoDB
        """
        self._wait_until_served(opener)
        opener.stop()
        opened = sum(answer.status == OK for answer in opener.answers)
        logger.info(f"{opened} of {len(opener.answers)} views were opened, {opener.broken} requests broke.")
        limit = site().timings.configure_s
        fail_with("Views were not answered cleanly", opener.problems(because, limit, may_break=requests_may_break))

        def gone() -> bool:
            left = sorted(self._jobs() - opener.before)
            if left:
                raise NotYet(f"{', '.join(left)} still there")
            return True

        timings = site().timings
        wait_until("No job of these views is left", gone, timeout=timings.idle_job_s + timings.job_removed_s)

    @keyword(tags=("Outage",))
    def note_the_time(self) -> datetime:
        """The moment from which on a log is looked at; the moment at which the test began is ``test start``.

        | ${since} =    Note The Time
        | Get Log Lines    workload=focus_server    level=error    since=${since}
        """
        return datetime.now(UTC)

    @keyword(tags=("Outage", "Assertion"))
    def web_app_should_accept_alerts_again(self) -> None:
        """Waits, at most ``reconnected_s``, until the web app takes an alert: its own link to RabbitMQ is back.

        The alert is deleted at the end of the test.

        | Web App Should Accept Alerts Again
        """
        alert = Alert(unique("alert"), AlertClass.SC, Severity.low, 500)
        webapp = clients.webapp_client(site(), lane_user())
        cleanup.current().add(f"The {alert}", lambda: webapp.delete_alerts([alert.id]))

        def taken() -> bool:
            answer = webapp.push_alert(push_body([alert]))
            if answer.status != HTTPStatus.CREATED:
                raise NotYet(f"{answer.status} {str(answer.body)[:200]}")
            return True

        wait_until("The web app takes alerts", taken, timeout=site().timings.reconnected_s)

    @keyword(tags=("Outage",))
    def note_the_pods_of(self, workload: WorkloadName) -> PodsMark:
        """The pods of a workload and how often their containers were restarted.

        | ${before} =    Note The Pods Of    mongodb
        """
        return PodsMark(workload, self._restarts(workload))

    @keyword(tags=("Outage", "Assertion"))
    def pods_should_have_restarted_once_since(self, before: PodsMark) -> None:
        """Fails unless the pods are the same as ``before``, Running and Ready, with one restart more in all; looks for
        five seconds, in which it has to stay so.

        | Pods Should Have Restarted Once Since    ${before}
        """
        wanted = sum(before.restarts.values()) + 1
        deadline = time.monotonic() + _STAYS_S
        while time.monotonic() < deadline:
            pods = clients.cluster().pods(getattr(site().workloads, before.workload).selector)
            seen = "; ".join(map(str, pods)) or "no pod"
            same = {pod.name for pod in pods} == set(before.restarts)
            serving = all(pod.phase == "Running" and pod.ready and not pod.deleted for pod in pods)
            if not same or not serving or sum(pod.restarts for pod in pods) != wanted:
                raise AssertionError(
                    f"The pods of {before.workload} should be {', '.join(before.restarts)}, ready, with {wanted} "
                    f"restarts in all; seen: {seen}."
                )
            time.sleep(_LOOK_S)

    def _restarts(self, workload: WorkloadName) -> dict[str, int]:
        pods = clients.cluster().pods(getattr(site().workloads, workload).selector)
        return {pod.name: pod.restarts for pod in pods}

    def _refused(self, kind: str, request: ViewRequest, because: str) -> None:
        before = self._jobs()
        answer = client().configure(request.body())
        problems = problems_of_unavailable(answer, because, site().timings.configure_s)
        new = sorted(self._jobs() - before)
        if new:
            problems.append(f"it started {', '.join(new)}")
        fail_with(f"The {kind} view was not refused as it should", problems)

    def _jobs(self) -> set[str]:
        return {job.name for job in clients.cluster().jobs() if job.name.startswith(site().job_prefix)}

    def _recorded_window(self) -> tuple[int, int]:
        now = datetime.now(UTC)
        recordings = clients.mongodb().recordings({"deleted": False, "end_time": {"$ne": None}}, limit=1)
        if not recordings or mongo_recordings.classify(recordings[0], now) != "historic":
            raise BenchError("The site has no finished recording that could be played.")
        start = int(recordings[0]["start_time"].replace(tzinfo=UTC).timestamp()) + 1
        return start, start + _WINDOW_S

    def _wait_until_served(self, opener: ViewOpener) -> None:
        seen = len(opener.answers)

        def served() -> bool:
            later = opener.answers[seen:]
            if not any(answer.status == OK for answer in later):
                raise NotYet(f"{len(later)} answers, none of them 200")
            return True

        wait_until("A view is opened again", served, timeout=site().timings.reconnected_s)
