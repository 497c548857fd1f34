"""A client as strict as the answers of the recorded runs: it takes what they showed (site contract 1.4, 1.6), no more.

It is written from the contract alone. Every difference is a surprise, collected as a sentence.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from support.focus_views import connect, frames
from support.site_commands import Site

PRR = 2000
# How long a job may be Pending for want of an address, and take to start, in seconds of a real site.
_PENDING_S, _STARTING_S = 60.0, 30.0
_RACE_S = 10.0


class _Recorded(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Parent(_Recorded):
    """The recording behind a view."""

    layer_type: Literal["prp2_recording"]
    uuid: str
    sw_version: None
    dx: float
    prr: Literal[2000]
    num_traces: int
    num_samples_per_trace: int
    fast_time_pixels: None
    slow_time_pixels: None
    version: str
    fiber_start_meters: int
    fiber_length_meters: int
    gauge_length_meters: float
    late_t_axis_decimation: int
    fiber_description: str
    decimation_factor_x: int
    recording_timezone: str
    recording_machine_name: str
    content_type: str | None
    feature_names: str | None
    producer_version: str | None
    source_uuid: str | None
    n_features: int | None
    original_uuid: str | None
    algo_metadata: str | None
    recording_sw_version: str | None
    cut_sw_version: str | None
    start_time: str | None
    end_time: str | None
    preprocessor_version: str
    preprocessor_calculation_version: str


class Recorder(_Recorded):
    """The recorder behind a view."""

    layer_type: Literal["smart_recorder"]
    uuid: str
    sw_version: None
    cmd: str
    processors: list[str]
    version: Literal["TLV-1.3"]
    num_traces: int
    parent: Parent


class ConfigureAnswer(_Recorded):
    """What a view is answered: an empty status, lists and whole numbers."""

    status: Literal[""]
    job_id: str = Field(pattern=r"^\d+-\d+$")
    frequencies_list: list[float]
    frequencies_amount: int
    lines_dt: float
    channel_to_stream_index: dict[str, int]
    channel_amount: int
    stream_amount: int
    stream_port: int
    stream_url: str = Field(pattern=r"^http://")
    view_type: int
    metadata: Recorder


class JobMetadata(ConfigureAnswer):
    """The same with the values of the request."""

    nfft: int
    channels: dict[str, int]
    frequencyRange: dict[str, int] | None  # noqa: N815
    timeStatus: Literal["Live", "Historic"]  # noqa: N815


class Channels(_Recorded):
    """The channels of the fibre, as two numbers."""

    lowest_channel: Literal[1]
    highest_channel: int = Field(ge=1)


class LiveMetadata(_Recorded):
    """The live source, without the two fields that the build lacks."""

    dx: float
    prr: float
    fiber_start_meters: int | None
    fiber_length_meters: int | None
    sw_version: str
    number_of_channels: int
    fiber_description: str


class RecordedClient:
    """Uses the Focus Server steadily and notes each surprise."""

    def __init__(self, site: Site) -> None:
        self._url = site["focus"]["plain_url"]
        self._base_port = site["stream_base_port"]
        self._scale = site["timings"]["time_scale"]
        self._http = requests.Session()
        self._clips: list[list[int]] = []
        self.answers = 0
        self.surprises: list[str] = []

    def use(self, answers: int, period_s: float) -> None:
        """Read so many answers, one every ``period_s`` seconds."""
        steps: list[Callable[[], None]] = [
            self._live_view,
            self._recordings,
            self._single_channel,
            self._fibre,
            self._clip,
            self._refusals,
        ]
        begun = time.monotonic()
        number = 0
        while self.answers < answers:
            time.sleep(max(0.0, begun + self.answers * period_s - time.monotonic()))
            steps[number % len(steps)]()
            number += 1

    def _fibre(self) -> None:
        self._read("GET", "channels", Channels)
        self._read("GET", "live_metadata", LiveMetadata)

    def _recordings(self) -> None:
        now = int(time.time())
        found = self._ask("POST", "recordings_in_time_range", {"start_time": now - 14 * 86_400, "end_time": now}).json()
        shaped = isinstance(found, list) and all(
            isinstance(one, list) and len(one) == 2 and all(type(at) is int for at in one) for one in found
        )
        self._expect(shaped and len(found) > 0, f"the list of recordings is {str(found)[:80]}")
        self._clips = [one for one in found if 5 <= one[1] - one[0] <= 10]
        self._expect(self._clips != [], "there is no clip of 5 to 10 s")

    def _live_view(self) -> None:
        view = self._open(0, (1, 50), 1024, (0, 500), duration=30, height=600)
        self._job_metadata(view)
        self._frames(view, 3)

    def _single_channel(self) -> None:
        self._frames(self._open(1, (7, 7), 512, (0, 500), duration=10, height=1000), 2)

    def _clip(self) -> None:
        start, end = self._clips[self.answers % len(self._clips)]
        window = {"start_time": start, "end_time": end}
        self._frames(self._open(0, (1, 8), 256, (0, 500), duration=10, height=200, **window), None)

    def _refusals(self) -> None:
        self._ask("DELETE", "job/1-1", expected=404, body={"detail": "Not Found"})
        old = {"start_time": 1_000_000_000, "end_time": 1_000_000_060}
        body = _request(0, (1, 8), 256, (0, 500), duration=10, height=200, **old)
        gone = {"error": "No recording found in given time range"}
        self._ask("POST", "configure", body, expected=404, body=gone)

    def _open(self, *what: Any, **times: Any) -> ConfigureAnswer | None:
        asked = _request(*what, **times)
        answer = self._read("POST", "configure", ConfigureAnswer, asked)
        if answer is not None:
            self._values(asked, answer)
        return answer

    def _values(self, asked: dict[str, Any], answer: ConfigureAnswer) -> None:
        """The values that follow from the request by the rules of run time (contract 2.5, 2.6)."""
        low, high = asked["channels"]["min"], asked["channels"]["max"]
        step = PRR / (asked["nfftSelection"] + 1)
        amount = int(asked["frequencyRange"]["max"] / step)
        streams = min(3, high - low + 1)
        wide = -(-(high - low + 1) // streams)
        slot = int(answer.job_id.partition("-")[0])
        expected = {
            "frequencies_amount": amount,
            "lines_dt": asked["displayTimeAxisDuration"] / asked["displayInfo"]["height"],
            "channel_amount": high - low + 1,
            "stream_amount": streams,
            "channel_to_stream_index": {str(one): (one - low) // wide for one in range(low, high + 1)},
            "stream_port": self._base_port + slot,
            "view_type": asked["view_type"],
        }
        for name, value in expected.items():
            self._expect(getattr(answer, name) == value, f"{name} is {getattr(answer, name)!r:.60}, not {value!r:.60}")
        listed = answer.frequencies_list
        self._expect(len(listed) == amount and listed[0] == 0.0 and listed == sorted(listed), "frequencies_list is odd")

    def _job_metadata(self, view: ConfigureAnswer | None) -> None:
        if view is None:
            return
        deadline = time.monotonic() + _RACE_S
        while True:
            answer = self._http.get(f"{self._url}/metadata/{view.job_id}", timeout=30)
            if answer.status_code != 404 or time.monotonic() > deadline:
                break
            self._expect("Invalid job_id" in answer.json().get("error", ""), f"404 without a reason: {answer.text:.80}")
            time.sleep(0.5)
        self.answers += 1
        found = self._parsed(answer, JobMetadata, f"GET metadata/{view.job_id}")
        if found is not None:
            same = found.model_dump(include=set(ConfigureAnswer.model_fields))
            self._expect(same == view.model_dump(), "the metadata are not the answer of the view")

    def _frames(self, view: ConfigureAnswer | None, wanted: int | None) -> None:
        """Read so many frames of the first stream; None: to its end."""
        if view is None:
            return
        read, number = 0, int(view.job_id.partition("-")[2])
        widest = max(int(one) for one, stream in view.channel_to_stream_index.items() if stream == 0)
        lowest = min(int(one) for one in view.channel_to_stream_index)
        with connect(view.stream_port) as channel:
            for frame in frames(channel, 0, timeout=_PENDING_S * self._scale + _STARTING_S):
                read += 1
                values = (widest - lowest + 1) * view.frequencies_amount
                shape = (frame.start_channel, frame.end_channel, frame.data_shape_x, frame.data_shape_y, frame.job_id)
                fits = shape == (lowest, widest, values, len(frame.main_data), number)
                self._expect(fits and {len(row) for row in frame.main_data} == {4 * values}, f"a frame is {shape}")
                self._expect(frame.global_minimum >= 0, f"the lowest amplitude is {frame.global_minimum}")
                if read == wanted:
                    break
        self.answers += 1
        self._expect(read > 0 if wanted is None else read == wanted, f"job {view.job_id} gave {read} frames")

    def _read(self, method: str, path: str, model: type[Any], body: dict[str, Any] | None = None) -> Any:
        return self._parsed(self._ask(method, path, body), model, f"{method} {path}")

    def _parsed(self, answer: requests.Response, model: type[BaseModel], what: str) -> Any:
        if answer.status_code != 200:
            return None
        try:
            return model.model_validate_json(answer.content)
        except ValidationError as problem:
            reasons = [f"{'.'.join(map(str, one['loc']))} {one['msg']}" for one in problem.errors()]
            self.surprises.append(f"answer {self.answers}: {what}: {'; '.join(reasons)[:300]}")
            return None

    def _ask(
        self, method: str, path: str, send: dict[str, Any] | None = None, *, expected: int = 200, body: Any = None
    ) -> requests.Response:
        answer = self._http.request(method, f"{self._url}/{path}", json=send, timeout=60)
        self.answers += 1
        good = answer.status_code == expected and (body is None or answer.json() == body)
        self._expect(good, f"{method} {path} was answered {answer.status_code}: {answer.text:.160}")
        return answer

    def _expect(self, good: bool, surprise: str) -> None:
        if not good:
            self.surprises.append(f"answer {self.answers}: {surprise}")


def _request(
    view_type: int,
    channels: tuple[int, int],
    nfft: int,
    frequency: tuple[int, int],
    *,
    duration: int,
    height: int,
    start_time: int | None = None,
    end_time: int | None = None,
) -> dict[str, Any]:
    return {
        "displayTimeAxisDuration": duration,
        "nfftSelection": nfft,
        "displayInfo": {"height": height},
        "channels": {"min": channels[0], "max": channels[1]},
        "frequencyRange": {"min": frequency[0], "max": frequency[1]},
        "start_time": start_time,
        "end_time": end_time,
        "view_type": view_type,
    }
