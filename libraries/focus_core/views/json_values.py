"""Whether two JSON values are alike, and where they differ."""

import math
from typing import Any

# Frequencies and row times are floats that may have been computed in another order.
_RELATIVE_TOLERANCE = 1e-6


def same(seen: Any, wanted: Any, *, ordered: bool = False) -> bool:
    """Whether two JSON values are alike: types too, numbers with a fraction within rounding.

    ``ordered``: the members of an object have to come in the same order.
    """
    if isinstance(wanted, dict):
        if not isinstance(seen, dict) or seen.keys() != wanted.keys() or (ordered and list(seen) != list(wanted)):
            return False
        return all(same(seen[name], value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(seen, list) and len(seen) == len(wanted) and all(map(same, seen, wanted))
    if isinstance(wanted, float):
        number = isinstance(seen, int | float) and not isinstance(seen, bool)
        return number and math.isclose(seen, wanted, rel_tol=_RELATIVE_TOLERANCE, abs_tol=1e-9)
    return type(seen) is type(wanted) and bool(seen == wanted)


def difference(name: str, seen: Any, wanted: Any) -> str:
    """Where two values that are not alike differ first."""
    if isinstance(seen, dict) and isinstance(wanted, dict) and seen.keys() == wanted.keys():
        for key, value in wanted.items():
            if not same(seen[key], value):
                return difference(f"{name}.{key}", seen[key], value)
    if isinstance(seen, list) and isinstance(wanted, list):
        if len(seen) != len(wanted):
            return f"{name} has {len(seen)} entries, expected {len(wanted)}"
        for index, (entry, value) in enumerate(zip(seen, wanted, strict=True)):
            if not same(entry, value):
                return difference(f"{name}[{index}]", entry, value)
    return f"{name} is {seen!r:.120}, expected {wanted!r:.120}"
