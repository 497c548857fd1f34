"""Which rows a stream sends next: live rows as they happen, historic ones as the playback reaches them."""

from __future__ import annotations

import math

from simulator import defects
from simulator.pods.analyzer.playback import rows_between, speed
from simulator.pods.job.arguments import JobArguments

# Frames come at most every 0.1 s by the contract; half as often costs half as much and is as smooth to the eye.
FRAME_PERIOD_S = 0.2
_FRAME_BYTES_MAX = 8 << 20
_FLOAT_BYTES = 4
# Defects only: a stream that is neglected sends one row in four; so many jobs are a load, under which the first second
# of each five is lost.
_NEGLECTED_ROWS = 4
_LOAD_JOBS, _LOST_S, _LOST_EVERY_S = 8, 1, 5


class Pace:
    """The position of one stream in the rows of its view. Rows are sent once, in order."""

    def __init__(self, job: JobArguments, row_values: int, started: float, now: float) -> None:
        """Begin at the present of a live view, or at the first row of a historic one.

        row_values: intensities in one row of the stream. started: when the playback began; now: the present (both
        seconds since the epoch).
        """
        self._job = job
        self._started = started
        self._share = 2 if defects.active("stream-rate-wrong") else _neglect(job)
        self._loses = defects.active("rows-lost-under-load") and _jobs_beside(job) >= _LOAD_JOBS
        self._begin = self._next = 0 if job.recorded is not None else self._row_at(now)
        self._set_frame(row_values)

    def change(self, job: JobArguments, row_values: int) -> None:
        """Go on with a changed view, at the same time."""
        scale = self._job.lines_dt / job.lines_dt
        self._job = job
        self._begin, self._next = (math.ceil(row * scale) for row in (self._begin, self._next))
        self._set_frame(row_values)

    @property
    def over(self) -> bool:
        """Return whether every row of a historic window was taken; a live view is never over."""
        rows = self._job.rows
        return rows is not None and (not rows or self._next >= rows[-1].stop)

    def take(self, now: float) -> tuple[int, int]:
        """Return first row and number of the rows to send now (number 0: none yet).

        A live stream that cannot keep up leaves rows out rather than falling behind.
        """
        rows = self._job.rows
        if rows is None:
            end = self._row_at(now)
            end = self._begin + (end - self._begin) // self._share
            self._next = max(self._next, end - self._frame_rows)
            if self._loses and now % _LOST_EVERY_S < _LOST_S:
                self._next = end
            ready = range(self._next, end)
        else:
            played = rows_between(rows, 0, played_rows(self._job, self._started, now))
            ready = next((range(max(part.start, self._next), part.stop) for part in played if part.stop > self._next),
                         range(self._next, self._next))  # fmt: skip
        ready = ready[: self._frame_rows]
        self._next = max(self._next, ready.stop)
        return ready.start, len(ready)

    def _row_at(self, now: float) -> int:
        return max(0, int((now - self._job.origin_ms / 1000) / self._job.lines_dt))

    def _set_frame(self, row_values: int) -> None:
        self._frame_rows = max(1, _FRAME_BYTES_MAX // (row_values * _FLOAT_BYTES))


def _neglect(job: JobArguments) -> int:
    """Return in how many rows one is sent: the jobs of every second slot are neglected by the defect."""
    slot = int(job.job_id.partition("-")[0])
    return _NEGLECTED_ROWS if slot % 2 == 0 and defects.active("streams-unfair") else 1


def _jobs_beside(job: JobArguments) -> int:
    return sum(1 for pod in job.pod_dir.parent.iterdir() if "grpc-job-" in pod.name)


def played_rows(job: JobArguments, started: float, now: float) -> int:
    """Return how many rows the playback has reached, counted from the first that there is."""
    return int((now - started) * speed(job.time_scale) / job.lines_dt)
