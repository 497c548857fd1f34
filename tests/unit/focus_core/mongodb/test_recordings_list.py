"""Which recordings belong to a window, and what is wrong with a list or a page of them."""

import pytest
from focus_core.mongodb.recordings_list import Stored, expected, holes, page_problems, problems, windows

OLD = Stored(1000.5, 2000.25, deleted=False)
GONE = Stored(3000.0, 4000.0, deleted=True)
NEW = Stored(5000.0, 6000.0, deleted=False)
RUNNING = Stored(7000.9, None, deleted=False)
ALL = [OLD, GONE, NEW, RUNNING]


@pytest.mark.parametrize(
    ("window", "listed"),
    [
        ((0, 10_000), [[1000, 2000], [5000, 6000], [7000, -1]]),
        ((0, 1000), []),
        ((0, 1001), [[1000, 2000]]),
        ((2000, 2001), [[1000, 2000]]),
        ((2001, 5000), []),
        ((3000, 4000), []),
        ((6000, 7000), []),
        ((9000, 9001), [[7000, -1]]),
    ],
)
def test_what_shares_time_with_a_window_is_listed(window: tuple[int, int], listed: list[list[int]]) -> None:
    assert expected(ALL, *window) == listed


WANTED = [[1000, 2000], [5000, 6000]]


@pytest.mark.parametrize(
    ("listed", "problem"),
    [
        ([[1000, 2000]], "[5000, 6000] (1970-01-01 01:23:20 to 1970-01-01 01:40:00 UTC) is missing"),
        ([*WANTED, [7000, -1]], "(1970-01-01 01:56:40 to still recording UTC) is no recording of this window"),
        ([[1000, 2001], [5000, 6000]], "is no recording of this window"),
        (WANTED[::-1], "the same recordings are listed, but not each once and the oldest first"),
        ([*WANTED, [5000, 6000]], "the same recordings are listed, but not each once and the oldest first"),
    ],
)
def test_a_wrong_list_is_named(listed: list[list[int]], problem: str) -> None:
    assert any(problem in found for found in problems(listed, WANTED))
    assert problems(WANTED, WANTED) == []


def test_windows_are_those_that_separate_right_from_wrong() -> None:
    found = windows(ALL)
    assert expected(ALL, *found["everything"]) == [[1000, 2000], [5000, 6000], [7000, -1]]
    assert expected(ALL, *found["one recording"]) == [[5000, 6000]]
    assert expected(ALL, *found["the middle of a recording"]) == [[5000, 6000]]
    for empty in ("up to the start of a recording", "from the end of a recording", "before all recordings"):
        assert expected(ALL, *found[empty]) == []
    assert found["a deleted recording"] == (3000, 4001)
    assert expected(ALL, *found["a running recording"]) == [[7000, -1]]
    with pytest.raises(AssertionError, match="fewer than two finished recordings"):
        windows([OLD, GONE])


PAGE = """<html>
<tr><td>1970-01-01 01:56:40</td><td>still recording</td></tr>
<tr><td>1970-01-01 00:16:40</td><td>1970-01-01 00:33:20</td></tr></html>"""
ON_PAGE = [[1000, 2000], [7000, -1]]


def test_a_page_names_each_recording_in_either_order() -> None:
    assert page_problems(PAGE, ON_PAGE) == []
    assert page_problems("\n".join(PAGE.splitlines()[::-1]), ON_PAGE) == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (PAGE.replace("00:33:20", "00:33:21"), "1970-01-01 00:33:20 UTC is missing"),
        (PAGE.replace("00:33:20", "00:33:21"), "1970-01-01 00:33:21 UTC is no start or end of a recording"),
        (PAGE.replace("still recording", ""), "it says 0 times 'still recording', expected 1"),
        (PAGE + PAGE, "its times are those of the recordings, but not in order or not each once"),
    ],
)
def test_a_wrong_page_is_named(changed: str, problem: str) -> None:
    assert problem in page_problems(changed, ON_PAGE)


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        ([[90, -1]], []),
        ([[90, 104], [105, -1]], []),
        ([[90, 104], [107, -1]], [(104, 107)]),
        ([[103, 105]], [(100, 103), (105, 110)]),
        ([[90, 120], [95, 101]], []),
        ([], [(100, 110)]),
    ],
)
def test_parts_of_a_window_that_nothing_is_listed_for(listed: list[list[int]], missing: list[tuple[int, int]]) -> None:
    assert holes(listed, 100, 110) == missing
