"""Keywords about the form by which a user signs in."""

from __future__ import annotations

from typing import Literal

from focus_core.base.run_identity import unique
from focus_core.site import secrets
from focus_core.site.data import lane_user, site
from focus_core.ui import locators
from robot.api.deco import keyword

from focus_keywords.ui.browser import BrowserOfProcess, user_with_role

Who = Literal["me", "viewer", "spare user"]


class LoginForm:
    """The form, filled in and sent as a user does."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=("ui",))
    def sign_in_with_form(self, who: Who = "me", *, password: Literal["right", "wrong"] = "right") -> None:  # noqa: S107
        """Fills in the form and sends it; nothing is waited for. Users may not sign in often: other tests open the page
        as a user who is logged in.

        ``who``: ``me`` is this lane's user, ``viewer`` one who may only look, ``spare user`` the second viewer, whom no
        other test needs.

        | Open Operator Page    who=nobody
        | Sign In With Form
        | Page Should Be Drawn    map
        """
        user = lane_user() if who == "me" else user_with_role("viewer")
        if who == "spare user":
            user = [one for one in site().users if one.role == "viewer"][-1]
        typed = secrets.reveal(user.password) if password == "right" else unique("wrong")  # noqa: S105 - a word
        browser = self._browser.library
        browser.fill_text(locators.selector("login", "user name"), user.username)
        browser.fill_text(locators.selector("login", "password"), typed)
        browser.click(locators.selector("login", "sign in"))
