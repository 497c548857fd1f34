"""Reads the rows of a view over REST and checks them."""

import math
from functools import partial
from typing import Any, Literal
from urllib.parse import quote

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import ChannelRange
from focus_core.run import pictures, report
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views import cluster_states, opening, refusals, waterfall
from focus_core.views.opening import open_view, view_request
from focus_core.views.view import View, Views, ViewType
from focus_core.views.waterfall import Row
from robot.api import logger
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

# The rows of one picture: enough to see something, few enough to be drawn in a moment.
_PICTURE_ROWS = 40
# A log with more pictures of one test is slow to make and nobody looks at them.
_MOST_DRAWN = 2
# Views that are opened until one is seen before its job runs.
_MOST_OPENED = 8
# What a request may take until the server chooses its rows: a sample asks for so much more at first.
_ON_THE_WAY_S = 0.5
_ROWS_AT_ONCE = 5
# More rows than any view has.
_ALL = 1_000_000


class ViewWaterfall:
    """The rows of a view as ``GET /waterfall/{id}`` gives them."""

    def __init__(self) -> None:
        self._drawn: tuple[str, int] = ("", 0)

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_show_the_view(self, view: View, *, rows: int = _PICTURE_ROWS) -> None:
        """Waits for exactly ``rows`` rows of the view, checks each value in them, and draws them into the log.

        Fewer are waited for where one answer cannot hold so many. The budget is the site's ``first_frame_s`` and the
        time that the rows last.

        | Waterfall Should Show The View    ${view}    rows=40
        """
        demands.at_least(1, rows=rows)
        self._draw(view, self._wait_for_rows(view, rows))

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_hold_as_many_rows_as_asked_for(self, view: View, *rows: int) -> None:
        """Asks for each of these numbers of rows, and waits until exactly so many come; draws nothing.

        | Waterfall Should Hold As Many Rows As Asked For    ${view}    1    2    40
        """
        demands.some("number of rows", rows)
        for number in rows:
            demands.at_least(1, rows=number)
        for number in rows:
            self._wait_for_rows(view, number)

    @keyword(tags=("View", "Assertion"))
    def rows_asked_for_at_the_same_time_should_be_those_of_their_views(self, views: Views) -> None:
        """Asks for rows of all these views at the same time: each answer has to hold rows of the view it is for.

        | ${views} =    Open Views At The Same Time    5    channels=1-3
        | Rows Asked For At The Same Time Should Be Those Of Their Views    ${views}
        """
        demands.some("view", views)
        for view in views:
            self._wait_for_rows(view, 1)
        answers = opening.at_once([partial(client().waterfall, view.job_id, _ROWS_AT_ONCE) for view in views])
        for view, answer in zip(views, answers, strict=True):
            self._checked(view, answer)

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_hold_all_rows(self, view: View) -> None:
        """Checks that more rows than there are give all of them: the same first row each time, and then some more.

        GET /waterfall/{id} has to give them too. The view must be young: its rows have to fit into one answer.

        | Waterfall Should Hold All Rows    ${view}
        """
        first = self._wait_for_rows(view, 1, ask_for=_ALL)
        everything = self._rows_of_data(view)
        last = self._wait_for_rows(view, len(everything) + 1, ask_for=_ALL)
        problems = [
            f"{name} begin at {later[0]['startTimestamp']} ms, the first rows began at {first[0]['startTimestamp']} ms"
            for name, later in (("the rows of GET /waterfall/{id}", everything), ("the last rows", last))
            if later[0]["startTimestamp"] != first[0]["startTimestamp"]
        ]
        problems += waterfall.problems_of_repetition(first, everything)
        problems += waterfall.problems_of_repetition(everything, last)
        fail_with(f"The waterfall of the {view} does not hold all of its rows", problems)

    @keyword(tags=("View", "Assertion"))
    def rows_should_stay_the_same(self, view: View, *, samples: int = 5, rows: int = 20) -> None:
        """Takes samples of the newest rows: all have one shape, and rows of the same time are the same in each.

        ``rows`` is the size of the first sample; each later one is newer, and reaches back to those before it by the
        times of their rows.

        | Rows Should Stay The Same    ${view}    samples=5
        """
        demands.at_least(2, samples=samples)
        demands.at_least(1, rows=rows)
        known = self._wait_for_rows(view, rows)
        for _ in range(samples - 1):
            known += self._wait_for_sample(view, rows, known)

    @keyword(tags=("View", "Assertion"))
    def waterfall_of_a_new_view_should_be_empty(self, *, channels: ChannelRange) -> View:
        """Opens a live view and asks for its rows at once: 200 without rows, later 201 with rows. Returns the view.

        Both operations are asked: GET /waterfall/{id}/{rows} and GET /waterfall/{id}. A job may run before it can be
        asked; so up to eight views are opened until one is seen without rows. Each of the others has to run in the
        cluster.

        | ${view} =    Waterfall Of A New View Should Be Empty    channels=1-8
        """
        for _ in range(_MOST_OPENED):
            view = open_view(view_request(ViewType.MultiChannel, channels=channels))
            everything = client().send("GET", f"/waterfall/{view.job_id}")
            answer = client().waterfall(view.job_id, 1)
            if answer.status != waterfall.ROWS:
                check_answer(answer, waterfall.NO_ROWS_YET, f"Reading the first rows of the {view}")
                check_answer(everything, OK, f"Reading all rows of the {view}")
                if everything.json() != {"data": []}:
                    raise AssertionError(f"The {view} has rows before it runs: {everything.body[:200]}.")
                self._wait_for_rows(view, 1)
                return view
            runs = cluster_states.runs_in_the_cluster(view)
            if runs is False:
                raise AssertionError(f"The {view} has rows, but its job does not run: {answer.body[:200]}.")
        if runs is None:
            check_answer(answer, waterfall.NO_ROWS_YET, f"Reading the first rows of the {view}")
        return view

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_show_rows_until_it_is_over(
        self, view: View, *, rows: int = _PICTURE_ROWS, within: float | None = None
    ) -> None:
        """Asks for rows of a historic view until the server says that the playback is over, and checks all of them.

        The statuses have to come in the order 200 (no rows yet), 201 (rows), 208 (over). The last rows end with the
        window, and the playback stays over. ``within`` so many seconds only in exclusive suites.

        | Waterfall Should Show Rows Until It Is Over    ${view}
        """
        demands.at_least(1, rows=rows)
        statuses: list[int] = []
        problems: list[str] = []
        seen: list[Row] = []

        def over() -> bool:
            answer = client().waterfall(view.job_id, rows)
            statuses.append(answer.status)
            if answer.status == waterfall.ROWS:
                found = self._checked(view, answer)
                problems.extend(waterfall.problems_of_repetition(seen, found))
                seen[:] = found
            if answer.status != waterfall.OVER:
                raise NotYet(f"status {answer.status}")
            check_answer(answer, waterfall.OVER, f"Asking for the last rows of the {view}")
            return True

        start, end = view.request.window or (0, 0)
        budget = site_data.site().timings.first_frame_s + end - start if within is None else within
        wait_until(f"Playback of the {view} is over", over, timeout=budget)
        if not seen:
            problems.append("the playback was over before it showed a row")
        elif seen[-1]["endTimestamp"] + view.answer.raw["lines_dt"] * 1000 < end * 1000:
            problems.append(f"the last row ends at {seen[-1]['endTimestamp']} ms, the window at {end} s")
        if statuses != sorted(statuses):
            problems.append(f"the statuses came in the order {list(dict.fromkeys(statuses))}")
        fail_with(f"The rows of the {view} are wrong", problems)
        self.waterfall_should_be_answered(view.job_id, str(rows), waterfall.OVER)

    @keyword(tags=("View", "Assertion"))
    def waterfall_should_be_answered(self, job_id: str, rows: str, status: Literal[200, 201, 208, 400, 404]) -> None:
        """Checks the status of GET /waterfall/{id}/{rows}; with 400 the reason speaks of the rows, with 404 of the job.

        | Waterfall Should Be Answered    ${view.job_id}    -1    400
        """
        answer = client().send("GET", f"/waterfall/{quote(job_id, safe='')}/{quote(rows, safe='')}")
        what = f"Asking for {rows[:40]!r} rows of job {job_id[:40]!r}"
        check_answer(answer, status, what)
        problems = []
        if status == 400:
            problems = refusals.problems_of_semantic_error(answer, "rows", ">= 1", "row")
        elif status == 404:
            problems = refusals.problems(answer, status, "job_id")
        fail_with(f"{what} was not refused as it should", problems)

    @keyword(tags=("View", "Refusal", "Assertion"))
    def waterfall_should_not_be_found(self, job_id: str) -> None:
        """Checks that the rows of a job that does not exist, or no more, are answered 404 by both operations.

        | Waterfall Should Not Be Found    999-999999
        """
        self.waterfall_should_be_answered(job_id, "1", 404)
        answer = client().send("GET", f"/waterfall/{quote(job_id, safe='')}")
        what = f"Asking for all rows of job {job_id[:40]!r}"
        check_answer(answer, 404, what)
        fail_with(f"{what} was not refused as it should", refusals.problems(answer, 404, "job_id"))

    def _wait_for_rows(self, view: View, rows: int, *, ask_for: int = 0) -> list[Row]:
        """The newest ``rows`` rows, each checked; with ``ask_for`` at least so many of that many more."""
        wanted = min(rows, waterfall.most_rows_of_an_answer(view))
        budget = site_data.site().timings.first_frame_s + wanted * view.answer.raw["lines_dt"]
        return wait_until(
            f"{view} shows {wanted} rows", lambda: self._rows_now(view, ask_for or rows, wanted), timeout=budget
        )

    def _wait_for_sample(self, view: View, rows: int, known: list[Row]) -> list[Row]:
        """Newer rows than the last of ``known``, the same as those where both have a row, and with one in common.

        How far a sample has to reach back is judged by the times of the rows themselves: a job that catches up moves
        on faster than any clock. Rows between two samples that no answer can hold are left out.
        """
        fullest = waterfall.most_rows_of_an_answer(view)
        before = list(known)
        most = rows + math.ceil(_ON_THE_WAY_S / view.answer.raw["lines_dt"])

        def sample() -> list[Row]:
            nonlocal before, most
            found = self._rows_now(view, most, min(rows, fullest))
            newest = before[-1]
            if found[-1]["endTimestamp"] <= newest["endTimestamp"]:
                raise NotYet(f"no row after {newest['endTimestamp']} ms")
            problems = waterfall.problems_of_repetition(before, found)
            in_common = waterfall.have_common_rows(before, found)
            if not in_common and len(found) < min(most, fullest):
                problems.append(f"a sample of {len(found)} rows has no row in common with those before it")
            fail_with(f"The rows of the {view} do not agree", problems)
            if not in_common:
                most = rows + waterfall.rows_from_to(view, newest, found[-1])
                if most > fullest:
                    before, most = found, fullest
                raise NotYet(
                    f"rows from {found[0]['startTimestamp']} ms on, none of them before {newest['endTimestamp']} ms"
                )
            return found

        budget = site_data.site().timings.first_frame_s + rows * view.answer.raw["lines_dt"]
        return wait_until(f"{view} shows {rows} rows, and some that were seen before", sample, timeout=budget)

    def _rows_now(self, view: View, most: int, least: int) -> list[Row]:
        answer = client().waterfall(view.job_id, most)
        if answer.status == waterfall.NO_ROWS_YET:
            check_answer(answer, waterfall.NO_ROWS_YET, f"Reading rows of the {view}")
            raise NotYet("200, no rows yet")
        found = self._checked(view, answer)
        if len(found) > most:
            raise AssertionError(f"{len(found)} rows of the {view} came; {most} were asked for.")
        if len(found) < least:
            raise NotYet(f"{len(found)} rows")
        return found

    def _checked(self, view: View, answer: Exchange) -> list[Row]:
        check_answer(answer, waterfall.ROWS, f"Reading rows of the {view}")
        fail_with(f"The rows of the {view} are wrong", waterfall.problems(view, answer))
        return waterfall.rows_of(answer.json())

    def _rows_of_data(self, view: View) -> list[Row]:
        answer = client().send("GET", f"/waterfall/{view.job_id}")
        check_answer(answer, OK, f"Reading all rows of the {view}")
        blocks: list[dict[str, Any]] = answer.json()["data"]
        fail_with(f"The rows of the {view} are wrong", waterfall.problems_of_blocks(view, blocks, answer))
        return waterfall.rows_of(blocks)

    def _draw(self, view: View, rows: list[Row]) -> None:
        test = str(BuiltIn().get_variable_value("${TEST NAME}"))
        drawn = self._drawn[1] if self._drawn[0] == test else 0
        if drawn == _MOST_DRAWN:
            logger.info(f"Not drawn: this test has shown {_MOST_DRAWN} views already.")
            return
        self._drawn = (test, drawn + 1)
        means = waterfall.mean_per_channel(rows)
        first = view.request.channels[0]
        report.log_picture("waterfall", lambda path: pictures.draw_waterfall(path, means, str(view), first))
        frequencies = view.answer.raw["frequencies_list"]
        if len(frequencies) > 1:
            spectrum = waterfall.mean_per_frequency(rows)
            report.log_picture("spectrum", lambda path: pictures.draw_spectrum(path, frequencies, spectrum, str(view)))
