"""Pods that came and went between two looks at the pods: only events show that they lived, nobody read their logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# As jobs and replica sets word it: SuccessfulCreate, SuccessfulDelete.
_OF_OWNER = re.compile(r"(?:Created|Deleted) pod: (\S+)")


@dataclass
class _Life:
    """Times of the first and the last event about a pod."""

    first: float
    last: float


class UnseenPods:
    """Which pods events name, and which were seen; all times are epoch seconds by the cluster's clock."""

    def __init__(self) -> None:
        self._lives: dict[str, _Life] = {}
        self._seen: set[str] = set()
        self._looks: list[float] = []

    def saw(self, name: str) -> None:
        """A pod was listed, or a change of it came: its own log is read."""
        self._seen.add(name)
        self._lives.pop(name, None)

    def looked(self, at: float) -> None:
        """All pods were listed at this time."""
        self._looks.append(at)

    def heard(self, event: Any, at: float) -> None:
        """An event came, about a pod or about one that its owner made or removed."""
        about = event.get("involvedObject") or {}
        made = _OF_OWNER.search(str(event.get("message") or ""))
        name = made[1] if made else str(about.get("name") or "") if about.get("kind") == "Pod" else ""
        if not name or name in self._seen:
            return
        life = self._lives.setdefault(name, _Life(at, at))
        life.first, life.last = min(life.first, at), max(life.last, at)

    def lives(self, begun: float) -> Iterator[tuple[str, float, float]]:
        """Name, begin and end of each that lived after ``begun`` and was never seen.

        Where one event alone is known, the end is the look that did not find the pod any more.
        """
        for name, life in self._lives.items():
            if life.last < begun:
                continue
            end = life.last
            if end == life.first:
                end = next((look for look in self._looks if look > end), end)
            yield name, life.first, end
