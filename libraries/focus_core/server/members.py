"""A member of a JSON value by its path, as ``dependencies.mongodb`` or ``detail[0].loc[-1]``."""

from __future__ import annotations

import re
from typing import Any

from focus_core.base.errors import BenchError

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(-?\d+)\]")


def member(value: Any, path: str) -> Any:
    """What stands at the path: names from outside in, parted by dots; ``[0]`` is a place in a list, ``[-1]`` its last.

    Raises ``AssertionError`` when nothing stands there, with what there is instead; ``BenchError`` for what is no path.
    """
    for step in _steps(path):
        if isinstance(step, int) and isinstance(value, list):
            if not -len(value) <= step < len(value):
                raise AssertionError(f"there is no {path}: at [{step}] stands a list of {len(value)}")
            value = value[step]
        elif isinstance(step, str) and isinstance(value, dict):
            if step not in value:
                raise AssertionError(f"there is no {path}: at '{step}' it has {', '.join(value) or 'no member'}")
            value = value[step]
        else:
            place = f"[{step}]" if isinstance(step, int) else f"'{step}'"
            raise AssertionError(f"there is no {path}: at {place} stands {_kind(value)}")
    return value


def _kind(value: Any) -> str:
    """What a JSON value is, in words."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    kinds = ((dict, "an object"), (str, "a text"), (bool, "a truth"), (int | float, "a number"))
    return next((words for kind, words in kinds if isinstance(value, kind)), "nothing")


def _steps(path: str) -> list[str | int]:
    found: list[str | int] = []
    place = 0
    while place < len(path):
        match = _STEP.match(path, place)
        if match is None or (place == 0 and path.startswith(".")):
            break
        found.append(match[1] if match[2] is None else int(match[2]))
        place = match.end()
    if place < len(path) or not found:
        raise BenchError(
            f"'{path}' is no way to a member of an answer; write names and places in lists, like detail[0].msg."
        )
    return found
