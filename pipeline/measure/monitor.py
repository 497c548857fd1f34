"""The pod monitor: how fast it finds errors in lines, and what it costs beside 200 pods that log 5,000 lines a second.

The pods belong to a simulated cluster without a site. Each keeps to its own clock, so that a busy machine makes the
monitor late and not the load smaller; what it read is compared with what the pods wrote, line by line.
"""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import psutil
import yaml
from focus_core.base.waiting import WaitTimeout, wait_until
from focus_core.logs import entries, monitor, process
from focus_core.logs.patterns import Patterns
from focus_core.logs.templates import TemplateCounter
from focus_core.site import loader
from kubernetes import client

from pipeline import console
from pipeline.errors import RunError
from pipeline.measure.figures import cpu_seconds, seconds, show
from pipeline.measure.site import STATE_VARIABLE
from pipeline.paths import ROOT

LEAST_LINES_A_SECOND = 1_000_000.0
LINES = 100_000
# As the monitor writes them: so many at once.
BATCH = 500

PODS, LINES_A_SECOND, SECONDS = 200, 25, 60
MOST_CPU_PERCENT, MOST_MEMORY_MB, MOST_LAG_S = 25.0, 150.0, 2.0
NAMESPACE = "measured"
PATIENCE_S = 120.0
# So long after the last line is written everything has been read, or is lost.
LATE_S = 30.0

# One line of a hundred and sixty is an error, some hold a word that looks like one.
KINDS = (
    "INFO  rows sent stream=4{n} job=12-{n} channels=1-100 height=1000 rows=5 bytes=81920 took=3.{n} queue=0 errors=0",
    '10.42.0.{n} - - "GET /metadata/12-{n} HTTP/1.1" 200 1432 "-" "focus-tests" rid=20261201-0505-ab12.0.3f9a1c2b.{n}',
    "DEBUG window 2026-12-01T05:09:{n}.284Z to 2026-12-01T05:10:02.284Z of job 12-{n} is ready in 12 ms, 4 parts of 16",
    '{{"t":{{"$date":"2026-12-01T05:09:12.284+00:00"}},"s":"I","c":"NETWORK","id":22943,"ctx":"conn{n}","msg":"accepted"}}',
    "2026-12-01 05:09:12.284000+00:00 [info] <0.{n}.0> accepting AMQP connection 10.42.0.9:4{n} -> 10.42.0.11:5672",
    "INFO  frequencies 0-1000 Hz, NFFT 1024, timeout_s=30, view_type=0, display height 1000, sensors 2222 of fibre {n}",
)
ERRORS = ("ERROR could not open the recording /data/{n}: timeout", "CRITICAL panic: out of memory in job 12-{n}")
ERROR_EVERY = 160

# Nothing but time: two hundred of these start in a moment and are small.
LOGGER = """\
import os, sys, time
go, pod, rate, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
while not os.path.exists(go):
    time.sleep(0.1)
begun = time.monotonic()
for number in range(rate * seconds):
    time.sleep(max(0, begun + number / rate - time.monotonic()))
    word = "ERROR of" if number % 160 == 159 else "INFO rows of"
    text = f"{word} pod {pod}: line {number}, channels=1-100 height=1000 rows=5 bytes=81920 took=3.14 queue=0"
    os.write(1, (text + chr(10)).encode())
"""


def measure(runs: int) -> None:
    """Detection and templates so many times, the cluster once."""
    measure_lines(runs)
    with tempfile.TemporaryDirectory(prefix="focus-measure-", ignore_cleanup_errors=True) as folder:
        measure_cluster(Path(folder))


def measure_lines(runs: int) -> None:
    """What a line costs in one process, CPU time."""
    lines = list(itertools.islice(made_lines(), LINES))
    batches = [lines[begin : begin + BATCH] for begin in range(0, LINES, BATCH)]
    patterns, counter = Patterns.of_site(), TemplateCounter()
    expected = sum(number % ERROR_EVERY == 0 for number in range(LINES))
    found = sum(len(patterns.find_in(batch)) for batch in batches)
    if found != expected:
        raise RunError(f"{found} of {LINES} lines were found to be errors, {expected} are.")

    def detect() -> None:
        for batch in batches:
            patterns.find_in(batch)

    def count() -> None:
        for line in lines:
            counter.add("jobs", line)

    for what, action, least in (
        ("lines a second of CPU time, errors found in them", detect, LEAST_LINES_A_SECOND),
        ("lines a second of CPU time, their templates counted", count, None),
    ):
        show(what, [LINES / cpu_seconds(action) for _ in range(runs)], "/s", least=least)


def made_lines() -> Iterator[str]:
    """Endless lines as services write them."""
    for number in itertools.count():
        kinds = KINDS if number % ERROR_EVERY else ERRORS
        yield kinds[number % len(kinds)].format(n=10 + number % 90)


def measure_cluster(folder: Path) -> None:
    """The monitor's process beside the pods, from their first line to their last."""
    go = folder / "go"
    with cluster(folder) as url, monitor_of(url, folder) as watching:
        create_pods(url, go)
        wait("The monitor follows all pods", lambda: followed(folder) >= PODS)
        observed = psutil.Process(watching.pid)
        before, begun = monitor.state_of(folder / process.FOLDER)["cpu_s"], time.monotonic()
        go.touch()
        written = PODS * LINES_A_SECOND * SECONDS
        time.sleep(SECONDS)
        deadline = time.monotonic() + LATE_S
        while monitor.state_of(folder / process.FOLDER).get("lines", 0) < written and time.monotonic() < deadline:
            time.sleep(0.2)
        lasted = time.monotonic() - begun
        memory = MostMemory(observed)
        ended = seconds(watching.stop)
        state = monitor.state_of(folder / process.FOLDER)
        lost, doubled = compare(folder)
    counted = ", ".join(f"{state[name]} {name}" for name in ("lines", "dropped", "gaps", "reconnects"))
    console.say(f"{PODS} pods, {lasted:.1f} s: {counted}")
    # Until everything is written, too; the files by test come after that.
    share = 100 * (state["cpu_s"] - before) / lasted
    show("share of a core of the monitor's process", [share], "%", most=MOST_CPU_PERCENT)
    show("its memory at its peak, resident", [max(state["memory_mb"], memory.most_mb())], "MB", most=MOST_MEMORY_MB)
    show("longest time from a line to its reading", [state["worst_lag_s"]], "s", most=MOST_LAG_S)
    show("lines that the pods wrote and the monitor has not", [float(lost)], "", most=0)
    show("lines that it has twice", [float(doubled)], "", most=0)
    show("from the end of the run until its files are there", [ended], "s")


class MostMemory:
    """The most resident memory of a process from now until it ends, in MB of 2^20 bytes."""

    def __init__(self, observed: psutil.Process) -> None:
        self._observed, self._most = observed, 0
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def most_mb(self) -> float:
        """Of a process that has ended."""
        self._thread.join()
        return self._most / (1 << 20)

    def _look(self) -> None:
        try:
            while True:
                self._most = max(self._most, self._observed.memory_info().rss)
                time.sleep(0.05)
        except psutil.Error:
            return


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A simulated cluster whose pods are gone when it ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    state = folder / "cluster"
    state.mkdir()
    command = [sys.executable, "-E", "-P", "-m", "simulator.cluster", "--state-dir", str(state), "--port", str(port)]
    command += ["--namespace", NAMESPACE, "--images", "simulator.pods.images"]
    environment = {**os.environ, STATE_VARIABLE: str(state)}
    with (folder / "cluster.log").open("wb") as log:
        # Ctrl-C is for us: we end it.
        started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        wait("The cluster answers", lambda: answers(url))
        yield url
    finally:
        started.terminate()
        try:
            started.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            started.kill()


@contextmanager
def monitor_of(url: str, folder: Path) -> Iterator[process.Monitor]:
    """The monitor of that cluster, which watches it already; its files are in the folder."""
    user = {"name": "u", "user": {}}
    context = {"name": "c", "context": {"cluster": "c", "user": "u", "namespace": NAMESPACE}}
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "contexts": [context],
        "users": [user],
        "current-context": "c",
    }
    (folder / "kubeconfig").write_text(yaml.safe_dump(kubeconfig), encoding="utf-8")
    site = yaml.safe_load((loader.SITES / "staging.yaml").read_text(encoding="utf-8")) | {
        "name": "measured",
        "focus": {"url": "http://127.0.0.1:9", "auth": "none"},
        "kubernetes": {"kubeconfig": str(folder / "kubeconfig"), "context": "c", "namespace": NAMESPACE},
        "capabilities": ["rest", "kubernetes"],
        "state_dir": str(folder),
        "reserve": None,
    }
    (folder / "site.yaml").write_text(yaml.safe_dump(site), encoding="utf-8")
    started = process.Monitor(folder / process.FOLDER, str(folder / "site.yaml"), "run")
    try:
        wait("The monitor watches the cluster", lambda: is_watching(folder))
        yield started
    finally:
        started.stop()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=1) as answer:  # noqa: S310 - our own server
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def is_watching(folder: Path) -> bool:
    state = monitor.state_of(folder / process.FOLDER)
    return bool(state.get("begun")) and not state["trouble"]


def followed(folder: Path) -> int:
    return int(monitor.state_of(folder / process.FOLDER).get("streams", 0))


def create_pods(url: str, go: Path) -> None:
    """Pods that log as soon as the file ``go`` is there, and end with their last line."""
    api = client.CoreV1Api(client.ApiClient(client.Configuration(host=url)))
    for number in range(PODS):
        name = f"grpc-job-12-{number}"
        command = [sys.executable, "-S", "-E", "-c", LOGGER, str(go), name, str(LINES_A_SECOND), str(SECONDS)]
        container = {"name": "main", "image": "pzlinux/grpc-job", "command": command}
        body = {"metadata": {"name": name}, "spec": {"restartPolicy": "Never", "containers": [container]}}
        api.create_namespaced_pod(NAMESPACE, body)


def compare(folder: Path) -> tuple[int, int]:
    """How many lines of the pods' own files are missing in the monitor's, and how many it has too often."""
    written = Counter(
        (path.parent.name.split("_")[1], line)
        for path in (folder / "cluster" / "pods").glob("*/main.log")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    if written.total() != PODS * LINES_A_SECOND * SECONDS:
        raise RunError(f"The pods wrote {written.total()} lines, not {PODS * LINES_A_SECOND * SECONDS}.")
    found = Counter(
        (entry.source.pod, entry.text) for entry in entries.read(folder / process.FOLDER) if entry.kind == "line"
    )
    return (written - found).total(), (found - written).total()


def wait(what: str, done: Callable[[], bool]) -> None:
    """Raises RunError when it takes too long."""
    try:
        wait_until(what, done, timeout=PATIENCE_S, interval=0.1)
    except WaitTimeout as late:
        raise RunError(str(late)) from None
