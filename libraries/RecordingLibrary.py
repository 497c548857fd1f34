"""Recordings of the site."""

from focus_core.base.words import CONVERTERS
from focus_keywords.library import KeywordLibrary
from focus_keywords.recordings.finding import RecordingFinder
from focus_keywords.recordings.getting import RecordingGetters
from focus_keywords.recordings.listing import RecordingsList
from robot.api.deco import library


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=CONVERTERS)
class RecordingLibrary(KeywordLibrary):
    """Recordings of the site to play, and their list and timeline against the database that they come from.

    Nothing is ever recorded for a test, and nothing is written.
    """

    def __init__(self) -> None:
        super().__init__([RecordingFinder(), RecordingGetters(), RecordingsList()])
