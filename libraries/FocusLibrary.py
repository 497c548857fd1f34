"""Opens views on the Focus Server and checks what it answers."""

import time
from datetime import timedelta
from typing import Any, cast

from focus_core import focus_answers, pictures, report, site_data, waterfall
from focus_core.focus_answers import View, ViewType
from focus_core.session import OK, client, open_view, prr, view_request
from focus_core.verdicts import check_status, fail_with
from focus_core.waiting import NotYet, wait_until
from focus_core.words import CONVERTERS, ChannelRange, FrequencyRange, Recording
from robot.api import logger
from robot.api.deco import keyword, library

NOT_FOUND = 404
# How far back recordings are looked for: clips of the last weeks are what the site must be able to play.
_LOOK_BACK = timedelta(weeks=4)
# The rows of one picture: enough to see something, few enough to be drawn in a moment.
_PICTURE_ROWS = 40


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False, converters=CONVERTERS)
class FocusLibrary:
    """Views of the Focus Server.

    A view is asked for in a tester's words: channels ``11-109``, frequency ``0-1000 Hz``, an NFFT, a display duration
    in seconds and a height in rows. What is not said comes from the site's defaults. The job of a view is removed at
    the end of the test (of the suite, when the suite setup opened it). Requests and answers are in the log at folds.
    """

    @keyword(tags=("View",))
    def open_live_view(
        self,
        *,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        view: ViewType = ViewType.MultiChannel,
        duration: float | None = None,
        height: int | None = None,
    ) -> View:
        """Opens a live view and returns it. Fails when the server does not accept it.

        ``view`` is MultiChannel or SingleChannel (which needs one channel), ``duration`` seconds, ``height`` rows.

        | ${view} =    Open Live View    channels=11-109    nfft=1024    frequency=0-1000 Hz
        """
        return open_view(
            view_request(view, channels=channels, nfft=nfft, frequency=frequency, duration=duration, height=height)
        )

    @keyword(tags=("View",))
    def open_historic_view(
        self,
        recording: Recording,
        *,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        view: ViewType = ViewType.MultiChannel,
        duration: float | None = None,
        height: int | None = None,
    ) -> View:
        """Opens a view that plays ``recording`` (from `Find A Recording`) and returns it.

        | ${recording} =    Find A Recording    at_least=10 seconds
        | ${view} =    Open Historic View    ${recording}    channels=11-109
        """
        return open_view(
            view_request(
                view,
                channels=channels,
                nfft=nfft,
                frequency=frequency,
                duration=duration,
                height=height,
                window=recording,
            )
        )

    @keyword(tags=("View",))
    def open_waterfall_view(self, *, channels: ChannelRange | None = None, height: int | None = None) -> View:
        """Opens a live waterfall view, which has neither frequencies nor a display duration, and returns it.

        | ${view} =    Open Waterfall View    channels=1-50
        """
        return open_view(view_request(ViewType.Waterfall, channels=channels, height=height))

    @keyword(tags=("View",))
    def close_view(self, view: View) -> None:
        """Removes the view's job by DELETE /job/{id}; the server must say that it did."""
        answer = client().delete_job(view.job_id)
        check_status(answer, OK, f"Closing the {view}")

    @keyword(tags=("View", "Assertion"))
    def view_should_answer_what_was_asked(self, view: View) -> None:
        """Checks every value of the server's answer against what was asked for.

        Status, job id, counts, the stream of each channel, each frequency, time of a row, port, type of view.
        """
        problems = focus_answers.problems_of_answer(view.request, view.answer.raw, prr())
        fail_with(f"{view} was not answered as asked", problems)

    @keyword(tags=("View", "Assertion"))
    def view_should_be_running(self, view: View) -> None:
        """Waits until the view's job runs; the site's ``job_running_s`` is the budget."""
        self._wait_for_status(view, "running", site_data.site().timings.job_running_s, passed_by=("completed",))

    @keyword(tags=("View", "Assertion"))
    def view_should_be_completed(self, view: View) -> None:
        """Waits until the view's job has completed, as that of a historic view does after its last row."""
        self._wait_for_status(view, "completed", site_data.site().timings.job_running_s)

    @keyword(tags=("View", "Assertion"))
    def view_should_be_gone(self, view: View) -> None:
        """Waits until the server knows the view's job no longer; the site's ``job_removed_s`` is the budget."""

        def forgotten() -> bool:
            answer = client().job_status(view.job_id)
            if answer.status != NOT_FOUND:
                raise NotYet(f"{answer.status} {answer.body[:80]}")
            return True

        wait_until(f"Job {view.job_id} is unknown", forgotten, timeout=site_data.site().timings.job_removed_s)

    @keyword(tags=("View", "Assertion"))
    def metadata_should_match_the_view(self, view: View) -> None:
        """Checks that the metadata of the view repeat its answer and what was asked for, readable at once."""
        answer = client().metadata(view.job_id)
        check_status(answer, OK, f"Reading the metadata of the {view}")
        problems = focus_answers.problems_of_metadata(view.request, answer.json(), view.answer.raw)
        fail_with(f"The metadata of the {view} are wrong", problems)

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_show_the_view(self, view: View, *, rows: int = _PICTURE_ROWS) -> None:
        """Waits for ``rows`` rows of the view, checks channels, bins, times, amplitudes, and draws them into the log.

        Fewer are waited for where one answer cannot hold so many. The budget is the site's ``first_frame_s`` and the
        time that the rows last.

        | Waterfall Should Show The View    ${view}    rows=40
        """
        wanted = min(rows, waterfall.most_rows_of_an_answer(view))

        def enough_rows() -> list[dict[str, Any]]:
            answer = client().waterfall(view.job_id, rows)
            if answer.status == waterfall.NO_ROWS_YET:
                raise NotYet("200, no rows yet")
            check_status(answer, waterfall.ROWS, f"Reading rows of the {view}")
            blocks = answer.json()
            fail_with(f"The rows of the {view} are wrong", waterfall.problems(view, blocks))
            found = waterfall.rows_of(blocks)
            if len(found) > rows:
                raise AssertionError(f"{len(found)} rows of the {view} came; {rows} were asked for.")
            if len(found) < wanted:
                raise NotYet(f"{len(found)} rows")
            return found

        budget = site_data.site().timings.first_frame_s + wanted * view.answer.raw["lines_dt"]
        self._draw(view, wait_until(f"{view} shows {wanted} rows", enough_rows, timeout=budget))

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_show_rows_until_it_is_over(self, view: View, *, rows: int = _PICTURE_ROWS) -> None:
        """Asks for rows of a historic view until the server says that the playback is over, and checks all of them.

        The statuses have to come in the order 200 (no rows yet), 201 (rows), 208 (over).
        """
        statuses: list[int] = []
        problems: list[str] = []

        def over() -> bool:
            answer = client().waterfall(view.job_id, rows)
            statuses.append(answer.status)
            if answer.status == waterfall.ROWS:
                problems.extend(waterfall.problems(view, answer.json()))
            if answer.status != waterfall.OVER:
                raise NotYet(f"status {answer.status}")
            return True

        start, end = view.request.window or (0, 0)
        budget = site_data.site().timings.first_frame_s + end - start
        wait_until(f"Playback of the {view} is over", over, timeout=budget)
        if waterfall.ROWS not in statuses:
            problems.append("the playback was over before it showed a row")
        if statuses != sorted(statuses):
            problems.append(f"the statuses came in the order {list(dict.fromkeys(statuses))}")
        fail_with(f"The rows of the {view} are wrong", problems)

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_be_answered(self, job_id: str, rows: int, status: int) -> None:
        """Checks the status of GET /waterfall/{id}/{rows}, for a row count or a job that the server has to refuse."""
        answer = client().waterfall(job_id, rows)
        check_status(answer, status, f"Asking for {rows} rows of job {job_id}")

    @keyword(tags=("Recording",))
    def find_a_recording(self, *, at_least: timedelta = timedelta(seconds=10)) -> Recording:
        """Finds a finished recording of the last four weeks and returns a piece of it, ``at_least`` long.

        Fails when the site has none: nothing is ever recorded for a test.

        | ${recording} =    Find A Recording    at_least=1 minute
        """
        seconds = int(at_least.total_seconds())
        found = self._recordings()
        long_enough = [entry for entry in found if entry.end - entry.start >= seconds]
        if not long_enough:
            raise AssertionError(
                f"The site has no finished recording of at least {seconds} s in the last four weeks "
                f"({len(found)} shorter ones)."
            )
        newest = max(long_enough)
        piece = Recording(newest.start, newest.start + seconds)
        logger.info(f"Found {piece}.")
        return piece

    @keyword(tags=("Recording", "Assertion"))
    def recordings_should_lie_inside_the_range_asked_for(self) -> None:
        """Asks for the recordings of the last four weeks; there are some, each well-formed and touching that range."""
        now = int(time.time())
        begin = now - int(_LOOK_BACK.total_seconds())
        found = self._recordings()
        if not found:
            raise AssertionError("The site lists no finished recording of the last four weeks.")
        wrong = [f"{entry.start}-{entry.end}" for entry in found if not _touches(entry, begin, now)]
        fail_with(
            "Recordings of the last four weeks are wrong", [f"{entry} is outside {begin}-{now}" for entry in wrong]
        )

    @keyword(tags=("View", "Assertion"))
    def value_should_be_about(self, value: float, expected: float, *, tolerance: float) -> None:
        """Fails when ``value`` is further from ``expected`` than ``tolerance`` (same unit as both)."""
        if abs(value - expected) > tolerance:
            raise AssertionError(f"The value is {value:g}, expected {expected:g} with a tolerance of {tolerance:g}.")

    @keyword(tags=("View",))
    def pulse_repetition_rate(self) -> float:
        """The pulse repetition rate (PRR) of the site in Hz, from its live metadata."""
        return prr()

    def _wait_for_status(self, view: View, wanted: str, budget: float, passed_by: tuple[str, ...] = ()) -> None:
        def reached() -> bool:
            answer = client().job_status(view.job_id)
            check_status(answer, OK, f"Asking for the status of the {view}")
            status = answer.json().get("status")
            if status in passed_by:
                raise AssertionError(f"Job {view.job_id} is {status}; it was to be seen {wanted}.")
            if status != wanted:
                raise NotYet(f"status {status!r}")
            return True

        wait_until(f"Job {view.job_id} is {wanted}", reached, timeout=budget)

    def _recordings(self) -> list[Recording]:
        end = int(time.time())
        answer = client().recordings(end - int(_LOOK_BACK.total_seconds()), end)
        check_status(answer, OK, "Asking for recordings")
        content = answer.json()
        entries = content.get("recordings") if isinstance(content, dict) else content
        well_formed = isinstance(entries, list) and all(
            isinstance(entry, list) and len(entry) == 2 and all(isinstance(at, int) for at in entry)
            for entry in entries
        )
        if not well_formed:
            raise AssertionError(f"{answer} is not a list of [start, end] in epoch seconds: {answer.body[:200]}")
        # An end of -1 is a recording that still goes on.
        return [Recording(*entry) for entry in cast("list[list[int]]", entries) if entry[1] != -1]

    def _draw(self, view: View, rows: list[dict[str, Any]]) -> None:
        path = report.new_picture("waterfall")
        pictures.draw_waterfall(path, waterfall.mean_per_channel(rows), str(view), view.request.channels[0])
        report.log_picture(path)
        frequencies = view.answer.raw["frequencies_list"]
        if len(frequencies) > 1:
            path = report.new_picture("spectrum")
            pictures.draw_spectrum(path, frequencies, waterfall.mean_per_frequency(rows), str(view))
            report.log_picture(path)


def _touches(recording: Recording, begin: int, end: int) -> bool:
    return recording.start < recording.end and recording.end >= begin and recording.start <= end
