"""Asks the Focus Server for what it has to refuse."""

import time
from copy import deepcopy
from datetime import timedelta
from typing import Any

from focus_core import focus_answers, refusals, site_data
from focus_core.errors import BenchError
from focus_core.focus_answers import ViewType
from focus_core.focus_client import Exchange
from focus_core.session import OK, client, open_view, prr, view_request
from focus_core.verdicts import fail_with
from focus_core.words import CONVERTERS, ChannelRange, FrequencyRange
from robot.api.deco import keyword, library
from robot.utils import secs_to_timestr  # type: ignore[import-untyped]


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False, converters=CONVERTERS)
class RefusalLibrary:
    """Bad input, sent to the server: it has to answer 422 to a wrong shape and 400 to a wrong meaning.

    A refusal must give a reason that speaks of the cause and must not show anything of the server's code. A view that
    is accepted by mistake is removed at once and named in the failure.
    """

    @keyword(tags=("Refusal", "Assertion"))
    def view_should_be_refused(
        self,
        *,
        because: str,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        view: ViewType = ViewType.MultiChannel,
        height: int | None = None,
    ) -> None:
        """Asks for a live view that the server has to refuse with 400 and a reason that speaks of ``because``.

        | View Should Be Refused    channels=50-1    because=channels
        """
        request = view_request(view, channels=channels, nfft=nfft, frequency=frequency, height=height)
        frequency_asked = f", {request.frequency[0]:g}-{request.frequency[1]:g} Hz" if request.frequency else ""
        what = f"{request}{frequency_asked}, height {request.height}"
        self._refuse(what, request.body(), refusals.MEANING, because)

    @keyword(tags=("Refusal", "Assertion"))
    def historic_view_should_be_refused(self, start: timedelta | None, end: timedelta | None, because: str) -> None:
        """Asks for a historic view of a window that the server has to refuse with 400.

        ``start`` and ``end`` are relative to now (``-1 hour``, ``2 minutes``); ``${NONE}`` leaves the field out.

        | Historic View Should Be Refused    -1 minute    -2 minutes    because=end_time
        """
        now = time.time()
        body = view_request(ViewType.MultiChannel).body()
        body["start_time"] = None if start is None else int(now + start.total_seconds())
        body["end_time"] = None if end is None else int(now + end.total_seconds())
        what = f"Historic view from {_from_now(start)} to {_from_now(end)}"
        self._refuse(what, body, refusals.MEANING, because)

    @keyword(tags=("Refusal", "Assertion"))
    def view_with_times_should_be_refused(self, start: int, end: int, because: str) -> None:
        """Asks for a historic view of a window in epoch seconds that the server has to refuse with 400."""
        body = self._default_body() | {"start_time": start, "end_time": end}
        self._refuse(f"Historic view from {start} to {end} s", body, refusals.MEANING, because)

    @keyword(tags=("Refusal", "Assertion"))
    def nfft_should_be_answered(self, view: ViewType, nfft: int, verdict: str) -> None:
        """Asks for a view with an NFFT and checks the server's verdict.

        ``verdict`` is ``accepted``, or ``refused: `` and what the reason has to say.

        | NFFT Should Be Answered    MultiChannel    8192    refused: at most 4096
        """
        refused, _, rule = verdict.partition(":")
        channels = ChannelRange(*site_data.site().defaults.channels)
        if view is ViewType.SingleChannel:
            channels = ChannelRange(channels.first, channels.first)
        request = view_request(view, channels=channels, nfft=nfft)
        if refused == "accepted":
            opened = open_view(request)
            fail_with(
                f"{opened} was not answered as asked",
                focus_answers.problems_of_answer(request, opened.answer.raw, prr()),
            )
        elif refused == "refused":
            because = rule.strip().removeprefix("at most ").removeprefix("at least ")
            what = f"{view.name} view with NFFT {nfft}"
            self._refuse(what, request.body(), refusals.MEANING, because, f"This site allows {rule.strip()}.")
        else:
            raise BenchError(f"A verdict is 'accepted' or 'refused: rule', not '{verdict}'; correct the table.")

    @keyword(tags=("Refusal", "Assertion"))
    def view_without_should_be_refused(self, field: str) -> None:
        """Asks for a live view without a field (``channels``, ``channels.min``); the server has to answer 422.

        | View Without Should Be Refused    displayInfo
        """
        body = self._default_body()
        parent, name = _place_of(body, field)
        del parent[name]
        self._refuse(f"View without {field}", body, refusals.SHAPE, name)

    @keyword(tags=("Refusal", "Assertion"))
    def view_with_should_be_refused(
        self, field: str, value: Any, because: str = "", *, status: int = refusals.SHAPE
    ) -> None:
        """Asks for a live view with a wrong value in a field; the server has to refuse it.

        ``status`` is 422 for a wrong shape or type, 400 for a wrong meaning; the reason has to speak of ``because``,
        by default of the field. A text in the table is sent as text, ``${0}`` as a number, ``${NONE}`` as null.

        | View With Should Be Refused    channels.min    eleven
        | View With Should Be Refused    displayInfo.height    ${0}    status=400
        """
        body = self._default_body()
        parent, name = _place_of(body, field)
        parent[name] = value
        self._refuse(f"View with {field} = {value!r}", body, status, because or name)

    @keyword(tags=("Refusal", "Assertion"))
    def waterfall_view_with_should_be_refused(self, field: str, value: Any) -> None:
        """Asks for a waterfall view with a field or value that a waterfall cannot have; the answer has to be 422."""
        body = view_request(ViewType.Waterfall).body()
        body[field] = value
        self._refuse(f"Waterfall view with {field} = {value!r}", body, refusals.SHAPE, field)

    @keyword(tags=("Refusal", "Assertion"))
    def text_should_be_refused_as_a_view(self, text: str, because: str) -> None:
        """Sends a text that is no JSON object to /configure; the server has to answer 422.

        | Text Should Be Refused As A View    {"channels":    because=JSON
        """
        answer = client().configure(text=text)
        self._judge_refusal(f"The body {text[:60]!r}", answer, refusals.SHAPE, because)

    @keyword(tags=("Refusal", "Assertion"))
    def request_should_have_been_refused(self, answer: Exchange, status: int, because: str) -> None:
        """Checks status and reason of an answer from `Ask Focus Server`."""
        fail_with(f"{answer} was not refused as it should", refusals.problems(answer, status, because))

    def _default_body(self) -> dict[str, Any]:
        return deepcopy(view_request(ViewType.MultiChannel).body())

    def _refuse(self, what: str, body: dict[str, Any], status: int, because: str, rule: str = "") -> None:
        self._judge_refusal(what, client().configure(body), status, because, rule)

    def _judge_refusal(self, what: str, answer: Exchange, status: int, because: str, rule: str = "") -> None:
        if answer.status == OK:
            job_id = str(answer.json().get("job_id"))
            try:
                client().remove_job(job_id)
            except BenchError as error:
                removed = f"{error}."
            else:
                removed = "Job removed."
            rule = rule or f"It has to be refused because of {because}."
            raise AssertionError(f"{what} was accepted (200, job {job_id}). {rule} {removed}")
        fail_with(f"{what} was not refused as it should", refusals.problems(answer, status, because))


def _from_now(distance: timedelta | None) -> str:
    if distance is None:
        return "no time"
    return f"now {'-' if distance < timedelta() else '+'} {secs_to_timestr(abs(distance.total_seconds()))}"


def _place_of(body: dict[str, Any], field: str) -> tuple[dict[str, Any], str]:
    """The object and the key that a dotted field names; a field that no view has is the table's mistake."""
    *parents, name = field.split(".")
    place = body
    for parent in parents:
        place = place[parent]
    if name not in place:
        raise BenchError(f"A view has no field '{field}'; correct the table.")
    return place, name
