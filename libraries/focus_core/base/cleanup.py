"""Whatever a test creates is registered here the moment it exists and removed again, newest first.

Registries are stacked: one for the process, one for each suite, one for each test. ``current()`` is the innermost, so
that what a suite setup creates lives as long as the suite. The listener opens and plays them; a registry is played also
when the test was stopped or its teardown failed.
"""

from collections.abc import Callable, Collection
from itertools import count

# One count for all registries: an id of one is unknown to the others.
_ids = count(1)


class CleanupRegistry:
    """Undo actions of one test, suite or process."""

    def __init__(self) -> None:
        self._undos: dict[str, tuple[str, Callable[[], None]]] = {}

    def __len__(self) -> int:
        return len(self._undos)

    def add(self, name: str, undo: Callable[[], None]) -> str:
        """Registers ``undo``; ``name`` names in errors what it removes ("job 7-12"). Returns an id for ``done``."""
        identifier = str(next(_ids))
        self._undos[identifier] = (name, undo)
        return identifier

    def done(self, identifier: str) -> None:
        """Forgets an undo that is no longer needed because the test itself removed the thing."""
        self._undos.pop(identifier, None)

    def names(self) -> dict[str, str]:
        """What is still to be removed, by id, oldest first."""
        return {identifier: name for identifier, (name, _) in self._undos.items()}

    def run(self) -> list[str]:
        """Plays every undo, newest first, each exactly once. Returns a sentence for each that failed."""
        errors = []
        while self._undos:
            errors += self.undo([next(reversed(self._undos))])
        return errors

    def undo(self, identifiers: Collection[str]) -> list[str]:
        """Plays those undos that are still needed, newest first. Returns a sentence for each that failed."""
        errors = []
        for identifier in [one for one in reversed(self._undos) if one in identifiers]:
            name, undo = self._undos.pop(identifier)
            try:
                undo()
            except Exception as error:  # noqa: BLE001 - the others must still be played; the error is reported
                errors.append(f"{name} was not removed: {error}")
        return errors


_stack: list[CleanupRegistry] = [CleanupRegistry()]


def current() -> CleanupRegistry:
    """The registry of the running test, else of the running suite, else of the process."""
    return _stack[-1]


def push() -> None:
    """Opens a registry for a test or suite that begins."""
    _stack.append(CleanupRegistry())


def pop() -> list[str]:
    """Closes the innermost registry and plays it. Returns a sentence for each undo that failed."""
    registry = _stack.pop() if len(_stack) > 1 else _stack[0]
    return registry.run()
