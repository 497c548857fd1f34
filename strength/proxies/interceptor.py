"""Interceptor shared by the proxies of a worker: armed mutants, which of them were applied, recorded traffic."""

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


class Interceptor:
    """Intercepts every answer. `time_limits`: seconds by which a late answer of an operation is delayed."""

    def __init__(self, time_limits: Mapping[str, float]) -> None:
        self._time_limits = time_limits
        self._lock = threading.Lock()
        self._armed: tuple[Mutant, ...] = ()
        self._applied: dict[Mutant, float] = {}
        self._exchanges: list[Exchange] | None = None
        self._previous: dict[Kind, Answer] = {}

    def arm(self, armed: Iterable[Mutant]) -> None:
        """Apply these mutants from now on; reset what earlier ones did."""
        with self._lock:
            self._armed, self._applied = tuple(armed), {}

    def disarm(self) -> dict[Mutant, float]:
        """Forward everything unchanged again; returns the mutants that changed an answer, with the time (epoch)."""
        with self._lock:
            self._armed = ()
            return self._applied

    def record(self) -> None:
        """Start recording exchanges."""
        self._exchanges = []

    def recorded(self) -> list[Exchange]:
        """Stop recording; returns the exchanges since `record`."""
        kept, self._exchanges = self._exchanges or [], None
        return kept

    def apply(
        self, operation: str, answer: SomeAnswer, again: Callable[[], SomeAnswer] | None = None
    ) -> tuple[SomeAnswer, bool]:
        """The answer after the armed mutants, and whether they changed it. `again` repeats the request."""
        kind = (operation, answer.status)
        if self._exchanges is not None:
            self._exchanges.append(Exchange.of(operation, answer))
        armed = [mutant for mutant in self._armed if mutant.matches(kind)]
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
