"""Rows of the simulated fibre: pure, non-negative, and with something to see in them."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from simulator.pods.analyzer.calculations import frequencies
from simulator.pods.analyzer.rows import SOURCE_SPEED_CHANNELS_S, TONE_HZ, RowSource

BINS = frequencies(1024, 0, 1000)


def rows(job_id: str = "1-7", lines_dt: float = 0.05) -> RowSource:
    return RowSource(job_id, BINS, lines_dt, origin_ms=1_800_000_000_000)


def test_a_part_equals_the_same_part_of_the_whole() -> None:
    whole = rows().block(0, 50, 1, 60)
    part = rows().block(10, 5, 20, 30)
    assert part.shape == (5, 11, 512)
    assert np.array_equal(whole[10:15, 19:30], part)


def test_what_the_fibre_shows_is_a_matter_of_time_and_channel_alone() -> None:
    first = rows("1-7").block(0, 5, 1, 5)
    assert np.array_equal(first, rows("1-8").block(0, 5, 1, 5))
    assert not np.array_equal(first, rows("1-7").block(5, 5, 1, 5))
    later = RowSource("1-9", BINS, 0.05, origin_ms=1_800_000_001_000)
    assert np.array_equal(rows().block(20, 5, 1, 5), later.block(0, 5, 1, 5))


def test_a_defect_makes_jobs_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "defects.json").write_text(json.dumps(["playbacks-differ"]), encoding="utf-8")
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    assert not np.array_equal(rows("1-7").block(0, 5, 1, 5), rows("1-8").block(0, 5, 1, 5))


@pytest.mark.parametrize("nfft", [128, 65536])
def test_intensities_are_finite_and_not_negative(nfft: int) -> None:
    block = RowSource("1-7", frequencies(nfft, 0, 1000), 0.01, 0).block(10**6, 5, 1, 20)
    assert np.isfinite(block).all()
    assert block.min() >= 0


def test_the_tone_stands_out_of_its_neighbours() -> None:
    spectrum = rows().block(0, 200, 1, 99).mean(axis=(0, 1))
    tone = min(range(len(BINS)), key=lambda index: abs(BINS[index] - TONE_HZ))
    assert spectrum[tone] > 2 * spectrum[tone + 20]


def test_the_source_moves_along_the_fibre() -> None:
    """Its place shifts by speed x time between two rows (modulo the distance to the next source)."""
    block = rows(lines_dt=0.5).block(0, 3, 1, 64)[:, :, :10].sum(axis=2)
    places = block.argmax(axis=1)
    step = SOURCE_SPEED_CHANNELS_S * 0.5
    assert [(later - earlier) % 64 for earlier, later in itertools.pairwise(places)] == [step, step]


def test_times_follow_each_other_without_gap() -> None:
    source = rows(lines_dt=0.0390625)
    assert source.start_ms(0) == 1_800_000_000_000
    starts = [source.start_ms(row) for row in range(1000)]
    assert all(later > earlier for earlier, later in itertools.pairwise(starts))
    assert source.row_at(1_800_000_000 + 10) == 256
    assert source.row_at(0) == 0


def test_a_defect_makes_amplitudes_negative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "defects.json").write_text(json.dumps(["negative-amplitudes"]), encoding="utf-8")
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    assert rows().block(0, 5, 1, 5).min() < 0
