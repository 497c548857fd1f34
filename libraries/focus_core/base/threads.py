"""Threads that nobody has to wait for: when a test is stopped, what they still do ends by itself and keeps nothing up.

The executor of the standard library waits for its threads whatever happens: a test timeout would stop a keyword only
when the last answer has come.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from focus_core.base.errors import BenchError

P = ParamSpec("P")
R = TypeVar("R")

# Each has a stack of its own; a number like a million would take the memory of the tester's machine.
_MOST = 1000
# A wait is made of slices: not every system can break off a longer one.
_SLICE_S = 0.2


class _Result(Future[R]):
    def result(self, timeout: float | None = None) -> R:
        while timeout is None and not self.done():
            wait([self], _SLICE_S)
        return super().result(timeout)


class Threads(Executor):
    """An executor whose ``with`` block waits for its threads only when it ends well."""

    def __init__(self, most: int) -> None:
        """Raises ``BenchError`` for more threads than a machine should start at once."""
        if most > _MOST:
            raise BenchError(f"At most {_MOST} requests can be under way at once, not {most}; correct the table.")
        self._most = most
        self._threads: list[Thread] = []
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._results: list[Future[Any]] = []

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Calls ``fn`` in a thread of its own, or in the next that is free when there are as many as there may be."""
        result: Future[R] = _Result()
        self._results.append(result)
        self._waiting.put((result, lambda: fn(*args, **kwargs)))
        if len(self._threads) < self._most:
            self._threads.append(Thread(target=self._work, daemon=True))
            self._threads[-1].start()
        return result

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            while wait(self._results, _SLICE_S).not_done:
                pass
        for result in self._results:
            result.cancel()
        for _ in self._threads:
            self._waiting.put(None)

    def _work(self) -> None:
        while task := self._waiting.get():
            result, call = task
            if not result.set_running_or_notify_cancel():
                continue
            try:
                result.set_result(call())
            except BaseException as error:  # noqa: BLE001 - it is raised again where the result is asked for
                result.set_exception(error)
