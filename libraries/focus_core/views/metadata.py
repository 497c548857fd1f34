"""``GET /metadata/{id}``: the answer of the view once more, and the values of its request."""

from collections.abc import Mapping
from typing import Any

from focus_core.views.json_values import difference, same
from focus_core.views.view import View


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
    """What the recorder's part of a live view's metadata has otherwise than ``GET /live_metadata``.

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
