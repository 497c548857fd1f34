"""Keywords about limits: how fast a client may ask, and how often a login may fail."""

from __future__ import annotations

from urllib.parse import urlsplit

from focus_core.access import operations, requests
from focus_core.access.browser import ACCESS, CREATED, Browser
from focus_core.access.flood import flood
from focus_core.base import waiting
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import unique
from focus_core.run import clients
from focus_core.site.data import site
from robot.api import SkipExecution, logger
from robot.api.deco import keyword

_TAGS = ("Connection", "Assertion")
# Most bad logins in a row that a site may take before it locks the user out; few enough that no rate limit answers 429.
_MOST_BAD_LOGINS = 10
_UNAUTHORIZED, _TOO_MANY = 401, 429
# Requests of a client whose limit is not known.
_MOST_REQUESTS = 5_000
_PATIENCE_S = 5.0


class Limits:
    """The rate limit of the ingress and the lockout of the web app."""

    @keyword(tags=_TAGS)
    def rate_limit_should_hold_for_one_client_only(self) -> None:
        """The spare user asks faster and faster on one connection until the ingress answers 429 with whole seconds in
        Retry-After. Another client, this lane's user, is answered in between; after those seconds so is the spare user.

        A machine that is too busy to exceed the limit of the site file is reported as broken. Skips where the site has
        no second viewer.

        | Rate Limit Should Hold For One Client Only
        """
        browser = _spare_browser()
        headers = requests.bearer(browser.cookies[ACCESS])
        limit = site().limits.rate_limit_per_s
        most = _MOST_REQUESTS if limit is None else int(10 * limit) + 4 * (site().limits.rate_limit_burst or 0)
        other = requests.bearer(clients.webapp().login().value)
        seen = flood(f"/{unique('nothing')}", headers, other, most)
        logger.info(f"{seen.sent} requests in {seen.seconds:.1f} s, {seen.refused} of the last batch answered 429.")
        if not seen.refused:
            if limit is not None and seen.sent <= (site().limits.rate_limit_burst or 0) + limit * seen.seconds:
                raise BenchError(
                    f"This machine got {seen.sent / seen.seconds:.0f} answers a second, not enough to exceed the limit "
                    f"of {limit:g}; run the suite again when it is less busy."
                )
            raise AssertionError(f"Too fast a client is not stopped: none of {seen.sent} requests was answered 429.")
        bad = [wait for wait in seen.waits if not _seconds(wait)]
        problems = [f"Retry-After is {wait!r}, expected whole seconds above 0" for wait in bad]
        if _TOO_MANY in seen.of_other:
            problems.append("another client was answered 429 meanwhile")
        fail_with("The rate limit is not as it should be", problems)
        self._wait_until_open(headers, max(map(_seconds, seen.waits)))

    @keyword(tags=_TAGS)
    def repeated_bad_logins_should_lock_the_user_for_a_time(self) -> None:
        """Logs in as the spare user with wrong passwords until the web app answers 429; then the right password does
        not help either, until the time that Retry-After names is over.

        Skips where the site has no second viewer.

        | Repeated Bad Logins Should Lock The User For A Time
        """
        browser = _spare_browser()
        statuses: list[int] = []
        while _TOO_MANY not in statuses and len(statuses) < _MOST_BAD_LOGINS:
            statuses.append(browser.ask_login(unique("wrong")).status)
        if _TOO_MANY not in statuses:
            raise AssertionError(f"{len(statuses)} bad logins in a row did not lock the user: {statuses}.")
        if set(statuses[:-1]) != {_UNAUTHORIZED}:
            raise AssertionError(f"Bad logins were answered {statuses}, expected 401 until the user is locked.")
        locked = browser.ask_login()
        wait = locked.headers.get("Retry-After", "")
        if locked.status != _TOO_MANY or not _seconds(wait):
            raise AssertionError(
                f"The right password of a locked user was answered {locked.status} with Retry-After {wait!r}, expected "
                "429 with whole seconds above 0."
            )
        waiting.wait_until(
            f"Login of '{browser.username}' after the lockout of {wait} s",
            lambda: _logged_in(browser),
            timeout=_seconds(wait) + _PATIENCE_S,
            interval=1.0,
        )

    def _wait_until_open(self, headers: dict[str, str], seconds: int) -> None:
        def probe() -> bool:
            answer, _ = requests.send("rest", "GET", "/ack", headers=headers)
            if answer.status == _TOO_MANY:
                raise waiting.NotYet("429")
            return True

        what = f"{urlsplit(site().focus.url).netloc} after the {seconds} s of Retry-After"
        waiting.wait_until(what, probe, timeout=seconds + _PATIENCE_S, interval=1.0)


def _spare_browser() -> Browser:
    user = operations.spare_user()
    if user is None:
        raise SkipExecution(f"Site {site().name} has no second viewer, whose limits a test may use up.")
    # The web app is there: the client's check reports it where it is not.
    clients.webapp().login()
    browser = Browser(user)
    browser.log_in()
    return browser


def _logged_in(browser: Browser) -> bool:
    answer = browser.ask_login()
    if answer.status != CREATED:
        raise waiting.NotYet(f"{answer.status}")
    return True


def _seconds(wait: str) -> int:
    """Whole seconds above 0; 0 for anything else."""
    return int(wait) if wait.isascii() and wait.isdecimal() else 0
