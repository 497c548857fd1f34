"""What a view is calculated to be, in plain arithmetic.

Written from the specification and the rules that the server follows at run time (site contract 2.5, 2.6). Nothing here
uses the checks of `View Should Answer What Was Asked`, so a mistake there cannot hide one of the server.
"""

from typing import Literal

from focus_core.base import demands
from focus_core.run import session
from focus_core.site import data as site_data
from robot.api.deco import keyword

# Every amplitude is a float of 32 bits.
_BYTES_AN_AMPLITUDE = 4

Formula = Literal["specification", "runtime"]


class Formulas:
    """The expected values. ``prr`` is the pulse repetition rate in Hz; left out, it is that of the site's fibre."""

    @keyword(tags=("View", "Formula"))
    def expected_frequency_step(
        self, nfft: int, *, prr: float | None = None, formula: Formula = "specification"
    ) -> float:
        """The step between two frequencies in Hz: PRR / NFFT.

        With ``formula=runtime`` it is PRR / (NFFT + 1), as the server calculates it.

        | ${step} =    Expected Frequency Step    1024
        """
        demands.at_least(1, nfft=nfft)
        return _rate(prr) / (nfft + 1 if formula == "runtime" else nfft)

    @keyword(tags=("View", "Formula"))
    def expected_number_of_frequencies(self, nfft: int) -> int:
        """How many frequencies there are from 0 to half the pulse repetition rate: NFFT / 2 + 1.

        | ${count} =    Expected Number Of Frequencies    1024
        """
        demands.at_least(1, nfft=nfft)
        return nfft // 2 + 1

    @keyword(tags=("View", "Formula"))
    def expected_highest_frequency(self, step: float, *, prr: float | None = None) -> float:
        """The highest frequency in Hz of a view of all of them: one ``step`` (Hz) below PRR / 2.

        | ${highest} =    Expected Highest Frequency    ${step}
        """
        demands.above_zero(step=step)
        return _rate(prr) / 2 - step

    @keyword(tags=("View", "Formula"))
    def nyquist_frequency(self, *, prr: float | None = None) -> int:
        """Half the pulse repetition rate, in whole Hz: no frequency above it can be measured.

        | ${limit} =    Nyquist Frequency
        | ${view} =    Open Live View    frequency=0-${limit} Hz
        """
        return int(_rate(prr) / 2)

    @keyword(tags=("View", "Formula"))
    def expected_window_of_a_transform(self, nfft: int, *, prr: float | None = None) -> float:
        """How many seconds of the fibre's signal one transform sees: NFFT / PRR.

        | ${seconds} =    Expected Window Of A Transform    1024
        """
        demands.at_least(1, nfft=nfft)
        return nfft / _rate(prr)

    @keyword(tags=("View", "Formula"))
    def expected_row_time(self, nfft: int, *, prr: float | None = None) -> float:
        """How many seconds a row lasts when half of each transform overlaps: (NFFT - NFFT / 2) / PRR.

        | ${seconds} =    Expected Row Time    1024
        """
        demands.at_least(1, nfft=nfft)
        return (nfft - nfft / 2) / _rate(prr)

    @keyword(tags=("View", "Formula"))
    def expected_rows_a_second(self, nfft: int, *, prr: float | None = None) -> float:
        """How many rows a second there are when half of each transform overlaps: PRR / (NFFT - NFFT / 2).

        | ${rate} =    Expected Rows A Second    1024
        """
        demands.at_least(1, nfft=nfft)
        return _rate(prr) / (nfft - nfft / 2)

    @keyword(tags=("View", "Formula"))
    def expected_stream_sizes(self, channels: int) -> list[int]:
        """How many channels each stream has, from stream 0 on: each channel has a stream of its own.

        | ${sizes} =    Expected Stream Sizes    ${view.request.channel_count}
        | Streams Should Have Channels    ${view}    @{sizes}
        """
        demands.at_least(1, channels=channels)
        return [1] * channels

    @keyword(tags=("View", "Formula"))
    def expected_bytes_a_row(self, channels: int, frequencies: int) -> int:
        """How many bytes a row of all streams takes: channels x frequencies x 4.

        | ${bytes} =    Expected Bytes A Row    ${view.request.channel_count}    ${frequencies}
        """
        demands.at_least(1, channels=channels, frequencies=frequencies)
        return channels * frequencies * _BYTES_AN_AMPLITUDE

    @keyword(tags=("View", "Formula"))
    def expected_data_rate(self, channels: int, frequencies: int, row_seconds: float) -> float:
        """How many bytes a second all streams bring: channels x frequencies x 4 / seconds of a row.

        | ${rate} =    Expected Data Rate    ${view.request.channel_count}    ${frequencies}    0.01
        """
        demands.at_least(1, channels=channels, frequencies=frequencies)
        demands.above_zero(row_seconds=row_seconds)
        return channels * frequencies * _BYTES_AN_AMPLITUDE / row_seconds

    @keyword(tags=("View", "Formula"))
    def rows_of_a_millisecond_in_the_display_time(self) -> int:
        """How many rows of a millisecond, the shortest there are, fill the site's usual display time.

        | ${rows} =    Rows Of A Millisecond In The Display Time
        """
        return int(site_data.site().defaults.duration_s * 1000)

    @keyword(tags=("View", "Formula"))
    def longest_window_of_the_display_time(self) -> float:
        """How many seconds the longest historic window has that the site's usual display time allows.

        | ${seconds} =    Longest Window Of The Display Time
        """
        return site_data.site().defaults.duration_s * site_data.site().limits.history_windows


def _rate(prr: float | None) -> float:
    if prr is None:
        return session.prr()
    demands.above_zero(prr=prr)
    return prr
