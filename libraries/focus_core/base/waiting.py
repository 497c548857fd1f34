"""The one way to wait: a deadline on the monotonic clock, quiet polling, a failure that reports what was seen."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# How fast an interval that grows does.
_GROWTH = 1.3


class NotYet(Exception):  # noqa: N818 - it is an answer ("not yet"), not an error
    """Raised by a probe that has no result yet; its text is what was seen."""


class WaitTimeout(AssertionError):  # noqa: N818 - a timeout is a failure of the product, worded below
    """What was awaited did not come in time."""

    ROBOT_SUPPRESS_NAME = True


def wait_until(
    what: str, probe: Callable[[], T | None], *, timeout: float, interval: float = 0.2, slowest: float | None = None
) -> T:
    """Polls ``probe`` until it returns a truthy value and returns that value.

    ``what`` begins the failure text ("Job 7-12 is Running"); ``timeout`` and ``interval`` are seconds. With ``slowest``
    the interval grows to so many seconds. A probe that raises ``NotYet`` is asked again and the exception's text counts
    as what was seen; any other exception passes through. The probe is asked at least once, and again at the deadline.

    Raises ``WaitTimeout``: what was awaited, how long, how many tries, what was seen last.
    """
    deadline = time.monotonic() + timeout
    tries = 0
    while True:
        last_try = time.monotonic() >= deadline
        tries += 1
        try:
            result = probe()
            seen = repr(result)
        except NotYet as answer:
            result = None
            seen = str(answer)
        if result:
            return result
        if last_try:
            raise WaitTimeout(f"{what}: waited {timeout:g} s, {tries} tries, last seen: {seen}.")
        time.sleep(max(0.0, min(interval, deadline - time.monotonic())))
        if slowest is not None:
            interval = min(interval * _GROWTH, slowest)


def hold(what: str, look: Callable[[], T], *, seconds: float, interval: float = 0.5) -> T:
    """Looks again and again for so many seconds, at their end too, and returns what the last look returned.

    Raises ``AssertionError`` when a look does or answers ``NotYet``: after how many seconds, and what was seen.
    """
    begun = time.monotonic()
    while True:
        passed = time.monotonic() - begun
        try:
            result = look()
        except (AssertionError, NotYet) as failure:
            seen = str(failure).rstrip(".")
            raise AssertionError(
                f"{what}: after {passed:.1f} of {seconds:g} s it did not hold, seen: {seen}."
            ) from None
        if passed >= seconds:
            return result
        time.sleep(max(0.0, min(interval, seconds - passed)))
