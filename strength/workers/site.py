"""The simulated site of a measurement: its own, switched while it lives, ended with the measurement."""

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
from strength.workers.threads import at_once

_TIMEOUT_S = 180
# The site ends by itself so many minutes after the last test, should the measurement be killed.
_AUTO_STOP_MIN = 10
# Commands under way, in threads that Ctrl-C does not reach.
_children: set[subprocess.Popen[str]] = set()
_ending = threading.Event()
_AT_START = "when its pod starts"


@dataclass(frozen=True)
class Defect:
    """A switch of the simulated site, in the words of its registry."""

    name: str
    bug_key: str
    area: str
    sentence: str
    changes: str
    takes_effect: str


class OwnSite:
    """A living simulated site in `folder`; `time_scale` shortens its own timers."""

    def __init__(self, folder: Path, time_scale: float) -> None:
        self.folder = folder
        self._scale = time_scale
        self.file = self._started()

    @contextmanager
    def switched(self, *names: str) -> Iterator[None]:
        """These defects are on within the block; an empty name is none."""
        try:
            self._switch("on", names)
            yield
        finally:
            self._switch("off", names)

    @contextmanager
    def broken_by(self, defect: Defect, area: Area) -> Iterator[None]:
        """The defect is on within the block, and the site is whole again after it.

        In an area that `restarts`, a pod in whose start it is felt is started anew.
        """
        workload = self._workload_of(defect) if area.restarts and defect.takes_effect.startswith(_AT_START) else None
        try:
            with self.switched(defect.name):
                # That it does not come up is what the tests have to notice.
                with suppress(RunError):
                    self._restart(workload)
                time.sleep(area.felt_s)
                yield
        finally:
            # What it left that does not mend is found by the tests that have to pass now.
            with suppress(RunError):
                self._restart(workload)
                if area.felt_s:
                    self.settle()

    def settle(self) -> None:
        """Wait until all workloads are ready, whatever was done to them. Raises RunError when they do not become it."""
        self._up()

    def renew(self) -> None:
        """Start from nothing: whatever was left on the site is gone. Addresses may be others afterwards."""
        self.file = self._started("--fresh")

    def _started(self, *more: str) -> Path:
        try:
            return self._up(*more)
        except RunError:
            # A machine that has much to do may be too slow once; a measurement of many minutes is worth a second try.
            return self._up(*more)

    def _up(self, *more: str) -> Path:
        scale, stop = f"{self._scale:g}", str(_AUTO_STOP_MIN)
        said = _simulator(
            "up", "--auto-stop", stop, "--time-scale", scale, *more, "--state-dir", str(self.folder), broken="Not ready"
        )
        return Path(said.strip().splitlines()[-1])

    def _switch(self, how: str, names: tuple[str, ...]) -> None:
        for name in filter(None, names):
            order = ("defect", how, name, "--state-dir", str(self.folder))
            try:
                _simulator(*order)
            except RunError:
                # A part of the site that was just lost cannot take it.
                self.settle()
                _simulator(*order)

    def _workload_of(self, defect: Defect) -> dict[str, str] | None:
        """The workload that `changes` of the defect names in the words of people: `Focus Server`, `web app`."""
        workloads = self._content()["workloads"]
        said = defect.changes.lower().replace(" ", "")
        return next((workloads[key] for key in workloads if key.replace("_", "") in said), None)

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
            raise RunError(f"The site does not describe itself: {answer.url} answered {answer.status_code}.")
        document: dict[str, Any] = answer.json()
        prefix = urlsplit(str(base)).path.rstrip("/")
        # It does not describe itself, but it is asked for too.
        document["paths"].setdefault(f"{prefix}{area.openapi}", {"get": {}})
        return document, prefix


@contextmanager
def own_sites(number: int, time_scale: float) -> Iterator[list[OwnSite]]:
    """Sites in short folders (their sockets have paths); they are gone afterwards, also after Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="fs-", ignore_cleanup_errors=True) as folder:
        homes = [Path(folder) / f"site{index}" for index in range(number)]
        _ending.clear()
        try:
            # What the first one needs and this machine lacks is got once.
            last_line_of(simulator_process.command("prepare"))
            with console.ticking(f"starting {number} simulated {'site' if number == 1 else 'sites'} of its own"):
                sites = []
                at_once(homes, lambda home: sites.append(OwnSite(home, time_scale)))
            yield sites
        finally:
            # A thread that goes on must not start again what ends here.
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


def defects() -> list[Defect]:
    """All that are registered."""
    entries = json.loads(_simulator("defects", "--json"))
    fields = Defect.__dataclass_fields__
    return [Defect(**{name: entry[name] for name in fields}) for entry in entries]


def _simulator(*args: str, broken: str = "") -> str:
    """What a command of the simulator prints. Raises RunError when it fails, or complains in the words `broken`."""
    done = run_child(simulator_process.command(*args))
    if done.returncode or (broken and broken in done.stderr):
        said = (done.stderr or done.stdout).strip().splitlines()
        raise RunError(said[-1] if said else f"python -m simulator {' '.join(args)} ended with {done.returncode}")
    return done.stdout


def run_child(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command, unseen. In a session of its own: Ctrl-C is for us, who end it with the sites."""
    if _ending.is_set():
        raise RunError("The sites are being ended.")
    child = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    _children.add(child)
    if _ending.is_set():
        child.kill()
    try:
        out, complaints = child.communicate(timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        raise RunError(f"python {' '.join(command[1:4])} took longer than {_TIMEOUT_S} s.") from None
    finally:
        _children.discard(child)
    return subprocess.CompletedProcess(child.args, child.returncode, out, complaints)
