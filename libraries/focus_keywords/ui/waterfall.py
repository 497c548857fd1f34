"""Keywords about the views of the analysis: what their waterfall shows, against the job's own streams."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.quantities import Moment
from focus_core.base.threads import Threads
from focus_core.base.waiting import NotYet, wait_until
from focus_core.run import session
from focus_core.site.data import site
from focus_core.streams import client as stream_client
from focus_core.streams.client import Frame
from focus_core.ui import locators, waterfall_pixels
from focus_core.ui.waterfall_pixels import Canvas
from focus_core.views.view import ViewType
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked
from focus_keywords.ui.browser import BrowserOfProcess

_TAGS = ("ui", "Getter", "Assertion")
_STATE = "(view) => ({ ...view.dataset })"
# Frames of a stream before the canvas is looked at: more would have run off it.
_FRAMES = 12
# Rows that the rate of a stream is known from, and how far the axis may be from it.
_TIMED_ROWS = 2
_AXIS_S = 0.5
# A bin of the coarsest view that a test opens.
_BIN_HZ = 8
_CHANGED_S = 10.0
_DRAWN_S = 5.0
# What the page says of a picture, in the step in which it draws it.
_SAID = ("newestRow", "firstColumn")
_AXIS = """(view, [canvas, axis]) => ({
    row: view.querySelector(canvas).dataset.newestRow, text: view.querySelector(axis).textContent })"""
_CANVAS = """(canvas) => {
    const { width, height } = canvas;
    const bytes = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    const { newestRow, firstColumn } = canvas.dataset;
    return { width, height, newestRow, firstColumn, pixels: btoa(text) };
}"""


class ShownWaterfall:
    """Views of the analysis."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=_TAGS, types=CHECK | {"view": int})
    def get_shown_view_state(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: int = 1,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> str:
        """Returns the state of a view of the tab that is open: stopped, starting, running, paused, lost, ended or
        loaded. ``view`` counts from 1.

        | Open Operator Page    analysis
        | Open View On Page
        | Get Shown View State    ==    running    within=${SITE_DATA.timings.first_frame_s}
        """
        read = lambda: self._data(view)["state"]  # noqa: E731 - used once
        return str(checked(f"State of view {view} on the page", read, operator, expected, message, within, during))

    @keyword(tags=_TAGS, types=CHECK | {"view": int})
    def get_shown_view_channels(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: int = 1,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> str:
        """Returns the channels of a view of the page, like 11-109.

        | Open Operator Page    analysis
        | Open View On Page    channels=11-50
        | Get Shown View Channels    ==    11-50
        """

        def read() -> str:
            data = self._data(view)
            return f"{data['firstChannel']}-{data['lastChannel']}"

        return str(checked(f"Channels of view {view} on the page", read, operator, expected, message, within, during))

    @keyword(tags=_TAGS, types=CHECK | {"view": int})
    def get_shown_row_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: int = 1,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many rows the waterfall of a view has drawn since it was opened.

        | Open Operator Page    analysis
        | Open View On Page
        | Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
        """
        read = lambda: int(self._drawing(view).get("rows") or 0)  # noqa: E731 - used once
        found: int = checked(f"Rows that view {view} has drawn", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | {"view": int})
    def get_shown_frame_rate(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: int = 1,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> float:
        """Returns how often the waterfall of a view was drawn in its last second.

        | Open Operator Page    analysis
        | Open View On Page
        | Get Shown Frame Rate    >=    1    within=${SITE_DATA.timings.first_frame_s}
        """
        read = lambda: float(self._drawing(view).get("fps") or 0)  # noqa: E731 - used once
        found: float = checked(f"Pictures a second of view {view}", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | {"view": int})
    def get_shown_newest_time(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: int = 1,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Moment:
        """Returns when the newest row of a view was, as the page has it.

        | Open Operator Page    analysis
        | Open View On Page
        | Get Shown Newest Time    >    1 minute ago    within=${SITE_DATA.timings.first_frame_s}
        """
        read = lambda: _moment(self._drawing(view).get("newestTime"))  # noqa: E731 - used once
        found: Moment = checked(f"Newest time of view {view}", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | {"view": int})
    def get_shown_pixels(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: int = 1,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> str:
        """Returns what stands for all pixels of a waterfall: the same for the same picture, another for each other.

        | Open Operator Page    analysis
        | Open View With Rows
        | Press In View    pause
        | ${pixels} =    Get Shown Pixels
        """
        read = lambda: hashlib.sha256(self._canvas(view).pixels).hexdigest()[:16]  # noqa: E731 - used once
        return str(checked(f"Pixels of view {view}", read, operator, expected, message, within, during))

    @keyword(tags=("ui", "Assertion"))
    def time_axis_should_be_true(self, *, view: int = 1) -> None:
        """Fails unless the time that the page writes at the newest row of a live view is that of this row in the
        streams of its job, to half a second.

        | Open Operator Page    analysis
        | Open View With Rows
        | Time Axis Should Be True
        """
        data = self._data(view)
        css = [locators.css("analysis", name) for name in ("waterfall", "newest time")]
        shown = self._browser.script(_AXIS, selector=locators.selector("analysis", "view", view=view), arg=css)
        times = sorted({(index, at) for frame in _frames(data["jobId"], True) for index, at, _ in frame.rows()})
        if len(times) < _TIMED_ROWS:
            raise AssertionError(f"Job {data['jobId']} streamed only {len(times)} rows; its rate is not known.")
        (first, begun), (last, ended) = times[0], times[-1]
        at_ms = begun + (int(shown["row"]) - first) * (ended - begun) / (last - first)
        expected = datetime.fromtimestamp(at_ms / 1000, UTC)
        written = datetime.combine(expected.date(), time.fromisoformat(shown["text"]), UTC)
        # Round midnight the day is another one.
        apart = ((written - expected).total_seconds() + 43_200) % 86_400 - 43_200
        if abs(apart) > _AXIS_S:
            raise AssertionError(
                f"View {view} writes {shown['text']} at its newest row {shown['row']}, which was at "
                f"{expected:%H:%M:%S.%f} UTC ({apart:+.1f} s)."
            )

    @keyword(tags=("ui", "Assertion"))
    def frequencies_of_view_should_lie_between(self, low: float, high: float, *, view: int = 1) -> None:
        """Fails unless the axis of a view of one channel goes from ``low`` to ``high`` (Hz), to the width of a bin.

        | Open Operator Page    analysis
        | Open View On Page    view_type=SingleChannel    channels=25    frequency=100-400 Hz
        | Frequencies Of View Should Lie Between    100    400
        """

        def read() -> tuple[float, float]:
            text = str(self._browser.library.get_text(locators.selector("analysis", "axis x", view=view)))
            match = re.fullmatch(r"(\d+) to (\d+) Hz", text.strip())
            if not match:
                raise NotYet(f"'{text}'")
            found = float(match[1]), float(match[2])
            if not (low - _BIN_HZ <= found[0] <= low + _BIN_HZ and high - _BIN_HZ <= found[1] <= high + _BIN_HZ):
                raise NotYet(f"'{text}'")
            return found

        wait_until(f"Frequencies {low:g} to {high:g} Hz at the axis of view {view}", read, timeout=_CHANGED_S)

    @keyword(tags=("ui", "Assertion"))
    def waterfall_should_show_its_streams(self, *, view: int = 1, at_least: int = 5) -> None:
        """Reads the streams of the view's job with a client of its own, and fails unless every pixel that the page has
        drawn of those rows is what they say; ``at_least`` rows have to be on both sides.

        | Open Operator Page    analysis
        | Open View On Page
        | Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
        | Waterfall Should Show Its Streams
        """
        demands.at_least(1, at_least=at_least)
        data = self._data(view)
        one_channel = int(data["viewType"]) == ViewType.SingleChannel
        frames = _frames(data["jobId"], one_channel)
        found = waterfall_pixels.problems(self._canvas(view), waterfall_pixels.rows_of(frames, one_channel), at_least)
        fail_with(f"The waterfall of view {view} does not show what job {data['jobId']} streams", found)

    @keyword(tags=("ui",))
    def remove_job_of_view_at_end(self, *, view: int = 1) -> str:
        """The job that the page has opened for the view is removed after the test, whatever happens; returns its id.

        | Open Operator Page    analysis
        | Open View On Page
        | ${job} =    Remove Job Of View At End
        """
        job_id = str(self._data(view)["jobId"])
        session.client().adopt_job(json.dumps({"job_id": job_id}))
        return job_id

    def _data(self, view: int) -> dict[str, str]:
        return dict(self._browser.script(_STATE, selector=locators.selector("analysis", "view", view=view)))

    def _drawing(self, view: int) -> dict[str, str]:
        return dict(self._browser.script(_STATE, selector=locators.selector("analysis", "waterfall", view=view)))

    def _canvas(self, view: int) -> Canvas:
        """The picture of a view; a view has its state a moment before its first picture, which is waited for."""

        def read() -> dict[str, Any]:
            shot = dict(self._browser.script(_CANVAS, selector=locators.selector("analysis", "waterfall", view=view)))
            missing = [name for name in _SAID if shot.get(name) is None]
            if missing:
                raise NotYet(f"the page does not say its {', '.join(missing)}")
            return shot

        shot = wait_until(f"Picture of view {view}", read, timeout=_DRAWN_S)
        return Canvas(
            width=int(shot["width"]),
            height=int(shot["height"]),
            newest_row=int(shot["newestRow"]),
            first_column=int(shot["firstColumn"]),
            pixels=base64.b64decode(shot["pixels"]),
        )


def _moment(milliseconds: str | None) -> Moment:
    if not milliseconds:
        raise AssertionError("no row has been drawn")
    return Moment.convert(float(milliseconds) / 1000)


def _frames(job_id: str, one_channel: bool) -> list[Frame]:
    """The newest frames of all streams of a job, read by our own client."""
    base = site().stream_base_port
    if base is None:
        raise BenchError(f"The file of site {site().name} names no stream_base_port, so no stream of a job is found.")
    host = stream_client.address(site().focus.url, base + int(job_id.partition("-")[0]))
    streams = range(1 if one_channel else 3)
    budget = site().timings.first_frame_s
    with Threads(len(streams)) as pool:
        readings = list(
            pool.map(lambda one: stream_client.read_stream(host, one, timeout=budget, at_least=_FRAMES), streams)
        )
    return [frame for reading in readings for frame in reading.frames]
