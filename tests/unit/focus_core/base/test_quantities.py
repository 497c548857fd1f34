"""focus_core.base.quantities: what testers write for amounts and moments."""

from datetime import UTC, datetime, timedelta

import pytest
from focus_core.base.quantities import Bytes, Hertz, Metres, Moment, Percent, Quantity, Seconds, amount, number


@pytest.mark.parametrize(
    ("kind", "text", "base"),
    [
        (Seconds, "30 s", 30),
        (Seconds, "500 ms", 0.5),
        (Seconds, "2 minutes", 120),
        (Seconds, "1.5", 1.5),
        (Bytes, "512 MiB", 512 * 1024**2),
        (Bytes, "10 kB", 10_000),
        (Metres, "1250 m", 1250),
        (Metres, "1.25km", 1250),
        (Hertz, "1 kHz", 1000),
        (Percent, "80 %", 80),
        (Percent, "80%", 80),
    ],
)
def test_a_quantity_is_a_number_in_its_base_unit(kind: type[Quantity], text: str, base: float) -> None:
    assert kind.convert(text) == base


@pytest.mark.parametrize("text", ["30 m", "thirty s", "", "3 s 4", "nan s", "1e999 s"])
def test_what_is_no_time_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"30 s or 500 ms|larger than"):
        Seconds.convert(text)


def test_a_quantity_shows_its_unit() -> None:
    assert [str(Bytes(1024**2 * 512)), str(Seconds(0.5)), repr([Percent(80)])] == ["512 MiB", "0.5 s", "[80 %]"]


@pytest.mark.parametrize(("text", "base"), [("5", 5), ("-1e-3", -0.001), ("500 ms", 0.5), ("80 %", 80), ("1 km", 1000)])
def test_an_amount_may_have_any_unit(text: str, base: float) -> None:
    assert amount(text) == base


@pytest.mark.parametrize("text", ["five", "nan", "inf", "5 parsecs", "1_000"])
def test_other_words_are_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="like 5"):
        amount(text)


def test_whole_numbers_stay_whole() -> None:
    assert isinstance(number("12"), int)
    assert isinstance(number("12.0"), float)


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("now", timedelta(0)),
        ("10 minutes ago", timedelta(minutes=10)),
        ("last hour", timedelta(hours=1)),
        ("the last 2 days", timedelta(days=2)),
        ("1 day ago", timedelta(days=1)),
        ("in 30 s", timedelta(seconds=-30)),
    ],
)
def test_moments_are_relative_to_now(text: str, ago: timedelta) -> None:
    converted = Moment.convert(text)
    assert timedelta(0) <= datetime.now(UTC) - ago - converted < timedelta(seconds=5)


@pytest.mark.parametrize(
    "text", ["2026-11-30 12:00", "2026-11-30T12:00:00Z", "1796040000", datetime(2026, 11, 30, 12, 0)]
)
def test_moments_without_a_zone_are_utc(text: object) -> None:
    assert Moment.convert(text) == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_days_begin_at_midnight() -> None:
    assert Moment.convert("today") - Moment.convert("yesterday") == timedelta(days=1)
    assert str(Moment.convert("today")).endswith("00:00:00 UTC")


@pytest.mark.parametrize("text", ["soon", "ago", "last time", "5 m ago", "30.11.2026", "1e30 days ago"])
def test_other_words_are_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="10 minutes ago"):
        Moment.convert(text)
