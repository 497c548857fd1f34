"""The objects that keywords return, for their page and for editors. A dataclass that is not here is not documented."""

from __future__ import annotations

OBJECTS: tuple[type, ...] = ()
