"""The rules of the rows of a view: sound rows pass, and every single wrong value is found."""

from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest
from focus_core.server.client import Exchange
from focus_core.views import waterfall
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType

NOW_S = 1_700_000_000
ROW_MS = 10


def exchange(date: str = formatdate(NOW_S, usegmt=True)) -> Exchange:
    headers = {"Date": date} if date else {}
    return Exchange("GET", "http://site/focus-server/waterfall/1-1/3", "", 201, headers, "", 0.1)


def view(window: tuple[int, int] | None = None, lines_dt: float = ROW_MS / 1000) -> View:
    request = ViewRequest(ViewType.MultiChannel, (5, 6), 128, (0, 500), 10, 1000, window)
    raw = {"job_id": "1-1", "frequencies_amount": 3, "lines_dt": lines_dt, "frequencies_list": [0, 1, 2]}
    return View(request, ViewAnswer("1-1", 1, 12301, "http://site", raw), exchange())


def blocks() -> list[dict[str, Any]]:
    """Three rows of two channels with three amplitudes, the last one ending now."""
    rows = [
        {
            "canvasId": "1-1",
            "sensors": [{"id": 5, "intensity": [0.5, 1.0, 2.0 + number]}, {"id": 6, "intensity": [3, 0.25, 1.5]}],
            "startTimestamp": NOW_S * 1000 - (3 - number) * ROW_MS,
            "endTimestamp": NOW_S * 1000 - (2 - number) * ROW_MS,
        }
        for number in range(3)
    ]
    return [{"rows": rows, "current_max_amp": 4.0, "current_min_amp": 0.25}]


def problems(content: Any, of: View | None = None, answer: Exchange | None = None) -> list[str]:
    return waterfall.problems_of_blocks(of or view(), content, answer or exchange())


def test_sound_rows_have_no_problem() -> None:
    assert problems(blocks()) == []
    assert problems(blocks(), view((NOW_S - 10, NOW_S))) == []


def _row(name: str, value: Any, number: int = 1) -> Callable[[list[dict[str, Any]]], None]:
    return lambda content: content[0]["rows"][number].__setitem__(name, value)


def _sensor(name: str, value: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda content: content[0]["rows"][1]["sensors"][0].__setitem__(name, value)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_row("canvasId", "1-2"), "a row belongs to the canvas '1-2', not to '1-1'"),
        (_row("sensors", []), "a row shows 0 channels from [], asked for 5-6"),
        (_row("sensors", None), "the sensors of a row are not a list of objects"),
        (_row("startTimestamp", NOW_S * 1000 - 19), "a row lasts 9 ms, lines_dt is 10 ms"),
        (_row("endTimestamp", NOW_S * 1000 - 9, 2), "a row lasts 1 ms, lines_dt is 10 ms"),
        (_row("startTimestamp", NOW_S * 1000.0), "startTimestamp of a row is 1700000000000.0 instead of whole ms"),
        (_row("endTimestamp", None), "endTimestamp of a row is None instead of whole ms"),
        (_sensor("id", 7), "a row shows 2 channels from [7], asked for 5-6"),
        (_sensor("intensity", [0.5, 1.0]), "a channel has 2 amplitudes, the view has 3 frequencies"),
        (_sensor("intensity", [0.5, -0.5, 1.0]), "amplitude -0.5 is negative"),
        (_sensor("intensity", [0.5, None, 1.0]), "an amplitude is a NoneType, not a number"),
        (_sensor("intensity", [0.5, True, 1.0]), "an amplitude is a bool, not a number"),
        (_sensor("intensity", [0.5, float("inf"), 1.0]), "an amplitude is not a finite number"),
        (_sensor("intensity", None), "a channel of a row has no list of amplitudes"),
        (lambda content: content[0]["rows"][1].pop("sensors"), "a row has no sensors"),
        (lambda content: content[0]["rows"].pop(1), "a row begins at"),
        (lambda content: content[0]["rows"].reverse(), "a row begins at"),
        (lambda content: content.append(content[0]), "a row begins at"),
        (lambda content: content[0].update(current_max_amp=4.5), "current_max_amp is 4.5, the highest"),
        (lambda content: content[0].update(current_min_amp=None), "current_min_amp is None, the lowest"),
        (lambda content: content[0]["rows"].clear(), "there is not one row in it"),
    ],
)
def test_each_wrong_value_is_found(spoil: Callable[[list[dict[str, Any]]], None], found: str) -> None:
    content = blocks()
    spoil(content)
    seen = problems(content)
    assert any(problem.startswith(found) for problem in seen), seen


@pytest.mark.parametrize("content", [None, {}, "rows", [1]])
def test_what_is_no_list_of_blocks_is_named(content: Any) -> None:
    assert problems(content) == ["the body is not a list of blocks"]


@pytest.mark.parametrize(("seconds", "old"), [(5, True), (-2, True), (2, False), (-1, False)])
def test_live_rows_are_those_of_the_servers_clock(seconds: int, old: bool) -> None:
    found = problems(blocks(), answer=exchange(formatdate(NOW_S + seconds, usegmt=True)))
    assert bool(found) is old
    assert all("the server's clock" in problem for problem in found)


def test_a_server_without_a_clock_is_named() -> None:
    assert problems(blocks(), answer=exchange("")) == ["the server's clock cannot be read: its Date header is None"]


def test_historic_rows_lie_in_their_window() -> None:
    assert "lies outside the window" in problems(blocks(), view((NOW_S, NOW_S + 10)))[0]
    assert "lies outside the window" in problems(blocks(), view((NOW_S - 10, NOW_S - 1)))[0]


def test_a_row_of_a_fraction_of_a_millisecond_is_rounded() -> None:
    assert problems(blocks(), view(lines_dt=0.0097)) == []
    assert "a row lasts 10 ms, lines_dt is 12.5 ms" in problems(blocks(), view(lines_dt=0.0125))


def test_rows_that_changed_in_between_are_found() -> None:
    earlier, later = waterfall.rows_of(blocks()), waterfall.rows_of(blocks())
    assert waterfall.problems_of_repetition(earlier, later) == []
    later[2]["sensors"][0]["intensity"][0] += 0.25
    reported = [f"the row of {NOW_S * 1000 - ROW_MS} ms came again with other content"]
    assert waterfall.problems_of_repetition(earlier, later) == reported
    assert waterfall.problems_of_repetition(earlier[:2], later) == []
    assert "the newest row ended at" in waterfall.problems_of_repetition(earlier, earlier[:2])[0]


def test_rows_without_a_common_time_cannot_be_compared() -> None:
    rows = waterfall.rows_of(blocks())
    assert waterfall.have_common_rows(rows[:2], rows[1:])
    assert not waterfall.have_common_rows(rows[:1], rows[1:])
    assert not waterfall.have_common_rows([], rows)
