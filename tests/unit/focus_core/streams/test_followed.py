"""A stream that is read while its live view is changed: it shows each change, and no row is missing."""

from focus_core.server.client import Exchange
from focus_core.streams import followed
from focus_core.streams.client import Frame
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType


def view(channels: tuple[int, int]) -> View:
    request = ViewRequest(ViewType.MultiChannel, channels, 512, (0, 500), 10, 1000)
    answer = ViewAnswer("1-1", 3, 12301, "http://site", {"lines_dt": 0.01})
    return View(request, answer, Exchange("POST", "", "", 200, {}, "", 0.0))


def frame(channels: tuple[int, int], times: list[int]) -> Frame:
    return Frame(*channels, tuple(times), tuple(times), 1, len(times), 0.0, 0.0, b"")


def test_a_stream_that_follows_has_no_problem() -> None:
    views = [view((1, 6)), view((11, 19))]
    frames = [frame((1, 2), [0, 10]), frame((1, 2), [20]), frame((11, 13), [30, 40])]
    assert followed.problems_of_followed_stream(views, frames, 0) == []
    assert followed.problems_of_followed_stream(views, frames[:2], 0) == ["it showed channels 1-2, expected 1-2, 11-13"]
    assert followed.problems_of_followed_stream(views, [frames[0], frames[2]], 0) == [
        "a row of 30 ms follows one of 10 ms, a row lasts 10 ms"
    ]
