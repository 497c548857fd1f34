"""The simulated site: its start and end, many jobs at once, its memory.

Memory is PSS (each process's own pages plus its share of shared ones), summed over every process that belongs to the
site, in MB of 10^6 bytes.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

import psutil
from focus_core.cluster.client import ClusterClient
from focus_core.run import clients
from focus_core.server.client import Exchange, FocusClient
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site
from focus_core.views.view import ViewRequest, ViewType

from pipeline.errors import RunError
from pipeline.measure.figures import seconds, show
from pipeline.paths import ROOT

STATE_VARIABLE = "FOCUS_SIMULATOR_STATE"
MOST_READY_S, MOST_IDLE_MB, MOST_DOWN_S = 10, 500, 5
MOST_REFUSED_S = 1
# How long so many jobs may take to run, and the memory of the whole site then.
MOST_OF_JOBS: dict[int, tuple[float | None, float | None]] = {50: (5, 1000), 200: (None, 4000)}


def simulator(*arguments: str, state_dir: str) -> str:
    """Run a command of the simulated site; returns the last line it printed."""
    command = simulator_process.command(*arguments, state_dir=Path(state_dir))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunError(f"The simulator's command '{' '.join(arguments)}' failed: {done.stderr.strip()[-2000:]}")
    lines = done.stdout.strip().splitlines()
    return lines[-1] if lines else ""


def site_processes(state_dir: str) -> list[psutil.Process]:
    """Every living process whose environment names this state directory."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(STATE_VARIABLE) == state_dir:
                found.append(process)
        except psutil.Error:
            continue
    return found


def pss_megabytes(state_dir: str) -> float:
    """PSS of the whole site in MB (10^6 bytes)."""
    total = 0
    for process in site_processes(state_dir):
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def measure_start(runs: int) -> None:
    """Time of ``up`` until ready, idle memory five seconds later, time of ``down``; the first start is not counted."""
    up, memory, down = [], [], []
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        for run in range(runs + 1):
            started = seconds(lambda: simulator("up", state_dir=folder))
            time.sleep(5)
            idle = pss_megabytes(folder)
            stopped = seconds(lambda: simulator("down", state_dir=folder))
            left = site_processes(folder)
            if left:
                raise RunError(f"'down' left {len(left)} processes: {left}")
            if run:
                up.append(started)
                memory.append(idle)
                down.append(stopped)
    show("site ready after `up`, warm", up, "s", most=MOST_READY_S)
    show("idle memory of the whole site", memory, "MB PSS", most=MOST_IDLE_MB)
    show("`down`", down, "s", most=MOST_DOWN_S)


def ask_for_view(lane: FocusClient) -> Exchange:
    """Ask for one live view of the usual channels; returns the answer."""
    asked = ViewRequest(
        ViewType.MultiChannel, channels=(11, 109), nfft=1024, frequency=(0, 1000), duration=10, height=1000
    )
    return lane.configure(asked.body())


def open_view(lane: FocusClient) -> None:
    """Open one live view."""
    answer = ask_for_view(lane)
    if answer.status != HTTPStatus.OK:
        raise RunError(f"{answer}: {answer.body}")


def refused_view(lane: FocusClient) -> None:
    """Ask for one view more than the site can have; it has to answer 503."""
    answer = ask_for_view(lane)
    if answer.status != HTTPStatus.SERVICE_UNAVAILABLE or "Retry-After" not in answer.headers:
        raise RunError(f"A view beyond the site's capacity: {answer}: {answer.body}")


def running_jobs(site: Site) -> int:
    """How many job pods the cluster reports as Running."""
    pods = ClusterClient.of_site(site).pods()
    return sum(pod.name.startswith(site.job_prefix) and pod.phase == "Running" for pod in pods)


def measure_jobs(runs: int, jobs: int) -> None:
    """Time from the first request until all jobs are Running, and the memory of the site then.

    When that is all that the site can have: the time in which it refuses one more.
    """
    ready, memory, refused = [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
            site = site_loader.load(simulator("up", state_dir=folder))
            try:
                lanes = [clients.focus_client(site, user) for user in site.users if user.role == "admin"]
                for lane in lanes:
                    lane.authorization()  # logins are not measured
                before = time.monotonic()
                with ThreadPoolExecutor(8) as pool:
                    list(pool.map(lambda number: open_view(lanes[number % len(lanes)]), range(jobs)))  # noqa: B023
                while running_jobs(site) < jobs:
                    if time.monotonic() - before > 60:
                        raise RunError(f"Only {running_jobs(site)} of {jobs} jobs were Running after 60 s.")
                ready.append(time.monotonic() - before)
                if jobs == site.limits.capacity:
                    refused.append(seconds(lambda: refused_view(lanes[0])))  # noqa: B023
                memory.append(pss_megabytes(folder))
            finally:
                simulator("down", state_dir=folder)
    ready_s, memory_mb = MOST_OF_JOBS.get(jobs, (None, None))
    show(f"{jobs} live jobs Running", ready, "s", most=ready_s)
    show(f"memory of the whole site with {jobs} jobs", memory, "MB PSS", most=memory_mb)
    if refused:
        show(f"refusal of one view more than {jobs}", refused, "s", most=MOST_REFUSED_S)
