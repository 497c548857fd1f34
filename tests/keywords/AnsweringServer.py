"""A Focus Server of a few lines that answers right until it is set to answer wrong; for tests of keywords."""

import json
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import yaml
from focus_core.site import loader as site_loader
from focus_core.views.answer_checks import SHARED_WITH_LIVE_METADATA
from focus_core.views.view import ViewRequest, ViewType
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

PRR = 2000.0
PREFIX = "/focus-server"
REFUSAL = {"error": "channels.max must not be below channels.min.", "field": "channels", "allowed": [1, 2222]}
LIVE_METADATA = {
    "dx": 1.02,
    "prr": PRR,
    "fiber_start_meters": 0,
    "fiber_length_meters": 10_000,
    "sw_version": "11.17",
    "number_of_channels": 9791,
    "fiber_description": "a fibre",
    "num_samples_per_trace": 9791,
    "dtype": "float32",
}
_OF_A_RECORDING: dict[type, tuple[str, ...]] = {
    str: ("layer_type", "uuid", "version", "fiber_description", "recording_timezone", "recording_machine_name"),
    int: (
        *("dx", "prr", "num_traces", "num_samples_per_trace", "fiber_start_meters", "fiber_length_meters"),
        *("gauge_length_meters", "late_t_axis_decimation", "decimation_factor_x", "n_features"),
    ),
    type(None): (
        *("sw_version", "fast_time_pixels", "slow_time_pixels", "content_type", "feature_names", "producer_version"),
        *("source_uuid", "original_uuid", "algo_metadata", "recording_sw_version", "cut_sw_version", "start_time"),
        *("end_time", "preprocessor_version", "preprocessor_calculation_version"),
    ),
}
_VALUES = {str: "a text", int: 1, type(None): None}
RECORDER = {
    "layer_type": "smart_recorder",
    "uuid": "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    "sw_version": None,
    "cmd": "--storage segy",
    "processors": [],
    "version": "TLV-1.3",
    "num_traces": 10_000,
    "parent": {name: _VALUES[kind] for kind, names in _OF_A_RECORDING.items() for name in names}
    | {name: LIVE_METADATA[name] for name in SHARED_WITH_LIVE_METADATA}
    | {"layer_type": "prp2_recording", "recording_timezone": "Asia/Jerusalem"},
}
# Short, so that a test that waits in vain is soon over.
TIMINGS = {"job_running_s": 0.5, "job_removed_s": 0.5, "first_frame_s": 0.5}
# Faster than any server is.
LOAD = {
    "health_at_once": [{"requests": 3, "mean_s": 1e-6, "p95_s": 5}],
    "health_mean_s": 5,
    "health_p95_s": 1e-6,
    "job_created_s": 1e-6,
}


@library(scope="SUITE", auto_keywords=False)
class AnsweringServer:
    """Serves one site whose every answer a test can change."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, str, str]] = {}
        self._in_turn: dict[str, list[str]] = {}
        self._fields: dict[str, Any] = {}
        self._numbers = count(1)
        self._jobs: dict[str, dict[str, Any]] = {}
        self._server: ThreadingHTTPServer | None = None
        # Removed when the library's process ends: the listener still writes there after the suite's teardown.
        self._folders: list[tempfile.TemporaryDirectory[str]] = []

    @keyword
    def start_answering_server(self, *known_bugs: str, first_frame_s: float = TIMINGS["first_frame_s"]) -> None:
        """Starts the server, writes a site file that leads to it, and chooses that site for this suite."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self._folders.append(tempfile.TemporaryDirectory(prefix="focus-keywords-", ignore_cleanup_errors=True))
        folder = Path(self._folders[-1].name)
        content = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
        content |= {
            "name": "answering",
            "state_dir": str(folder),
            "focus": {"url": f"http://127.0.0.1:{self._server.server_port}{PREFIX}", "auth": "none"},
            "timings": content["timings"] | TIMINGS | LOAD | {"first_frame_s": first_frame_s},
            "capabilities": ["rest", "grpc"],
            "known_bugs": list(known_bugs),
            "reserve": None,
        }
        path = folder / "site.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        BuiltIn().set_suite_variable("${SITE}", str(path))

    @keyword
    def stop_answering_server(self) -> None:
        """Stops the server."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @keyword
    def answer_right_again(self) -> None:
        """Forgets every wrong answer."""
        self._wrong.clear()
        self._in_turn.clear()
        self._fields.clear()

    @keyword
    def answer_wrong(self, request: str, status: int, body: str, content_type: str = "application/json") -> None:
        """Answers ``METHOD /path`` (``*`` for any job id) like this from now on."""
        self._wrong[request] = (status, body, content_type)

    @keyword
    def answer_in_turn(self, request: str, *bodies: str) -> None:
        """Answers ``METHOD /path`` with each of the bodies in turn, from then on with the last."""
        self._in_turn[request] = list(bodies)

    @keyword
    def answer_views_with(self, field: str, value: Any) -> None:
        """Changes a field of every answer to /configure from now on."""
        self._fields[field] = value

    @keyword
    def server_should_have_no_job(self) -> None:
        """Fails when a job is left on the server."""
        if self._jobs:
            raise AssertionError(f"Jobs {', '.join(self._jobs)} were not removed.")

    @keyword
    def body_of_a_view(self) -> str:
        """The body of a good request for a live view."""
        return json.dumps(ViewRequest(ViewType.MultiChannel, (1, 3), 512, (0, 500), 1, 10).body())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answering = self

        class Handler(BaseHTTPRequestHandler):
            server_version, sys_version = "answering", ""

            def answer(self) -> None:
                path = self.path.removeprefix(PREFIX)
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                status, body, content_type = answering._answer(self.command, path, text)
                content = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_OPTIONS = answer  # noqa: N815 - named by the standard library

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
                """Logs nothing: a test's output is for its failures."""

        return Handler

    def _answer(self, method: str, path: str, text: str) -> tuple[int, str, str]:
        first, _, job_id = path.strip("/").partition("/")
        job_id = job_id.partition("/")[0]
        pattern = f"{method} /{first}" + ("/*" if job_id else "")
        if pattern in self._wrong:
            return self._wrong[pattern]
        if pattern in self._in_turn:
            bodies = self._in_turn[pattern]
            return 200, bodies.pop(0) if len(bodies) > 1 else bodies[0], "application/json"
        status, body = self._right(pattern, job_id, text)
        return status, json.dumps(body), "application/json"

    def _right(self, pattern: str, job_id: str, text: str) -> tuple[int, Any]:
        if pattern == "GET /ack":
            return 200, {}
        if pattern == "GET /live_metadata":
            return 200, LIVE_METADATA
        if pattern == "POST /configure":
            return self._configure(json.loads(text))
        if job_id not in self._jobs:
            return 404, {"error": "Invalid job_id: there is no such job."}
        if pattern == "DELETE /job/*":
            del self._jobs[job_id]
            return 200, {"status": "success", "job_id": job_id}
        if pattern == "GET /metadata/*":
            return 200, self._jobs[job_id]
        if pattern == "GET /ack/*":
            return 200, {"status": "running"}
        return 404, {"detail": "Not Found"}

    def _configure(self, body: dict[str, Any]) -> tuple[int, Any]:
        channels = (body["channels"]["min"], body["channels"]["max"])
        if channels[0] > channels[1]:
            return 400, REFUSAL
        low, high = body["frequencyRange"]["min"], body["frequencyRange"]["max"]
        duration, height = body["displayTimeAxisDuration"], body["displayInfo"]["height"]
        request = ViewRequest(
            ViewType(body["view_type"]), channels, body["nfftSelection"], (low, high), duration, height
        )
        streams = request.streams()
        job_id = f"1-{next(self._numbers)}"
        answer = {
            "status": "success",
            "job_id": job_id,
            "frequencies_list": request.frequencies(PRR),
            "frequencies_amount": len(request.frequencies(PRR)),
            "lines_dt": duration / height,
            "channel_to_stream_index": {str(channel): stream for channel, stream in streams.items()},
            "channel_amount": len(streams),
            "stream_amount": len(set(streams.values())),
            "stream_port": 12301,
            "stream_url": "http://127.0.0.1",
            "view_type": body["view_type"],
            "metadata": RECORDER,
        } | self._fields
        self._jobs[job_id] = answer | {
            "nfft": body["nfftSelection"],
            "channels": body["channels"],
            "frequencyRange": body["frequencyRange"],
            "timeStatus": "Live",
        }
        return 200, answer
