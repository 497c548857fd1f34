"""A tester's words."""

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.words import ChannelRange, FrequencyRange, Hole, Percentage, Recording, number_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11-109", (11, 109)),
        ("11 to 109", (11, 109)),
        (" 11 - 109 ", (11, 109)),
        ("7", (7, 7)),
        ("-5-10", (-5, 10)),
        ("-5 to -1", (-5, -1)),
    ],
)
def test_channels(text: str, expected: tuple[int, int]) -> None:
    assert ChannelRange.convert(text) == expected


@pytest.mark.parametrize("text", ["", "eleven", "11-", "1.5-3", "11..109", "1-2-3", "11 109", "11to109x"])
def test_what_is_no_channels(text: str) -> None:
    with pytest.raises(ValueError, match="channels are written like 11-109, 11 to 109 or 7"):
        ChannelRange.convert(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0-1000 Hz", (0, 1000)), ("0 to 1000", (0, 1000)), ("0.5-2.5hz", (0.5, 2.5)), ("-10-500 Hz", (-10, 500))],
)
def test_frequencies(text: str, expected: tuple[float, float]) -> None:
    assert FrequencyRange.convert(text) == expected


@pytest.mark.parametrize("text", ["", "500", "0-1.2.3", "0-1 kHz", "low-high"])
def test_what_is_no_frequencies(text: str) -> None:
    with pytest.raises(ValueError, match="frequencies are written like 0-1000 Hz or 0 to 1000 Hz"):
        FrequencyRange.convert(text)


def test_a_hole_knows_what_is_missing() -> None:
    hole = Hole(Recording(100, 200), ((100, 105), (165, 200)))
    assert hole.missing == 60
    assert str(hole) == "a hole of 60 s between 105 and 165"


@pytest.mark.parametrize(("text", "part"), [("1 %", 2.5), ("10%", 25), ("0.5 %", 1.25)])
def test_percentages_are_written_with_their_sign(text: str, part: float) -> None:
    assert Percentage.convert(text).of(250) == part


@pytest.mark.parametrize("text", ["1", "%", "one %", "1 percent"])
def test_other_words_are_no_percentage(text: str) -> None:
    with pytest.raises(ValueError, match="a percentage is written like 1 %"):
        Percentage.convert(text)


def test_numbers_are_read_as_a_tester_writes_them() -> None:
    assert [repr(number_in(text)) for text in ("3", "0.5", "-1", "1e3")] == ["3", "0.5", "-1", "1000.0"]
    with pytest.raises(BenchError, match="'three' is expected of a number"):
        number_in("three")
