"""What a streaming job is told: its command line (as a real analyser takes it) and its environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from simulator import defects
from simulator.focus.calculations import frequencies, spec_frequencies, stream_groups

_OPTIONS = (
    "--roi", "-sg", "--sg-range", "--grpc-streams-num", "--queue-name", "--time-start", "--time-end", "--time-zone",
)  # fmt: skip
_CLOCK = "%Y-%m-%d:%H:%M:%S"


@dataclass(frozen=True)
class JobArguments:
    """One job: its channels (both ends included), bins in Hz, row time in seconds, streams and addresses.

    window_s: length of a historic window in seconds, None for a live view. origin_ms: start of row 0, epoch.
    """

    job_id: str
    port: int
    channels: tuple[int, int]
    frequencies_hz: list[float]
    streams: int
    lines_dt: float
    origin_ms: int
    window_s: float | None
    time_scale: float
    queue: str
    pod_dir: Path

    @property
    def rows(self) -> int | None:
        """Number of rows in the window: whole rows only; None for a live view."""
        return None if self.window_s is None else int(self.window_s / self.lines_dt)

    def stream_channels(self, stream: int) -> tuple[int, int]:
        """Return the first and last channel of a stream."""
        groups = stream_groups(*self.channels, groups=self.streams)
        members = [channel for channel, index in groups.items() if index == stream]
        return members[0], members[-1]


def parse(arguments: list[str]) -> JobArguments:
    """Read command line and environment. A view is historic if and only if both times are given."""
    options = _options(arguments)
    env = os.environ
    window = None
    if "--time-start" in options and "--time-end" in options:
        # The zone is the same for both ends and does not change the length between them.
        start, end = (datetime.strptime(options[name][0], _CLOCK) for name in ("--time-start", "--time-end"))
        window = (end - start).total_seconds()
    return JobArguments(
        job_id=env["JOB_ID"],
        port=int(env["PORT"]),
        channels=(int(options["--roi"][0]), int(options["--roi"][1])),
        frequencies_hz=_bins(int(options["-sg"][0]), *map(float, options["--sg-range"])),
        streams=int(options["--grpc-streams-num"][0]),
        lines_dt=float(env["LINES_DT"]),
        origin_ms=int(env["ORIGIN_MS"]),
        window_s=window,
        time_scale=float(env.get("TIME_SCALE", "1")),
        queue=options["--queue-name"][0],
        pod_dir=Path(env.get("POD_DIR", ".")),
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


def _bins(nfft: int, low_hz: float, high_hz: float) -> list[float]:
    """Return the bins in Hz; an NFFT of 1 is a waterfall, which has the one bin 0 Hz."""
    if nfft == 1:
        return [0.0]
    return (spec_frequencies if defects.active("spec-formulas") else frequencies)(nfft, low_hz, high_hz)
