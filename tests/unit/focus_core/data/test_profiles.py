"""Profiles: those that ship can be used, and what is wrong with one is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.base import profile_names
from focus_core.base.errors import BenchError
from focus_core.data import profiles
from focus_core.data.profiles import DAMAGES


def test_the_profiles_that_ship() -> None:
    assert profile_names.names(profiles.FOLDER) == ["busy_day", "dirty_data", "quiet_site", "year_of_recordings"]
    assert profiles.read("Year Of Recordings").recordings.total == 100_000
    assert profiles.read("busy day").recordings.length == 300
    dirty = profiles.read("dirty data")
    assert set(dirty.damaged) == set(DAMAGES)
    assert dirty.base_path == "own"


def test_a_profile_that_there_is_not_is_answered_with_all_that_there_are() -> None:
    with pytest.raises(
        BenchError, match="no data profile 'busy days'; use one of busy_day, dirty_data, quiet_site, year_of"
    ):
        profiles.read("busy days")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("recordings: {count: 100001}", "At most 100000 recordings"),
        ("recordings: {count: -1}", "count is a whole number"),
        ("recordings: {count: 5, length: 5 minuets}", "a time is written like"),
        ("recordings: {cuont: 5}", "cuont"),
        ("recordings: {count: 5, deleted: 101 %}", "a percentage up to 100"),
        ("recordings: {count: 5, holes: 5}", "room for 4 holes"),
        ("colour: red", "'colour' is none of"),
        ("damaged: {broken: 1}", "damaged is one of orphan"),
        ("damaged: {orphan: many}", "not supported"),
        ("damaged: {repeated uuid: 1}", "use base_path own"),
        ("base_path: /tmp", "base_path is one of storage, own"),
        ("alerts: {count: 3, by: pigeon}", "by is one of web app, algorithm"),
        ("users: {count: 1000}", "At most 100 users"),
        ("- a list", "keys"),
        ("recordings: [", "cannot be used"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BenchError, match=r"odd\.yaml cannot be used") as raised:
        profiles.read("odd", tmp_path)
    assert complaint in str(raised.value)
