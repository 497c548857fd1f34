"""The streams of a view."""

from focus_core.base.words import CONVERTERS, Hole, either, returned_by
from focus_core.streams.client import Readings, StreamReading, ViewOrReadings
from focus_core.views.view import View
from focus_keywords.library import KeywordLibrary
from focus_keywords.streams.frames import StreamFrames
from focus_keywords.streams.reading import ViewStreams
from robot.api.deco import library

_VIEW = returned_by("Open View", View)
_READINGS = returned_by("Read Streams Of View", Readings, StreamReading)
_TAKEN = {
    **CONVERTERS,
    **_VIEW,
    **_READINGS,
    **either(ViewOrReadings, _VIEW, _READINGS),
    **returned_by("Find A Hole Between Recordings", Hole),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class StreamLibrary(KeywordLibrary):
    """The streams of a view, as the client reads them: all at once, each on the port that the view was answered with.

    Amplitudes are checked to be finite and not negative; what they show is out of scope. Rates are measured by the
    times at which frames arrive, over a span in which a late one weighs little.
    """

    def __init__(self) -> None:
        super().__init__([ViewStreams(), StreamFrames()])
