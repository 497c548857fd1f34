"""Keywords about what the server answers when a view is opened."""

import itertools
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.words import Percentage, number_in
from focus_core.run.session import OK, prr
from focus_core.server.status_checks import check_answer
from focus_core.views import answer_checks, opening
from focus_core.views.view import View, Views, number_of
from robot.api.deco import keyword

from focus_keywords.getters import verified


class ViewAnswers:
    """Fields of answers, and checks of answers against requests and each other."""

    @keyword(
        tags=("View", "Getter", "Assertion"),
        types={"view": View, "name": str, "operator": AssertionOperator, "message": str},
    )
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
        return verified(value, operator, expected, f"{name} of the {view}", message)

    @keyword(tags=("View", "Getter", "Assertion"), types={"view": View, "operator": AssertionOperator, "expected": int})
    def get_number_of_frequencies(
        self, view: View, operator: AssertionOperator | None = None, expected: int | None = None
    ) -> int:
        """Returns how many frequencies the view lists and, with an operator, checks it.

        | Get Number Of Frequencies    ${view}    ==    513
        """
        listed = answer_checks.field_of(view.answer.raw, "frequencies_list")
        count: int = verified(len(listed), operator, expected, f"Number of frequencies of the {view}")
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
    def value_should_be_about(self, what: str, value: float, expected: float, *, tolerance: float | Percentage) -> None:
        """Fails when ``value`` is further from ``expected`` than ``tolerance``: in the unit of both, or as ``1 %`` of
        what is expected.

        ``what`` begins the sentence of a failure: the quantity with its unit, and the view that it is of.

        | Value Should Be About    Frequency step (Hz) of the ${view}    ${step}    1.953    tolerance=0.01
        """
        allowed = tolerance.of(abs(expected)) if isinstance(tolerance, Percentage) else tolerance
        if not abs(value - expected) <= allowed:
            raise AssertionError(f"{what} is {value:g}, expected {expected:g} with a tolerance of {allowed:g}.")

    @keyword(tags=("View",))
    def get_pulse_repetition_rate(self) -> float:
        """The pulse repetition rate (PRR) of the site in Hz, from its live metadata.

        | ${prr} =    Get Pulse Repetition Rate
        """
        return prr()

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
    def views_should_not_share_anything(self, views: Views) -> None:
        """Checks that views have job ids, job numbers, slots and ports of their own, ports that keep step with their
        slots, and one host of their streams.

        | Views Should Not Share Anything    ${views}
        """
        _need_two(views)
        fail_with(f"{len(views)} views are not apart from each other", answer_checks.problems_between(views))

    @keyword(tags=("View", "Assertion"))
    def job_numbers_should_grow(self, views: Views) -> None:
        """Checks that views that were opened one after the other have job numbers that grow.

        | Job Numbers Should Grow    ${views}
        """
        _need_two(views)
        numbers = [number_of(view.job_id) for view in views]
        if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
            raise AssertionError(f"The numbers of jobs do not grow: {', '.join(view.job_id for view in views)}.")

    @keyword(tags=("View", "Assertion"))
    def views_should_be_calculated_alike(self, views: Views) -> None:
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


def _need_two(views: Views) -> None:
    if len(views) < 2:
        raise BenchError(f"At least 2 views can be compared, not {len(views)}; open more of them.")
