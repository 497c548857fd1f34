"""The simulated sites of a measurement: started for it, defects switched on the running site, ended with it."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import yaml
from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient
from focus_core.site import simulator_process

from pipeline import console
from pipeline.errors import RunError
from pipeline.paths import ROOT
from pipeline.run.site import last_line_of
from strength.areas import Area
from strength.proxies.routes import value
from strength.workers.threads import run_parallel

_TIMEOUT_S = 180
# Minutes after the last test when the site ends by itself, should the measurement be killed.
_AUTO_STOP_MIN = 10
# Running commands, in threads that Ctrl-C does not reach.
_children: set[subprocess.Popen[str]] = set()
_ending = threading.Event()
_AT_START = "when its pod starts"


@dataclass(frozen=True)
class Defect:
    """A defect of the simulated site, as its registry describes it."""

    name: str
    bug_key: str
    area: str
    sentence: str
    changes: str
    takes_effect: str


class OwnSite:
    """A running simulated site in `folder`; `time_scale` shortens its own timers."""

    def __init__(self, folder: Path, time_scale: float) -> None:
        self.folder = folder
        self._scale = time_scale
        self.file = self._started()

    @contextmanager
    def switched(self, *names: str) -> Iterator[None]:
        """These defects are on within the block; empty names are ignored."""
        try:
            self._switch("on", names)
            yield
        finally:
            self._switch("off", names)

    @contextmanager
    def with_defect(self, defect: Defect, area: Area) -> Iterator[None]:
        """The defect is on within the block, and the site is ready again after it.

        In an area with `restarts`, the pod of a defect that takes effect at its start is restarted.
        """
        workload = self._workload_of(defect) if area.restarts and defect.takes_effect.startswith(_AT_START) else None
        try:
            with self.switched(defect.name):
                # A pod that does not become ready is for the tests to detect.
                with suppress(RunError):
                    self._restart(workload)
                time.sleep(area.settle_s)
                yield
        finally:
            # Lasting damage is found by the tests, which have to pass again now.
            with suppress(RunError):
                self._restart(workload)
                if area.settle_s:
                    self.settle()

    def settle(self) -> None:
        """Repair the site and wait until all workloads are ready. Raises RunError when they do not become ready."""
        self._up()

    def renew(self) -> None:
        """Start with empty state: everything left on the site is gone. Addresses may change."""
        self.file = self._started("--fresh")

    def _started(self, *more: str) -> Path:
        try:
            return self._up(*more)
        except RunError:
            # A busy machine may be too slow once; a measurement of many minutes is worth a second try.
            return self._up(*more)

    def _up(self, *more: str) -> Path:
        scale, stop = f"{self._scale:g}", str(_AUTO_STOP_MIN)
        output = _simulator(
            "up",
            "--auto-stop",
            stop,
            "--time-scale",
            scale,
            *more,
            "--state-dir",
            str(self.folder),
            failure_text="Not ready",
        )
        return Path(output.strip().splitlines()[-1])

    def _switch(self, state: str, names: tuple[str, ...]) -> None:
        for name in filter(None, names):
            command = ("defect", state, name, "--state-dir", str(self.folder))
            try:
                _simulator(*command)
            except RunError:
                # A part of the site that is down cannot be switched.
                self.settle()
                _simulator(*command)

    def _workload_of(self, defect: Defect) -> dict[str, str] | None:
        """The workload that the prose of `defect.changes` names: `Focus Server`, `web app`."""
        workloads = self._content()["workloads"]
        prose = defect.changes.lower().replace(" ", "")
        return next((workloads[key] for key in workloads if key.replace("_", "") in prose), None)

    def _restart(self, workload: dict[str, str] | None) -> None:
        """Delete the pods of a workload and wait until it is ready again."""
        if workload is None:
            return
        place = self._content()["kubernetes"]
        cluster = ClusterClient(kubeconfig=place["kubeconfig"], context=place["context"], namespace=place["namespace"])
        try:
            for pod in cluster.pods(workload["selector"]):
                cluster.core.delete_namespaced_pod(pod.name, place["namespace"])
        except BenchError as error:
            raise RunError(str(error)) from None
        self.settle()

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        return content

    def description(self, area: Area) -> tuple[dict[str, Any], str]:
        """The OpenAPI document, and the prefix of its paths."""
        base = value(self._content(), area.description)
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{base}{area.openapi}", timeout=_TIMEOUT_S)
        if not answer.ok:
            raise RunError(f"The site has no OpenAPI document: {answer.url} answered {answer.status_code}.")
        document: dict[str, Any] = answer.json()
        prefix = urlsplit(str(base)).path.rstrip("/")
        # The document does not list itself, but tests request it.
        document["paths"].setdefault(f"{prefix}{area.openapi}", {"get": {}})
        return document, prefix


@contextmanager
def own_sites(number: int, time_scale: float) -> Iterator[list[OwnSite]]:
    """Sites in folders with short paths (socket paths are limited); removed afterwards, also after Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="fs-", ignore_cleanup_errors=True) as folder:
        homes = [Path(folder) / f"site{index}" for index in range(number)]
        _ending.clear()
        try:
            # Downloads of the first site serve all.
            last_line_of(simulator_process.command("prepare"))
            with console.ticking(f"starting {number} simulated {'site' if number == 1 else 'sites'} of its own"):
                sites = []
                run_parallel(homes, lambda home: sites.append(OwnSite(home, time_scale)))
            yield sites
        finally:
            # Threads that are still running must not restart a site.
            _ending.set()
            for child in list(_children):
                child.kill()
            for home in homes:
                subprocess.run(
                    simulator_process.command("down", state_dir=home),
                    cwd=ROOT,
                    capture_output=True,
                    timeout=_TIMEOUT_S,
                    check=False,
                    start_new_session=True,
                )


def registered_defects() -> list[Defect]:
    """All defects of the registry."""
    entries = json.loads(_simulator("defects", "--json"))
    fields = Defect.__dataclass_fields__
    return [Defect(**{name: entry[name] for name in fields}) for entry in entries]


def _simulator(*args: str, failure_text: str = "") -> str:
    """Output of a simulator command. Raises RunError when it fails or `failure_text` is in its stderr."""
    done = run_child(simulator_process.command(*args))
    if done.returncode or (failure_text and failure_text in done.stderr):
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise RunError(lines[-1] if lines else f"python run.py site {' '.join(args)} ended with {done.returncode}")
    return done.stdout


def run_child(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command, output captured; in its own session, so that Ctrl-C reaches only this process.

    Raises RunError when it takes too long or the sites are being stopped.
    """
    if _ending.is_set():
        raise RunError("The sites are being stopped.")
    child = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    _children.add(child)
    if _ending.is_set():
        child.kill()
    try:
        out, err = child.communicate(timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        raise RunError(f"python {' '.join(command[1:4])} took longer than {_TIMEOUT_S} s.") from None
    finally:
        _children.discard(child)
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)
