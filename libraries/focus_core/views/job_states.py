"""The states of a job as ``GET /ack/{id}`` reports them, watched over time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import Literal, get_args

from focus_core.base.errors import BenchError

# In the only order in which a job goes through them (site contract 0.3).
JobState = Literal["waiting", "running", "completed"]
ORDER: tuple[str, ...] = get_args(JobState)
_INTERVAL_S = 0.1


@dataclass(frozen=True)
class Sighting:
    """A state that was seen for the first time ``seconds`` after the watch began."""

    state: str
    seconds: float


def watch(ask: Callable[[], str], last: str, *, timeout: float) -> list[Sighting]:
    """Asks until ``last`` or ``completed`` was answered, or ``timeout`` seconds are over; notes each change of state.

    What ``ask`` raises passes through.
    """
    begun = time.monotonic()
    seen: list[Sighting] = []
    while True:
        state = ask()
        now = time.monotonic() - begun
        if not seen or seen[-1].state != state:
            seen.append(Sighting(state, now))
        if state in (last, ORDER[-1]) or now > timeout:
            return seen
        time.sleep(_INTERVAL_S)


def check_words(wanted: Sequence[str]) -> None:
    """Raises ``BenchError`` unless these are states of a job, in an order that a job can go through."""
    places = [ORDER.index(state) for state in wanted if state in ORDER]
    if not places or len(places) < len(wanted) or places != sorted(set(places)):
        raise BenchError(f"A job goes through {', '.join(ORDER)}, in this order; not through {', '.join(wanted)}.")


def table(seen: Sequence[Sighting]) -> str:
    """The states with their times, one a line."""
    return "\n".join(f"{sighting.seconds:8.2f} s  {sighting.state}" for sighting in seen)


def problems(seen: Sequence[Sighting], wanted: Sequence[str], timeout: float) -> list[str]:
    """What is wrong with the states that were seen, when exactly ``wanted`` had to be seen in this order in time.

    What a job went through before the first of them is not asked for: a short state can be over before the first look.
    """
    states = [sighting.state for sighting in seen]
    earlier = ORDER[: ORDER.index(wanted[0])]
    if list(dropwhile(lambda state: state in earlier, states)) == list(wanted):
        return []
    found = [f"it was {' -> '.join(map(repr, states))}, expected {' -> '.join(map(repr, wanted))}"]
    if states[-1] != wanted[-1]:
        found.append(f"after {timeout:g} s it was still {states[-1]!r}")
    return found
