"""Settings of a streaming job: its command line (as a real analyser takes it) and its environment."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from simulator import defects
from simulator.pods.analyzer.calculations import SINGLECHANNEL, frequencies, spec_frequencies, stream_groups, streams_of
from simulator.pods.analyzer.commands import Command, CommandError, region
from simulator.pods.analyzer.playback import Part, recorded_rows

_OPTIONS = (
    "--roi", "-sg", "--sg-range", "--grpc-streams-num", "--queue-name", "--time-start", "--time-end", "--time-zone",
)  # fmt: skip


@dataclass(frozen=True)
class JobArguments:
    """One job: its channels (both ends included), bins in Hz, row time in seconds, streams and addresses.

    recorded: the parts of a historic window that are recorded, as (start, end) in seconds from its start; None for a
    live view. origin_ms: start of row 0, epoch.
    """

    job_id: str
    port: int
    channels: tuple[int, int]
    frequencies_hz: list[float]
    streams: int
    lines_dt: float
    origin_ms: int
    recorded: tuple[Part, ...] | None
    time_scale: float
    queue: str
    pod_dir: Path
    view_type: int
    highest_channel: int

    @property
    def rows(self) -> list[range] | None:
        """Numbers of the rows in the window: whole rows of recorded time only; None for a live view."""
        return None if self.recorded is None else recorded_rows(self.recorded, self.lines_dt)

    @property
    def last_stream(self) -> int:
        """The highest stream that has channels."""
        return max(stream_groups(*self.channels, groups=self.streams).values())

    def changed(self, command: Command) -> JobArguments:
        """Return the job as a ROI command makes it. Raises CommandError when the view cannot show the region."""
        low, high = region(command["value"], self.highest_channel)
        if self.view_type == SINGLECHANNEL and low != high:
            raise CommandError("a single channel view has a region of one channel")
        spec_formulas = defects.active("spec-formulas")
        streams = max(streams_of(self.view_type, low, high, spec_formulas=spec_formulas).values()) + 1
        moved = replace(self, channels=(low, high), streams=streams)
        view = command.get("view")
        if view is None:
            return moved
        bins = frequency_bins(view["nfft"], *view["frequency"])
        return replace(moved, frequencies_hz=bins, lines_dt=view["lines_dt"])

    def stream_channels(self, stream: int) -> tuple[int, int]:
        """Return the first and last channel of a stream."""
        groups = stream_groups(*self.channels, groups=self.streams)
        members = [channel for channel, index in groups.items() if index == stream]
        return members[0], members[-1]


def parse(arguments: list[str]) -> JobArguments:
    """Read command line and environment. A view is historic if and only if both times are given."""
    options = _options(arguments)
    env = os.environ
    recorded: tuple[Part, ...] | None = None
    if "--time-start" in options and "--time-end" in options:
        recorded = tuple((start, end) for start, end in json.loads(env.get("RECORDED", "[]")))
    return JobArguments(
        job_id=env["JOB_ID"],
        port=int(env["PORT"]),
        channels=(int(options["--roi"][0]), int(options["--roi"][1])),
        frequencies_hz=frequency_bins(int(options["-sg"][0]), *map(float, options["--sg-range"])),
        streams=int(options["--grpc-streams-num"][0]),
        lines_dt=float(env["LINES_DT"]),
        origin_ms=int(env["ORIGIN_MS"]),
        recorded=recorded,
        time_scale=float(env.get("TIME_SCALE", "1")),
        queue=options["--queue-name"][0],
        pod_dir=Path(env.get("POD_DIR", ".")),
        view_type=int(env["VIEW_TYPE"]),
        highest_channel=int(env["HIGHEST_CHANNEL"]),
    )


def _options(arguments: list[str]) -> dict[str, list[str]]:
    """Return each option with its values (argparse would cost 1 MB in each of fifty processes).

    Raises SystemExit naming the word that is no option.
    """
    options: dict[str, list[str]] = {}
    values: list[str] | None = None
    for word in arguments:
        if word in _OPTIONS:
            values = options.setdefault(word, [])
        elif values is None or word.startswith("--"):
            raise SystemExit(f"grpc-job: there is no option {word}; the options are {', '.join(_OPTIONS)}.")
        else:
            values.append(word)
    return options


def frequency_bins(nfft: int, low_hz: float, high_hz: float) -> list[float]:
    """Return the bins in Hz; an NFFT of 1 is a waterfall, which has the one bin 0 Hz."""
    if nfft == 1:
        return [0.0]
    return (spec_frequencies if defects.active("spec-formulas") else frequencies)(nfft, low_hz, high_hz)
