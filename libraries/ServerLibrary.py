"""The Focus Server."""

from focus_core.base.words import CONVERTERS, returned_by
from focus_core.server.client import Exchange
from focus_keywords.library import KeywordLibrary
from focus_keywords.server.answers import AnswerGetters
from focus_keywords.server.description import ServerDescription
from focus_keywords.server.requests import ServerRequests
from robot.api.deco import library

_TAKEN = {
    **CONVERTERS,
    **returned_by("Ask Focus Server", Exchange),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class ServerLibrary(KeywordLibrary):
    """Requests of any kind to the Focus Server, and the checks that fit every answer.

    Also the server as it describes itself: health, channels, sensors, OpenAPI document.
    """

    def __init__(self) -> None:
        super().__init__([ServerDescription(), ServerRequests(), AnswerGetters()])
