"""The rules of ``x-rule`` in the record that are about one value: what JSON Schema cannot say.

Each yields the place inside the value and a sentence for what breaks it. A value that has another shape than its schema
never comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from focus_core.contract.violation import short

Rule = Callable[[Any], Iterator[tuple[str, str]]]


def counts_equal(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The amounts of a view are the numbers of what they count (site contract, 1.4)."""
    for amount, counted in (("frequencies_amount", "frequencies_list"), ("channel_amount", "channel_to_stream_index")):
        if view[amount] != len(view[counted]):
            yield amount, f"{amount} is {view[amount]}, expected {len(view[counted])} as in {counted}"


def map_complete(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each channel of a view, in order, has a stream; streams rise from 0 without a gap (site contract, 2.6)."""
    place = "channel_to_stream_index"
    channels = [int(channel) for channel in view[place]]
    gap = next((after for before, after in pairwise(channels) if after != before + 1), None)
    if gap is not None:
        yield place, f"{place} has channel {gap} out of order, expected each channel after the one before it"
    streams = list(view[place].values())
    rises = streams[:1] == [0] and all(after - before in (0, 1) for before, after in pairwise(streams))
    if not rises or streams[-1] != view["stream_amount"] - 1:
        yield place, f"{place} leads to the streams {short(sorted(set(streams)))}, expected 0 to stream_amount - 1"


def html_page(page: str) -> Iterator[tuple[str, str]]:
    """A page is one, from its beginning to its end."""
    if "<html" not in page.casefold() or "</html>" not in page.casefold():
        yield "", f"the body is no HTML page: {short(page)}"


RULES: dict[str, Rule] = {"counts-equal": counts_equal, "map-complete": map_complete, "html-page": html_page}
