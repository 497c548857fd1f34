"""Documents of recordings, as the site's recorder writes them (site contract 5.1), made one by one from a seed.

The same seed, profile and times make the same documents but for their uuids, which follow from the name of the set.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from focus_core.data.profiles import Recordings

Document = dict[str, Any]

# The fibre of a site that has recorded nothing yet.
FIBRE: Mapping[str, Any] = {
    "layer_type": "prp2_recording",
    "dx": 1.0213698148727417,
    "prr": 2000.0,
    "dtype": "float32",
    "num_samples_per_trace": 9791,
    "fiber_start_meters": 0,
    "fiber_length_meters": 10000,
    "number_of_channels": 9791,
    "fiber_description": "Test data",
}
# A live recording began so many seconds ago.
_LIVE_S = (60, 3000)


@dataclass(frozen=True)
class Source:
    """What all documents of a set have in common: its name, the seed, the fibre, and the site's time (naive UTC).

    Finished recordings end at ``end`` (naive UTC) at the latest."""

    name: str
    seed: int
    end: datetime
    now: datetime
    fibre: Mapping[str, Any]

    def chance(self, part: str) -> random.Random:
        """Numbers by chance that are the same for the same seed and part."""
        return random.Random(f"{self.seed} {part}")  # noqa: S311 - test data, not a secret

    def recording(self, number: str, start: datetime, end: datetime | None, *, deleted: bool = False) -> Document:
        """One document; ``number`` is unlike that of any other of the set."""
        own = str(self._uuid(number))
        return {
            "uuid": own,
            "start_time": start,
            "end_time": end,
            "deleted": deleted,
            "fiber_metadata": {
                "layer_type": "smart_recorder",
                "uuid": own,
                "cmd": "record",
                "version": "TLV-1.3",
                "num_traces": 10000,
                "parent": {**self.fibre, "uuid": str(self._uuid(f"{number} fibre"))},
            },
        }

    def _uuid(self, of: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"{self.name}/{of}")


def start_of(asked: Recordings, end: datetime) -> datetime:
    """When the first finished recording begins, so that the last ends at ``end``; ``end`` where there is none."""
    if not asked.count:
        return end
    gaps = asked.gap * (asked.count - 1 - asked.holes) + asked.length * asked.holes
    return end - timedelta(seconds=asked.length * asked.count + gaps)


def documents(source: Source, asked: Recordings) -> Iterator[Document]:
    """All that is asked for: the finished ones in order of time, each overlapping one after the one that it overlaps,
    then the live ones."""
    chance = source.chance("recordings")
    every = range(asked.count)
    deleted = set(chance.sample(every, round(asked.count * asked.deleted / 100)))
    before_holes = set(chance.sample(every[:-1], asked.holes))
    overlapped = set(chance.sample(every, asked.overlapping))
    length, start = timedelta(seconds=asked.length), start_of(asked, source.end)
    for number in every:
        end = start + length
        yield source.recording(str(number), start, end, deleted=number in deleted)
        if number in overlapped:
            # The very last one has to end in time.
            shift = -length / 2 if number == asked.count - 1 else length / 2
            yield source.recording(f"{number} overlapping", start + shift, end + shift)
        start = end + (length if number in before_holes else timedelta(seconds=asked.gap))
    for number in range(asked.live):
        ago = timedelta(seconds=chance.randrange(*_LIVE_S))
        yield source.recording(f"live {number}", source.now - ago, None)
