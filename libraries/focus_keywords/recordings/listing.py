"""Compares what the Focus Server says of the recordings with what MongoDB holds."""

import time
from collections.abc import Callable
from functools import partial
from typing import Literal, TypeVar

from focus_core.base.failures import fail_with
from focus_core.mongodb import recordings_list
from focus_core.mongodb.recordings_list import Stored
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_answer
from focus_core.views import opening
from robot.api.deco import keyword

_TIMELINE_S = 28 * 86_400
# The recorder may end one recording and begin the next between two questions; not twice in a row.
_TRIES = 3
_Answered = TypeVar("_Answered")
_Window = Literal[
    "everything",
    "the last day",
    "one recording",
    "the middle of a recording",
    "up to the start of a recording",
    "from the end of a recording",
    "before all recordings",
    "a deleted recording",
    "a running recording",
]


class RecordingsList:
    """The list and the timeline of the recordings, against the database that they come from."""

    @keyword("Recordings Should Be Listed As MongoDB Holds Them", tags=("Recording", "Assertion"))
    def recordings_should_be_listed_as_mongodb_holds_them(self, window: _Window) -> None:
        """Asks the Focus Server for the recordings of a window and compares the list, entry by entry and in order.

        Windows: everything, the last day, one recording, the middle of a recording, up to the start of a recording,
        from the end of a recording, before all recordings, a deleted recording, a running recording.

        | Recordings Should Be Listed As MongoDB Holds Them    the last day
        """
        windows = recordings_list.windows(self._stored())
        if window not in windows:
            raise AssertionError(
                f"MongoDB holds no recording for the window '{window}', only for {', '.join(windows)}."
            )
        start, end = windows[window]

        def ask() -> Exchange:
            answer = client().recordings(start, end)
            check_answer(answer, OK, f"Asking for the recordings of {start}-{end}")
            return answer

        answer, held = self._at_the_same_time(ask)
        found = recordings_list.problems(answer.json(), recordings_list.expected(held, start, end))
        fail_with(f"The recordings of {start}-{end} ({window}) are not those of MongoDB", found)

    @keyword(tags=("Recording", "Assertion"))
    def lists_of_recordings_asked_for_at_the_same_time_should_be_those_of_their_windows(self) -> None:
        """Asks for the recordings of different windows at the same time: each list has to be that of its window.

        | Lists Of Recordings Asked For At The Same Time Should Be Those Of Their Windows
        """
        windows = recordings_list.windows(self._stored())

        def ask() -> list[Exchange]:
            answers = opening.at_once([partial(client().recordings, *window) for window in windows.values()])
            for window, answer in zip(windows, answers, strict=True):
                check_answer(answer, OK, f"Asking for the recordings of the window '{window}'")
            return answers

        answers, held = self._at_the_same_time(ask)
        found = [
            f"{name}: {problem}"
            for (name, window), answer in zip(windows.items(), answers, strict=True)
            for problem in recordings_list.problems(answer.json(), recordings_list.expected(held, *window))
        ]
        fail_with(f"The lists of {len(windows)} windows that were asked for at the same time are wrong", found)

    @keyword(tags=("Recording", "Assertion"))
    def timeline_should_name_each_recording(self) -> None:
        """Reads the timeline page and compares it with MongoDB: start and end of each recording of the last four weeks
        that is not deleted, in order of time, and nothing else.

        | Timeline Should Name Each Recording
        """

        def ask() -> Exchange:
            answer = client().send("GET", "/get_recordings_timeline")
            check_answer(answer, OK, "GET /get_recordings_timeline")
            return answer

        now = int(time.time())
        answer, held = self._at_the_same_time(ask)
        wanted = recordings_list.expected(held, now - _TIMELINE_S, now)
        fail_with(
            "The timeline does not show the recordings of MongoDB", recordings_list.page_problems(answer.body, wanted)
        )

    def _at_the_same_time(self, ask: Callable[[], _Answered]) -> tuple[_Answered, list[Stored]]:
        """An answer, and what MongoDB held before and after it."""
        before = self._stored()
        for _ in range(_TRIES):
            answer, after = ask(), self._stored()
            if after == before:
                break
            before = after
        return answer, after

    def _stored(self) -> list[Stored]:
        return recordings_list.stored(clients.mongodb())
