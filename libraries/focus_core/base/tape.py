"""What passes between the tests and a site, call by call: recorded while a test runs, played back without a site.

Recording keeps references, no copies: a run must not become slower by it. What is kept becomes data only when a test
has failed. Each client sends its calls ``through`` a door, which knows how answers of its protocol are written down.
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, local
from typing import Any, Generic, TypeVar

from focus_core.base.errors import BenchError

T = TypeVar("T")

# Calls of one test that are kept: so many of its beginning and of its end.
HEAD, TAIL = 750, 250
# Bytes of answers that are kept for one test; an answer beyond them is left out.
MOST_BYTES = 16 << 20
# First calls of a process, each of its kind once: clients keep what these answered, a login for example. Bytes of one.
MOST_FIRST = 200
MOST_OF_FIRST = 64 << 10
# Characters of a call that decide of which kind it is: a body may be endless.
_MOST_OF_NAME = 2000
# What differs between two runs in the name of a call.
_VARYING = re.compile(r"[0-9a-f]{8,}|\d+")


def own_error(name: str, text: str) -> Exception:
    """The error of a call as the clients of ``focus_core`` raise it."""
    return AssertionError(text) if name == "AssertionError" else BenchError(text)


def as_it_is(value: Any) -> Any:
    """For answers that are plain data."""
    return value


@dataclass(frozen=True, eq=False)
class Door(Generic[T]):
    """One protocol. ``keep`` takes of an answer what is kept in memory, ``size`` counts its bytes, ``encode`` makes
    data of it for JSON and ``decode`` the answer of that; ``error`` makes the exception of its class name and text.
    """

    name: str
    encode: Callable[[Any], Any] = as_it_is
    decode: Callable[[Any], T] = as_it_is
    size: Callable[[Any], int] = lambda _: 0
    keep: Callable[[T], Any] = as_it_is
    error: Callable[[str, str], Exception] = own_error
    # Whether a call needs no site: in a replay it is made anew where no recorded answer is left.
    local: bool = False


@dataclass(eq=False)
class Call:
    """One call. ``request`` names it in a line, ``detail`` is what else was sent; ``at`` is an epoch second."""

    door: Door[Any]
    request: str
    detail: Any
    at: float
    answer: Any = None
    error: Exception | None = None
    seconds: float = 0.0
    left_out: bool = False

    def data(self) -> dict[str, Any]:
        """The call as data for JSON."""
        data: dict[str, Any] = {"door": self.door.name, "request": self.request, "detail": self.detail}
        data |= {"at": self.at, "seconds": self.seconds}
        if self.left_out:
            return data | {"left_out": True}
        if self.error:
            return data | {"error": {"name": type(self.error).__name__, "text": str(self.error)}}
        return data | {"answer": self.door.encode(self.answer)}


@dataclass
class Part:
    """The calls of a test, or around tests: the first ones, the last ones, and how many are missing in between."""

    head: list[Call] = field(default_factory=list)
    tail: deque[Call] = field(default_factory=lambda: deque(maxlen=TAIL))
    bytes: int = 0
    missing: int = 0

    def add(self, call: Call) -> None:
        if call.error is None:
            size = call.door.size(call.answer)
            if self.bytes + size > MOST_BYTES:
                call.answer, call.left_out = None, True
            else:
                self.bytes += size
        if len(self.head) < HEAD:
            self.head.append(call)
        else:
            self.missing += len(self.tail) == TAIL
            self.tail.append(call)

    @property
    def calls(self) -> list[Call]:
        return [*self.head, *self.tail]


def _kind_of(call: Call) -> str:
    return _VARYING.sub("#", f"{call.door.name} {call.request} {call.detail}"[:_MOST_OF_NAME])


class Recorder:
    """Keeps the calls of the running test and of the suites around it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._first: dict[str, Call] = {}
        self._parts = [Part()]

    def push(self) -> None:
        """A suite or a test begins."""
        self._parts.append(Part())

    def pop(self) -> None:
        """It ends; its calls are forgotten."""
        self._parts.pop()

    def add(self, call: Call) -> None:
        with self._lock:
            if len(self._first) < MOST_FIRST and (call.error or call.door.size(call.answer) <= MOST_OF_FIRST):
                self._first.setdefault(_kind_of(call), call)
            self._parts[-1].add(call)

    def before(self) -> list[Call]:
        """The calls before the running test that it may depend on: of its suites, then the first of the process."""
        around = [call for part in self._parts[:-1] for call in part.calls]
        during = set(map(id, self._parts[-1].calls))
        found = {id(call): call for call in [*around, *self._first.values()] if id(call) not in during}
        return list(found.values())

    def during(self) -> Part:
        """The calls of the running test."""
        return self._parts[-1]


class Player:
    """Answers calls with what was recorded: each answer once and in order, the last one of its kind again and again.

    ``before`` and ``during`` are what ``Call.data`` made of the calls before and in the test; since ``begin_test``
    those of the test come first. The same request comes before one of its name, and that before one whose name differs
    only in ids. ``redact`` blanks what a recording does not hold.
    """

    def __init__(
        self, before: list[dict[str, Any]], during: list[dict[str, Any]], redact: Callable[[Any], Any]
    ) -> None:
        self._redact = redact
        self._lock = Lock()
        self._used: set[int] = set()
        self._calls = [*before, *during]
        self._begun = False
        self._known: dict[tuple[object, ...], list[int]] = {}
        for number, call in enumerate(self._calls):
            for key in _keys(call["door"], call["request"], call["detail"]):
                self._known.setdefault((number >= len(before), *key), []).append(number)

    def begin_test(self) -> None:
        """What is around the test is over."""
        self._begun = True

    def answer(self, door: Door[T], request: str, detail: Any, ask: Callable[[], T] | None = None) -> T:
        """The recorded answer, or its error raised. Where there is none ``BenchError``; of a local door ``ask``'s."""
        call = self._find(door, self._redact(request), self._redact(detail))
        if call is None and door.local and ask:
            return ask()
        if call is None or call.get("left_out"):
            why = "it was left out because of its size" if call else "the test did not ask that when it was recorded"
            raise BenchError(f"The bundle has no answer to {request} ({why}): repeat the test on a site.")
        if "error" in call:
            raise door.error(call["error"]["name"], call["error"]["text"])
        return door.decode(call["answer"])

    def _find(self, door: Door[Any], request: str, detail: Any) -> dict[str, Any] | None:
        same, named, alike = _keys(door.name, request, detail)
        first, then = self._begun, not self._begun
        wanted = [(first, *same), (first, *named), (then, *same), (then, *named), (first, *alike), (then, *alike)]
        with self._lock:
            numbers = next((self._known[key] for key in wanted if key in self._known), None)
            if numbers is None:
                return None
            number = next(
                (number for number in numbers if number not in self._used), None if door.local else numbers[-1]
            )
            if number is None:
                return None
            self._used.add(number)
            return self._calls[number]


def _keys(door: str, request: str, detail: Any) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What is equal in the same request, in those of one name, and in those whose names differ only in ids."""
    exact = json.dumps(detail, sort_keys=True, default=str)
    return (door, request, exact), (door, request), (door, _VARYING.sub("#", request), "", "alike")


_recorder: Recorder | None = None
_player: Player | None = None
# A call that is made of others, such as a login behind a request, is recorded as one.
_thread = local()


def record() -> Recorder:
    """Records from now on; the recorder of the process."""
    global _recorder
    _recorder = _recorder or Recorder()
    return _recorder


def play(player: Player) -> None:
    """Answers every call from now on with what was recorded; nothing leaves this process any more."""
    global _player
    _player = player


def playing() -> bool:
    """Whether calls are answered from a recording."""
    return _player is not None


@contextmanager
def paused() -> Iterator[None]:
    """Nothing of this thread is recorded within the block."""
    before, _thread.inside = getattr(_thread, "inside", False), True
    try:
        yield
    finally:
        _thread.inside = before


def through(door: Door[T], request: str, ask: Callable[[], T], detail: Any = None) -> T:
    """The answer of ``ask``, recorded where a recorder is at work; the recorded one where a player is."""
    if _player:
        return _player.answer(door, request, detail, ask)
    if _recorder is None or getattr(_thread, "inside", False):
        return ask()
    call = Call(door, request, detail, time.time())
    begun = time.monotonic()
    _thread.inside = True
    try:
        answer = ask()
        call.answer = door.keep(answer)
    except Exception as error:
        call.error = error
        raise
    finally:
        _thread.inside = False
        call.seconds = time.monotonic() - begun
        _recorder.add(call)
    return answer
