"""The one way to wait: a deadline on the monotonic clock, quiet polling, a failure that tells the whole story."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NotYet(Exception):  # noqa: N818 - it is an answer ("not yet"), not an error
    """Raised by a probe that has no result yet; its text says what was seen."""


class WaitTimeout(AssertionError):  # noqa: N818 - a timeout is a failure of the product, worded below
    """What was awaited did not come in time."""

    ROBOT_SUPPRESS_NAME = True


def wait_until(what: str, probe: Callable[[], T | None], *, timeout: float, interval: float = 0.2) -> T:
    """Polls ``probe`` until it returns a truthy value and returns that value.

    ``what`` begins the failure text ("Job 7-12 is Running"); ``timeout`` and ``interval`` are seconds. A probe that
    raises ``NotYet`` is asked again and the exception's text counts as what was seen; any other exception passes
    through. The probe is asked at least once, and once more at the deadline.

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
