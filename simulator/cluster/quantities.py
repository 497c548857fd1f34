"""Kubernetes quantities such as `250m`, `64Mi`, `2`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_UNITS = {
    "": Decimal(1),
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "P": Decimal(10**15),
    "Ki": Decimal(2**10),
    "Mi": Decimal(2**20),
    "Gi": Decimal(2**30),
    "Ti": Decimal(2**40),
    "Pi": Decimal(2**50),
}
_QUANTITY = re.compile(r"^([+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)([numkMGTP]?|[KMGTP]i)$")


def quantity(value: Any) -> Decimal:
    """The number behind a quantity; raises ValueError when it is none."""
    found = _QUANTITY.match(str(value))
    if not found:
        raise ValueError(f'"{value}" is no quantity such as 250m, 64Mi or 2')
    return Decimal(found[1]) * _UNITS[found[2]]
