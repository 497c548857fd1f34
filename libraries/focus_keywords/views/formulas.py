"""What a view is calculated to be by the specification: the expected values, and checks of answers against them."""

from focus_core.base import demands
from focus_core.base.words import Percentage
from focus_core.run import session
from focus_core.site import data as site_data
from focus_core.views import formulas
from focus_core.views.formulas import Quantity
from focus_core.views.view import View
from robot.api.deco import keyword


class Formulas:
    """The formulas of the specification. PRR is the pulse repetition rate of the site's fibre, in Hz."""

    @keyword(tags=("View", "Formula", "Assertion"))
    def view_should_follow_the_formula(
        self, view: View, quantity: Quantity, *, tolerance: float | Percentage = 0.0
    ) -> None:
        """Checks a quantity of the view's answer against the formula; ``tolerance`` is in its unit, or like ``1 %``.

        | = quantity =               | = formula =                                       |
        | ``frequency_step``         | PRR / NFFT, in Hz                                 |
        | ``runtime_frequency_step`` | PRR / (NFFT + 1), in Hz, as the server calculates |
        | ``frequency_count``        | NFFT / 2 + 1, of a view of all frequencies        |
        | ``last_frequency``         | PRR / 2 - one step, in Hz                         |
        | ``transform_seconds``      | NFFT / PRR                                        |
        | ``row_seconds``            | (NFFT - NFFT / 2) / PRR                           |
        | ``rows_a_second``          | PRR / (NFFT - NFFT / 2)                           |
        | ``rows_in_display_time``   | the height that was asked for                     |
        | ``stream_count``           | one for each channel; of ``channel_to_stream_index`` |
        | ``stream_amount``          | one for each channel                              |

        | View Should Follow The Formula    ${view}    frequency_step    tolerance=1 %
        """
        formula = formulas.formula(quantity)
        answered, expected = formulas.answered(quantity, view), formula.value(view, session.prr())
        _check_about(f"{formula.what} of the {view}", answered, expected, tolerance, f" ({formula.words})")

    @keyword(tags=("View", "Formula"))
    def get_formula_value(self, view: View, quantity: Quantity) -> float:
        """Returns what a quantity of `View Should Follow The Formula` has to be, and of two that only streams show.

        ``bytes_a_row`` of all streams is channels x frequencies x 4, ``bytes_a_second`` that by the seconds of a row.

        | ${rate} =    Get Formula Value    ${view}    bytes_a_second
        """
        return formulas.formula(quantity).value(view, session.prr())

    @keyword(tags=("View", "Assertion"))
    def value_should_be_about(self, what: str, value: float, expected: float, *, tolerance: float | Percentage) -> None:
        """Fails when ``value`` is further from ``expected`` than ``tolerance``: in the unit of both, or as ``1 %`` of
        what is expected.

        ``what`` begins the sentence of a failure: the quantity with its unit, and the view that it is of.

        | Value Should Be About    Frequency step (Hz) of the ${view}    ${step}    1.953    tolerance=0.01
        """
        _check_about(what, value, expected, tolerance)

    @keyword(tags=("View", "Formula"))
    def nyquist_frequency(self) -> int:
        """Half the pulse repetition rate, in whole Hz: no frequency above it can be measured.

        | ${limit} =    Nyquist Frequency
        | ${view} =    Open Live View    frequency=0-${limit} Hz
        """
        return formulas.nyquist_frequency(session.prr())

    @keyword(tags=("View", "Formula"))
    def rows_of_a_millisecond_in_the_display_time(self, *, more: int = 0) -> int:
        """How many rows of a millisecond, the shortest there are, fill the site's usual display time, and ``more``.

        | ${rows} =    Rows Of A Millisecond In The Display Time
        """
        demands.at_least(0, more=more)
        return int(site_data.site().defaults.duration_s * 1000) + more

    @keyword(tags=("View", "Formula"))
    def longest_window_of_the_display_time(self, *, more: int = 0) -> int:
        """How many seconds the longest historic window has that the site's usual display time allows, and ``more``.

        | ${seconds} =    Longest Window Of The Display Time
        """
        demands.at_least(0, more=more)
        return int(site_data.site().defaults.duration_s * site_data.site().limits.history_windows) + more


def _check_about(what: str, value: float, expected: float, tolerance: float | Percentage, formula: str = "") -> None:
    allowed = tolerance.of(abs(expected)) if isinstance(tolerance, Percentage) else tolerance
    if not abs(value - expected) <= allowed:
        raise AssertionError(
            f"{what} is {float(value):g}, expected {float(expected):g}{formula} with a tolerance of {allowed:g}."
        )
