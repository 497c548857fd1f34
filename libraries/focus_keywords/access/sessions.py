"""Keywords about logins of the web app: by cookies as a browser keeps them, and by tokens that are no good."""

from __future__ import annotations

from typing import Any, Literal

from focus_core.access import bad_tokens, operations, requests
from focus_core.access.bad_tokens import Kind
from focus_core.access.browser import ACCESS, CSRF, REFRESH, Browser, flag_problems
from focus_core.access.browser import kept as kept_browser
from focus_core.access.requests import Service
from focus_core.base.failures import fail_with
from focus_core.base.words import JsonObject
from focus_core.run import report, session
from focus_core.server.client import Exchange
from focus_core.site.data import lane_user, site
from focus_core.site.model import User
from robot.api import SkipExecution
from robot.api.deco import keyword

_TAGS = ("Connection", "webapp")
_UNAUTHORIZED = 401
_PLANTED = "planted-by-somebody-else"
_CSRF: dict[str, str | None] = {"right": None, "no": "", "another": "another-one"}
# What is asked with a bad login; none of it changes anything where it is let through.
_ASKED: tuple[tuple[Service, str, str, Any], ...] = (
    ("rest", "GET", "/channels", None),
    ("rest", "POST", "/recordings_in_time_range", {"start_time": 1, "end_time": 2}),
    ("webapp", "GET", "alert", None),
    ("webapp", "POST", "push-to-rabbit", {}),
)

Who = Literal["me", "spare user"]
Csrf = Literal["right", "no", "another"]
# Robot converts no other argument once a decorator has types.
_ASKED_BY_COOKIE: dict[str, Any] = {
    "browser": Browser,
    "service": Service,
    "method": str,
    "path": str,
    "body": JsonObject,
    "csrf": Csrf,
    "headers": JsonObject,
}


class Sessions:
    """Logins by cookie, their renewal and their end; tokens that have to be refused."""

    @keyword(tags=_TAGS)
    def log_in_by_cookie(self, who: Who = "me", *, kept: bool = False) -> Browser:
        """Logs in to the web app as a browser does and returns the browser, which keeps the cookies.

        ``who``: ``me`` is this lane's user; ``spare user`` the second viewer, whom no other test needs. ``kept``: a
        login that another test began goes on, since users may not log in too often; for what does not end it.

        | ${browser} =    Log In By Cookie
        | ${answer} =    Ask By Cookie    ${browser}    webapp    GET    alert
        | Get Answer Status    ${answer}    ==    200
        """
        user = _user(who)
        if kept:
            return kept_browser(user)
        browser = Browser(user)
        browser.log_in()
        return browser

    @keyword(tags=_TAGS, types=_ASKED_BY_COOKIE)
    def ask_by_cookie(
        self,
        browser: Browser,
        service: Service,
        method: str,
        path: str,
        body: Any = None,
        *,
        csrf: Csrf = "right",
        headers: dict[str, str] | None = None,
    ) -> Exchange:
        """Sends one request with the cookies of a browser. ``path`` follows the address of the service; one of the web
        app without a slash follows the path of the site (``alert``).

        ``csrf``: the header X-CSRF-Token repeats the cookie, is not there, or holds another value.

        | ${browser} =    Log In By Cookie
        | ${answer} =    Ask By Cookie    ${browser}    webapp    DELETE    alert/delete    {"alertIds": []}    csrf=no
        | Get Answer Status    ${answer}    ==    403
        """
        full = path if path.startswith("/") else requests.site_path(path)
        answer = browser.ask(service, method, full, body=body, csrf=_CSRF[csrf], headers=headers)
        if path == "/configure":
            session.client().adopt_job(answer.body)
        report.log_exchange(answer)
        return answer

    @keyword(tags=_TAGS)
    def ask_to_renew_login(self, browser: Browser, csrf: Csrf = "right") -> Exchange:
        """Renews the login of a browser with its refresh token and keeps the new cookies. Returns the answer.

        | ${browser} =    Log In By Cookie
        | ${answer} =    Ask To Renew Login    ${browser}
        | Get Answer Status    ${answer}    ==    201
        """
        answer = browser.refresh(csrf=_CSRF[csrf])
        report.log_exchange(answer)
        return answer

    @keyword(tags=(*_TAGS, "Assertion"))
    def login_should_be_renewable_once(self, browser: Browser) -> None:
        """Renews the login: it gets new tokens that work, and the old refresh token renews nothing any more.

        | ${browser} =    Log In By Cookie
        | Login Should Be Renewable Once    ${browser}
        """
        before = dict(browser.cookies)
        answer = browser.refresh()
        problems = [] if answer.status == 201 else [f"the renewal was answered {answer.status} instead of 201"]
        kept = [name for name in (ACCESS, REFRESH, CSRF) if browser.cookies.get(name) == before.get(name)]
        problems += [f"the renewal left the cookie {name} as it was" for name in kept]
        problems += _answered_otherwise("the renewed login", browser, 200)
        browser.cookies = {**browser.cookies, REFRESH: before[REFRESH]}
        again = browser.refresh()
        if again.status != _UNAUTHORIZED:
            problems.append(f"the old refresh token was answered {again.status} instead of 401")
        fail_with(f"The login of '{browser.username}' is not renewed as it should be", problems)

    @keyword(tags=_TAGS)
    def log_out(self, browser: Browser) -> Exchange:
        """Ends the login of a browser, which keeps its cookies, and returns the answer.

        | ${browser} =    Log In By Cookie
        | Log Out    ${browser}
        | Login Should Have Ended    ${browser}
        """
        answer = browser.log_out()
        report.log_exchange(answer)
        return answer

    @keyword(tags=(*_TAGS, "Assertion"))
    def login_should_have_ended(self, browser: Browser) -> None:
        """Neither service takes the cookies of a browser any more, and its refresh token renews nothing.

        | ${browser} =    Log In By Cookie
        | Log Out    ${browser}
        | Login Should Have Ended    ${browser}
        """
        problems = _answered_otherwise("the ended login", browser, _UNAUTHORIZED)
        answer = browser.refresh()
        if answer.status != _UNAUTHORIZED:
            problems.append(f"the refresh token of the ended login was answered {answer.status} instead of 401")
        fail_with(f"The login of '{browser.username}' goes on", problems)

    @keyword(tags=(*_TAGS, "Assertion"))
    def login_should_replace_planted_cookies(self) -> None:
        """Logs in with cookies that somebody else put into the browser before: each is replaced, so that nobody knows
        the tokens of the login beforehand.

        | Login Should Replace Planted Cookies
        """
        browser = Browser(lane_user(), dict.fromkeys((ACCESS, REFRESH, CSRF), _PLANTED))
        browser.log_in()
        planted = [name for name, value in browser.cookies.items() if value == _PLANTED]
        kept = [f"cookie {name} is still the planted one" for name in planted]
        fail_with("A login keeps what was planted before it", kept)

    @keyword(tags=(*_TAGS, "Assertion"))
    def cookies_should_be_protected(self, browser: Browser) -> None:
        """Each cookie of the login is Secure and SameSite; those with tokens are hidden from scripts (HttpOnly).

        | ${browser} =    Log In By Cookie
        | Cookies Should Be Protected    ${browser}
        """
        fail_with("Cookies of a login are not protected", flag_problems(browser))

    @keyword(tags=(*_TAGS, "Assertion"))
    def token_should_be_refused(self, kind: Kind) -> None:
        """Asks Focus Server and web app with a token that is no good: each answers 401, whatever is asked.

        ``no`` sends none, ``tampered`` has another role than was signed, ``unsigned`` says that it needs no signature
        (alg none), ``refresh`` is one that only renews logins, ``expired`` is that of the site file
        (``webapp.expired_token``); without it the test is skipped.

        | Token Should Be Refused    unsigned
        """
        headers = bad_tokens.headers_with(kind, lane_user())
        if headers is None:
            raise SkipExecution(f"The site file of {site().name} names no expired token (webapp.expired_token).")
        problems = []
        for service, method, path, body in _ASKED:
            full = path if path.startswith("/") else requests.site_path(path)
            answer, _ = requests.send(service, method, full, headers=headers, body=body)
            report.log_exchange(answer)
            if answer.status != _UNAUTHORIZED:
                asked = f"{requests.NAMES[service]}: {method} {path} with {kind} token"
                problems.append(f"{asked} was answered {answer.status} instead of 401")
        fail_with(f"A request with {kind} token is let through", problems)


def _user(who: Who) -> User:
    if who == "me":
        return lane_user()
    user = operations.spare_user()
    if user is None:
        raise SkipExecution(f"Site {site().name} has no second viewer, whose limits a test may use up.")
    return user


def _answered_otherwise(what: str, browser: Browser, wanted: int) -> list[str]:
    """Which service answers a browser otherwise than with ``wanted``."""
    reading: tuple[tuple[Service, str], ...] = (("rest", "/channels"), ("webapp", requests.site_path("alert")))
    found = []
    for service, path in reading:
        answer = browser.ask(service, "GET", path)
        if answer.status != wanted:
            name = requests.NAMES[service]
            found.append(f"{name}: GET {path} by {what} was answered {answer.status} instead of {wanted}")
    return found
