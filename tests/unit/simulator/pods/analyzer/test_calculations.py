"""The calculated fields of a view against recorded answers and the arithmetic of the site contract."""

import math

import pytest

from simulator.pods.analyzer.calculations import MULTICHANNEL, SINGLECHANNEL, WATERFALL, Calculated, calculate


def view(view_type=MULTICHANNEL, channels=(1, 50), nfft=1024, frequency=(0, 500), duration=10, height=1000, spec=False):
    return calculate(
        view_type=view_type,
        channels=channels,
        nfft=nfft,
        frequency_hz=frequency,
        duration_s=duration,
        height=height,
        spec_formulas=spec,
    )


def groups(result: Calculated) -> list[int]:
    """Sizes of the streams, in order."""
    return [list(result.streams.values()).count(stream) for stream in range(result.stream_amount)]


def test_recorded_historic_view() -> None:
    result = view(duration=300, height=600)
    assert len(result.frequencies) == 256
    assert result.frequencies[0] == 0
    assert result.frequencies[1] == pytest.approx(1.9512195, abs=1e-7)
    assert result.frequencies[-1] == pytest.approx(497.56, abs=0.005)
    assert result.lines_dt == 0.5
    assert groups(result) == [17, 17, 16]
    assert [result.streams[channel] for channel in (1, 17, 18, 34, 35, 50)] == [0, 0, 1, 1, 2, 2]


def test_recorded_view_of_eight_channels() -> None:
    result = view(channels=(1, 8), nfft=512, duration=30, height=768)
    assert result.lines_dt == 0.0390625
    assert result.streams == {1: 0, 2: 0, 3: 0, 4: 1, 5: 1, 6: 1, 7: 2, 8: 2}


def test_recorded_single_channel_view() -> None:
    result = view(SINGLECHANNEL, channels=(7, 7))
    assert len(result.frequencies) == 256
    assert result.lines_dt == 0.01
    assert result.streams == {7: 0}


@pytest.mark.parametrize("nfft", [128, 256, 512, 1024, 2048, 4096])
def test_step_and_bins_agree_with_the_older_formulas(nfft: int) -> None:
    """Within 1 % and one bin, from 128 on (PRR 2000)."""
    frequencies = view(nfft=nfft, frequency=(0, 1000)).frequencies
    assert frequencies[1] == pytest.approx(2000 / nfft, rel=0.01)
    assert abs(len(frequencies) - (nfft // 2 + 1)) <= 1


def test_bins_below_the_range_are_left_out() -> None:
    whole, upper = view(frequency=(0, 500)).frequencies, view(frequency=(100, 500)).frequencies
    assert upper == [hertz for hertz in whole if hertz >= 100]


@pytest.mark.parametrize("frequency", [(0, 1), (500, 501), (999, 1000)])
def test_a_range_narrower_than_a_step_has_one_bin(frequency: tuple[int, int]) -> None:
    (only,) = view(nfft=128, frequency=frequency).frequencies
    assert frequency[0] - 2000 / 129 < only <= frequency[0]


@pytest.mark.parametrize(("amount", "streams"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (99, 3), (2222, 3)])
def test_channels_are_spread_over_up_to_three_contiguous_groups(amount: int, streams: int) -> None:
    result = view(channels=(11, 10 + amount))
    assert list(result.streams) == list(range(11, 11 + amount))
    assert list(result.streams.values()) == sorted(result.streams.values())
    assert result.stream_amount == streams
    assert groups(result)[0] == math.ceil(amount / 3)


def test_waterfall_has_one_bin_and_the_default_window() -> None:
    result = view(WATERFALL, nfft=1, frequency=None, duration=None, height=600)
    assert result.frequencies == [0.0]
    assert result.lines_dt == 0.05


def test_specification_formulas() -> None:
    result = view(channels=(1, 4), frequency=(0, 1000), spec=True)
    assert len(result.frequencies) == 513
    assert result.frequencies[1] == 2000 / 1024
    assert result.lines_dt == 0.256
    assert result.streams == {1: 0, 2: 1, 3: 2, 4: 3}
