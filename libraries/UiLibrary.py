"""The operator's page."""

from focus_core.base.words import CONVERTERS, returned_by
from focus_core.webapp.alerts import Alert
from focus_keywords.library import KeywordLibrary
from focus_keywords.ui.accessibility import Accessibility
from focus_keywords.ui.answers import PlayedAnswers
from focus_keywords.ui.browser import BrowserOfProcess, Page
from focus_keywords.ui.elements import PageElements
from focus_keywords.ui.journal import JournalGetters
from focus_keywords.ui.login_form import LoginForm
from focus_keywords.ui.opening import OperatorPages
from focus_keywords.ui.pictures import ApprovedPictures
from focus_keywords.ui.view_form import ViewForm
from focus_keywords.ui.waterfall import ShownWaterfall
from robot.api.deco import library

_TAKEN = {
    **CONVERTERS,
    **returned_by("Send Alert", Alert),
    **returned_by("Open Operator Page", Page),
}


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False, converters=_TAKEN)
class UiLibrary(KeywordLibrary):
    """The page that operators work with, in a real browser that the Browser library drives.

    A test opens pages with `Open Operator Page` and acts by the keywords of Browser, whose selectors come from the
    tables in ``variables/ui`` (``${UI.journal.filter}``). What the page must never do is looked at after every test: an
    error in the console, a failed request, a script that breaks.
    """

    def __init__(self) -> None:
        browser = BrowserOfProcess()
        super().__init__(
            [
                OperatorPages(browser),
                PageElements(browser),
                LoginForm(browser),
                JournalGetters(browser),
                ViewForm(browser),
                ShownWaterfall(browser),
                ApprovedPictures(browser),
                Accessibility(browser),
                PlayedAnswers(browser),
            ]
        )
