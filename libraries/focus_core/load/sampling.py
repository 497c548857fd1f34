"""What a site uses while a load lasts, read every two seconds, each source in a thread of its own.

The generator is another process, so that nothing that is read here makes it late.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Thread

from focus_core.base import tape
from focus_core.base.errors import BenchError
from focus_core.load.result import Series

EVERY_S = 2.0
# After so many failures in a row a source is given up.
_MOST_FAILURES = 3
# A source may be in the middle of a question when the load ends.
_LAST_ANSWER_S = 3.0

# Values by name and unit.
Reading = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Source:
    """Something that can be asked for values again and again; its name completes "... was not sampled"."""

    name: str
    read: Callable[[], Reading]
    every_s: float = EVERY_S


class Sampler:
    """Asks sources again and again."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._over = Event()
        self._points: dict[tuple[str, str], list[tuple[float, float]]] = {}
        self._failures: dict[str, str] = {}
        self._threads = [Thread(target=self._follow, args=(source,), daemon=True) for source in sources]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Asks no more; what is not answered soon is left."""
        self._over.set()
        end = time.monotonic() + _LAST_ANSWER_S
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, end - time.monotonic()))

    def series(self, begun: float, seconds: float) -> tuple[tuple[Series, ...], tuple[str, ...]]:
        """What was read while a load lasted that began at an epoch second, and what could not be read, in sentences."""
        found = []
        for (name, unit), points in list(self._points.items()):
            known = [(round(at - begun, 2), value) for at, value in list(points) if at <= begun + seconds + 1]
            inside = [(at, value) for at, value in known if at >= 0]
            # The last value from before holds at the beginning.
            first = [(0.0, value) for at, value in known if at < 0][-1:]
            if first or inside:
                found.append(Series(name, unit, (*first, *inside)))
        return tuple(found), tuple(f"{name} was not sampled: {why}" for name, why in self._failures.items())

    def _follow(self, source: Source) -> None:
        failures, due = 0, time.monotonic()
        # What is asked to know a resource is no part of what a test asked the site.
        with tape.paused():
            while not self._over.wait(max(0.0, due - time.monotonic())):
                due = max(due + source.every_s, time.monotonic())
                at = time.time()
                try:
                    reading = source.read()
                except (AssertionError, BenchError, LookupError, ValueError) as error:
                    failures += 1
                    self._failures[source.name] = str(error)
                    if failures >= _MOST_FAILURES:
                        return
                    continue
                failures = 0
                self._failures.pop(source.name, None)
                for key, value in reading.items():
                    self._points.setdefault(key, []).append((at, value))
