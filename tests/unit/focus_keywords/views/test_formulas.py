"""The expected values of a view, beside numbers worked out by hand from the specification."""

from types import SimpleNamespace

import pytest
from focus_core.run import session
from focus_core.site import data as site_data
from focus_keywords.views.formulas import Formulas

FORMULAS = Formulas()


@pytest.mark.parametrize(("nfft", "hz"), [(128, 15.625), (1024, 1.953125), (65536, 0.030517578125)])
def test_a_step_is_the_pulse_rate_over_nfft(nfft: int, hz: float) -> None:
    assert FORMULAS.expected_frequency_step(nfft, prr=2000) == hz


def test_the_server_s_own_step_has_one_more_part() -> None:
    # The step of a recorded run: 256 frequencies up to 497.56 Hz.
    step = FORMULAS.expected_frequency_step(1024, prr=2000, formula="runtime")
    assert step == pytest.approx(1.9512195122)
    assert step * 255 == pytest.approx(497.56, abs=0.005)


@pytest.mark.parametrize(("nfft", "count"), [(256, 129), (512, 257), (1024, 513), (2048, 1025)])
def test_frequencies_are_half_of_nfft_and_one(nfft: int, count: int) -> None:
    assert FORMULAS.expected_number_of_frequencies(nfft) == count


@pytest.mark.parametrize(("nfft", "seconds"), [(256, 0.256), (512, 0.512), (1024, 1.024)])
def test_a_transform_sees_nfft_pulses(nfft: int, seconds: float) -> None:
    assert FORMULAS.expected_window_of_a_transform(nfft, prr=1000) == seconds


def test_half_of_each_transform_overlaps() -> None:
    assert FORMULAS.expected_row_time(512, prr=1000) == 0.256
    assert FORMULAS.expected_rows_a_second(512, prr=1000) == 3.90625


def test_no_frequency_is_above_half_the_pulse_rate() -> None:
    assert FORMULAS.nyquist_frequency(prr=2001) == 1000
    assert FORMULAS.expected_highest_frequency(2, prr=2000) == 998


def test_each_channel_has_its_own_stream() -> None:
    assert FORMULAS.expected_stream_sizes(3) == [1, 1, 1]


def test_amplitudes_take_four_bytes() -> None:
    assert FORMULAS.expected_bytes_a_row(8, 51) == 1632
    assert FORMULAS.expected_data_rate(8, 51, 0.01) == pytest.approx(163_200)


def test_the_site_s_pulse_rate_is_taken_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "prr", lambda: 2000.0)
    assert FORMULAS.expected_frequency_step(1000) == 2
    assert FORMULAS.expected_row_time(1000) == 0.25
    assert FORMULAS.nyquist_frequency() == 1000


def test_the_display_time_bounds_rows_and_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    site = SimpleNamespace(defaults=SimpleNamespace(duration_s=10.0), limits=SimpleNamespace(history_windows=30))
    monkeypatch.setattr(site_data, "site", lambda: site)
    assert FORMULAS.rows_of_a_millisecond_in_the_display_time() == 10_000
    assert FORMULAS.longest_window_of_the_display_time() == 300
