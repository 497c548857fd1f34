"""Which rows a stream sends next: live rows as they happen, historic ones as the playback reaches them."""

from __future__ import annotations

from simulator.job.arguments import JobArguments
from simulator.playback import speed
from simulator.rows import RowSource

# Frames come at most every 0.1 s by the contract; half as often costs half as much and is as smooth to the eye.
FRAME_PERIOD_S = 0.2
_FRAME_BYTES_MAX = 8 << 20
_FLOAT_BYTES = 4


class Pace:
    """The position of one stream in the rows of its view. Rows are sent once, in order."""

    def __init__(self, job: JobArguments, source: RowSource, row_values: int, started: float, now: float) -> None:
        """Begin at the present of a live view, or at the first row of a historic one.

        started: when the playback began; now: the present (both seconds since the epoch).
        """
        self._job = job
        self._source = source
        self._started = started
        self._frame_rows = max(1, _FRAME_BYTES_MAX // (row_values * _FLOAT_BYTES))
        self._next = 0 if job.rows is not None else source.row_at(now)

    @property
    def over(self) -> bool:
        """Say whether every row of a historic window was taken; a live view is never over."""
        return self._job.rows is not None and self._next >= self._job.rows

    def take(self, now: float) -> tuple[int, int]:
        """Return first row and number of the rows to send now (number 0: none yet).

        A live stream that cannot keep up leaves rows out rather than falling behind.
        """
        if self._job.rows is None:
            end = self._source.row_at(now)
            self._next = max(self._next, end - self._frame_rows)
        else:
            end = min(self._job.rows, played_rows(self._job, self._started, now))
        first = self._next
        count = max(0, min(end - first, self._frame_rows))
        self._next = first + count
        return first, count


def played_rows(job: JobArguments, started: float, now: float) -> int:
    """Return how many rows the playback has reached."""
    return int((now - started) * speed(job.time_scale) / job.lines_dt)
