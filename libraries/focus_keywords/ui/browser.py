"""The one browser of a process, and the pages that the running test has opened in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.run import clients
from focus_core.site.data import lane_user, site
from focus_core.site.model import User
from focus_core.ui import launch, leftovers
from focus_core.ui.guards import Expected
from focus_core.ui.launch import Launch
from robot.api import logger
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

_EXTENSION = Path(launch.__file__).with_name("page_extension.js")
_ACCESS, _CSRF = "access-token", "csrf-token"
# A busy machine loads a page slowly; that is no verdict on the page.
_LOADED = timedelta(seconds=60)
_TIME_ZONE, _LANGUAGE = "UTC", "en-GB"


@dataclass(frozen=True)
class Page:
    """A page that a test has opened: Browser's ids of its context and of itself, and whose login it has."""

    context: str
    page: str
    user: str

    def __str__(self) -> str:
        return f"page of {self.user or 'nobody'}"


@dataclass
class PagesOfTest:
    """What `Close Operator Page` has to look at: the pages of the running test, and the errors that it announced."""

    pages: list[Page] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)

    def forget(self) -> None:
        self.pages.clear()
        self.expected.clear()


class BrowserOfProcess:
    """Starts the browser when the first page is opened; it lives until the process ends."""

    def __init__(self) -> None:
        self.of_test = PagesOfTest()
        self._site_name = ""
        self._launch: Launch | None = None
        self._extended = False

    @property
    def library(self) -> Any:
        """The imported Browser library. Raises ``BenchError`` where the suite has not imported ``ui.resource``."""
        try:
            return BuiltIn().get_library_instance("Browser")
        except (RuntimeError, RobotNotRunningError):
            raise BenchError(
                "The words of the page need the Browser library: add 'Resource    ui.resource' to the settings."
            ) from None

    @property
    def launch(self) -> Launch:
        """How the browser was started. Raises ``BenchError`` while no page was opened."""
        if self._launch is None:
            raise BenchError("No page is open: begin with 'Open Operator Page'.")
        return self._launch

    def open(self, path: str, *, user: User | None, locale: str = _LANGUAGE, time_zone: str = _TIME_ZONE) -> Page:
        """A page of its own, in a context of its own; logged in as ``user``, or as nobody."""
        from Browser.utils.data_types import ReduceMotion

        self._start()
        context = self.library.new_context(
            locale=locale, timezoneId=time_zone, reducedMotion=ReduceMotion.reduce, acceptDownloads=True
        )
        if user:
            self._log_in(user)
        opened = self.library.new_page()
        page = Page(context, opened["page_id"], user.username if user else "")
        self.of_test.pages.append(page)
        self.library.go_to(f"{site().ui.url}{path}", timeout=_LOADED)
        return page

    def tab_of(self, page: Page, opened: str) -> Page:
        """Another page in the context of ``page``, which the page itself opened; it is guarded like the others."""
        tab = Page(page.context, opened, page.user)
        self.of_test.pages.append(tab)
        return tab

    def show(self, page: Page) -> None:
        """What Browser's keywords speak of from now on."""
        self.library.switch_context(page.context)
        self.library.switch_page(page.page)

    def current(self) -> Page:
        """The page that Browser's keywords speak of. Raises ``BenchError`` when the test has opened none."""
        ids = self.library.get_page_ids(page="ACTIVE", context="ACTIVE", browser="ACTIVE") if self._launch else []
        for page in self.of_test.pages:
            if page.page in ids:
                return page
        raise BenchError("No page is open: begin with 'Open Operator Page'.")

    def script(self, function: str, *, selector: str | None = None, arg: Any = None, all_elements: bool = False) -> Any:
        """What a function in JavaScript returns, called in the page with the element and ``arg``."""
        from Browser.utils.data_types import SelectionType  # noqa: F401 - the library must be there

        return self.library.evaluate_javascript(selector, function, arg=arg, all_elements=all_elements)

    def extension(self, keyword: str, **arguments: Any) -> Any:
        """Calls a function of ``page_extension.js`` with the current page."""
        if not self._extended:
            self.library.init_js_extension(_EXTENSION)
            self._extended = True
        return self.library.call_js_keyword(keyword, page=None, **arguments)

    def _start(self) -> None:
        chosen = site()
        if self._launch and self._site_name == chosen.name:
            return
        for sentence in leftovers.sweep():
            logger.warn(sentence)
        start = launch.of_site(chosen)
        if start.warning:
            logger.warn(start.warning)
        leftovers.mark()
        self.library.new_browser(**start.of_browser_library(), reuse_existing=False)
        self._launch, self._site_name = start, chosen.name

    def _log_in(self, user: User) -> None:
        from Browser.utils.data_types import CookieSameSite

        client = clients.webapp() if user.username == lane_user().username else clients.webapp_client(site(), user)
        token = client.login()
        for name, value, hidden in ((_ACCESS, token.value, True), (_CSRF, token.csrf, False)):
            self.library.add_cookie(
                name, value, url=site().ui.url, httpOnly=hidden, secure=True, sameSite=CookieSameSite.Strict
            )


def user_with_role(role: str) -> User:
    """A user of the site with this role. Raises ``BenchError`` when it has none."""
    found = [user for user in site().users if user.role == role]
    if not found:
        roles: Sequence[str] = sorted({user.role for user in site().users})
        raise BenchError(f"Site {site().name} has no user of the role '{role}'; its file has {', '.join(roles)}.")
    return found[0]
