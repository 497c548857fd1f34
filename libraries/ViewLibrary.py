"""Views of the Focus Server."""

from focus_core.base.words import CONVERTERS
from focus_keywords.views.formulas import Formulas
from focus_keywords.views.quantities import ViewQuantities
from robot.api.deco import library
from robotlibcore import DynamicCore


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False, converters=CONVERTERS)
class ViewLibrary(DynamicCore):
    """Views of the Focus Server: opened, refused, changed; their answers, metadata and waterfall."""

    def __init__(self) -> None:
        super().__init__([Formulas(), ViewQuantities()])
