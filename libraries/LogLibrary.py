"""What the pods of the site log while a test runs."""

from focus_core.base.words import CONVERTERS
from focus_keywords.library import KeywordLibrary
from focus_keywords.logs.errors import PodErrors
from robot.api.deco import library


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=CONVERTERS)
class LogLibrary(KeywordLibrary):
    """Errors in the logs of all pods, told apart by the test that they belong to. Lines, counts and events of one
    workload or view are asked of the ClusterLibrary.
    """

    def __init__(self) -> None:
        super().__init__([PodErrors()])
