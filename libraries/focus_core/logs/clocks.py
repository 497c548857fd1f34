"""How far the clocks of the nodes are from ours, and how late lines are read."""

from __future__ import annotations

from collections.abc import Callable


class Clocks:
    """Measured on the lines themselves: the one that came soonest after its stamp came as soon as it was written.

    ``api`` is what the API's own answers show of its clock, (least, most) in seconds; it counts for a node that has
    logged nothing while it was followed.
    """

    def __init__(self, api: Callable[[], tuple[float, float] | None] = lambda: None) -> None:
        self._api = api
        self._soonest: dict[str, float] = {}
        self._latest: dict[str, float] = {}

    def note(self, node: str, newest: float, oldest: float, *, live: bool) -> None:
        """Seconds from the stamps of the newest and the oldest line of a piece until it came; ``live``: while they were
        written, and not from what a log held already.
        """
        if live:
            self._soonest[node] = min(newest, self._soonest.get(node, newest))
        self._latest[node] = max(oldest, self._latest.get(node, oldest))

    def skew(self, node: str) -> float:
        """How many seconds the clock of a node is behind ours."""
        if not node:
            return 0.0
        if node in self._soonest:
            return self._soonest[node]
        window = self._api()
        # Whole seconds do not show less than one.
        return 0.0 if window is None or window[0] <= 0.0 <= window[1] else sum(window) / 2

    def skews(self) -> dict[str, float]:
        """That of each node that has been heard of."""
        return {node: round(self.skew(node), 4) for node in self._latest}

    def worst_lag(self) -> float:
        """The longest time from when a line was written until it was read, in seconds."""
        return max((late - self.skew(node) for node, late in self._latest.items()), default=0.0)
