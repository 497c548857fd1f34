"""Recordings as MongoDB holds them: got, counted, compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.objects import field_of
from focus_core.base.quantities import Moment, Percent
from focus_core.base.words import Recording
from focus_core.mongodb import catalogue
from focus_core.mongodb.catalogue import RecordingFilter, RecordingOrder, StoredRecording
from focus_core.mongodb.recordings import RecordingClass
from focus_core.run import clients
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_FILTER: dict[str, Any] = {
    "uuid": str,
    "state": RecordingClass,
    "since": Moment,
    "until": Moment,
    "at_least": timedelta,
    "at_most": timedelta,
    "base_path": str,
}
_ORDER: dict[str, Any] = {"order": RecordingOrder, "first": int}
_TAGS = ("Recording", "Getter", "Assertion")


class RecordingGetters:
    """Recordings by what they are, when they were and how long."""

    @keyword(tags=("Recording", "Getter"), types={"recording": Recording, "at_most": timedelta})
    def get_end_of_recording(self, recording: Recording, at_most: timedelta) -> Recording:
        """Returns the last part of a finished recording, ``at_most`` so long, for a view to play.

        | ${recordings} =    Get Recordings    state=historic    order=longest    first=1
        | ${end} =    Get End Of Recording    ${recordings}[0]    at_most=10 seconds
        | ${view} =    Open Historic View    ${end}    channels=1-3
        """
        demands.at_least(1, at_most=at_most.total_seconds())
        return Recording(max(recording.start, recording.end - int(at_most.total_seconds())), recording.end)

    @keyword(tags=_TAGS, types=CHECK | _FILTER | _ORDER)
    def get_recordings(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        uuid: str | None = None,
        state: RecordingClass | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        at_least: timedelta | None = None,
        at_most: timedelta | None = None,
        base_path: str | None = None,
        order: RecordingOrder = "newest",
        first: int | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[StoredRecording]:
        """Returns the recordings that MongoDB holds and, with an operator, checks the list of their uuids.

        Filters: ``uuid``; ``state`` (historic, live, deleted, stale, invalid, orphan); begun ``since`` and ended
        ``until`` a moment; ``at_least`` and ``at_most`` so long; ``base_path``. ``order`` is longest, shortest, newest
        or oldest; ``first`` leaves out all but so many.

        | ${recordings} =    Get Recordings    state=historic    since=1 day ago    order=longest    first=3
        | Get Recordings    ==    ${EMPTY}    at_most=0 s
        """
        asked = RecordingFilter(uuid, state, since, until, at_least, at_most, base_path)
        found: list[StoredRecording] = checked(
            "Recordings", lambda: _selected(asked, order, first), operator, expected, message, within, during
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | _FILTER)
    def get_recording_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        uuid: str | None = None,
        state: RecordingClass | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        at_least: timedelta | None = None,
        at_most: timedelta | None = None,
        base_path: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many recordings MongoDB holds, deleted ones included; filters are those of `Get Recordings`.

        | Get Recording Count    >    0    state=historic    since=yesterday
        """
        asked = RecordingFilter(uuid, state, since, until, at_least, at_most, base_path)
        count: int = checked(
            "Number of recordings",
            lambda: catalogue.count(clients.mongodb(), asked),
            operator,
            expected,
            message,
            within,
            during,
        )
        return count

    @keyword(tags=_TAGS, types=CHECK | _FILTER | _ORDER | {"field": str})
    def get_recording_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        uuid: str | None = None,
        state: RecordingClass | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        at_least: timedelta | None = None,
        at_most: timedelta | None = None,
        base_path: str | None = None,
        order: RecordingOrder = "newest",
        first: int | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of one recording, or of each of several in their order. Fails when there is none.

        Fields: uuid, state, start, end, age, length, base_path, traces, prr, spacing, window. Filters are those of
        `Get Recordings`.

        | Get Recording Field    length    >=    1 s    state=historic    since=1 day ago
        | ${running} =    Get Recording Field    uuid    state=live    first=1
        """
        asked = RecordingFilter(uuid, state, since, until, at_least, at_most, base_path)
        return checked(
            f"{field} of recordings",
            lambda: field_of(_selected(asked, order, first), str(asked), field),
            operator,
            expected,
            message,
            within,
            during,
        )

    @keyword(tags=_TAGS, types=CHECK | {"state": RecordingClass})
    def get_recording_share(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        state: RecordingClass,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Percent:
        """Returns how many percent of all recordings are in a state. Fails when there is no recording.

        | Get Recording Share    >    50 %    state=historic
        """

        def read() -> Percent:
            found = catalogue.recordings(clients.mongodb())
            return catalogue.share(sum(one.state == state for one in found), len(found))

        share: Percent = checked(f"Share of {state} recordings", read, operator, expected, message, within, during)
        return share


def _selected(
    asked: RecordingFilter, order: RecordingOrder = "newest", first: int | None = None
) -> list[StoredRecording]:
    return catalogue.selected(catalogue.recordings(clients.mongodb()), asked, order, first)
