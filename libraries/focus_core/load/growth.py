"""A load of views that grows step by step: views are opened, read all the time, and looked at after each step."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Percent, Seconds
from focus_core.load import views_at_once
from focus_core.server.client import Exchange, FocusClient
from focus_core.streams.client import Frame, address, read_stream
from focus_core.views.closing import each
from focus_core.views.view import View, ViewRequest, Views

# From how many percent on a step is degraded rather than unhealthy.
_DEGRADED_PERCENT = 80
# So many unhealthy steps one after the other are the end: the site carries no more.
_UNHEALTHY_STEPS = 2
# A view of a row a second that is open gives a frame within that time.
_LONGEST_SILENCE_S = 5.0
# More at once only wait for each other.
_CLOSED_AT_ONCE = 10
# Longer than any growth: a reader ends with its view.
_LONGEST_READING_S = 6 * 3600.0


@dataclass(frozen=True)
class LoadStep:
    """A step of a load that grows.

    - ``views``: how many views were to be open after it
    - ``asked``, ``accepted``: how many it asked for, and how many of these the server accepted
    - ``open_views``: how many were open at its end and gave frames
    - ``success``: how many percent of all views that were to be open were so
    - ``answer_mean``: how long the server took for a view, on average (seconds)
    - ``liveness``: how long it took for GET /ack at the end of the step (seconds)
    - ``refusals``: the other answers, by status
    - ``health``: healthy (all views open, liveness in time), degraded (80 % of them) or unhealthy
    """

    views: int
    asked: int
    accepted: int
    open_views: int
    success: Percent
    answer_mean: Seconds
    liveness: Seconds
    refusals: tuple[int, ...]
    health: str

    def __str__(self) -> str:
        return f"step to {self.views} views: {self.open_views} open, {self.health}"


class LoadSteps(list[LoadStep]):
    """The steps of a load, and the views that it opened (``opened``), which stay open until they are closed.

    ``planned`` is how many were to be open in the end."""

    def __init__(self, steps: Sequence[LoadStep], opened: Views, planned: int) -> None:
        super().__init__(steps)
        self.opened = opened
        self.planned = planned

    @property
    def most_open(self) -> int:
        """How many views were open at the same time."""
        return max((step.open_views for step in self), default=0)

    @property
    def refused_with(self) -> str:
        """What was answered instead of 200, as a part of a sentence; empty where nothing was."""
        statuses = sorted({status for step in self for status in step.refusals})
        return f" (refused with {', '.join(map(str, statuses))})" if statuses else ""

    @property
    def open_share(self) -> Percent:
        """How many percent of the views that were planned were open at the same time."""
        return Percent(100 * self.most_open / self.planned)

    @property
    def breakpoint(self) -> int:
        """Up to how many views every step was healthy."""
        carried = 0
        for step in self:
            if step.health != "healthy":
                break
            carried = step.views
        return carried


@dataclass
class _Reader:
    """Reads the first stream of a view in a thread of its own until the view ends; ``last`` is when a frame came."""

    view: View
    ended: threading.Event
    last: float = 0.0
    frames: int = 0
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._read, daemon=True, name=f"reader of {self.view.job_id}")
        self.thread.start()

    def gave_frames_since(self, moment: float) -> bool:
        return self.last > moment

    def _read(self) -> None:
        target = address(self.view.answer.stream_url, self.view.answer.stream_port)
        read_stream(target, 0, timeout=_LONGEST_READING_S, enough=self._note)

    def _note(self, frames: list[Frame]) -> bool:
        self.last, self.frames = time.monotonic(), self.frames + 1
        # Nobody looks at them: hundreds of views would fill the memory.
        del frames[:-1]
        return self.ended.is_set()


class Growth:
    """Opens views and keeps them open. ``liveness_s`` is how long GET /ack may take, ``first_frame_s`` how long a new
    view may take for its first frame; ``windows`` is how many views one client may have."""

    def __init__(
        self, clients: Sequence[FocusClient], *, windows: int, liveness_s: float, first_frame_s: float
    ) -> None:
        self._clients, self._windows = clients, windows
        self._liveness_s, self._first_frame_s = liveness_s, first_frame_s
        self._ended = threading.Event()
        self._readers: list[_Reader] = []
        self._asked = 0
        self.opened = Views()

    def to(
        self,
        levels: Sequence[int],
        request: Callable[[], ViewRequest],
        step_s: float,
        report: Callable[[LoadStep], None],
    ) -> LoadSteps:
        """Opens views up to each of these numbers, each step as long as ``step_s``; ends early when the site carries no
        more. ``report`` is called with each step."""
        for client in self._clients:
            # Once the site is busy a login may take long.
            client.authorization()
        steps: list[LoadStep] = []
        for step in self._steps(levels, request, step_s):
            steps.append(step)
            report(step)
            if len(steps) >= _UNHEALTHY_STEPS and all(one.health == "unhealthy" for one in steps[-_UNHEALTHY_STEPS:]):
                break
        return LoadSteps(steps, self.opened, levels[-1])

    def end(self) -> None:
        """Lets the readers go with their next frame."""
        self._ended.set()

    def _steps(self, levels: Sequence[int], request: Callable[[], ViewRequest], step_s: float) -> Iterator[LoadStep]:
        for level in levels:
            begun = time.monotonic()
            burst = views_at_once.ask_at_once(self._clients, request(), level - self._asked, self._windows, self._asked)
            self._asked = level
            self.opened += burst
            self._readers += [_Reader(view, self._ended) for view in burst]
            self._wait(begun + step_s)
            yield self._look(level, [answer for _, answer in burst.asked])

    def _wait(self, until: float) -> None:
        """Waits to the end of the step, and longer for views that have not given a frame yet, but not for ever."""
        time.sleep(max(0.0, until - time.monotonic()))
        patience = time.monotonic() + self._first_frame_s
        while time.monotonic() < patience and not all(reader.frames for reader in self._readers):
            time.sleep(0.1)

    def _look(self, level: int, answers: Sequence[Exchange]) -> LoadStep:
        asked = time.monotonic()
        liveness = self._clients[0].send("GET", "/ack")
        open_views = sum(reader.gave_frames_since(asked - _LONGEST_SILENCE_S) for reader in self._readers)
        share = 100 * open_views / level
        in_time = liveness.status == HTTPStatus.OK and liveness.seconds <= self._liveness_s
        refusals = [answer.status for answer in answers if answer.status != HTTPStatus.OK]
        return LoadStep(
            views=level,
            asked=len(answers),
            accepted=len(answers) - len(refusals),
            open_views=open_views,
            success=Percent(share),
            answer_mean=Seconds(sum(answer.seconds for answer in answers) / len(answers)),
            liveness=Seconds(liveness.seconds),
            refusals=tuple(refusals),
            health="healthy" if in_time and share == 100 else _health(share),
        )


def levels(first: int, last: int, by: int) -> list[int]:
    """The numbers from the first to the last, which is always one of them."""
    return [*range(first, last, by), last]


def close(views: Sequence[View], owner_of: Callable[[View], FocusClient], seconds: float) -> None:
    """Removes views, again and again for so long: a server that is loaded answers 503 for a while.

    Raises ``BenchError`` with how many stay, and why.
    """
    deadline = time.monotonic() + seconds
    left = list(views)
    while left:
        troubles: list[tuple[View, BenchError]] = []
        for begin in range(0, len(left), _CLOSED_AT_ONCE):
            tried = left[begin : begin + _CLOSED_AT_ONCE]
            found = each(lambda view: _trouble(view, owner_of(view)), tried)
            troubles += [(view, trouble) for view, trouble in zip(tried, found, strict=True) if trouble]
        left = [view for view, _ in troubles]
        if left and time.monotonic() > deadline:
            raise BenchError(f"{len(left)} of {len(views)} views were not removed: {troubles[0][1]}")


def _trouble(view: View, owner: FocusClient) -> BenchError | None:
    try:
        owner.remove_job(view.job_id)
    except BenchError as error:
        return error
    return None


def of_another_kind(views: Sequence[View], owner_of: Callable[[View], FocusClient], kind: str) -> list[str]:
    """Views whose metadata are not those of a live or a historic one, each as a part of a sentence."""
    answers = each(lambda view: owner_of(view).metadata(view.job_id), list(views))
    found = []
    for view, answer in zip(views, answers, strict=True):
        if answer.status != HTTPStatus.OK:
            found.append(f"job {view.job_id}: its metadata were answered {answer.status}")
        elif str(answer.json().get("timeStatus")).casefold() != kind:
            found.append(f"job {view.job_id} has the timeStatus {answer.json().get('timeStatus')!r}")
    return found


def removed_share(views: Sequence[View], owner_of: Callable[[View], FocusClient]) -> Percent:
    """How many percent of the views the server does not know any more."""
    states = each(lambda view: owner_of(view).job_status(view.job_id).status, list(views))
    gone = sum(status == HTTPStatus.NOT_FOUND for status in states)
    return Percent(100 * gone / len(states) if states else 100)


def _health(share: float) -> str:
    return "degraded" if share >= _DEGRADED_PERCENT else "unhealthy"
