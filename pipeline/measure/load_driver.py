"""The load driver: what a request and a frame cost it, and which rate it holds."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from focus_core.load import process, profiles
from focus_core.load.plan import HeldViews, Phase, Plan, request
from focus_core.load.result import Result

from pipeline import console
from pipeline.measure.bare_server import bare_server
from pipeline.measure.figures import show
from pipeline.measure.site import simulator

RATE, SECONDS = 5000, 10
LEAST_OF_RATE, MOST_CPU_US = 0.99, 60.0
VIEWS, VIEWS_S, MOST_CPU_OF_VIEWS = 50, 20, 15.0
# Five rows a second in each of three streams.
VIEW = {
    "nfftSelection": 1024,
    "displayInfo": {"height": 50},
    "channels": {"min": 1, "max": 100},
    "view_type": 0,
    "start_time": None,
    "end_time": None,
    "displayTimeAxisDuration": 10,
    "frequencyRange": {"min": 0, "max": 500},
}


def measure(runs: int) -> int:
    """5,000 requests a second against a bare server, then 50 views of a simulated site; 1 when a budget is missed."""
    with bare_server() as server:
        plan = Plan(profiles.constant(RATE, SECONDS), (request("GET /ack"),), urls={"focus": server.url})
        requests = [process.carry_out(plan) for _ in range(runs)]
    show(f"requests a second, {RATE} asked", [one.rate for one in requests], "/s")
    show("CPU time of the driver a request", [cpu_us(one) for one in requests], "us")
    show("own lateness, 99 %", [one.late.percentile(99) * 1000 for one in requests], "ms")
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        try:
            file = simulator("up", state_dir=folder)
            views = [process.carry_out(views_plan(file)) for _ in range(runs)]
        finally:
            simulator("down", state_dir=folder)
    show(f"frames a second of {VIEWS} views", [frames_a_second(one) for one in views], "/s")
    show("CPU time of the driver for them", [one.cpu for one in views], "% of a core")
    missed = [sentence for one in (*requests, *views) for sentence in one.invalid()]
    missed += [f"{one.rate:.0f} requests a second" for one in requests if one.rate < LEAST_OF_RATE * RATE]
    missed += [f"{cpu_us(one):.0f} us a request" for one in requests if cpu_us(one) > MOST_CPU_US]
    missed += [f"{one.cpu:.0f} % for the views" for one in views if one.cpu > MOST_CPU_OF_VIEWS]
    missed += [f"{len(one.views.silent)} views without a frame" for one in views if one.views and one.views.silent]
    for sentence in missed:
        console.say(f"missed: {sentence}")
    return int(bool(missed))


def cpu_us(result: Result) -> float:
    """Microseconds of CPU time for each action."""
    return result.cpu / 100 * result.seconds / result.asked * 1e6


def frames_a_second(result: Result) -> float:
    """Of all views together, while the load lasted."""
    return sum(one.frames for one in result.intervals) / result.seconds


def views_plan(file: str) -> Plan:
    """Views of two users that are held for some seconds."""
    held = HeldViews(VIEWS, (json.dumps(VIEW),))
    return Plan((Phase(VIEWS_S, 0),), views=held, site=str(Path(file)), users=("lane0", "lane1"))
