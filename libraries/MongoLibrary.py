"""MongoDB of the site."""

from focus_core.base.words import CONVERTERS, returned_by
from focus_keywords.library import KeywordLibrary
from focus_keywords.mongodb.contents import MongoContents
from focus_keywords.mongodb.data_quality import DataQuality
from focus_keywords.mongodb.questions import MongoQuestions
from focus_keywords.mongodb.server import MongoServer, OwnDocuments
from robot.api.deco import library

_TAKEN = {
    **CONVERTERS,
    **returned_by("Write Acknowledged Documents", OwnDocuments),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class MongoLibrary(KeywordLibrary):
    """The recordings database of the site: the server, and the quality of its data.

    Recordings are only read; only a collection of the run's own is ever written to.
    """

    def __init__(self) -> None:
        super().__init__([DataQuality(), MongoContents(), MongoQuestions(), MongoServer()])
