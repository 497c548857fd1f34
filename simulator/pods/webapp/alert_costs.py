"""What an alert costs the web app where a defect is on: it may refuse more of them, or keep their memory."""

from __future__ import annotations

import time

from simulator.defects import active
from simulator.pods.rate_limit import RateLimit
from simulator.pods.webapp.errors import ApiError

_THROTTLED_PER_SECOND = 3.0
_KEPT_SECONDS = 1.0
_LEAKED_BYTES, _LEAKED_MOST = 2 << 20, 1024


class AlertCosts:
    """The costs of the alerts of one web app."""

    def __init__(self) -> None:
        self._limit = RateLimit(_THROTTLED_PER_SECOND, _THROTTLED_PER_SECOND)
        self._leaked: list[bytes] = []
        self._last = 0.0

    def charge(self, alerts: int) -> None:
        """Count a request of so many alerts; raise 429 where it is one too many."""
        if active("alerts-throttled") and (wait := self._limit.wait_of("all")):
            raise ApiError(429, "TooManyRequestsError", "Too many alerts.", {"Retry-After": str(max(1, round(wait)))})
        now = time.monotonic()
        idle, self._last = now - self._last > _KEPT_SECONDS, now
        if idle:
            # Each load finds the web app as small as the one before did.
            self._leaked.clear()
        if active("alerts-leak"):
            # Zeros would be no memory: nothing is there until it is written.
            kept = min(alerts, _LEAKED_MOST - len(self._leaked))
            self._leaked += [b"x" * _LEAKED_BYTES for _ in range(kept)]
        else:
            self._leaked.clear()
