"""Recordings with gaps: which parts of a window there are, and which rows lie in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.pods.analyzer.playback import recorded_rows, rows_between, speed
from simulator.pods.focus.recordings import STILL_RECORDING, Recording, recorded_parts


@pytest.mark.parametrize(
    ("found", "parts"),
    [
        ([], ()),
        ([(90, 300)], ((0.0, 100.0),)),
        ([(90, 120), (160, STILL_RECORDING)], ((0.0, 20.0), (60.0, 100.0))),
        ([(150, 180), (90, 120)], ((0.0, 20.0), (50.0, 80.0))),
        ([(100, 150), (150, 160), (140, 170)], ((0.0, 70.0),)),
        ([(50, 100), (200, 250)], ()),
        ([(110, 190), (120, 130)], ((10.0, 90.0),)),
    ],
)
def test_parts_of_a_window_from_100_to_200(
    found: list[tuple[int, int]], parts: tuple[tuple[float, float], ...]
) -> None:
    assert recorded_parts([Recording(*times) for times in found], 100, 200) == parts


def test_only_whole_rows_are_played() -> None:
    assert recorded_rows([(0.0, 1.0), (1.05, 1.15), (2.05, 3.0)], 0.1) == [range(10), range(21, 30)]
    assert recorded_rows([(0.0, 60.0)], 0.01) == [range(6000)]
    assert recorded_rows([(0.0, 0.4)], 0.5) == []
    assert recorded_rows([], 0.5) == []


def test_rows_are_counted_across_the_gap() -> None:
    rows = [range(10), range(20, 30)]
    assert rows_between(rows, 0, 5) == [range(5)]
    assert rows_between(rows, 8, 12) == [range(8, 10), range(20, 22)]
    assert rows_between(rows, 12, 99) == [range(22, 30)]
    assert rows_between(rows, 20, 99) == []


def test_a_site_plays_faster_than_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (speed(1.0), speed(0.1)) == (10.0, 100.0)
    (tmp_path / "defects.json").write_text('["playback-slow"]', encoding="utf-8")
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    assert (speed(1.0), speed(0.1)) == (1.0, 1.0)
