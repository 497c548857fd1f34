"""Finds recordings through the Focus Server."""

import itertools
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from focus_core import site_data
from focus_core.session import OK, client
from focus_core.verdicts import check_status
from focus_core.words import Hole, Recording
from robot.api import logger
from robot.api.deco import keyword, library

# How far back recordings are looked for: clips of the last weeks are what the site must be able to play.
_LOOK_BACK = timedelta(weeks=4)
# What a window shows of the recordings on both sides of a hole.
_BESIDE_A_HOLE_S = 5


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class RecordingLibrary:
    """Recordings of the site to play. Nothing is ever recorded for a test."""

    @keyword(tags=("Recording",))
    def find_a_recording(self, *, at_least: timedelta = timedelta(seconds=10)) -> Recording:
        """Finds a finished recording of the last four weeks and returns a piece of it, ``at_least`` long.

        Fails when the site has none: nothing is ever recorded for a test.

        | ${recording} =    Find A Recording    at_least=1 minute
        """
        seconds = int(at_least.total_seconds())
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
    def find_a_deleted_recording(self, *, at_least: timedelta = timedelta(seconds=10)) -> Recording:
        """Finds a recording that MongoDB marks as deleted, apart from all that can be played, and returns a piece of
        its middle. Fails when the site has none.

        | ${recording} =    Find A Deleted Recording
        """
        from focus_core.mongo_client import MongoSite

        seconds = int(at_least.total_seconds())
        # What the server lists is not asked: it may be wrong about what is deleted.
        documents = MongoSite.of_site(site_data.site(), shared=True).recordings()
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

    def _recordings(self) -> list[Recording]:
        now = int(time.time())
        answer = client().recordings(now - int(_LOOK_BACK.total_seconds()), now)
        check_status(answer, OK, "Asking for recordings")
        content = answer.json()
        entries = cast("list[list[int]]", content.get("recordings") if isinstance(content, dict) else content)
        # An end of -1 is a recording that still goes on.
        found = [Recording(start, end) for start, end in entries if end != -1]
        broken = [entry for entry in found if entry.start >= entry.end]
        if broken:
            raise AssertionError(f"{answer} lists a recording that ends before it begins: {list(broken[0])}.")
        return found


def _span(document: Mapping[str, Any]) -> Recording | None:
    """The time of a recording as MongoDB holds it, in naive UTC; one that goes on ends now."""
    start, end = document.get("start_time"), document.get("end_time")
    if not isinstance(start, datetime):
        return None
    until = time.time() if end is None else end.replace(tzinfo=UTC).timestamp()
    return Recording(int(start.replace(tzinfo=UTC).timestamp()), int(until))
