"""What the proxies of a worker share: the armed mutants, what they did, and the recording."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import TypeVar

from strength.mutants.mutants import Mutant
from strength.mutants.operators import LATE, STALE, TWICE
from strength.mutants.traffic import Answer, Exchange, Kind

SomeAnswer = TypeVar("SomeAnswer", bound=Answer)


class Tap:
    """Every answer goes through here. `time_limits`: the seconds after which an operation's answer is late."""

    def __init__(self, time_limits: Mapping[str, float]) -> None:
        self._time_limits = time_limits
        self._lock = threading.Lock()
        self._armed: tuple[Mutant, ...] = ()
        self._applied: dict[Mutant, float] = {}
        self._exchanges: list[Exchange] | None = None
        self._previous: dict[Kind, Answer] = {}

    def arm(self, armed: Iterable[Mutant]) -> None:
        """From now on apply these mutants, and forget what earlier ones did."""
        with self._lock:
            self._armed, self._applied = tuple(armed), {}

    def disarm(self) -> dict[Mutant, float]:
        """Pass everything on unchanged again; returns the mutants that changed an answer, and when first (epoch)."""
        with self._lock:
            self._armed = ()
            return self._applied

    def record(self) -> None:
        """Begin to keep every exchange."""
        self._exchanges = []

    def recorded(self) -> list[Exchange]:
        """The exchanges since `record`, which ends the recording."""
        kept, self._exchanges = self._exchanges or [], None
        return kept

    def through(
        self, operation: str, answer: SomeAnswer, again: Callable[[], SomeAnswer] | None = None
    ) -> tuple[SomeAnswer, bool]:
        """The answer as the armed mutants leave it, and whether they changed it; `again` executes the request anew."""
        kind = (operation, answer.status)
        if self._exchanges is not None:
            self._exchanges.append(Exchange.of(operation, answer))
        armed = [mutant for mutant in self._armed if mutant.fits(kind)]
        previous = self._previous.get(kind)
        self._previous[kind] = deepcopy(answer) if armed else answer
        any_change = False
        for mutant in armed:
            changed = True
            if mutant.operator == TWICE and again:
                answer = again()
            elif mutant.operator == LATE:
                time.sleep(self._time_limits[operation])
            elif mutant.operator == STALE:
                changed = previous is not None and previous.body != answer.body
                answer.body = previous.body if previous else answer.body
            else:
                changed = mutant.apply(answer)
            if changed:
                any_change = True
                with self._lock:
                    self._applied.setdefault(mutant, time.time())
        return answer, any_change
