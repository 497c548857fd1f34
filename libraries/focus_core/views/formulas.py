"""What a view is calculated to be, in plain arithmetic.

Written from the specification and the rules that the server follows at run time (site contract 2.5, 2.6). Nothing here
uses the checks of `View Should Answer What Was Asked`, so a mistake there cannot hide one of the server.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from focus_core.base.errors import BenchError
from focus_core.views import quantities
from focus_core.views.answer_checks import field_of
from focus_core.views.view import View

# Every amplitude is a float of 32 bits.
_BYTES_AN_AMPLITUDE = 4

Quantity = Literal[
    "frequency_step",
    "runtime_frequency_step",
    "frequency_count",
    "last_frequency",
    "transform_seconds",
    "row_seconds",
    "rows_a_second",
    "rows_in_display_time",
    "stream_count",
    "stream_amount",
    "bytes_a_row",
    "bytes_a_second",
]


@dataclass(frozen=True)
class Formula:
    """What a quantity is called in a failure, its formula in words, and in arithmetic: of the view and PRR in Hz."""

    what: str
    words: str
    value: Callable[[View, float], float]


_FORMULAS: dict[Quantity, Formula] = {
    "frequency_step": Formula("Frequency step (Hz)", "PRR / NFFT", lambda view, prr: prr / _nfft(view)),
    "runtime_frequency_step": Formula(
        "Frequency step (Hz)", "PRR / (NFFT + 1)", lambda view, prr: prr / (_nfft(view) + 1)
    ),
    "frequency_count": Formula("Number of frequencies", "NFFT / 2 + 1", lambda view, _: _nfft(view) // 2 + 1),
    "last_frequency": Formula(
        "Last frequency (Hz)", "PRR / 2 - one step", lambda view, prr: prr / 2 - quantities.step(view)
    ),
    "transform_seconds": Formula("Window of a transform (s)", "NFFT / PRR", lambda view, prr: _nfft(view) / prr),
    "row_seconds": Formula(
        "Time of a row (s)", "(NFFT - NFFT / 2) / PRR", lambda view, prr: (_nfft(view) - _nfft(view) / 2) / prr
    ),
    "rows_a_second": Formula(
        "Rows a second", "PRR / (NFFT - NFFT / 2)", lambda view, prr: prr / (_nfft(view) - _nfft(view) / 2)
    ),
    "rows_in_display_time": Formula(
        "Rows in the display time", "the height that was asked for", lambda view, _: view.request.height
    ),
    "stream_count": Formula("Number of streams", "one for each channel", lambda view, _: view.request.channel_count),
    "stream_amount": Formula("Number of streams", "one for each channel", lambda view, _: view.request.channel_count),
    "bytes_a_row": Formula("Bytes of a row", "channels x frequencies x 4", lambda view, _: _bytes_a_row(view)),
    "bytes_a_second": Formula(
        "Bytes a second",
        "channels x frequencies x 4 / seconds of a row",
        lambda view, _: _bytes_a_row(view) / quantities.row_seconds(view),
    ),
}


def formula(quantity: Quantity) -> Formula:
    """The formula of a quantity."""
    return _FORMULAS[quantity]


def answered(quantity: Quantity, view: View) -> Any:
    """What the server answered for the quantity. Raises ``BenchError`` for one that only streams show."""
    name = quantity.removeprefix("runtime_")
    if name == "stream_amount":
        return field_of(view.answer.raw, name)
    if name not in quantities.QUANTITIES:
        raise BenchError(f"The answer of a view does not give {quantity}; compare it with what its streams gave.")
    return quantities.QUANTITIES[name](view)


def nyquist_frequency(prr: float) -> int:
    """Half the pulse repetition rate, in whole Hz: no frequency above it can be measured."""
    return int(prr / 2)


def _nfft(view: View) -> int:
    return view.request.nfft


def _bytes_a_row(view: View) -> int:
    return view.request.channel_count * len(quantities.frequencies(view)) * _BYTES_AN_AMPLITUDE
