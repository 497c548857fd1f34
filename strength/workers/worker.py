"""A worker: proxies, a copy of the site file that leads through them, and a process that runs tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from pipeline import processes
from pipeline.errors import RunError
from pipeline.paths import PYTHON, ROOT, SUITES
from strength.areas import Area
from strength.mutants.mutants import Mutant
from strength.mutants.operations import Operations
from strength.mutants.traffic import Exchange
from strength.proxies.http import Upstream, connect
from strength.proxies.http_messages import BrokenMessageError, HttpAnswer, MessageReader, Request
from strength.proxies.interceptor import Interceptor
from strength.proxies.routes import ProxyRoutes
from strength.workers.site import OwnSite, run_child
from strength.workers.tests import Run, Test

# A late answer is delayed by its time limit times this.
_LATE_BY = 1.2


@dataclass(frozen=True)
class Created:
    """An object that a request created, and how to request its removal."""

    id: str
    authorization: str
    upstream: Upstream


class Worker:
    """Runs one test at a time on the site, with or without armed mutants."""

    def __init__(
        self, number: int, folder: Path, site: OwnSite, area: Area, operations: Operations | None, journal: Path
    ) -> None:
        self.name = f"worker {number}"
        self._number = number
        self._folder = folder
        self._site = site
        self._area = area
        self._operations = operations
        self._journal = journal
        self._created: dict[str, Created] = {}
        self._lock = threading.Lock()
        self._stopped = False
        folder.mkdir()
        self._start()

    def wait_until_ready(self) -> None:
        self._read_reply()

    def run(self, test: Test, armed: Iterable[Mutant] = (), *, limit: float) -> Run:
        """Run one test with these mutants applied to every answer of their kind. `limit` is in seconds."""
        self._last_used.touch()
        armed, began = tuple(armed), time.monotonic()
        self.interceptor.arm(armed)
        try:
            outcome = self._request({"test": test.full_name, "limit": limit})
        finally:
            applied = self.interceptor.disarm()
        self._undo()
        # The test's process has ended and its jobs were just removed.
        shutil.rmtree(self._state / "jobs", ignore_errors=True)
        if "disruptive" in test.tags:
            self._restore()
        self._write_journal(test, armed, outcome, time.monotonic() - began)
        return Run(
            outcome["status"],
            outcome["body"],
            outcome["message"],
            outcome["seconds"],
            # A mutant that was applied only during the clean-up cannot have failed an assertion.
            frozenset(mutant.name for mutant, at in applied.items() if at <= outcome["body_ended"]),
            outcome["body_ended"],
        )

    def record(self, test: Test, *, limit: float) -> tuple[Run, list[Exchange]]:
        """Baseline run of one test with its traffic, without that of the clean-up."""
        self.interceptor.record()
        run = self.run(test, limit=limit)
        return run, [exchange for exchange in self.interceptor.recorded() if exchange.at <= run.body_ended]

    def renew(self) -> None:
        """Replace the site by a fresh one; only for a worker that is alone on it. Raises RunError after `stop`."""
        self._end()
        self._site.renew()
        self._start()
        self.wait_until_ready()

    def stop(self) -> None:
        """Stop for good."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        processes.stop(self._process, grace=1.0)
        for proxy in self._proxies:
            proxy.close()

    def _start(self) -> None:
        """Start the proxies and the process, and write the site file that leads through the proxies."""
        if self._stopped:
            raise RunError(f"{self.name} was stopped.")
        area = self._area
        site = yaml.safe_load(self._site.file.read_text(encoding="utf-8"))
        for key, most in area.max_waits.items():
            site["timings"][key] = min(site["timings"][key], most)
        limits = {name: float(site["timings"][key]) * _LATE_BY for name, key in area.time_limits.items()}
        self.interceptor = Interceptor(limits)
        routes = ProxyRoutes(self._folder, site, self.interceptor, self._operations, self._observe)
        self._proxies = routes.open(area.routes)
        # All workers share the site's lock; probe verdicts and lists of jobs are kept per worker.
        self._last_used = Path(site["state_dir"]) / "used"
        site["lock_file"] = site["lock_file"] or str(Path(site["state_dir"]) / "users.lock")
        self._state = self._folder / "state"
        site["state_dir"] = str(self._state)
        self._stderr = self._folder / "runner.err"
        self._file = self._folder / "site.yaml"
        self._file.write_text(yaml.safe_dump(site, sort_keys=False), encoding="utf-8")
        own = {"FOCUS_SITE": str(self._file), "PABOTEXECUTIONPOOLID": str(self._number)}
        with self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [PYTHON, "-m", "strength.workers.runner", str(SUITES)],
                env=os.environ | routes.environment | own,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                # Ctrl-C is forwarded by this process.
                start_new_session=True,
            )

    def _restore(self) -> None:
        """After a disruptive test: undo the faults that a killed test left, and wait until the site is ready."""
        if any((self._state / "disruption").glob("*.json")):
            run_child([PYTHON, "-m", "pipeline", "recover", "--site", str(self._file)])
        try:
            self._site.settle()
        except RunError:
            self.renew()

    def _write_journal(self, test: Test, armed: tuple[Mutant, ...], outcome: dict[str, Any], seconds: float) -> None:
        """One line of runs.tsv: worker, seconds, status, test, armed mutants."""
        cells = [self.name, f"{seconds:.2f}", outcome["body"], test.name, "; ".join(mutant.name for mutant in armed)]
        with self._journal.open("a", encoding="utf-8") as file:
            file.write("\t".join(cells) + "\n")

    def _request(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin  # noqa: S101 - for the type checker
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise RunError(self._why_ended()) from None
        return self._read_reply()

    def _read_reply(self) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 - for the type checker
        line = self._process.stdout.readline()
        if not line:
            raise RunError(self._why_ended())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _why_ended(self) -> str:
        lines = self._stderr.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"The process that runs the tests ended: {lines[-1] if lines else 'no output on stderr'}"

    def _observe(self, operation: str, request: Request, answer: HttpAnswer, upstream: Upstream) -> None:
        """Keep every object that a request created until its removal was requested."""
        undo = self._area.undo
        if undo is None:
            return
        if operation == undo.operation:
            content = answer.content()
            created = content.get(undo.property) if isinstance(content, dict) else None
            if isinstance(created, str):
                with self._lock:
                    self._created[created] = Created(created, request.header("Authorization"), upstream)
        elif request.method == undo.request.split()[0] and answer.status < 300:
            with self._lock:
                self._created.pop(request.target.rpartition("/")[2], None)

    def _undo(self) -> None:
        """Remove what the test could not remove, because the answer with its id was changed."""
        undo = self._area.undo
        if undo is None:
            return
        with self._lock:
            left, self._created = list(self._created.values()), {}
        method, path = undo.request.split()
        for created in left:
            url = urlsplit(created.upstream.url)
            headers = [("Host", url.netloc), ("Connection", "close")]
            if created.authorization:
                headers.append(("Authorization", created.authorization))
            request = Request(method, f"{url.path}{path.format(created.id)}", headers)
            # A site that is shutting down needs no clean-up.
            with suppress(OSError, BrokenMessageError), connect(created.upstream) as site:
                site.sendall(request.built())
                MessageReader(site).answer(method)
