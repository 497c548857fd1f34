"""The product's sources, where a checkout lies on the machine of the tests."""

from focus_core.base.words import CONVERTERS
from focus_keywords.library import KeywordLibrary
from focus_keywords.product_sources.sources import Sources
from robot.api.deco import library


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False, converters=CONVERTERS)
class ProductSourcesLibrary(KeywordLibrary):
    """What a checkout of the product's sources holds: its version, its services, their files and modules.

    Read from the commit that is checked out; local changes do not count. The site file names the folder.
    """

    def __init__(self) -> None:
        super().__init__([Sources()])
