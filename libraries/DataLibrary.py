"""Test data of the site."""

from focus_core.base.words import CONVERTERS, returned_by
from focus_core.data.sets import DataSet
from focus_keywords.data.generating import DataGenerator
from focus_keywords.data.getting import DataGetters
from focus_keywords.library import KeywordLibrary
from robot.api.deco import library


@library(
    scope="GLOBAL",
    version="0.1.0",
    auto_keywords=False,
    converters={**CONVERTERS, **returned_by("Generate Data", DataSet)},
)
class DataLibrary(KeywordLibrary):
    """Recordings, base paths, alerts, users and regions that a test makes, and that are removed after it.

    Whatever is made carries the name of its set, and with it the id of the run. It is written down before it is made:
    what a killed run left is removed by the next suite, by ``run.py sweep`` or by ``run.py data remove``. Suites that
    make data have the site for themselves (tag ``exclusive``): others would find what they do not expect. Where the
    site's policy forbids test data each word skips its test before it asks the site for anything.
    """

    def __init__(self) -> None:
        super().__init__([DataGenerator(), DataGetters()])
