"""``GET /metadata/{id}``: the answer of the view once more, and the values of its request."""

import math
from collections.abc import Mapping
from typing import Any

from focus_core.views.view import View

# Frequencies and row times are floats that may have been computed in another order.
_RELATIVE_TOLERANCE = 1e-6


def expected(view: View) -> dict[str, Any]:
    """The metadata that the view has to have. ``frequencyRange`` is None and ``nfft`` 1 for a waterfall."""
    asked = view.request.body()
    return {
        "nfft": view.request.nfft,
        "channels": asked["channels"],
        "frequencyRange": asked.get("frequencyRange"),
        "timeStatus": "Historic" if view.request.window else "Live",
        **view.answer.raw,
    }


def problems(view: View, raw: Any) -> list[str]:
    """Every value that is missing, is too much, or differs from the view's request and answer."""
    if not isinstance(raw, dict):
        return [f"the body is not an object: {raw!r:.80}"]
    wanted = expected(view)
    return [
        *(f"{name} is missing, expected {wanted[name]!r:.80}" for name in wanted if name not in raw),
        *(f"{name} is {raw[name]!r:.80}, but the view has none" for name in raw.keys() - wanted.keys()),
        *(
            difference(name, raw[name], value)
            for name, value in wanted.items()
            if name in raw and not same(raw[name], value, ordered=name == "channel_to_stream_index")
        ),
    ]


def mismatch_with_live_metadata(raw: Mapping[str, Any], live: Mapping[str, Any]) -> list[str]:
    """What the recorder's part of a live view's metadata says otherwise than ``GET /live_metadata``.

    Both speak of one fibre: pulse repetition rate in Hz, metres a channel, number of channels, extent, description.
    """
    recorder = raw.get("metadata")
    parent = recorder.get("parent") if isinstance(recorder, dict) else None
    if not isinstance(parent, dict):
        return ["metadata.parent, the recording that the view shows, is missing"]
    pairs = (
        ("dx", "dx"),
        ("prr", "prr"),
        ("num_samples_per_trace", "number_of_channels"),
        ("fiber_start_meters", "fiber_start_meters"),
        ("fiber_length_meters", "fiber_length_meters"),
        ("fiber_description", "fiber_description"),
    )
    return [
        f"metadata.parent.{name} is {parent.get(name)!r}, live metadata have {live_name} {live.get(live_name)!r}"
        for name, live_name in pairs
        if name not in parent or live_name not in live or parent[name] != live[live_name]
    ]


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
