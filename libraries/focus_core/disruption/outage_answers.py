"""What clients get while a part of the site is lost: an answer in time that names the cause, and nothing half done."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from focus_core.base.errors import BenchError
from focus_core.base.repeater import Repeater
from focus_core.server import leaks
from focus_core.streams import client as stream_client
from focus_core.views import refusals

if TYPE_CHECKING:
    from focus_core.server.client import Exchange, FocusClient

_PAUSE_S = 0.2
# Between two parts of a stream that is read all along, and the frames of one part.
_BETWEEN_PARTS_S = 0.01
_FRAMES = 5
# The longest that one request may hang.
_LAST_ANSWER_S = 70.0


def problems_of_unavailable(answer: Exchange, because: str, limit_s: float) -> list[str]:
    """What is wrong with the answer to a request that cannot be served now; empty for a good 503.

    It comes within ``limit_s`` seconds, gives a reason that speaks of ``because`` (in any case), and a ``Retry-After``
    of whole seconds, at least one (site-contract 0.7).
    """
    found = [*refusals.problems(answer, HTTPStatus.SERVICE_UNAVAILABLE, because), *leaks.problems(answer)]
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        retry_after = answer.headers.get("Retry-After", "")
        if not retry_after.isdigit() or int(retry_after) < 1:
            found.append(f"its Retry-After is {retry_after!r} instead of a number of seconds")
    if answer.seconds > limit_s:
        found.append(f"it took {answer.seconds:.1f} s instead of at most {limit_s:g} s")
    return found


@dataclass
class ViewOpener:
    """Opens one view after another in a thread of its own, all through a fault, and removes each again.

    ``answers`` are the answers to POST /configure; ``broken`` counts requests whose connection was refused or broke;
    ``before`` are the names of the jobs that were there before.
    """

    client: FocusClient
    body: dict[str, Any]
    answers: list[Exchange] = field(default_factory=list)
    broken: int = 0
    before: frozenset[str] = frozenset()

    def start(self) -> None:
        """Returns when the first view was opened."""
        self._repeater = Repeater(self._open, pause_s=_PAUSE_S, longest_s=_LAST_ANSWER_S)
        self._repeater.start_well("No view was answered")

    def stop(self) -> None:
        """Ends after the view that is being opened."""
        self._repeater.stop()

    def problems(self, because: str, limit_s: float, *, may_break: bool) -> list[str]:
        """What was not clean: any answer that is neither 200 nor a good 503; broken requests unless they may be."""
        found = []
        for answer in self.answers:
            if answer.status == HTTPStatus.OK:
                if not answer.json().get("job_id"):
                    found.append(f"{answer} has no job_id")
            elif not (may_break and answer.status == HTTPStatus.BAD_GATEWAY):
                found += [f"{answer}: {text}" for text in problems_of_unavailable(answer, because, limit_s)]
        if self.broken and not may_break:
            found.append(f"{self.broken} requests were not answered at all")
        return found

    def _open(self) -> bool:
        try:
            answer = self.client.configure(self.body)
            self.answers.append(answer)
            if answer.status == HTTPStatus.OK:
                self.client.remove_job(str(answer.json().get("job_id")))
        except (BenchError, AssertionError):
            self.broken += 1
            return False
        return answer.status == HTTPStatus.OK


@dataclass
class ViewReader:
    """Reads the first stream of a live view all along, in a thread of its own, a few frames at a time.

    ``parts`` counts what was read; ``trouble`` is how a part ended that should not have ended, empty: none did.
    """

    target: str
    first_frame_s: float
    parts: int = 0
    trouble: str = ""

    def start(self) -> None:
        """Begins to read; the view's port may open later."""
        self._repeater = Repeater(self._read, pause_s=_BETWEEN_PARTS_S, longest_s=self.first_frame_s)
        self._repeater.start()

    def stop(self) -> None:
        """Ends with the part that is being read."""
        self._repeater.stop()

    def _read(self) -> bool:
        if self.trouble:
            return False
        reading = stream_client.read_stream(self.target, 0, timeout=self.first_frame_s, at_least=_FRAMES)
        if reading.finished or reading.ended_by:
            self.trouble = str(reading)
        self.parts += 1
        return not self.trouble
