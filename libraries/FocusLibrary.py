"""Opens views on the Focus Server and checks what it answers."""

import itertools
import time
from typing import Any

from assertionengine import AssertionOperator, verify_assertion
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import CONVERTERS, ChannelRange, FrequencyRange, Recording, TimeStatus, number_in
from focus_core.run import report
from focus_core.run.session import OK, client, prr
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views import answer_checks, job_states, opening
from focus_core.views.job_states import JobState
from focus_core.views.opening import open_view, view_request
from focus_core.views.view import View, ViewType, number_of
from robot.api import logger
from robot.api.deco import keyword, library

NOT_FOUND = 404
# How often a state is asked for while it has to stay.
_POLL_S = 0.1
# Types of what may be left out. As `X | None` in an annotation Robot would not say how X is written.
_ASKED: dict[str, type] = {
    "channels": ChannelRange,
    "nfft": int,
    "frequency": FrequencyRange,
    "duration": float,
    "height": int,
}


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False, converters=CONVERTERS)
class FocusLibrary:
    """Views of the Focus Server.

    A view is asked for in the specification's words: time status ``Live`` or ``Historic``, view type ``MultiChannel``,
    ``SingleChannel`` or ``Waterfall``, channels ``11-109`` or ``11 to 109``, frequency ``0-1000 Hz``, NFFT, display
    duration in seconds, height in rows. What is not said comes from the site's defaults. The job of a view is
    removed at the end of the test (of the suite, when the suite setup opened it). Requests and answers are in the log
    at folds.
    """

    @keyword(tags=("View",), types={"time_status": TimeStatus, "view_type": ViewType, "recording": Recording, **_ASKED})
    def open_view(
        self,
        *,
        time_status: TimeStatus = TimeStatus.Live,
        view_type: ViewType = ViewType.MultiChannel,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        duration: float | None = None,
        height: int | None = None,
        recording: Recording | None = None,
    ) -> View:
        """Opens a view and returns it. Fails when the server does not accept it.

        ``duration`` is seconds, ``height`` rows. A Historic view plays ``recording`` (from `Find A Recording`), a Live
        one has none; a Waterfall view has no NFFT, frequency and duration. Other combinations are refused at once.
        Values are sent as they are: whether they are good is the server's business.

        | ${view} =    Open View    time_status=Live    view_type=MultiChannel    channels=11 to 109    nfft=1024
        """
        return _open(
            time_status,
            view_type,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
            recording=recording,
        )

    @keyword(tags=("View",), types={"view": ViewType, **_ASKED})
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
        """Opens a live view and returns it; the short form of `Open View`.

        | ${view} =    Open Live View    channels=11-109    nfft=1024    frequency=0-1000 Hz
        """
        return _open(
            TimeStatus.Live,
            view,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
        )

    @keyword(tags=("View",), types={"recording": Recording, "view": ViewType, **_ASKED})
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
        """Opens a view that plays ``recording`` (from `Find A Recording`) and returns it; short for `Open View`.

        | ${recording} =    Find A Recording    at_least=10 seconds
        | ${view} =    Open Historic View    ${recording}    channels=11-109
        """
        return _open(
            TimeStatus.Historic,
            view,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
            recording=recording,
        )

    @keyword(tags=("View",), types={"channels": ChannelRange, "height": int})
    def open_waterfall_view(self, *, channels: ChannelRange | None = None, height: int | None = None) -> View:
        """Opens a live waterfall view, which has neither frequencies nor a display duration, and returns it.

        | ${view} =    Open Waterfall View    channels=1-50
        """
        return _open(TimeStatus.Live, ViewType.Waterfall, channels=channels, height=height)

    @keyword(tags=("View",), types={"amount": int, "channels": ChannelRange, "nfft": int})
    def open_views_at_the_same_time(
        self, amount: int, *, channels: ChannelRange | None = None, nfft: int | None = None
    ) -> list[View]:
        """Opens ``amount`` live views by requests that are all under way at once, and returns them.

        Fails when one is not accepted, naming how many were not.

        | ${views} =    Open Views At The Same Time    5    channels=1-3
        """
        if amount < 1:
            raise BenchError(f"At least one view can be opened, not {amount}.")
        return opening.open_views([view_request(ViewType.MultiChannel, channels=channels, nfft=nfft)] * amount)

    @keyword(tags=("View",))
    def close_view(self, view: View) -> None:
        """Removes the view's job by DELETE /job/{id}; the server must say that it did.

        | Close View    ${view}
        """
        answer = client().delete_job(view.job_id)
        check_answer(answer, OK, f"Closing the {view}")
        said = answer.json().get("job_id")
        if said != view.job_id:
            raise AssertionError(f"Closing the {view} was answered for job {said!r}.")

    @keyword(tags=("View",))
    def discard_view(self, view: View) -> None:
        """Removes a view that a test needs no longer, by whatever way the site has; what it answers is not judged.

        | Discard View    ${view}
        """
        client().remove_job(view.job_id)

    @keyword(tags=("View", "Getter", "Assertion"))
    def get_view_field(
        self,
        view: View,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Any:
        """Returns a field of the answer that opened the view and, with an operator, checks it.

        Names are those of the answer: ``stream_amount``, ``lines_dt``, ``frequencies_list``... A number may be expected
        as a text. A field of another type than the contract's is a failure.

        | Get View Field    ${view}    stream_amount    ==    3
        | ${seconds} =    Get View Field    ${view}    lines_dt
        """
        value = answer_checks.field_of(view.answer.raw, name)
        if isinstance(expected, str) and isinstance(value, int | float):
            expected = number_in(expected)
        return verify_assertion(value, operator, expected, f"{name} of the {view}", message)

    @keyword(tags=("View", "Getter", "Assertion"))
    def get_number_of_frequencies(
        self, view: View, operator: AssertionOperator | None = None, expected: int | None = None
    ) -> int:
        """Returns how many frequencies the view lists and, with an operator, checks it.

        | Get Number Of Frequencies    ${view}    ==    513
        """
        listed = answer_checks.field_of(view.answer.raw, "frequencies_list")
        count: int = verify_assertion(len(listed), operator, expected, f"Number of frequencies of the {view}")
        return count

    @keyword(tags=("View", "Getter"))
    def get_frequency_step(self, view: View) -> float:
        """Returns the step between the first two frequencies of the view in Hz.

        | ${step} =    Get Frequency Step    ${view}
        """
        listed = answer_checks.field_of(view.answer.raw, "frequencies_list")
        if len(listed) < 2:
            raise AssertionError(f"The {view} lists {len(listed)} frequencies; a step needs two.")
        return float(listed[1]) - float(listed[0])

    @keyword(tags=("View", "Assertion"))
    def view_should_answer_what_was_asked(self, view: View) -> None:
        """Checks every value of the server's answer against the request, the site and its fibre.

        Status, job id, port of the job's slot, counts, the stream of each channel, each frequency, time of a row, type
        of view, what the recorder says; then that nothing else is in the answer.

        | View Should Answer What Was Asked    ${view}
        """
        fail_with(f"{view} was not answered as asked", opening.problems_of_view(view))
        check_answer(view.exchange, OK, f"{view}")

    @keyword(tags=("View", "Assertion"))
    def views_should_not_share_anything(self, views: list[View]) -> None:
        """Checks that views have job ids, job numbers, slots and ports of their own, ports that keep step with their
        slots, and one host of their streams.

        | Views Should Not Share Anything    ${views}
        """
        _need_two(views)
        fail_with(f"{len(views)} views are not apart from each other", answer_checks.problems_between(views))

    @keyword(tags=("View", "Assertion"))
    def job_numbers_should_grow(self, views: list[View]) -> None:
        """Checks that views that were opened one after the other have job numbers that grow.

        | Job Numbers Should Grow    ${views}
        """
        _need_two(views)
        numbers = [number_of(view.job_id) for view in views]
        if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
            raise AssertionError(f"The numbers of jobs do not grow: {', '.join(view.job_id for view in views)}.")

    @keyword(tags=("View", "Assertion"))
    def views_should_be_calculated_alike(self, views: list[View]) -> None:
        """Checks that views that were asked for alike have the same frequencies, channels, streams and row times.

        | Views Should Be Calculated Alike    ${views}
        """
        _need_two(views)
        if len({view.request for view in views}) > 1:
            raise BenchError("Only views that were asked for alike can be compared.")
        problems = [
            f"{name} of job {view.job_id} differs from that of job {views[0].job_id}"
            for view in views[1:]
            for name in answer_checks.CALCULATED
            if view.answer.raw.get(name) != views[0].answer.raw.get(name)
        ]
        fail_with("The same request was answered in different ways", problems)

    @keyword(tags=("View", "Assertion"))
    def states_of_view_should_be(self, view: View, *states: JobState) -> None:
        """Asks GET /ack/{id} again and again until the last of ``states`` is answered: exactly these are to be seen, in
        this order, within the site's ``job_running_s``. A table of the states with their times is in the log.

        To be used right after the view was opened. What its job went through before the first of them is not asked
        for.

        | States Of View Should Be    ${view}    waiting    running
        """
        job_states.check_words(states)
        budget = site_data.site().timings.job_running_s
        seen = job_states.watch(lambda: opening.state_of(view), states[-1], timeout=budget)
        report.log_fold(f"States of job {view.job_id}: {len(seen)}", job_states.table(seen))
        fail_with(f"The state of the {view} is wrong", job_states.problems(seen, states, budget))

    @keyword(tags=("View", "Assertion"))
    def view_should_be_running(self, view: View) -> None:
        """Waits until the view's job runs; the site's ``job_running_s`` is the budget.

        | View Should Be Running    ${view}
        """
        self._wait_for_status(view, "running", site_data.site().timings.job_running_s, passed_by=("completed",))

    @keyword(tags=("View", "Assertion"))
    def view_should_stay_running(self, view: View, *, seconds: float) -> None:
        """Asks for the state of a running view again and again for so many seconds; it has to be running each time.

        | View Should Stay Running    ${view}    seconds=2
        """
        if seconds <= 0:
            raise BenchError(f"A view stays for some time: seconds is above 0, not {seconds:g}.")
        begun, asked, passed = time.monotonic(), 0, 0.0
        while passed < seconds:
            time.sleep(min(_POLL_S, seconds))
            state = opening.state_of(view)
            asked, passed = asked + 1, time.monotonic() - begun
            if state != "running":
                raise AssertionError(
                    f"Job {view.job_id} is {state} after {passed:.1f} s; it was to stay running for {seconds:g} s."
                )
        logger.info(f"Job {view.job_id} was running {asked} times in {passed:.1f} s.")

    @keyword(tags=("View", "Assertion"))
    def view_should_be_completed(self, view: View) -> None:
        """Waits until the view's job has completed, as that of a historic view does after its last row.

        | View Should Be Completed    ${view}
        """
        self._wait_for_status(view, "completed", site_data.site().timings.job_running_s)

    @keyword(tags=("View", "Assertion"))
    def view_should_be_gone(self, view: View) -> None:
        """Waits until the server knows the view's job no longer; the site's ``job_removed_s`` is the budget.

        | View Should Be Gone    ${view}
        """

        def forgotten() -> bool:
            answer = client().job_status(view.job_id)
            if answer.status != NOT_FOUND:
                raise NotYet(f"{answer.status} {answer.body[:80]}")
            check_answer(answer, NOT_FOUND, f"Asking for the status of the closed {view}")
            return True

        wait_until(f"Job {view.job_id} is unknown", forgotten, timeout=site_data.site().timings.job_removed_s)

    @keyword(tags=("View", "Assertion"))
    def value_should_be_about(self, what: str, value: float, expected: float, *, tolerance: float) -> None:
        """Fails when ``value`` is further from ``expected`` than ``tolerance`` (same unit as both).

        ``what`` begins the sentence of a failure: the quantity with its unit, and the view that it is of.

        | Value Should Be About    Frequency step (Hz) of the ${view}    ${step}    1.953    tolerance=0.01
        """
        if not abs(value - expected) <= tolerance:
            raise AssertionError(f"{what} is {value:g}, expected {expected:g} with a tolerance of {tolerance:g}.")

    @keyword(tags=("View",))
    def pulse_repetition_rate(self) -> float:
        """The pulse repetition rate (PRR) of the site in Hz, from its live metadata.

        | ${prr} =    Pulse Repetition Rate
        """
        return prr()

    def _wait_for_status(self, view: View, wanted: str, budget: float, passed_by: tuple[str, ...] = ()) -> None:
        def reached() -> bool:
            status = opening.state_of(view)
            if status in passed_by:
                raise AssertionError(f"Job {view.job_id} is {status}; it was to be seen {wanted}.")
            if status != wanted:
                raise NotYet(f"status {status!r}")
            return True

        wait_until(f"Job {view.job_id} is {wanted}", reached, timeout=budget)


def _need_two(views: list[View]) -> None:
    if len(views) < 2:
        raise BenchError(f"At least 2 views can be compared, not {len(views)}.")


def _open(
    time_status: TimeStatus,
    view_type: ViewType,
    *,
    channels: ChannelRange | None = None,
    nfft: int | None = None,
    frequency: FrequencyRange | None = None,
    duration: float | None = None,
    height: int | None = None,
    recording: Recording | None = None,
) -> View:
    if time_status is TimeStatus.Historic and recording is None:
        raise BenchError("A Historic view plays a recording: give recording=, from 'Find A Recording'.")
    if time_status is TimeStatus.Live and recording is not None:
        raise BenchError("A Live view plays no recording: leave out recording=, or say time_status=Historic.")
    spectral = {"nfft": nfft, "frequency": frequency, "duration": duration}
    foreign = [name for name, value in spectral.items() if value is not None]
    if view_type is ViewType.Waterfall and foreign:
        raise BenchError(f"A Waterfall view has no {' and no '.join(foreign)}; it takes channels and height.")
    return open_view(
        view_request(
            view_type,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
            window=recording,
        )
    )
