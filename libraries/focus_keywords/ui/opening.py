"""Keywords that open and close the operator's page, and judge what it did meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal

from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.run import report
from focus_core.site.data import lane_user, site
from focus_core.site.model import User
from focus_core.ui import guards, locators
from focus_core.ui.guards import Expected
from robot.api import logger
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

from focus_keywords.ui.browser import BrowserOfProcess, Page, user_with_role

ViewName = Literal["map", "journal", "analysis"]
Who = Literal["me", "nobody", "viewer", "admin", "super admin"]

PATHS: dict[ViewName, str] = {"map": "/liveView", "journal": "/investigations", "analysis": "/analysis"}
_TAGS = ("ui",)
_DRAWN = timedelta(seconds=30)
# Name, status and duration in ms of each request, as the page itself measured it.
_REQUESTS = """() => performance.getEntriesByType('resource').map(
    (entry) => `${entry.responseStatus || '-'} ${entry.name} ${Math.round(entry.duration)} ms`)"""


class OperatorPages:
    """Pages that a test opens, each with cookies and storage of its own."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=_TAGS)
    def open_operator_page(
        self,
        view: ViewName = "map",
        *,
        who: Who = "me",
        language: str = "en-GB",
        time_zone: str = "UTC",
        alert: Any = None,
    ) -> Page:
        """Opens the page in a browser of its own and waits until it is drawn; returns it for `Show Page`.

        ``view``: map, journal or analysis. ``who``: ``me`` is this lane's user, who is logged in without the form;
        ``nobody`` sees the form; a role is a user who has it. A second call in a test opens a second browser, which
        shares nothing with the first. ``alert``: the page opens with the details of this alert.

        | Open Operator Page    journal
        """
        path = f"{PATHS[view]}?siteId={site().webapp.site_id}"
        if alert is not None:
            path += f"&alert={alert.id}"
        page = self._browser.open(path, user=_user(who), locale=language, time_zone=time_zone)
        self.page_should_be_drawn("login" if who == "nobody" else view)
        return page

    @keyword(tags=_TAGS)
    def show_page(self, page: Page) -> None:
        """Words speak of this page from now on; it is what `Open Operator Page` has returned.

        | ${mine} =    Open Operator Page    journal
        | ${other} =    Open Operator Page    journal    who=viewer
        | Show Page    ${mine}
        """
        self._browser.show(page)

    @keyword(tags=_TAGS)
    def show_new_tab(self) -> Page:
        """Words speak of the tab that the page has just opened; returns it for `Show Page`.

        | Open Operator Page    analysis
        | Evaluate JavaScript    ${None}    () => { window.open("/liveView") }
        | Show New Tab
        """
        page = self._browser.current()
        self._browser.library.switch_page("NEW")
        (opened,) = self._browser.library.get_page_ids(page="ACTIVE", context="ACTIVE", browser="ACTIVE")
        return self._browser.tab_of(page, opened)

    @keyword(tags=("ui", "Assertion"))
    def page_should_be_drawn(self, view: str) -> None:
        """Waits until the page shows this view with its first data, and fails when it does not.

        | Page Should Be Drawn    journal
        """
        from Browser.utils.data_types import ElementState

        self._browser.library.wait_for_elements_state(
            locators.selector("page", "drawn", view=view),
            ElementState.visible,
            _DRAWN,
            message=f"The page does not show the view '{view}' within {{timeout}}.",
        )

    @keyword(tags=_TAGS)
    def expect_page_error(self, text: str) -> None:
        """Announces an error of the page that belongs to the test: one whose text or address holds ``text``.

        The console of a browser names each request that failed, with its status. An announced error that does not come
        fails the test.

        | Expect Page Error    401
        """
        self._browser.of_test.expected.append(Expected(text))

    @keyword(tags=_TAGS)
    def page_errors_may_come(self, *texts: str) -> None:
        """Lets errors of the page pass whose text or address holds one of ``texts``: while a part of the site is away,
        how often a page asks for it is a matter of moments.

        | Page Errors May Come    WebSocket
        """
        self._browser.of_test.expected += [Expected(text, must_come=False) for text in texts]

    @keyword(tags=_TAGS)
    def close_operator_page(self) -> None:
        """Closes the pages of the test; its teardown. Fails for errors of the page that the test has not announced.

        Those are errors in the console, requests that failed, and scripts that broke. A test that has failed gets
        picture, readable structure, console and requests of each page.

        | Close Operator Page
        """
        of_test = self._browser.of_test
        failed = BuiltIn().get_variable_value("${TEST_STATUS}") == "FAIL"
        console: list[Any] = []
        errors: list[Any] = []
        try:
            for page in of_test.pages:
                self._browser.show(page)
                lines = self._browser.library.get_console_log(full=True)
                console += lines
                errors += self._browser.library.get_page_errors(full=True)
                if failed:
                    self._keep_evidence(page, lines)
            for context in {page.context for page in of_test.pages}:
                self._browser.library.close_context(context)
            if not failed:
                found = guards.problems(console, errors, of_test.expected)
                missing = guards.unseen(console, errors, of_test.expected)
                found += [f"the announced error '{text}' did not come" for text in missing]
                fail_with("The page did what no test looks at", found)
        finally:
            of_test.forget()

    def _keep_evidence(self, page: Page, console: list[Any]) -> None:
        """What the page shows, in the log of a failed test; what cannot be had of a broken page is left out."""
        with suppress(Exception):
            self._browser.library.take_screenshot("page-{index}")
        with suppress(Exception):
            report.log_fold(f"Structure of the {page}", str(self._browser.library.get_aria_snapshot("css=body")))
        with suppress(Exception):
            report.log_fold(f"Requests of the {page}", "\n".join(self._browser.script(_REQUESTS)))
        report.log_fold(f"Console of the {page}", "\n".join(guards.console_lines(console)) or "nothing")
        logger.info(f"Browser: {self._browser.launch.browser}")


def _user(who: Who) -> User | None:
    if who == "nobody":
        return None
    if who == "me":
        return lane_user()
    try:
        return user_with_role(who)
    except BenchError:
        if who == "admin":
            return lane_user()
        raise
