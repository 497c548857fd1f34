"""The simulated site: its start and end, many jobs at once, its memory.

Memory is PSS (each process's own pages plus its share of shared ones), summed over every process that belongs to the
site, in MB of 10^6 bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import requests
import yaml

from pipeline.measure.figures import seconds, show
from pipeline.paths import ROOT

STATE_VARIABLE = "FOCUS_SIMULATOR_STATE"


def simulator(*arguments: str, state_dir: str) -> str:
    """Run a command of the simulated site; returns the last line it printed."""
    command = [sys.executable, "-m", "simulator", *arguments, "--state-dir", state_dir]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
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
                raise SystemExit(f"'down' left {len(left)} processes: {left}")
            if run:
                up.append(started)
                memory.append(idle)
                down.append(stopped)
    show("site ready after `up`, warm", up, "s")
    show("idle memory of the whole site", memory, "MB PSS")
    show("`down`", down, "s")


def bearer(site: dict[str, Any], user: dict[str, Any]) -> dict[str, str]:
    """Log a lane's user into the web app; returns the header of its requests."""
    login = {"username": user["username"], "password": Path(user["password"]["file"]).read_text().strip()}
    authority = site["tls"]["ca_file"]
    answer = requests.post(f"{site['webapp']['url']}/auth/login", json=login, timeout=10, verify=authority)
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def ask_for_view(site: dict[str, Any], headers: dict[str, str]) -> requests.Response:
    """Ask for one live view of the usual channels; returns the answer."""
    request = {
        "displayTimeAxisDuration": 10,
        "nfftSelection": 1024,
        "displayInfo": {"height": 1000},
        "channels": {"min": 11, "max": 109},
        "frequencyRange": {"min": 0, "max": 1000},
        "start_time": None,
        "end_time": None,
        "view_type": 0,
    }
    url, authority = f"{site['focus']['url']}/configure", site["tls"]["ca_file"]
    return requests.post(url, json=request, headers=headers, timeout=30, verify=authority)


def open_view(site: dict[str, Any], headers: dict[str, str]) -> None:
    """Open one live view."""
    ask_for_view(site, headers).raise_for_status()


def refused_view(site: dict[str, Any], headers: dict[str, str]) -> None:
    """Ask for one view more than the site can have; it has to say so."""
    answer = ask_for_view(site, headers)
    if answer.status_code != 503 or "Retry-After" not in answer.headers:
        raise SystemExit(f"A view beyond the site's capacity got {answer.status_code}: {answer.text}")


def running_jobs(site: dict[str, Any]) -> int:
    """How many job pods the cluster reports as Running."""
    kube = site["kubernetes"]
    command = ["kubectl", "--kubeconfig", kube["kubeconfig"], "-n", kube["namespace"], "get", "pods", "-o", "json"]
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    pods = json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    return sum(
        pod["metadata"]["name"].startswith(site["job_prefix"]) and pod["status"].get("phase") == "Running"
        for pod in pods["items"]
    )


def measure_jobs(runs: int, jobs: int) -> None:
    """Time from the first request until all jobs are Running, and the memory of the site then.

    When that is all that the site can have: the time in which it refuses one more.
    """
    ready, memory, refused = [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
            site = yaml.safe_load(Path(simulator("up", state_dir=folder)).read_text())
            try:
                lanes = [bearer(site, user) for user in site["users"] if user["role"] == "admin"]
                before = time.monotonic()
                with ThreadPoolExecutor(8) as pool:
                    list(pool.map(lambda number: open_view(site, lanes[number % len(lanes)]), range(jobs)))  # noqa: B023
                while running_jobs(site) < jobs:
                    if time.monotonic() - before > 60:
                        raise SystemExit(f"Only {running_jobs(site)} of {jobs} jobs were Running after 60 s.")
                ready.append(time.monotonic() - before)
                if jobs == site["limits"]["capacity"]:
                    refused.append(seconds(lambda: refused_view(site, lanes[0])))  # noqa: B023
                memory.append(pss_megabytes(folder))
            finally:
                simulator("down", state_dir=folder)
    show(f"{jobs} live jobs Running", ready, "s")
    show(f"memory of the whole site with {jobs} jobs", memory, "MB PSS")
    if refused:
        show(f"refusal of one view more than {jobs}", refused, "s")
