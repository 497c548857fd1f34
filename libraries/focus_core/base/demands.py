"""What a keyword demands of a tester's numbers and lists before it asks the site for anything.

A count of 0, an empty list or no time at all would let a check pass that looked at nothing.
"""

import math
from collections.abc import Sized

from focus_core.base.errors import BenchError

# More than any table means; a longer loop would only exhaust the tester's machine.
_MOST = 1_000_000


def at_least(lowest: int, **given: float) -> None:
    """Raises ``BenchError`` for the first argument, by its name, that is no whole number from ``lowest``, or huge."""
    between(lowest, _MOST, **given)


def between(lowest: int, highest: int, **given: float) -> None:
    """Raises ``BenchError`` for the first argument, by its name, that is no whole number of these."""
    for name, value in given.items():
        if not (lowest <= value <= highest and value == int(value)):
            raise BenchError(f"{name} is a whole number from {lowest} to {highest}, not {value:g}; correct the table.")


def above_zero(**given: float) -> None:
    """Raises ``BenchError`` for the first argument, by its name, that is 0, negative, or no number at all."""
    for name, value in given.items():
        if not (value > 0 and math.isfinite(value)):
            raise BenchError(f"{name} is a number above 0, not {value:g}; correct the table.")


def not_negative(**given: float) -> None:
    """Raises ``BenchError`` for the first argument, by its name, that is negative, or no number at all."""
    for name, value in given.items():
        if not (value >= 0 and math.isfinite(value)):
            raise BenchError(f"{name} is a number of 0 or more, not {value:g}; correct the table.")


def percentage(**given: float) -> None:
    """Raises ``BenchError`` for the first argument, by its name, that is no percentage above 0."""
    for name, value in given.items():
        if not 0 < value <= 100:
            raise BenchError(f"{name} is a percentage above 0 and up to 100, not {value:g}; correct the table.")


def some(what: str, given: Sized) -> None:
    """Raises ``BenchError`` when nothing is given of which there has to be something; ``what`` is one of it."""
    if not given:
        raise BenchError(f"Name at least one {what}; with none, nothing is checked.")
