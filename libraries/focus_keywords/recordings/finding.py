"""Finds recordings through the Focus Server."""

import itertools
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from focus_core.base import demands
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import Hole, Recording
from focus_core.load.action_data import recorded
from focus_core.mongodb.recordings_list import STILL_RECORDING
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from robot.api import logger
from robot.api.deco import keyword

# How far back recordings are looked for: clips of the last weeks are what the site must be able to play.
_LOOK_BACK = timedelta(weeks=4)
# What a window shows of the recordings on both sides of a hole.
_BESIDE_A_HOLE_S = 5
# What a window shows of two recordings that follow each other without a hole.
_BESIDE_A_SEAM_S = 5
# What a window shows of a recording on both sides of midnight.
_BESIDE_MIDNIGHT_S = 5
_DAY_S = 24 * 60 * 60
# What is played where a test does not say how long.
_USUAL_LENGTH_S = 10.0


class RecordingFinder:
    """Recordings to play."""

    @keyword(tags=("Recording",), types={"at_least": timedelta})
    def find_a_recording(self, *, at_least: timedelta | None = None) -> Recording:
        """Finds a finished recording of the last four weeks and returns a piece of it, ``at_least`` so long, ten
        seconds where that is left out.

        Fails when the site has none: nothing is ever recorded for a test.

        | ${recording} =    Find A Recording    at_least=1 minute
        """
        wanted = _seconds_of(at_least)
        seconds = int(wanted)
        found = self._recordings()
        long_enough = [entry for entry in found if entry.end - entry.start >= seconds]
        if not long_enough:
            raise AssertionError(
                f"The site has no finished recording of at least {seconds} s in the last four weeks "
                f"({len(found)} shorter ones)."
            )
        newest = max(long_enough)
        piece = Recording(newest.start, newest.start + seconds)
        logger.info(f"Found {piece}.")
        return piece

    @keyword(tags=("Recording",), types={"length": timedelta})
    def find_recorded_time(self, length: timedelta) -> Recording:
        """Finds so much time of the last day that was recorded, over several recordings, and returns it to be played.

        | ${recording} =    Find Recorded Time    20 minutes
        """
        demands.above_zero(length=length.total_seconds())
        return recorded(length.total_seconds())

    @keyword(tags=("Recording",))
    def find_a_hole_between_recordings(self) -> Hole:
        """Finds the shortest time between two recordings in which nothing was recorded, with some seconds of the
        recordings on both sides of it.

        ``window`` is what a historic view can be opened with. Fails when the site has no hole that fits into a view of
        the default display time.

        | ${hole} =    Find A Hole Between Recordings
        | ${view} =    Open Historic View    ${hole.window}    channels=1-3
        """
        longest = site_data.site().limits.history_windows * site_data.site().defaults.duration_s - 2 * _BESIDE_A_HOLE_S
        holes = [
            (after.start - before.end, before, after)
            for before, after in itertools.pairwise(sorted(self._recordings()))
            if before.end - before.start >= _BESIDE_A_HOLE_S <= after.end - after.start
            and 1 < after.start - before.end <= longest
        ]
        if not holes:
            raise AssertionError(f"The site has no two recordings with a hole of at most {longest:g} s between them.")
        _, before, after = min(holes)
        begin, end = before.end - _BESIDE_A_HOLE_S, after.start + _BESIDE_A_HOLE_S
        hole = Hole(Recording(begin, end), ((begin, before.end), (after.start, end)))
        logger.info(f"Found {hole}.")
        return hole

    @keyword(tags=("Recording",))
    def find_a_seam_between_recordings(self) -> Recording:
        """Finds the latest moment at which one recording ended and the next one had begun, and returns the seconds
        around it. The later one may still go on: the keyword waits until it is long enough.

        | ${seam} =    Find A Seam Between Recordings
        | ${view} =    Open Historic View    ${seam}    channels=1-3
        """

        def seam() -> Recording:
            going_on = sorted(self._recordings(running=True))
            ends = [
                before.end
                for before, after in itertools.pairwise(going_on)
                if after.start <= before.end and before.end - before.start >= _BESIDE_A_SEAM_S <= after.end - before.end
            ]
            if not ends:
                raise NotYet(f"{len(going_on)} recordings, none of which begins where another one ends")
            return Recording(ends[-1] - _BESIDE_A_SEAM_S, ends[-1] + _BESIDE_A_SEAM_S)

        found = wait_until("Two recordings touch each other", seam, timeout=3 * _BESIDE_A_SEAM_S, interval=1.0)
        logger.info(f"Found {found}, in which one recording ends and another one begins.")
        return found

    @keyword(tags=("Recording",))
    def find_a_recording_over_midnight(self) -> Recording:
        """Finds the latest recording during which a day of the site ended (UTC, as recordings are stored) and returns
        the seconds around midnight. Fails when the site has none of the last four weeks.

        | ${midnight} =    Find A Recording Over Midnight
        | ${view} =    Open Historic View    ${midnight}    channels=1-3
        """
        for entry in sorted(self._recordings(), reverse=True):
            midnight = entry.end // _DAY_S * _DAY_S
            piece = Recording(midnight - _BESIDE_MIDNIGHT_S, midnight + _BESIDE_MIDNIGHT_S)
            if entry.start <= piece.start and piece.end <= entry.end:
                logger.info(f"Found {piece}, in which a day ends.")
                return piece
        raise AssertionError("The site has no recording of the last four weeks during which a day ended.")

    @keyword(tags=("Recording",), types={"at_most": timedelta})
    def find_the_last_seconds_stored(self, *, at_most: timedelta | None = None) -> Recording:
        """Finds the newest recording that MongoDB holds as finished and returns its end, so long or all of it.

        | ${recording} =    Find The Last Seconds Stored    at_most=10 seconds
        """
        wanted = _seconds_of(at_most)
        finished = {"end_time": {"$ne": None}, "deleted": False}
        documents = clients.mongodb().recordings(finished, limit=1)
        span = _span(documents[0]) if documents else None
        if span is None:
            raise AssertionError("MongoDB holds no finished recording.")
        piece = Recording(max(span.start, span.end - int(wanted)), span.end)
        logger.info(f"Found {piece}.")
        return piece

    @keyword(tags=("Recording",))
    def wait_until_a_recording_is_stored(self) -> None:
        """Waits until the recording that goes on now is finished in MongoDB: at most the site's ``recording_s``, and
        ``reconnected_s`` for the recorder to notice.

        | Wait Until A Recording Is Stored
        """
        mongo, timings = clients.mongodb(), site_data.site().timings
        running = mongo.recordings({"end_time": None, "deleted": False}, limit=1)
        if not running:
            raise AssertionError("MongoDB holds no recording that goes on: the recorder records nothing.")

        def stored() -> bool:
            if not mongo.recordings({"uuid": running[0]["uuid"], "end_time": {"$ne": None}}):
                raise NotYet(f"recording {running[0]['uuid']} goes on")
            return True

        budget = timings.recording_s + timings.reconnected_s
        wait_until("The recording that goes on is stored", stored, timeout=budget, interval=1.0)

    @keyword(tags=("Recording",), types={"at_least": timedelta})
    def find_a_deleted_recording(self, *, at_least: timedelta | None = None) -> Recording:
        """Finds a recording that MongoDB marks as deleted, apart from all that can be played, and returns a piece of
        its middle. Fails when the site has none.

        | ${recording} =    Find A Deleted Recording
        """
        wanted = _seconds_of(at_least)
        seconds = int(wanted)
        # What the server lists is not asked: it may be wrong about what is deleted.
        documents = clients.mongodb().recordings()
        playable = [span for document in documents if not document.get("deleted") and (span := _span(document))]
        for document in documents:
            span = _span(document) if document.get("deleted") else None
            if span is None or span.end - span.start <= seconds:
                continue
            begin = (span.start + span.end - seconds) // 2
            piece = Recording(begin, begin + seconds)
            if all(entry.end < piece.start or entry.start > piece.end for entry in playable):
                logger.info(f"Found {piece}, which is deleted.")
                return piece
        raise AssertionError(f"The site has no deleted recording of at least {seconds} s that nothing else overlaps.")

    def _recordings(self, *, running: bool = False) -> list[Recording]:
        """The recordings of the last weeks; with ``running`` also what there is of those that still go on."""
        now = int(time.time())
        answer = client().recordings(now - int(_LOOK_BACK.total_seconds()), now)
        check_answer(answer, OK, "Asking for recordings")
        content = answer.json()
        entries = cast("list[list[int]]", content.get("recordings") if isinstance(content, dict) else content)
        found = [Recording(start, end) for start, end in entries if end != STILL_RECORDING]
        broken = [entry for entry in found if entry.start >= entry.end]
        if broken:
            raise AssertionError(f"{answer} lists a recording that ends before it begins: {list(broken[0])}.")
        # What was recorded in this second is not whole yet.
        going_on = [Recording(start, now - 1) for start, end in entries if end == STILL_RECORDING and start < now - 1]
        return found + going_on if running else found


def _span(document: Mapping[str, Any]) -> Recording | None:
    """The time of a recording as MongoDB holds it, in naive UTC; one that goes on ends now."""
    start, end = document.get("start_time"), document.get("end_time")
    if not isinstance(start, datetime):
        return None
    until = time.time() if end is None else end.replace(tzinfo=UTC).timestamp()
    return Recording(int(start.replace(tzinfo=UTC).timestamp()), int(until))


def _seconds_of(length: timedelta | None) -> float:
    if length is None:
        return _USUAL_LENGTH_S
    demands.above_zero(length=length.total_seconds())
    return length.total_seconds()
