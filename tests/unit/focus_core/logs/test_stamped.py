"""A log is read on where it broke off: no line twice, none left out, and what was rotated away is said."""

from __future__ import annotations

import random

import pytest
from focus_core.logs.stamped import LogPosition, epoch, sortable


def stamped(stamp: str, *texts: str) -> bytes:
    return b"".join(f"{stamp} {text}\n".encode() for text in texts)


def texts(position: LogPosition, *chunks: bytes) -> list[str]:
    position.begin()
    return [line.text for chunk in chunks for line in position.feed(chunk)]


FIRST, SECOND = "2026-12-01T05:00:00.1Z", "2026-12-01T05:00:00.25Z"


def test_lines_and_letters_that_chunks_cut_are_whole() -> None:
    whole = stamped(FIRST, "שלום עולם", "two")
    for place in range(len(whole)):
        assert texts(LogPosition(), whole[:place], whole[place:]) == ["שלום עולם", "two"]


def test_what_is_no_utf8_is_shown_and_loses_no_line() -> None:
    found = texts(LogPosition(), f"{FIRST} ".encode() + b"\xff\xfe broken\n" + stamped(SECOND, "next"))
    assert found == ["\ufffd\ufffd broken", "next"]


def test_a_line_that_broke_off_comes_again_whole() -> None:
    position = LogPosition()
    assert texts(position, stamped(FIRST, "one"), f"{SECOND} half of a".encode()) == ["one"]
    assert position.since() == "2026-12-01T05:00:00Z"
    assert texts(position, stamped(FIRST, "one") + stamped(SECOND, "half of a line")) == ["half of a line"]


def test_of_many_lines_of_one_stamp_none_comes_twice_and_none_is_lost() -> None:
    position = LogPosition()
    assert texts(position, stamped(FIRST, "a", "b", "b")) == ["a", "b", "b"]
    assert texts(position, stamped(FIRST, "a", "b", "b", "b", "c")) == ["b", "c"]
    assert texts(position, stamped(FIRST, "a", "b", "b", "b", "c") + stamped(SECOND, "d")) == ["d"]
    assert position.take_gap() is None


def test_stamps_of_any_length_are_in_order() -> None:
    position = LogPosition()
    assert texts(position, stamped("2026-12-01T05:00:00.123456789Z", "one")) == ["one"]
    assert texts(
        position, stamped("2026-12-01T05:00:00.123456789Z", "one"), stamped("2026-12-01T05:00:00.2Z", "two")
    ) == ["two"]
    assert sortable("2026-12-01T05:00:00Z") < sortable("2026-12-01T05:00:00.000000001Z")
    assert epoch("2026-12-01T05:00:00.25Z") == pytest.approx(1796101200.25)


@pytest.mark.parametrize("again", [[], ["one"]])
def test_a_log_without_its_last_line_has_a_gap(again: list[str]) -> None:
    position = LogPosition()
    texts(position, stamped(FIRST, "one", "two"))
    later = stamped("2026-12-01T05:00:09Z", "new")
    assert texts(position, stamped("2026-12-01T04:00:00Z", *again) + later) == ["new"]
    assert position.take_gap() == (sortable(FIRST), sortable("2026-12-01T05:00:09Z"))
    assert position.take_gap() is None


def test_a_log_that_is_empty_at_its_end_lacks_its_last_line() -> None:
    position = LogPosition()
    texts(position, stamped(FIRST, "one"))
    assert texts(position, b"") == []
    assert position.is_missing_last()
    assert texts(position, stamped(FIRST, "one")) == []
    assert not position.is_missing_last()


def test_words_of_the_api_are_no_lines() -> None:
    assert texts(LogPosition(), b"unable to retrieve container logs\n" + stamped(FIRST, "one")) == ["one"]


def test_any_breaks_lose_and_double_nothing() -> None:
    chance = random.Random(20)  # noqa: S311 - a fixed series of places
    lines = [
        (f"2026-12-01T05:00:{number // 40:02d}.{number // 8 % 5}Z", f"line {number} שורה") for number in range(400)
    ]
    position, found = LogPosition(), list[str]()
    while len(found) < len(lines):
        since = position.since()
        whole = b"".join(stamped(stamp, text) for stamp, text in lines if stamp[:19] >= since[:19])
        found += texts(position, whole[: chance.randrange(len(whole)) + 1])
    assert found == [text for _, text in lines]
