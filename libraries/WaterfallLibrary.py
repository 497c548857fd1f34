"""Reads the rows of a view over REST and checks them."""

from typing import Any

from focus_core import pictures, report, site_data, waterfall
from focus_core.focus_answers import View
from focus_core.session import client
from focus_core.verdicts import check_status, fail_with
from focus_core.waiting import NotYet, wait_until
from robot.api.deco import keyword, library

# The rows of one picture: enough to see something, few enough to be drawn in a moment.
_PICTURE_ROWS = 40


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class WaterfallLibrary:
    """The rows of a view as ``GET /waterfall/{id}`` gives them; they are drawn into the log as pictures."""

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

    def _draw(self, view: View, rows: list[dict[str, Any]]) -> None:
        path = report.new_picture("waterfall")
        pictures.draw_waterfall(path, waterfall.mean_per_channel(rows), str(view), view.request.channels[0])
        report.log_picture(path)
        frequencies = view.answer.raw["frequencies_list"]
        if len(frequencies) > 1:
            path = report.new_picture("spectrum")
            pictures.draw_spectrum(path, frequencies, waterfall.mean_per_frequency(rows), str(view))
            report.log_picture(path)
