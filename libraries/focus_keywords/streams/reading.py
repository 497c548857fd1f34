"""Reads the gRPC streams of a view."""

import math
import time
from concurrent.futures import wait
from threading import Event

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.threads import Threads
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import Hole
from focus_core.run import pictures, report
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.streams import checks as stream_checks
from focus_core.streams import client as stream_client
from focus_core.streams.client import Frame, Readings, StreamReading
from focus_core.views import job_states, opening, waterfall
from focus_core.views.answer_checks import field_of
from focus_core.views.job_states import JobState
from focus_core.views.view import View, number_of
from robot.api import logger
from robot.api.deco import keyword

# How a server refuses a stream that it does not have; UNAVAILABLE and the deadline are no words about the stream.
_REFUSALS = ("INVALID_ARGUMENT", "NOT_FOUND", "OUT_OF_RANGE")
# Two readers begin at slightly different times; they have to have rows in common.
_FRAMES_OF_TWO_READERS = 10
_FRAMES_TO_COMPARE = 5
# More than a few seconds of recording have.
_ROWS_OF_A_PLAYBACK = 1000
_LONGEST_MEASUREMENT_S = 10.0
_MOST_BYTES_A_SECOND = 100e6
# A port that nobody listens on refuses at once; another job that has it shows itself in its first frame.
_CLOSED_WITHIN_S = 5.0
# A stream may stand still for so many times the pace of its frames before it is not steady.
_STEADY_FRAMES = 3


_READERS = 2
# Streams are numbered so.
_LOWEST_STREAM, _HIGHEST_STREAM = -(2**31), 2**31 - 1


class ViewStreams:
    """The streams of a view, all at once."""

    @keyword(tags=("Stream",))
    def read_streams_of_view(self, view: View, at_least: int) -> Readings:
        """Reads every stream of a view until it gave ``at_least`` frames, or until the budget of the site is over.

        | ${readings} =    Read Streams Of View    ${view}    at_least=3
        """
        demands.at_least(1, at_least=at_least)
        return self._read(view, at_least=at_least, timeout=site_data.site().timings.first_frame_s)

    @keyword(tags=("Stream",))
    def read_streams_of_view_to_their_end(self, view: View, within: float | None = None) -> Readings:
        """Reads every stream of a historic view until it ends by itself, or ``within`` so many seconds.

        Without ``within``, the budget is the site's ``first_frame_s`` and the length of the window: playback is not
        slower than life.

        | ${readings} =    Read Streams Of View To Their End    ${view}
        """
        if within is not None:
            demands.above_zero(within=within)
        return self._read(view, timeout=_playback_budget(view) if within is None else within)

    @keyword(tags=("Stream",))
    def measure_streams_of_view(self, view: View) -> Readings:
        """Reads every stream of a live view for some seconds: until its rate is right, at most ten.

        | ${readings} =    Measure Streams Of View    ${view}
        """
        settled = stream_checks.until_the_rate_is_settled(1 / _row_seconds(view), _LONGEST_MEASUREMENT_S)
        budget = site_data.site().timings.first_frame_s + _LONGEST_MEASUREMENT_S
        return self._read(view, enough=settled, timeout=budget)

    @keyword(tags=("Stream", "Assertion"))
    def streams_of_view_should_go_on(self, view: View, seconds: float) -> None:
        """Reads every stream of a live view for so many seconds, and some more until the next frame: none may end, and
        frames have to come all along.

        | Streams Of View Should Go On    ${view}    seconds=3
        """
        demands.above_zero(seconds=seconds)

        def enough(frames: list[Frame]) -> bool:
            return frames[-1].arrived - frames[0].arrived >= seconds

        readings = self._read(view, enough=enough, timeout=site_data.site().timings.first_frame_s + seconds)
        over = [str(reading) for reading in readings if reading.finished or reading.ended_by]
        fail_with(f"{len(over)} of {len(readings)} streams of the {view} did not go on for {seconds:g} s", over)
        self.frames_should_fit_the_view(readings, view)

    @keyword(tags=("Stream", "Assertion"))
    def two_playbacks_should_show_the_same(self, one: View, other: View) -> None:
        """Plays two historic views of the same recording to their end, at the same time: every row of every stream has
        to be the same in both.

        | Two Playbacks Should Show The Same    ${one}    ${other}
        """
        with Threads(2) as pool:
            both = list(pool.map(self.read_streams_of_view_to_their_end, (one, other)))
        for readings in both:
            self.every_stream_should_have_delivered(readings, 1)
        problems = [
            f"stream {first.stream}: {problem}"
            for first, second in zip(*both, strict=True)
            for problem in stream_checks.problems_of_two_readers(first, second)
        ]
        fail_with(f"The playbacks of the {one} and the {other} are not the same", problems)

    @keyword(tags=("Stream", "View", "Assertion"))
    def waterfall_should_show_what_was_streamed(self, view: View, readings: Readings) -> None:
        """Reads rows of a new historic view over REST and compares them with the streams of another view of the same
        recording: rows of the same time have to hold the same amplitudes (the waterfall rounds them).

        | ${readings} =    Read Streams Of View To Their End    ${one}
        | Waterfall Should Show What Was Streamed    ${other}    ${readings}
        """

        def shown() -> list[waterfall.Row]:
            answer = client().waterfall(view.job_id, _ROWS_OF_A_PLAYBACK)
            if answer.status == waterfall.NO_ROWS_YET:
                raise NotYet("200, no rows yet")
            check_answer(answer, waterfall.ROWS, f"Reading rows of the {view}")
            return waterfall.rows_of(answer.json())

        rows = wait_until(f"The {view} shows rows", shown, timeout=site_data.site().timings.first_frame_s)
        problems = stream_checks.mismatch_with_waterfall(readings, view, rows)
        fail_with(f"The rows of the {view} are not those of the streams", problems)

    @keyword(tags=("Stream",))
    def read_one_stream_twice(self, view: View) -> Readings:
        """Reads the first stream with two readers at the same time and returns what each was given.

        | ${readings} =    Read One Stream Twice    ${view}
        """
        return self._read(
            view,
            streams=[0, 0],
            at_least=_FRAMES_OF_TWO_READERS,
            timeout=site_data.site().timings.first_frame_s,
        )

    @keyword(tags=("Stream", "Assertion"))
    def every_stream_should_have_delivered(self, readings: Readings, at_least: int) -> None:
        """Fails when a stream gave fewer than ``at_least`` frames; says for each what it gave and how it stopped.

        | Every Stream Should Have Delivered    ${readings}    at_least=3
        """
        demands.some("reading of a stream", readings)
        demands.at_least(1, at_least=at_least)
        silent = [str(reading) for reading in readings if len(reading.frames) < at_least]
        fail_with(f"{len(silent)} of {len(readings)} streams did not deliver {at_least} frames", silent)

    @keyword(tags=("Stream", "Assertion"))
    def every_stream_should_have_ended(self, readings: Readings) -> None:
        """Fails when a stream did not end by itself, as that of a historic view has to after its last row.

        | Every Stream Should Have Ended    ${readings}
        """
        demands.some("reading of a stream", readings)
        open_streams = [str(reading) for reading in readings if not reading.finished]
        fail_with(f"{len(open_streams)} of {len(readings)} streams did not come to their end", open_streams)

    @keyword(tags=("Stream", "Assertion"))
    def frames_should_fit_the_view(self, readings: Readings, view: View) -> None:
        """Checks each frame: its stream's channels, shape, extremes, job; rows one after the other, each ``lines_dt``
        after the one before it, inside the window or young.

        | Frames Should Fit The View    ${readings}    ${view}
        """
        if not any(reading.frames for reading in readings):
            raise AssertionError(f"No stream of the {view} gave a frame that could be checked.")
        budget = site_data.site().timings.first_frame_s
        fail_with(f"Frames of the {view} are wrong", stream_checks.problems(readings, view, live_age=budget))

    @keyword(tags=("Stream",))
    def show_frequencies_in_the_log(self, readings: Readings, view: View) -> None:
        """Draws the mean amplitude of each frequency, of the first frames of the streams, into the log.

        | Show Frequencies In The Log    ${readings}    ${view}
        """
        frames = [reading.frames[0] for reading in readings if reading.frames]
        frequencies = field_of(view.answer.raw, "frequencies_list")
        if not frames or len(frequencies) < 2:
            return
        amplitudes = [value for frame in frames for value in frame.amplitudes()]
        bins = len(frequencies)
        means = [sum(amplitudes[index::bins]) * bins / len(amplitudes) for index in range(bins)]
        title = f"First frames of the {view}"
        report.log_picture("stream-spectrum", lambda path: pictures.draw_spectrum(path, frequencies, means, title))

    @keyword(tags=("Stream", "Assertion"), types={"readings": Readings, "view": View, "hole": Hole})
    def every_recorded_row_should_have_come(self, readings: Readings, view: View, hole: Hole | None = None) -> None:
        """Checks that each stream of a historic view gave every row of its window: none missing, none twice, in order,
        at their times. With a ``hole`` (from `Find A Hole Between Recordings`): those of its recorded parts, no other.

        | Every Recorded Row Should Have Come    ${readings}    ${view}
        """
        demands.some("reading of a stream", readings)
        expected = stream_checks.rows_of_window(view, hole.recorded if hole else None)
        found = stream_checks.problems(readings, view, live_age=0, expected_rows=expected)
        fail_with(f"Rows of the {view} are wrong", found)

    @keyword(tags=("Stream", "Assertion"))
    def rate_of_rows_should_be_right(self, readings: Readings, view: View) -> None:
        """Checks that each stream brought 1 / ``lines_dt`` rows a second, within 20 %.

        | ${readings} =    Measure Streams Of View    ${view}
        | Rate Of Rows Should Be Right    ${readings}    ${view}
        """
        demands.some("reading of a stream", readings)
        wanted = 1 / _row_seconds(view)
        rates = [(reading.stream, stream_checks.rate_of(reading).rows) for reading in readings]
        logger.info(", ".join(f"stream {stream}: {rate:.1f} rows/s" for stream, rate in rates))
        wrong = [
            f"stream {stream} brought {rate:.1f} rows a second, expected {wanted:.1f}"
            for stream, rate in rates
            if not stream_checks.is_near(rate, wanted)
        ]
        fail_with(f"The rate of the {view} is wrong", wrong)

    @keyword(tags=("Stream", "Assertion"))
    def data_rate_should_be_about(self, readings: Readings, bytes_a_second: float) -> None:
        """Checks the amplitudes of all streams together, in bytes a second, within 20 %; 100 MB/s is the most allowed.

        | ${rate} =    Get Formula Value    ${view}    bytes_a_second
        | Data Rate Should Be About    ${readings}    ${rate}
        """
        demands.some("reading of a stream", readings)
        demands.above_zero(bytes_a_second=bytes_a_second)
        rate = sum(stream_checks.rate_of(reading).bytes for reading in readings)
        if rate > _MOST_BYTES_A_SECOND:
            raise AssertionError(f"The streams bring {rate / 1e6:.1f} MB/s, more than 100.")
        if not stream_checks.is_near(rate, bytes_a_second):
            raise AssertionError(f"The streams bring {rate:.0f} bytes/s, expected {bytes_a_second:.0f}.")

    @keyword(tags=("Stream", "Assertion"))
    def every_row_should_take_bytes(self, readings: Readings, size: int) -> None:
        """Checks that the row of all streams together takes ``size`` bytes, in every frame.

        | ${bytes} =    Get Formula Value    ${view}    bytes_a_row
        | Every Row Should Take Bytes    ${readings}    ${bytes}
        """
        demands.some("reading of a stream", readings)
        demands.at_least(1, size=size)
        rows = [{len(data) for frame in reading.frames for _, _, data in frame.rows()} for reading in readings]
        uneven = [f"stream {reading.stream}" for reading, sizes in zip(readings, rows, strict=True) if len(sizes) != 1]
        if uneven:
            raise AssertionError(f"Rows are not all of the same size in {', '.join(uneven)}.")
        taken = sum(sizes.pop() for sizes in rows)
        if taken != size:
            raise AssertionError(f"A row of all streams takes {taken} bytes, expected {size}.")

    @keyword(tags=("Stream", "Assertion"))
    def both_readers_should_have_the_same_rows(self, readings: Readings) -> None:
        """Checks that two readers of one stream (from `Read One Stream Twice`) were given the same rows.

        | Both Readers Should Have The Same Rows    ${readings}
        """
        if len(readings) != _READERS:
            raise BenchError(
                f"Two readers are compared, not {len(readings)}; take what 'Read One Stream Twice' returns."
            )
        one, other = readings
        problems = stream_checks.problems_of_two_readers(one, other)
        fail_with(f"Two readers of stream {one.stream} do not agree", problems)

    @keyword(tags=("Stream", "View", "Assertion"))
    def stream_and_waterfall_should_show_the_same(self, view: View) -> None:
        """Reads every stream of a live view for a moment, then the same time from GET /waterfall/{id}/{rows}: rows of
        the same time have to hold the same amplitudes of the same channels (the waterfall rounds them).

        | Stream And Waterfall Should Show The Same    ${view}
        """
        readings = self.read_streams_of_view(view, at_least=_FRAMES_TO_COMPARE)
        self.every_stream_should_have_delivered(readings, _FRAMES_TO_COMPARE)
        self.frames_should_fit_the_view(readings, view)
        begun = min(frame.times_ms[0] for reading in readings for frame in reading.frames)
        rows = math.ceil((time.time() - begun / 1000) / _row_seconds(view))
        answer = client().waterfall(view.job_id, rows)
        check_answer(answer, waterfall.ROWS, f"Reading {rows} rows of the {view}")
        problems = stream_checks.mismatch_with_waterfall(readings, view, waterfall.rows_of(answer.json()))
        fail_with(f"Streams and waterfall of the {view} do not agree", problems)

    @keyword(tags=("Stream", "Assertion"))
    def stream_should_be_refused(self, view: View, stream: int) -> None:
        """Asks for a stream that the view does not have: it has to be refused with a reason, and at once.

        | Stream Should Be Refused    ${view}    3
        """
        if not _LOWEST_STREAM <= stream <= _HIGHEST_STREAM:
            raise BenchError(f"A stream is a number from {_LOWEST_STREAM} to {_HIGHEST_STREAM}, not {stream}.")
        timeout = site_data.site().timings.first_frame_s
        reading = stream_client.read_stream(_target(view), stream, timeout=timeout, at_least=1)
        code, _, reason = reading.ended_by.partition(" ")
        if reading.frames or code not in _REFUSALS or len(reason) < len("()") + 1:
            raise AssertionError(
                f"Stream {stream} of the {view}, which has {view.answer.stream_amount}, was not refused with a reason "
                f"({' or '.join(_REFUSALS)}): {reading}."
            )

    @keyword(tags=("Stream", "Assertion"))
    def view_should_not_be_streamed(self, view: View) -> None:
        """Waits until the port of a closed view refuses connections; the site's ``job_removed_s`` is the budget.

        Another view may get the port at once: then frames of that other job have to come. A port that takes a
        connection and is silent, or answers anything else, does not count as closed.

        | View Should Not Be Streamed    ${view}
        """
        number = number_of(view.job_id)
        budget = site_data.site().timings.job_removed_s

        def closed() -> bool:
            reading = stream_client.read_stream(
                _target(view), 0, timeout=min(_CLOSED_WITHIN_S, budget), at_least=1, wait_for_port=False
            )
            if not (reading.refused or stream_checks.is_of_another_job(reading, number)):
                raise NotYet(str(reading))
            return True

        wait_until(f"The port of the closed {view} refuses connections", closed, timeout=budget)

    @keyword(tags=("Stream", "Assertion"))
    def closing_the_view_should_end_its_streams(self, view: View) -> None:
        """Closes a view while all its streams are read: each has to end within the site's ``job_removed_s``.

        | Closing The View Should End Its Streams    ${view}
        """
        timings = site_data.site().timings
        streams = range(view.answer.stream_amount)
        begun = [Event() for _ in streams]
        given_up = Event()

        def read(stream: int) -> StreamReading:
            def enough(_: list[Frame]) -> bool:
                begun[stream].set()
                return given_up.is_set()

            timeout = timings.first_frame_s + timings.job_removed_s
            return stream_client.read_stream(_target(view), stream, timeout=timeout, enough=enough)

        going_on: list[str] = []
        with Threads(len(streams)) as pool:
            futures = [pool.submit(read, stream) for stream in streams]
            try:
                if all(event.wait(timings.first_frame_s) for event in begun):
                    check_answer(client().delete_job(view.job_id), OK, f"Closing the {view}")
                    wait(futures, timeout=timings.job_removed_s)
                    going_on = [f"stream {stream}" for stream in streams if not futures[stream].done()]
            finally:
                given_up.set()
        readings = [future.result() for future in futures]
        for reading in readings:
            logger.info(str(reading))
        self.every_stream_should_have_delivered(readings, 1)
        fail_with(f"Streams of the {view} went on {timings.job_removed_s:g} s after it was closed", going_on)

    @keyword(tags=("Stream", "View", "Assertion"))
    def states_of_view_while_it_is_read_should_be(self, view: View, *states: JobState) -> Readings:
        """Reads every stream of a historic view to its end and asks GET /ack/{id} all the while: exactly these states
        are to be seen, in this order. Returns the readings; a table of the states with their times is in the log.

        To be used right after the view was opened. What its job went through before the first of them may be seen or
        not: ``waiting`` can be over before the first look.

        | States Of View While It Is Read Should Be    ${view}    running    completed
        """
        job_states.check_words(states)
        budget = _playback_budget(view) + site_data.site().timings.job_running_s
        given_up = Event()
        with Threads(1) as pool:
            reading = pool.submit(
                stream_client.read_streams,
                _target(view),
                range(view.answer.stream_amount),
                timeout=_playback_budget(view),
                enough=lambda _: given_up.is_set(),
            )
            try:
                seen = job_states.watch(lambda: opening.state_of(view), states[-1], timeout=budget)
                readings = reading.result()
            finally:
                given_up.set()
        report.log_fold(f"States of job {view.job_id}: {len(seen)}", job_states.table(seen))
        fail_with(f"The state of the {view} is wrong", job_states.problems(seen, states, budget))
        return Readings(readings)

    @keyword(tags=("Stream", "Assertion"))
    def view_should_stream_steadily(self, view: View, seconds: float) -> None:
        """Reads every stream of a live view for so many seconds: it must not end, no row may be missing, the rate has
        to be right over the whole time, and the job has to be running all along.

        ``seconds`` are of a real site: they are shortened as the site's own timers are (``time_scale``).

        | View Should Stream Steadily    ${view}    seconds=300
        """
        demands.above_zero(seconds=seconds)
        seconds *= site_data.site().timings.time_scale
        states: set[str] = set()

        given_up = Event()

        def enough(frames: list[Frame]) -> bool:
            return given_up.is_set() or frames[-1].arrived - frames[0].arrived >= seconds

        budget = site_data.site().timings.first_frame_s + seconds * _STEADY_FRAMES
        with Threads(1) as pool:
            future = pool.submit(
                stream_client.read_streams,
                _target(view),
                range(view.answer.stream_amount),
                timeout=budget,
                enough=enough,
            )
            try:
                while not future.done():
                    states.add(opening.state_of(view))
                    time.sleep(min(1.0, seconds / 5))
                readings = future.result()
            finally:
                given_up.set()
        ended = [str(reading) for reading in readings if reading.finished or reading.ended_by]
        fail_with(f"Streams of the {view} did not last {seconds:g} s", ended)
        if states - {"waiting", "running"}:
            raise AssertionError(f"The job of the {view} was seen {', '.join(sorted(states))} while it was read.")
        self.frames_should_fit_the_view(readings, view)
        self.rate_of_rows_should_be_right(readings, view)

    def _read(
        self,
        view: View,
        *,
        timeout: float,
        streams: list[int] | None = None,
        at_least: int | None = None,
        enough: stream_client.Enough | None = None,
    ) -> Readings:
        wanted = range(view.answer.stream_amount) if streams is None else streams
        readings = stream_client.read_streams(_target(view), wanted, timeout=timeout, at_least=at_least, enough=enough)
        for reading in readings:
            logger.info(f"{_target(view)} {reading}")
        return Readings(readings)


def _target(view: View) -> str:
    return stream_client.address(view.answer.stream_url, view.answer.stream_port)


def _row_seconds(view: View) -> float:
    return float(field_of(view.answer.raw, "lines_dt"))


def _playback_budget(view: View) -> float:
    if view.request.window is None:
        raise BenchError(f"The {view} has no end; only a historic view can be read to its end.")
    start, end = view.request.window
    return site_data.site().timings.first_frame_s + end - start
