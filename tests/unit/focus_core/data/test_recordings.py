"""Recordings of a seed: as many as were asked for, where they were asked for, and the same every time."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from focus_core.data import damages, recordings
from focus_core.data.profiles import DAMAGES, Damage, Recordings
from focus_core.data.recordings import FIBRE, Source
from focus_core.mongodb import schema
from focus_core.mongodb.recordings import classes_of, classify, gaps, in_future, overlaps

NOW = datetime(2026, 12, 1, 12, 0)
SOURCE = Source("testdata-a", 7, NOW - timedelta(days=20), NOW, FIBRE)


def made(asked: Recordings, source: Source = SOURCE) -> list[dict[str, Any]]:
    return list(recordings.documents(source, asked))


def without_ids(documents: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(one["start_time"], one["end_time"], one["deleted"]) for one in documents]


def test_what_is_asked_for_is_made_and_ends_in_time() -> None:
    found = made(Recordings(count=100, length=300, gap=10, deleted=10, holes=3, live=2))
    assert classes_of(found, NOW.replace(tzinfo=UTC)) == {"historic": 90, "deleted": 10, "live": 2}
    finished = found[:100]
    assert finished[-1]["end_time"] == SOURCE.end
    assert sorted(gaps(finished)) == [10.0] * 96 + [300.0] * 3
    assert overlaps(found) == []


def test_each_fits_the_contract_and_has_an_identity_of_its_own() -> None:
    found = made(Recordings(count=50, overlapping=5, live=1))
    assert [fault for one in found for fault in schema.faults("recordings", one)] == []
    assert [fault for one in found for fault in schema.faults("metadata", one)] == []
    assert len({one["uuid"] for one in found}) == 56


def test_overlapping_ones_overlap_and_still_end_in_time() -> None:
    found = made(Recordings(count=4, length=60, gap=1, overlapping=4))
    assert len(overlaps(found)) >= 4
    assert max(one["end_time"] for one in found) == SOURCE.end


def test_a_seed_makes_the_same_but_for_the_uuids() -> None:
    asked = Recordings(count=200, gap=5, deleted=20, holes=5, overlapping=5, live=2)
    again = made(asked, replace(SOURCE, name="testdata-b"))
    assert without_ids(again) == without_ids(made(asked))
    assert {one["uuid"] for one in again}.isdisjoint(one["uuid"] for one in made(asked))
    assert without_ids(made(asked, replace(SOURCE, seed=8))) != without_ids(made(asked))


def test_they_are_made_one_by_one() -> None:
    endless = recordings.documents(SOURCE, Recordings(count=100_000))
    first = next(endless)
    assert first["start_time"] == SOURCE.end - 100_000 * timedelta(minutes=5)
    assert not isinstance(endless, list)


NOW_AWARE = NOW.replace(tzinfo=UTC)
# What finds each damage, by the rules that the words about data quality use.
FOUND_BY: dict[Damage, Any] = {
    "orphan": lambda one: classify(one, NOW_AWARE) == "orphan",
    "no start": lambda one: classify(one, NOW_AWARE) == "invalid",
    "stale": lambda one: classify(one, NOW_AWARE) == "stale",
    "in future": lambda one: in_future([one], NOW_AWARE),
    "end before start": lambda one: one["end_time"] < one["start_time"],
    "repeated uuid": lambda one: one["uuid"] == made(Recordings(count=1))[0]["uuid"],
    "malformed uuid": lambda one: schema.faults("recordings", one),
    "text as deleted": lambda one: schema.faults("recordings", one),
    "text as time": lambda one: schema.faults("recordings", one),
    "no fibre": lambda one: schema.faults("metadata", one),
}


@pytest.mark.parametrize("way", DAMAGES)
def test_each_damage_is_what_its_rule_finds(way: Damage) -> None:
    found = list(damages.documents(SOURCE, {way: 2}))
    assert len(found) == 2
    assert all(FOUND_BY[way](one) for one in found)
    sound = made(Recordings(count=2))[1]
    assert not FOUND_BY[way](sound)


def test_damages_keep_away_from_each_other() -> None:
    dated = [
        one
        for one in damages.documents(SOURCE, dict.fromkeys(DAMAGES, 2))
        if all(isinstance(one.get(name), datetime) for name in ("start_time", "end_time"))
    ]
    spans = sorted(sorted((one["start_time"], one["end_time"])) for one in dated)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
