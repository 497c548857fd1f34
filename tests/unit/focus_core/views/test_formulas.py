"""The expected values of a view, beside numbers worked out by hand from the specification."""

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.run import session
from focus_core.server.client import Exchange
from focus_core.site import data as site_data
from focus_core.views import formulas
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType
from focus_keywords.views.formulas import Formulas

FORMULAS = Formulas()


def view(nfft: int = 1024, channels: tuple[int, int] = (1, 8), **raw: Any) -> View:
    request = ViewRequest(ViewType.MultiChannel, channels, nfft, (0, 1000), 10, 1000)
    answer = ViewAnswer("1-1", 3, 12301, "http://x", {"frequencies_list": [0.0, 2.0, 4.0], "lines_dt": 0.01} | raw)
    return View(request, answer, Exchange("POST", "", "", 200, {}, "", 0))


def expected(quantity: formulas.Quantity, of: View, prr: float = 2000) -> float:
    return formulas.formula(quantity).value(of, prr)


@pytest.mark.parametrize(("nfft", "hz"), [(128, 15.625), (1024, 1.953125), (65536, 0.030517578125)])
def test_a_step_is_the_pulse_rate_over_nfft(nfft: int, hz: float) -> None:
    assert expected("frequency_step", view(nfft)) == hz


def test_the_server_s_own_step_has_one_more_part() -> None:
    # The step of a recorded run: 256 frequencies up to 497.56 Hz.
    step = expected("runtime_frequency_step", view(1024))
    assert step == pytest.approx(1.9512195122)
    assert step * 255 == pytest.approx(497.56, abs=0.005)


@pytest.mark.parametrize(("nfft", "count"), [(256, 129), (512, 257), (1024, 513), (2048, 1025)])
def test_frequencies_are_half_of_nfft_and_one(nfft: int, count: int) -> None:
    assert expected("frequency_count", view(nfft)) == count


@pytest.mark.parametrize(("nfft", "seconds"), [(256, 0.256), (512, 0.512), (1024, 1.024)])
def test_a_transform_sees_nfft_pulses(nfft: int, seconds: float) -> None:
    assert expected("transform_seconds", view(nfft), prr=1000) == seconds


def test_half_of_each_transform_overlaps() -> None:
    assert expected("row_seconds", view(512), prr=1000) == 0.256
    assert expected("rows_a_second", view(512), prr=1000) == 3.90625


def test_no_frequency_is_above_half_the_pulse_rate() -> None:
    assert formulas.nyquist_frequency(2001) == 1000
    assert expected("last_frequency", view()) == 998


def test_each_channel_has_its_own_stream() -> None:
    assert expected("stream_count", view(channels=(5, 7))) == 3
    assert formulas.answered("stream_amount", view(stream_amount=3)) == 3


def test_amplitudes_take_four_bytes() -> None:
    assert expected("bytes_a_row", view()) == 8 * 3 * 4
    assert expected("bytes_a_second", view()) == pytest.approx(9600)
    with pytest.raises(BenchError, match="does not give bytes_a_row; compare it with what its streams gave"):
        formulas.answered("bytes_a_row", view())


def test_an_answer_is_compared_within_the_tolerance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "prr", lambda: 2000.0)
    FORMULAS.view_should_follow_the_formula(view(1000), "frequency_step")
    FORMULAS.view_should_follow_the_formula(view(1020), "frequency_step", tolerance=0.04)
    with pytest.raises(
        AssertionError,
        match=r"Frequency step \(Hz\) of the .* is 2, expected 1.95312 \(PRR / NFFT\) with a tolerance of 0.01\.",
    ):
        FORMULAS.view_should_follow_the_formula(view(), "frequency_step", tolerance=0.01)
    assert FORMULAS.get_formula_value(view(), "bytes_a_row") == 96
    assert FORMULAS.nyquist_frequency() == 1000


def test_the_display_time_bounds_rows_and_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    site = SimpleNamespace(defaults=SimpleNamespace(duration_s=10.0), limits=SimpleNamespace(history_windows=30))
    monkeypatch.setattr(site_data, "site", lambda: site)
    assert FORMULAS.rows_of_a_millisecond_in_the_display_time() == 10_000
    assert FORMULAS.longest_window_of_the_display_time() == 300
    assert FORMULAS.longest_window_of_the_display_time(more=1) == 301
