"""Keywords about what the recorder did through an outage: recordings go on, with one gap at most."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from focus_core.base import demands
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import Recording
from focus_core.mongodb import recordings_list
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword

# The recorder looks at its file twice a second; a hole of that size is none.
_NO_GAP = timedelta(seconds=1.5)


@dataclass(frozen=True)
class RecorderMark:
    """What was recorded at one moment (naive UTC, as recordings carry it): the uuids of the live recordings."""

    at: datetime
    live: frozenset[str]


class RecordingThroughOutages:
    """The recordings from a noted moment on; they are only read."""

    @keyword(tags=("Outage",))
    def note_the_live_recording(self) -> RecorderMark:
        """Which recording is live now, and when that is.

        Waits, at most ``reconnected_s``, until there is one: the recorder may still come back from an outage before.

        | ${before} =    Note The Live Recording
        """

        def noted() -> RecorderMark:
            now = datetime.now(UTC).replace(tzinfo=None)
            live = frozenset(str(entry["uuid"]) for entry in self._live_since(now))
            if not live:
                raise NotYet("none")
            return RecorderMark(now, live)

        return wait_until("A recording is live", noted, timeout=site().timings.reconnected_s)

    @keyword(tags=("Outage", "Assertion"))
    def recording_should_go_on_since(self, before: RecorderMark) -> None:
        """Waits, at most ``reconnected_s``, until exactly one recording is live, and it is another one than before.

        | Recording Should Go On Since    ${before}
        """

        def going_on() -> bool:
            live = [str(entry["uuid"]) for entry in self._live_since(before.at)]
            if len(live) != 1 or live[0] in before.live:
                new = len(set(live) - before.live)
                raise NotYet(f"{len(live)} live recordings, {new} of them new")
            return True

        wait_until("The recorder has begun a new recording", going_on, timeout=site().timings.reconnected_s)

    @keyword(tags=("Outage", "Assertion"))
    def recording_should_have_one_gap_at_most_since(self, before: RecorderMark, *, seconds: float) -> None:
        """Fails when recordings since ``before`` leave more than one gap, or one longer than ``seconds``.

        | Recording Should Have One Gap At Most Since    ${before}    seconds=10
        """
        demands.above_zero(seconds=seconds)
        begun = before.at
        entries = sorted(self._recordings_since(begun - timedelta(days=1)), key=lambda entry: entry["start_time"])
        gaps = []
        until: datetime | None = None
        for entry in entries:
            if until is not None and entry["start_time"] > begun and entry["start_time"] - until > _NO_GAP:
                gaps.append((entry["start_time"] - until).total_seconds())
            end = entry.get("end_time") or datetime.max
            until = end if until is None else max(until, end)
        logger.info(f"Gaps between recordings: {', '.join(f'{gap:.1f} s' for gap in gaps) or 'none'}.")
        if len(gaps) > 1 or any(gap > seconds for gap in gaps):
            named = ", ".join(f"{gap:.1f} s" for gap in gaps)
            raise AssertionError(f"Nothing was recorded for {named}; one gap of {seconds:g} s at most is allowed.")

    @keyword(tags=("Outage", "Assertion"))
    def everything_should_have_been_recorded_since(self, before: RecorderMark) -> Recording:
        """Waits, at most ``reconnected_s``, until the Focus Server lists recordings for all the time from ``before``
        to now, and returns that time as a recording to play.

        | ${before} =    Note The Live Recording
        | Take Down    mongodb
        | Bring Back    mongodb
        | ${recording} =    Everything Should Have Been Recorded Since    ${before}
        """
        start = int(before.at.replace(tzinfo=UTC).timestamp()) + 1
        longest = int(site().limits.history_windows * site().defaults.duration_s)
        end = min(int(time.time()) - 1, start + longest)

        def listed() -> Recording:
            answer = client().recordings(start, end)
            if answer.status != OK:
                raise NotYet(f"{answer.status} {answer.body[:200]}")
            holes = recordings_list.holes(answer.json(), start, end)
            if holes:
                raise NotYet(f"nothing for {', '.join(f'{last - first} s from {first}' for first, last in holes)}")
            return Recording(start, end)

        what = f"Recordings are listed for every second of {start}-{end}"
        return wait_until(what, listed, timeout=site().timings.reconnected_s)

    def _live_since(self, at: datetime) -> list[dict[str, Any]]:
        return [entry for entry in self._recordings_since(at) if entry.get("end_time") is None]

    def _recordings_since(self, begun: datetime) -> list[dict[str, Any]]:
        """Recordings that are not deleted and were still going on at ``begun`` or later."""
        reaching = {"deleted": False, "$or": [{"end_time": None}, {"end_time": {"$gte": begun}}]}
        return clients.mongodb().recordings(reaching)
