"""Asks the Focus Server for views that it has to refuse."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.words import ChannelRange, FrequencyRange
from focus_core.site import data as site_data
from focus_core.views import refusals
from focus_core.views.accepted import expect_accepted
from focus_core.views.opening import view_request
from focus_core.views.refusals import Kind
from focus_core.views.refused import (
    body_with,
    body_without,
    expect_semantic_error,
    expect_validation_error,
    known_field,
    small_view,
)
from focus_core.views.view import ViewRequest, ViewType
from robot.api.deco import keyword
from robot.utils import secs_to_timestr

# The fields whose limits stand in no site file, as the words of a view request have them.
Bounded = Literal["height", "duration"]


class ViewRefusals:
    """Bad requests for views: the server has to answer 422 to a wrong shape and 400 to a wrong meaning."""

    @keyword(
        tags=("Refusal", "Assertion"),
        types={
            "field": str,
            "because": str,
            "channels": ChannelRange,
            "nfft": int,
            "frequency": FrequencyRange,
            "view_type": ViewType,
            "height": int,
        },
    )
    def view_should_be_refused(
        self,
        *,
        field: str,
        because: str = "",
        allowed: Any = None,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        view_type: ViewType = ViewType.MultiChannel,
        height: int | None = None,
    ) -> None:
        """Asks for a live view that the server has to refuse with 400.

        | View Should Be Refused    channels=50-1    field=channels
        | View Should Be Refused    frequency=0-1001 Hz    field=frequencyRange.max    because=Nyquist
        """
        request = view_request(
            view_type,
            channels=channels or ChannelRange(*small_view(view_type).channels),
            nfft=nfft,
            frequency=frequency,
            height=height,
        )
        frequency_asked = f", {request.frequency[0]:g}-{request.frequency[1]:g} Hz" if request.frequency else ""
        what = f"{request}{frequency_asked}, height {request.height}"
        expect_semantic_error(what, request.body(), field, allowed=_allowed(field, view_type, allowed), because=because)

    @keyword(tags=("Refusal", "Assertion"))
    def view_with_should_be_refused(
        self,
        field: str,
        value: Any,
        because: str = "",
        *,
        names: str = "",
        allowed: Any = None,
        view_type: ViewType = ViewType.MultiChannel,
    ) -> None:
        """Asks for a live view with a value that means something impossible; the server has to refuse it with 400.

        ``names`` is the field that the refusal has to name where it is not ``field`` itself.

        | View With Should Be Refused    displayInfo.height    ${0}    because=positive
        """
        named = names or field
        expect_semantic_error(
            f"{view_type.name} view with {field} = {value!r:.80}",
            body_with(field, value, view_type),
            named,
            allowed=_allowed(named, view_type, allowed),
            because=because,
        )

    @keyword("NFFT Should Be Answered", tags=("Refusal", "Assertion"))
    def nfft_should_be_answered(self, view_type: ViewType, nfft: int, verdict: str) -> None:
        """Asks for a view with an NFFT and checks the server's verdict.

        ``verdict`` is ``accepted``, or ``refused: `` and what the reason has to say.

        | NFFT Should Be Answered    MultiChannel    8192    refused: at most 4096
        """
        refused, _, rule = verdict.partition(":")
        channels = ChannelRange(*small_view(view_type).channels)
        request = view_request(view_type, channels=channels, nfft=nfft)
        if refused == "accepted":
            expect_accepted(str(request), request)
        elif refused == "refused":
            expect_semantic_error(
                f"{view_type.name} view with NFFT {nfft}",
                request.body(),
                "nfftSelection",
                allowed=_allowed("nfftSelection", view_type),
                because=rule.strip().removeprefix("at most ").removeprefix("at least "),
                rule=f"This site allows {rule.strip()}.",
            )
        else:
            raise BenchError(f"A verdict is 'accepted' or 'refused: rule', not '{verdict}'; correct the table.")

    @keyword(tags=("Refusal", "Assertion"))
    def stated_limits_should_hold(self, field: Bounded, *, duration: float | None = None) -> None:
        """Asks for views at and outside the limits that a refusal names for a field: at them they are accepted.

        For fields whose limits stand in no site file. ``duration`` is the display time that the highest value needs.

        | Stated Limits Should Hold    height    duration=1000
        """
        name = refusals.BOUNDED[field]
        view = small_view() if duration is None else replace(small_view(), duration=duration)

        def having(value: int) -> ViewRequest:
            return replace(view, height=value) if field == "height" else replace(view, duration=value)

        zero = expect_semantic_error(f"View with {field} 0", having(0).body(), name, allowed=_allowed(name))
        named = zero.json()["allowed"]
        for value in named:
            expect_accepted(f"View with {field} {value}, which the server says is allowed", having(value))
        above = named[1] + 1
        expect_semantic_error(f"View with {field} {above}", having(above).body(), name, allowed=named)

    @keyword(tags=("Refusal", "Assertion"))
    def historic_view_should_be_refused(
        self,
        start: timedelta | None,
        end: timedelta | None,
        because: str,
        *,
        field: str = "start_time",
        allowed: Any = None,
    ) -> None:
        """Asks for a historic view of a window that the server has to refuse with 400.

        ``start`` and ``end`` are relative to now (``-1 hour``, ``2 minutes``); ``${NONE}`` leaves the field empty.

        | Historic View Should Be Refused    -1 minute    -2 minutes    after    field=end_time    allowed=> start_time
        """
        now = int(time.time())
        body = small_view().body()
        body["start_time"] = None if start is None else now + int(start.total_seconds())
        body["end_time"] = None if end is None else now + int(end.total_seconds())
        what = f"Historic view from {_from_now(start)} to {_from_now(end)}"
        allowed = _allowed(field, stated=allowed)
        expect_semantic_error(what, body, field, allowed=allowed, because=because)

    @keyword(tags=("Refusal", "Assertion"))
    def view_with_times_should_be_refused(
        self, start: int, end: int, because: str, *, field: str = "start_time", allowed: Any = None
    ) -> None:
        """Asks for a historic view of a window in epoch seconds that the server has to refuse with 400.

        | View With Times Should Be Refused    ${-2000}    ${-1000}    negative    allowed=>= 0
        """
        body = small_view().body() | {"start_time": start, "end_time": end}
        allowed = _allowed(field, stated=allowed)
        expect_semantic_error(f"Historic view from {start} to {end} s", body, field, allowed=allowed, because=because)

    @keyword(tags=("Refusal", "Assertion"))
    def view_without_should_be_refused(self, field: str, *, view_type: ViewType = ViewType.MultiChannel) -> None:
        """Asks for a live view without a field (``channels``, ``channels.min``); the server has to answer 422.

        | View Without Should Be Refused    displayInfo
        """
        expect_validation_error(
            f"{view_type.name} view without {field}", body_without(field, view_type), [field], Kind.Present
        )

    @keyword(tags=("Refusal", "Assertion"))
    def wrong_types_should_be_refused(self, field: str, *, view_type: ViewType = ViewType.MultiChannel) -> None:
        """Asks for views with values of each JSON type that a field does not have; each has to be answered with 422.

        Texts, numbers, fractions, true, false, null, lists, objects. A failure names every type that got through.

        | Wrong Types Should Be Refused    channels.min
        """
        failures = []
        for name, value in refusals.wrong_values(known_field(field)).items():
            kinds = (refusals.FIELDS[field], *((Kind.Present,) if value is None else ()))
            try:
                expect_validation_error(
                    f"View with {name} as {field}", body_with(field, value, view_type), [field], *kinds
                )
            except AssertionError as failure:
                failures.append(str(failure))
        fail_with(f"Not every wrong type of {field} is refused", failures)

    @keyword(tags=("Refusal", "Assertion"))
    def null_should_be_refused(self, field: str) -> None:
        """Asks for a live view with null in a field that a view needs; the server has to answer 422.

        | Null Should Be Refused    frequencyRange
        """
        expect_validation_error(
            f"View with null as {field}", body_with(field, None), [field], Kind.Present, refusals.FIELDS[field]
        )

    @keyword(tags=("Refusal", "Assertion"))
    def waterfall_view_with_should_be_refused(self, field: str, value: Any) -> None:
        """Asks for a waterfall view with a field or value that a waterfall cannot have; the answer has to be 422.

        | Waterfall View With Should Be Refused    nfftSelection    ${1024}
        """
        body = body_with(field, value, ViewType.Waterfall)
        expect_validation_error(f"Waterfall view with {field} = {value!r}", body, [field], Kind.OfTheView)


def _allowed(field: str, view_type: ViewType = ViewType.MultiChannel, stated: Any = None) -> Any:
    if stated is not None:
        return stated
    return refusals.allowed_values(field, site_data.site().limits, single=view_type is ViewType.SingleChannel)


def _from_now(distance: timedelta | None) -> str:
    if distance is None:
        return "no time"
    return f"now {'-' if distance < timedelta() else '+'} {secs_to_timestr(abs(distance.total_seconds()))}"
