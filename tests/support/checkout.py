"""Real runs of run.py: in this checkout where nothing is installed, else in a copy of it in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml
from focus_core.site import simulator_process

ROOT = Path(__file__).resolve().parents[2]

# Nothing listens here: the discard port of the loopback address.
CLOSED = "http://127.0.0.1:9/simple"

WAIT_S = 120.0


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The last line on standard error: what run.py complains of."""
        lines = self.err.strip().splitlines()
        return lines[-1] if lines else ""


@dataclass(frozen=True)
class Checkout:
    """A folder with the project in it; `base` is the Python that run.py is started with."""

    root: Path
    base: str

    def run(self, *args: str, env: Mapping[str, str] | None = None, timeout: float = 600) -> Ended:
        process = self.start(*args, env=env)
        out, err = process.communicate(timeout=timeout)
        return Ended(process.returncode, out, err)

    def start(self, *args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.base, "run.py", *args],
            cwd=self.root,
            env=clean_environment() | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


def clean_environment() -> dict[str, str]:
    """As a shell that never activated an environment: not that of the pytest that runs us."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FOCUS_", "VIRTUAL_ENV"))}
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    environment["PATH"] = os.pathsep.join(folder for folder in folders if Path(folder).parent.name != ".venv")
    return environment


def base_python() -> str:
    """The Python that made our environment: run.py makes its own with it."""
    return getattr(sys, "_base_executable", sys.executable)


SITE = """
name: nobody
simulated: true
description: a site that is only a file
state_dir: null
focus: {url: "http://127.0.0.1:9/focus-server", auth: token, timeout: 5}
webapp: {url: "http://127.0.0.1:9/prisma/api", site_id: prisma-210-1000, timeout: 5}
mongodb: {host: 127.0.0.1, port: 9, database: prisma, username: null, password: null, auth_source: prisma}
rabbitmq: {host: 127.0.0.1, port: 9, management_url: "http://127.0.0.1:9", vhost: /, exchange: prisma, username: p}
kubernetes: {kubeconfig: /nowhere/kubeconfig, context: panda-cluster, namespace: panda}
node: {host: 127.0.0.1, port: 9, username: operator}
workloads:
  focus_server: {kind: Deployment, name: focus, selector: "a=b"}
  mongodb: {kind: Deployment, name: mongodb, selector: "a=b"}
  rabbitmq: {kind: StatefulSet, name: rabbitmq, selector: "a=b"}
  webapp: {kind: Deployment, name: webapp, selector: "a=b"}
limits: {lowest_channel: 1, highest_channel: 2222, frequency_max_hz: 1000, nfft_single: [128], nfft_multi: [128],
         max_windows: 30, capacity: 200, history_windows: 30}
defaults: {channels: [11, 109], frequency_hz: [0, 1000], nfft: 1024, duration_s: 10, height: 1000}
capabilities: [rest]
"""


@dataclass(frozen=True)
class OwnSite:
    """A simulated site of this test alone: the file that starts it, and its state directory."""

    file: Path
    state_dir: Path

    def simulator(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            simulator_process.command(*words, state_dir=self.state_dir),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def is_up(self) -> bool:
        return self.simulator("status").returncode == 0

    @property
    def processes(self) -> list[psutil.Process]:
        """Everything that runs for this site: each process of it carries the state directory in its environment."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("FOCUS_SIMULATOR_STATE") == str(self.state_dir):
                    found.append(process)
            except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
                continue  # not ours, or gone
        return found


@contextmanager
def site_of_its_own(folder: Path) -> Iterator[OwnSite]:
    """A simulated site in this folder, which whoever names its file starts; it is down afterwards."""
    site = OwnSite(folder / "own.yaml", folder / "site")
    start = {"name": "simulated", "simulated": True, "start": {"state_dir": str(site.state_dir)}}
    site.file.write_text(yaml.safe_dump(start), encoding="utf-8")
    try:
        yield site
    finally:
        site.simulator("down")


def remote_shaped(site_file: Path, folder: Path) -> Path:
    """A file in `folder` for the running simulated site, of the shape of a real site's: without state directory."""
    content = yaml.safe_load(site_file.read_text(encoding="utf-8"))
    del content["state_dir"], content["lock_file"]
    path = folder / "remote.yaml"
    path.write_text(yaml.safe_dump(content | {"name": "remote", "simulated": False}), encoding="utf-8")
    return path


def kill_with_children(process: subprocess.Popen[str]) -> None:
    """kill -9 for run.py and all that it started, but not for a simulated site. Nothing where it has ended."""
    if process.poll() is not None:
        return
    for one in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
        if one.environ().get("FOCUS_SIMULATOR_STATE") is None:
            one.kill()
    process.communicate()


def wait_for(what: str, seen: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not seen():
        assert time.monotonic() < deadline, f"{what}: not seen within {WAIT_S} s"
        time.sleep(0.1)


def folder_of(out: str) -> Path:
    """The run's folder, from the first line that names the run."""
    match = re.search(r"\(run (\S+)\)", out)
    assert match, out
    return ROOT / "results" / "runs" / match.group(1)


def interrupt(process: subprocess.Popen[str]) -> Ended:
    """Ctrl-C for run.py alone; its children must end because it ends them."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WAIT_S)
    return Ended(process.returncode, out, err)
