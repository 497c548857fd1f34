"""Many views at once: asked for by as many users as it takes, judged together, removed together."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus

from focus_core.base.failures import fail_with
from focus_core.server.client import Exchange, FocusClient
from focus_core.views import refusals
from focus_core.views.closing import each
from focus_core.views.view import View, ViewRequest, Views, read_answer

_CODES = {HTTPStatus.TOO_MANY_REQUESTS: "window", HTTPStatus.SERVICE_UNAVAILABLE: "capacity"}


class Burst(Views):
    """Views that were asked for at the same time: those that are open, and every answer.

    ``request`` is what each asked for, ``asked`` each client with the answer that it got, ``begun`` when the first was
    asked for, on the monotonic clock, ``spread`` how many seconds after it the last was. An answer without a stream
    is no open view.
    """

    def __init__(
        self,
        request: ViewRequest,
        asked: Sequence[tuple[FocusClient, Exchange]],
        begun: float | None = None,
        spread: float = 0.0,
    ) -> None:
        self.request = request
        self.spread = spread
        self.asked = list(asked)
        self.begun = time.monotonic() if begun is None else begun
        for client, answer in self.asked:
            if _job_of(answer):
                with suppress(AssertionError):
                    self.append(View(request, read_answer(answer.json()), answer, client))

    def __str__(self) -> str:
        return f"{len(self.accepted)} of {len(self.asked)} views accepted"

    __repr__ = __str__

    @property
    def accepted(self) -> list[tuple[FocusClient, str]]:
        """The ids of the jobs that were started, each with the client that it belongs to."""
        return [(client, job_id) for client, answer in self.asked if (job_id := _job_of(answer))]

    @property
    def refused(self) -> list[Exchange]:
        """The answers other than 200."""
        return [answer for _, answer in self.asked if answer.status != HTTPStatus.OK]

    @property
    def ports(self) -> list[int]:
        """The stream ports of the accepted views, in order."""
        return sorted(int(answer.json()["stream_port"]) for _, answer in self.asked if answer.status == HTTPStatus.OK)

    @property
    def percent(self) -> float:
        """How many of all were accepted."""
        return 100 * len(self.accepted) / len(self.asked)

    @property
    def slowest(self) -> float:
        """Seconds of the slowest answer."""
        return max(answer.seconds for _, answer in self.asked)

    @property
    def mean(self) -> float:
        """Seconds of an answer on average."""
        return sum(answer.seconds for _, answer in self.asked) / len(self.asked)

    def row(self) -> str:
        """A line of a table: views, accepted, mean and slowest answer in seconds, what was answered otherwise."""
        others = ", ".join(f"{answer.status}" for answer in self.refused[:5])
        return f"{len(self.asked):5d}  {len(self.accepted):8d}  {self.mean:7.3f}  {self.slowest:7.3f}  {others}"


class Ports(list[int]):
    """The stream ports of views."""


ROW_TITLES = "views  accepted   mean/s  slowest/s  other answers"


def ask_at_once(
    clients: Sequence[FocusClient], request: ViewRequest, amount: int, windows: int, before: int = 0
) -> Burst:
    """Asks for ``amount`` views, at most ``MOST_AT_ONCE`` at the same time.

    Each client asks for ``windows`` views, then the next one goes on; ``before`` views were asked for earlier. The last
    client asks for all that is left.
    """
    askers = [clients[min(number // windows, len(clients) - 1)] for number in range(before, before + amount)]
    for client in dict.fromkeys(askers):
        # One login each, before the threads would each make one.
        client.authorization()
    body, begun = request.body(), time.monotonic()
    answers = each(lambda client: (time.monotonic(), client.configure(body)), askers)
    moments = [moment for moment, _ in answers]
    asked = [(client, answer) for client, (_, answer) in zip(askers, answers, strict=True)]
    return Burst(request, asked, begun, max(moments) - min(moments))


def users_needed(views: int, windows: int) -> int:
    """How many users it takes to have so many views."""
    return math.ceil(views / windows)


def refusal_problems(answer: Exchange) -> list[str]:
    """What is wrong with the answer to a view that there is no room for; empty for a clean one.

    Clean (site contract 0.7): 429 for a client's windows, 503 for the site's capacity, each with a reason that names it
    and a ``Retry-After`` of whole seconds.
    """
    because = next((word for code, word in _CODES.items() if code == answer.status), None)
    if because is None:
        allowed = " or ".join(str(int(code)) for code in _CODES)
        return [f"answered {answer.status} instead of {allowed}: {answer.body[:200]}"]
    found = refusals.problems(answer, answer.status, because)
    wait = answer.headers.get("Retry-After", "")
    if not wait.isdecimal() or int(wait) < 1:
        found.append(f"its Retry-After is {wait!r} instead of a number of seconds")
    return found


def check_accepted(burst: Burst, percent: float) -> None:
    """Raises ``AssertionError`` with the other answers when less than so many percent were accepted."""
    if burst.percent < percent:
        fail_with(f"Only {burst}, at least {percent:g} % have to be", _other_answers(burst))


def check_open(burst: Burst, views: int) -> None:
    """Raises ``AssertionError`` with the other answers when fewer than so many views were accepted."""
    if len(burst.accepted) < views:
        fail_with(f"Only {burst}, at least {views} have to be open", _other_answers(burst))


def table(bursts: Sequence[Burst]) -> str:
    """A table of the bursts, for the log."""
    return "\n".join([ROW_TITLES, *(burst.row() for burst in bursts)])


def _other_answers(burst: Burst) -> list[str]:
    others = [f"answered {answer.status} instead of 200: {answer.body[:200]}" for answer in burst.refused]
    return others or ["no other answer: more were never asked for"]


def _job_of(answer: Exchange) -> str:
    if answer.status != HTTPStatus.OK:
        return ""
    with suppress(AssertionError, AttributeError):
        return str(answer.json().get("job_id") or "")
    return ""
