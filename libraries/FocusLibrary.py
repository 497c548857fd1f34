"""Opens views on the Focus Server and checks what it answers."""

from focus_core import focus_answers, site_data
from focus_core.focus_answers import View, ViewType
from focus_core.session import OK, client, open_view, prr, view_request
from focus_core.verdicts import check_status, fail_with
from focus_core.waiting import NotYet, wait_until
from focus_core.words import CONVERTERS, ChannelRange, FrequencyRange, Recording
from robot.api.deco import keyword, library

NOT_FOUND = 404


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
