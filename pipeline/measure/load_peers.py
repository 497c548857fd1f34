"""Load drivers side by side: which of them see a server that stands still.

The server is stopped for 2 s while it is asked 200 times a second; the requests that were due meanwhile must show the
time that they would have waited. A closed loop has as many slow requests as users, and hides the others.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from focus_core.load import process, profiles
from focus_core.load.plan import Plan, request

from pipeline import console
from pipeline.environment import BIN
from pipeline.errors import RunError
from pipeline.measure.bare_server import BareServer, bare_server

RATE, SECONDS = 200, 10
# From the first request.
BEFORE_S, FROZEN_S = 3.0, 2.0
ABOVE_S = (0.1, 0.5, 1.0, 1.5, 1.9)
TOLERANCE = 0.1
# Beyond the tolerance: how long the system takes to stop a process and let it go on.
SPARE_S = 0.03
USERS = 20
LOCUST = "locust==2.47.0"
_TIMEOUT_S = 120

# wrk has neither a rate nor times one by one: its histogram.
WRK_SCRIPT = """\
done = function(summary, latency, requests)
  for place = 1, #latency do
    local value, count = latency(place)
    io.write("time ", value / 1000000, " ", count, "\\n")
  end
end
"""
LOCUST_FILE = """\
import sys
from locust import HttpUser, constant_throughput, events, task

times = open(sys.argv[sys.argv.index("-f") + 1] + ".times", "a")

@events.request.add_listener
def note(response_time, **_):
    print(response_time / 1000, file=times, flush=True)

class User(HttpUser):
    wait_time = constant_throughput(RATE / USERS)

    @task
    def ask(self):
        self.client.get("/ack")
"""
K6_SCRIPT = """\
import http from "k6/http";
export const options = {scenarios: {constant: {executor: "constant-arrival-rate", rate: RATE, timeUnit: "1s",
  duration: "SECONDSs", preAllocatedVUs: 800}}};
export default function () { http.get("URL/ack"); }
"""


@dataclass(frozen=True)
class Seen:
    """What a driver reports: requests, and how many took longer than each of ``ABOVE_S``."""

    requests: int
    above: tuple[int, ...]


def measure() -> int:
    """A table of the drivers that are there; returns 1 when the project's own one does not see what was due."""
    drivers: dict[str, Callable[[str], Seen | None]] = {
        "this project's": own,
        f"wrk, {USERS} connections": wrk,
        f"locust, {USERS} users": locust,
        "k6, constant-arrival-rate": k6,
    }
    console.say(
        f"| driver | requests | above {'/'.join(f'{seconds * 1000:.0f}' for seconds in ABOVE_S)} ms | verdict |"
    )
    verdicts = {name: _row(name, driver) for name, driver in drivers.items()}
    return int(verdicts["this project's"] != "sees it")


def _row(name: str, driver: Callable[[str], Seen | None]) -> str:
    with bare_server() as server, frozen(server) as moments:
        seen = driver(server.url)
    if seen is None or len(moments) < 2:
        console.say(f"| {name} | not there | | |")
        return ""
    due = tuple(max(0.0, (moments[1] - moments[0] - seconds) * RATE) for seconds in ABOVE_S)
    verdict = "sees it" if is_seen(seen.above, due) else "hides it"
    counts = "/".join(map(str, seen.above))
    console.say(f"| {name} | {seen.requests} | {counts} of {'/'.join(f'{one:.0f}' for one in due)} | {verdict} |")
    return verdict


def is_seen(above: Sequence[int], due: Sequence[float]) -> bool:
    """Whether as many requests were slow as was due."""
    return all(
        abs(counted - wanted) <= TOLERANCE * wanted + RATE * SPARE_S for counted, wanted in zip(above, due, strict=True)
    )


@contextmanager
def frozen(server: BareServer) -> Iterator[list[float]]:
    """Stops a server for a time, some seconds after its first request; the two moments of that."""
    moments: list[float] = []
    over = threading.Event()

    def freeze() -> None:
        if not server.asked() or over.wait(BEFORE_S):
            return
        os.kill(server.pid, signal.SIGSTOP)
        moments.append(time.monotonic())
        over.wait(FROZEN_S)
        os.kill(server.pid, signal.SIGCONT)
        moments.append(time.monotonic())

    # A driver that never asks leaves it waiting.
    thread = threading.Thread(target=freeze, daemon=True)
    thread.start()
    try:
        yield moments
    finally:
        over.set()
        thread.join(FROZEN_S)


def own(url: str) -> Seen:
    """This project's driver. Raises ``RunError`` when the machine was too busy for it."""
    plan = Plan(profiles.constant(RATE, SECONDS), (request("GET /ack"),), urls={"focus": url})
    result = process.carry_out(plan)
    if result.invalid():
        raise RunError(f"This machine is too busy to compare load drivers: {' and '.join(result.invalid())}.")
    total = result.whole.total
    return Seen(total.count, tuple(total.above(seconds) for seconds in ABOVE_S))


def wrk(url: str) -> Seen | None:
    """wrk, as fast as it can."""
    with scratch(WRK_SCRIPT) as script:
        printed = _run("wrk", "-t1", f"-c{USERS}", f"-d{SECONDS}", "--timeout", "10s", "-s", str(script), f"{url}/ack")
    if printed is None:
        return None
    found = [
        (float(seconds), int(count)) for seconds, count in re.findall(r"^time (\S+) (\d+)$", printed, re.MULTILINE)
    ]
    return _seen(found)


def locust(url: str) -> Seen | None:
    """locust by uv, in an environment of its own: it never comes into the lock."""
    with scratch(LOCUST_FILE.replace("RATE", str(RATE)).replace("USERS", str(USERS))) as script:
        uv = str(BIN / "uv")
        words = ("tool", "run", "--from", LOCUST, "locust", "-f", str(script), "--headless", "-H", url)
        load = ("-u", str(USERS), "-r", str(USERS), "-t", f"{SECONDS}s", "--only-summary")
        times = Path(f"{script}.times")
        if _run(uv, *words, *load) is None or not times.exists():
            return None
        return _seen((float(line), 1) for line in times.read_text().split())


def k6(url: str) -> Seen | None:
    """k6 with as many virtual users as its open model needs."""
    text = K6_SCRIPT.replace("RATE", str(RATE)).replace("SECONDS", str(SECONDS)).replace("URL", url)
    with scratch(text) as script:
        times = Path(f"{script}.csv")
        if _run("k6", "run", "--quiet", "--out", f"csv={times}", str(script)) is None:
            return None
        with times.open(newline="") as lines:
            rows = csv.DictReader(lines)
            return _seen(
                (float(row["metric_value"]) / 1000, 1) for row in rows if row["metric_name"] == "http_req_duration"
            )


def _seen(times: Iterable[tuple[float, int]]) -> Seen:
    found = list(times)
    above = tuple(sum(count for seconds, count in found if seconds > limit) for limit in ABOVE_S)
    return Seen(sum(count for _, count in found), above)


def _run(program: str, *arguments: str) -> str | None:
    """What a program prints; None when it is not there or fails."""
    found = shutil.which(program)
    if not found:
        return None
    done = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    return done.stdout if done.returncode == 0 else None


@contextmanager
def scratch(text: str) -> Iterator[Path]:
    """A file with a script, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        path = Path(folder) / "script.py"
        path.write_text(text)
        yield path
