"""Does one step again and again beside a test, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Repeater:
    """Repeats ``step`` every ``pause_s`` seconds until it is stopped; ``step`` says whether it succeeded.

    longest_s: the longest that one step may take, in seconds.
    """

    def __init__(self, step: Callable[[], bool], *, pause_s: float, longest_s: float) -> None:
        self._step = step
        self._pause_s = pause_s
        self._longest_s = longest_s
        self._ended = threading.Event()
        self._succeeded = threading.Event()
        self._thread = threading.Thread(target=self._repeat, daemon=True)

    def start(self) -> None:
        """Begins, and returns at once."""
        self._thread.start()

    def start_well(self, failure: str) -> None:
        """Begins, and returns when a step succeeded.

        Raises:
            AssertionError: none did within the time of one step; the message is ``failure`` and that time.
        """
        self.start()
        if not self._succeeded.wait(self._longest_s):
            raise AssertionError(f"{failure} within {self._longest_s:g} s before anything was disturbed.")

    def stop(self) -> None:
        """Ends after the step that is being done."""
        self._ended.set()
        self._thread.join(self._longest_s)

    def _repeat(self) -> None:
        while not self._ended.is_set():
            if self._step():
                self._succeeded.set()
            self._ended.wait(self._pause_s)
