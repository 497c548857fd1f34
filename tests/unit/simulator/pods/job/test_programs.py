"""Parts of the two job programs that need no cluster: arguments, pacing, quantities, low samples."""

import dataclasses
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from simulator.pods.analyzer import commands as analyzer_commands
from simulator.pods.analyzer.commands import CommandError
from simulator.pods.job import cleanup
from simulator.pods.job.arguments import JobArguments, parse
from simulator.pods.job.pacing import Pace, played_rows

LIVE = ["--roi", "11", "60", "-sg", "1024", "--sg-range", "0", "500", "--grpc-streams-num", "3", "--queue-name", "q"]
HISTORIC = [*LIVE, "--time-start", "2026-11-22:10:00:00", "--time-end", "2026-11-22:10:00:30", "--time-zone", "UTC"]
START = 1_800_000_000


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch):
    def parsed(arguments: list[str]) -> JobArguments:
        values = {
            "JOB_ID": "3-17",
            "PORT": "1",
            "LINES_DT": "0.01",
            "ORIGIN_MS": str(START * 1000),
            "TIME_SCALE": "0.5",
            "RECORDED": "[[0, 10], [20, 30]]",
            "VIEW_TYPE": "0",
            "HIGHEST_CHANNEL": "2222",
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return parse(arguments)

    return parsed


def test_arguments_of_a_live_job(read) -> None:
    job = read(LIVE)
    assert (job.channels, len(job.frequencies_hz), job.streams, job.queue, job.rows) == ((11, 60), 256, 3, "q", None)
    assert [job.stream_channels(stream) for stream in range(3)] == [(11, 27), (28, 44), (45, 60)]


def test_arguments_of_a_historic_job(read) -> None:
    assert read(HISTORIC).rows == [range(1000), range(2000, 3000)]


def test_negative_numbers_are_values_and_unknown_options_are_refused(read) -> None:
    assert read(["--roi", "-1", "5", *LIVE[3:]]).channels == (-1, 5)
    with pytest.raises(SystemExit, match="--colour"):
        read([*LIVE, "--colour", "red"])


def pace(job: JobArguments, now: float, row_values: int = 256) -> Pace:
    return Pace(job, row_values, started=START, now=now)


def test_a_live_stream_starts_at_the_present_and_sends_every_row_once(read) -> None:
    position = pace(read(LIVE), now=START + 5)
    assert position.take(START + 5.001) == (500, 0)
    assert position.take(START + 5.205) == (500, 20)
    assert position.take(START + 5.405) == (520, 20)
    assert not position.over


def test_a_live_stream_that_cannot_keep_up_leaves_rows_out(read) -> None:
    position = pace(read(LIVE), now=START, row_values=(8 << 20) // 4 // 10)
    assert position.take(START + 1.005) == (90, 10)


def test_a_historic_stream_follows_the_playback_to_its_end(read) -> None:
    """Ten times real time, and twice that at time scale 0.5: 2000 rows of 0.01 s a second; the gap is skipped."""
    job = read(HISTORIC)
    position = pace(job, now=START)
    assert played_rows(job, START, START + 0.5) == 1000
    assert position.take(START + 0.4) == (0, 800)
    assert position.take(START + 0.75) == (800, 200)
    assert position.take(START + 0.75) == (2000, 500)
    assert not position.over
    assert position.take(START + 60) == (2500, 500)
    assert position.over


def command(start: int, end: int, **view: object) -> dict[str, object]:
    return {"value": {"start": start, "end": end}, **({"view": view} if view else {})}


def test_a_region_moves_the_channels_of_a_view_and_nothing_else(read) -> None:
    job = read(LIVE)
    moved = job.changed(command(100, 101))
    assert (moved.channels, moved.streams, moved.frequencies_hz) == ((100, 101), 2, job.frequencies_hz)
    assert moved.changed(command(0, 10_000)).channels == (1, 2222)
    assert moved.changed(command(0, 10_000)).streams == 3
    with pytest.raises(CommandError, match="beyond"):
        job.changed(command(2223, 3000))


def test_a_single_channel_view_has_one_channel(read) -> None:
    job = dataclasses.replace(read(LIVE), view_type=1, channels=(7, 7), streams=1)
    assert job.changed(command(9, 9)).channels == (9, 9)
    with pytest.raises(CommandError, match="one channel"):
        job.changed(command(7, 9))


def test_a_changed_row_time_goes_on_at_the_same_time(read) -> None:
    job = read(LIVE)
    position = pace(job, now=START + 5)
    position.take(START + 6)
    slower = job.changed(command(11, 60, nfft=512, frequency=[0, 100], lines_dt=0.1))
    position.change(slower, 100)
    assert len(slower.frequencies_hz) == 25
    assert position.take(START + 6.55) == (60, 5)


@pytest.mark.parametrize(
    ("key", "body", "reason"),
    [
        ("roi", {"type": "RegionOfInterestCommand", "value": {"start": 5, "end": 5}}, "end above"),
        ("roi", {"type": "RegionOfInterestCommand", "value": {"start": 50, "end": 5}}, "end above"),
        ("roi", {"type": "RegionOfInterestCommand", "value": {"start": -1, "end": 5}}, "below 0"),
        ("roi", {"type": "RegionOfInterestCommand", "value": {"start": 1.5, "end": 5}}, "whole"),
        ("roi", {"type": "RegionOfInterestCommand", "value": {"start": True, "end": 5}}, "whole"),
        ("roi", {"type": "RegionOfInterestCommand"}, "whole"),
        ("roi", {"type": "CaxisCommand", "value": {"start": 1, "end": 5}}, "type"),
        ("roi", [], "type"),
        ("roi", {"type": "RegionOfInterestCommand", "value": {"start": 1, "end": 5}, "job_id": 7}, "job_id"),
        ("caxis", {"type": "CaxisCommand", "value": {"min": 5, "max": 5}}, "max above"),
        ("caxis", {"type": "CaxisCommand", "value": {"max": 5}}, "max above"),
        ("colormap", {"type": "ColormapCommand", "value": "pink"}, "parula"),
        ("keepalive", {"type": "KeepaliveCommand", "value": {}}, "source"),
        ("input_changed", {"type": "InputChangedCommand", "metadata": {"prr": 0}}, "positive prr"),
        ("input_changed", {"type": "InputChangedCommand", "metadata": {"prr": 1, "num_samples_per_trace": 1}}, "dtype"),
        ("monitor_queues", {"type": "MonitorQueuesCommand", "value": {"queues_to_monitor": []}}, "list"),
        ("explode", {"type": "Any"}, "no command"),
    ],
)
def test_invalid_commands_are_refused_with_the_reason(key: str, body: object, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        analyzer_commands.read(key, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("roi", {"type": "RegionOfInterestCommand", "value": {"start": 0, "end": 50}}),
        ("caxis", {"type": "CaxisCommand", "value": {"min": -1.5, "max": 5}}),
        ("colormap", {"type": "ColormapCommand", "value": "jet"}),
        ("keepalive", {"type": "KeepaliveCommand", "value": {"source": "test"}}),
        (
            "input_changed",
            {"type": "InputChangedCommand", "metadata": {"prr": 2000, "num_samples_per_trace": 9, "dtype": "f4"}},
        ),
        ("monitor_queues", {"type": "MonitorQueuesCommand", "value": {"queues_to_monitor": ["a"]}}),
    ],
)
def test_valid_commands_are_read(key: str, body: dict[str, object]) -> None:
    assert analyzer_commands.read(key, json.dumps(body).encode()) == body
    with pytest.raises(CommandError, match="JSON"):
        analyzer_commands.read(key, b"{")


@pytest.mark.parametrize(
    ("quantity", "wanted"), [("12m", 12), ("3500u", 3.5), ("300000000n", 300), ("0.5", 500), ("2", 2000), ("0", 0)]
)
def test_cpu_quantities(quantity: str, wanted: float) -> None:
    assert cleanup.millicores(quantity) == pytest.approx(wanted)


class Metrics(BaseHTTPRequestHandler):
    """A metrics API that answers with the CPU quantities given to the server, one a call."""

    def do_GET(self) -> None:
        usage = self.server.usages.pop(0)  # type: ignore[attr-defined]
        items = [] if usage is None else [{"containers": [{"name": "grpc-job", "usage": {"cpu": usage}}]}]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"items": items}).encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def test_low_samples_count_in_a_row_and_a_pod_that_is_not_measured_does_not() -> None:
    task = cleanup.Task("1-1", "q", "panda", 1.0, threshold=4, samples=5, check_cpu=True)
    server = HTTPServer(("127.0.0.1", 0), Metrics)
    server.usages = ["1m", "4m", None, "300m", "0"]  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        api = cleanup.HttpClient(f"http://127.0.0.1:{server.server_port}")
        low, seen = 0, []
        for _ in range(5):
            low = cleanup.count_low(task, api, low)
            seen.append(low)
    finally:
        server.shutdown()
        server.server_close()
    assert seen == [1, 2, 2, 0, 1]
