"""Finds recordings through the Focus Server."""

import time
from datetime import timedelta
from typing import cast

from focus_core.session import OK, client
from focus_core.verdicts import check_status, fail_with
from focus_core.words import Recording
from robot.api import logger
from robot.api.deco import keyword, library

# How far back recordings are looked for: clips of the last weeks are what the site must be able to play.
_LOOK_BACK = timedelta(weeks=4)


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class RecordingLibrary:
    """The recordings of the site as the Focus Server lists them. Nothing is ever recorded for a test."""

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

    @keyword(tags=("Recording", "Assertion"))
    def recordings_should_lie_inside_the_range_asked_for(self) -> None:
        """Asks for the recordings of the last four weeks; there are some, each well-formed and touching that range."""
        now = int(time.time())
        begin = now - int(_LOOK_BACK.total_seconds())
        found = self._recordings()
        if not found:
            raise AssertionError("The site lists no finished recording of the last four weeks.")
        wrong = [f"{entry.start}-{entry.end}" for entry in found if not _touches(entry, begin, now)]
        fail_with(
            "Recordings of the last four weeks are wrong", [f"{entry} is outside {begin}-{now}" for entry in wrong]
        )

    def _recordings(self) -> list[Recording]:
        end = int(time.time())
        answer = client().recordings(end - int(_LOOK_BACK.total_seconds()), end)
        check_status(answer, OK, "Asking for recordings")
        content = answer.json()
        entries = content.get("recordings") if isinstance(content, dict) else content
        well_formed = isinstance(entries, list) and all(
            isinstance(entry, list) and len(entry) == 2 and all(isinstance(at, int) for at in entry)
            for entry in entries
        )
        if not well_formed:
            raise AssertionError(f"{answer} is not a list of [start, end] in epoch seconds: {answer.body[:200]}")
        # An end of -1 is a recording that still goes on.
        return [Recording(*entry) for entry in cast("list[list[int]]", entries) if entry[1] != -1]


def _touches(recording: Recording, begin: int, end: int) -> bool:
    return recording.start < recording.end and recording.end >= begin and recording.start <= end
