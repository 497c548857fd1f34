"""How often one client may ask: a bucket of tokens per client, refilled at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

_KEPT = 10_000


class RateLimit:
    """Allows ``burst`` requests at once and ``rate`` a second over time, for each client on its own."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def wait_of(self, client: Hashable) -> float:
        """Count a request; return 0 when it may pass, else the seconds after which the next one may."""
        now = self._clock()
        left, last = self._buckets.get(client, (self._burst, now))
        left = min(self._burst, left + (now - last) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._buckets[client] = (left if wait else left - 1, now)
        if len(self._buckets) > _KEPT:
            self._forget_idle(now)
        return wait

    def _forget_idle(self, now: float) -> None:
        """Drop full buckets; a flood of invented names must not fill the memory, so a hopeless case drops all."""
        kept = {
            client: (left, last)
            for client, (left, last) in self._buckets.items()
            if left + (now - last) * self._rate < self._burst
        }
        self._buckets = kept if len(kept) <= _KEPT // 2 else {}
