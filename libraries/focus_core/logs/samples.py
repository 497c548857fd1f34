"""Figures of MongoDB and RabbitMQ on the time line of the tests: what they bear, and what is beyond its threshold."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from focus_core.base.errors import BenchError
from focus_core.logs import patterns

if TYPE_CHECKING:
    from focus_core.site.model import Site

# An operation of MongoDB that runs for so many seconds is a slow one.
_SLOW_S = 1
_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Threshold:
    """A figure that is beyond its threshold where it is above ``over`` or below ``under``."""

    figure: str
    over: float | None = None
    under: float | None = None

    def is_beyond(self, value: float) -> bool:
        """Whether the value is beyond it."""
        return (self.over is not None and value > self.over) or (self.under is not None and value < self.under)


@dataclass(frozen=True)
class Sampling:
    """How often figures are taken, in seconds, and their thresholds."""

    every_s: float
    thresholds: tuple[Threshold, ...]

    def beyond(self, figures: Mapping[str, float]) -> list[str]:
        """The figures that are beyond a threshold."""
        return [one.figure for one in self.thresholds if one.figure in figures and one.is_beyond(figures[one.figure])]


def sampling() -> Sampling:
    """What ``variables/log_patterns.yaml`` says. Raises ``BenchError`` naming what is wrong in it."""
    content = patterns.read().get("sampling") or {}
    try:
        thresholds = tuple(
            Threshold(
                str(one["figure"]), *(None if one.get(name) is None else float(one[name]) for name in ("over", "under"))
            )
            for one in content.get("thresholds") or ()
        )
        every = float(content.get("every_s", 5))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BenchError(
            f"{patterns.FILE.name}: sampling needs every_s and thresholds with figure and over or under; correct it."
        ) from None
    if every <= 0:
        raise BenchError(f"{patterns.FILE.name}: sampling.every_s is {every:g}; give seconds above 0.")
    return Sampling(every, thresholds)


class Sampler:
    """Asks the interfaces that a site has. Each method is one look, and raises ``BenchError`` where nothing answers."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._mongodb: Any = None
        self._broker: Any = None
        self._operations: tuple[float, int] | None = None

    def looks(self) -> Sequence[tuple[str, Any]]:
        """The service of each look, and the look."""
        offered = {"mongodb": self.mongodb, "rabbitmq": self.rabbitmq}
        return [(name, look) for name, look in offered.items() if name in self._site.capabilities]

    def mongodb(self) -> dict[str, float]:
        """Milliseconds of a ping, open connections, operations a second since the last look, slow operations."""
        from focus_core.mongodb.client import MongoSite

        if self._mongodb is None:
            self._mongodb = MongoSite.of_site(self._site, _TIMEOUT_S)
        begun = time.monotonic()
        self._mongodb.ping()
        figures = {"mongodb.ping_ms": (time.monotonic() - begun) * 1000}
        activity = self._mongodb.activity(_SLOW_S)
        figures["mongodb.connections"] = float(activity.connections)
        if activity.slow is not None:
            figures["mongodb.slow_operations"] = float(activity.slow)
        now = time.monotonic()
        if self._operations:
            since, before = self._operations
            figures["mongodb.operations_per_s"] = max(0, activity.operations - before) / max(0.001, now - since)
        self._operations = now, activity.operations
        return figures

    def rabbitmq(self) -> dict[str, float]:
        """Messages in all queues, their consumers, queues, alarms of the nodes."""
        from focus_core.rabbitmq.client import RabbitClient

        if self._broker is None:
            self._broker = RabbitClient.of_site(self._site).management
        queues = self._broker.queues()
        nodes = self._broker.nodes()
        return {
            "rabbitmq.messages": float(sum(one.messages for one in queues)),
            "rabbitmq.consumers": float(sum(one.consumers for one in queues)),
            "rabbitmq.queues": float(len(queues)),
            "rabbitmq.alarms": float(sum(len(one.alarms) for one in nodes)),
        }
