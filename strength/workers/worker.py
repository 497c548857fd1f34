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
from strength.proxies.http import Door, connect
from strength.proxies.http_messages import BrokenMessageError, Message, read_answer
from strength.proxies.interceptor import Tap
from strength.proxies.routes import Doors
from strength.workers.site import OwnSite, run_child
from strength.workers.tests import Run, Test

# So much later than its limit comes an answer that is late.
_LATE_BY = 1.2


@dataclass(frozen=True)
class Made:
    """What an answer made, by its id, and how to ask for its removal."""

    id: str
    authorization: str
    door: Door


class Worker:
    """Runs one test at a time on the site, with answers changed or not."""

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
        self._made: dict[str, Made] = {}
        self._lock = threading.Lock()
        self._stopped = False
        folder.mkdir()
        self._start()

    def wait_until_ready(self) -> None:
        self._listen()

    def run(self, test: Test, armed: Iterable[Mutant] = (), *, limit: float) -> Run:
        """Run one test; the armed mutants are applied to every answer that they fit."""
        self._used.touch()
        armed, began = tuple(armed), time.monotonic()
        self.tap.arm(armed)
        try:
            outcome = self._order({"test": test.full_name, "limit": limit})
        finally:
            applied = self.tap.disarm()
        self._undo()
        # Their processes are gone, and their jobs were just removed.
        shutil.rmtree(self._state / "jobs", ignore_errors=True)
        if "disruptive" in test.tags:
            self._restore()
        self._write_down(test, armed, outcome, time.monotonic() - began)
        return Run(
            outcome["status"],
            outcome["body"],
            outcome["message"],
            outcome["seconds"],
            # What concerned only the clean-up could not make an assertion fail.
            frozenset(mutant.name for mutant, at in applied.items() if at <= outcome["body_ended"]),
            outcome["body_ended"],
        )

    def record(self, test: Test, *, limit: float) -> tuple[Run, list[Exchange]]:
        """Run one test on the sound site and keep its traffic, without that of the clean-up."""
        self.tap.record()
        run = self.run(test, limit=limit)
        return run, [exchange for exchange in self.tap.recorded() if exchange.at <= run.body_ended]

    def renew(self) -> None:
        """Make the site anew; only for a worker that has it for itself. Raises RunError after `stop`."""
        self._end()
        self._site.renew()
        self._start()
        self.wait_until_ready()

    def stop(self) -> None:
        """End for good."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        processes.stop(self._process, grace=1.0)
        for proxy in self._proxies:
            proxy.close()

    def _start(self) -> None:
        """The proxies, the site file that leads through them, and the process."""
        if self._stopped:
            raise RunError(f"{self.name} was stopped.")
        area = self._area
        site = yaml.safe_load(self._site.file.read_text(encoding="utf-8"))
        for key, most in area.patience.items():
            site["timings"][key] = min(site["timings"][key], most)
        limits = {name: float(site["timings"][key]) * _LATE_BY for name, key in area.time_limits.items()}
        self.tap = Tap(limits)
        doors = Doors(self._folder, site, self.tap, self._operations, self._watch)
        self._proxies = doors.open(area.doors)
        # Suites of all workers share the site by one lock; verdicts and lists of jobs are each worker's own.
        self._used = Path(site["state_dir"]) / "used"
        site["lock_file"] = site["lock_file"] or str(Path(site["state_dir"]) / "users.lock")
        self._state = self._folder / "state"
        site["state_dir"] = str(self._state)
        self._complaints = self._folder / "runner.err"
        self._file = self._folder / "site.yaml"
        self._file.write_text(yaml.safe_dump(site, sort_keys=False), encoding="utf-8")
        own = {"FOCUS_SITE": str(self._file), "PABOTEXECUTIONPOOLID": str(self._number)}
        with self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(
                [PYTHON, "-m", "strength.workers.runner", str(SUITES)],
                env=os.environ | doors.environment | own,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                # Ctrl-C reaches it from us.
                start_new_session=True,
            )

    def _restore(self) -> None:
        """After a test that made faults: undo what it could not, because it was killed, and wait for a whole site."""
        if any((self._state / "disruption").glob("*.json")):
            run_child([PYTHON, "-m", "pipeline", "recover", "--site", str(self._file)])
        try:
            self._site.settle()
        except RunError:
            self.renew()

    def _write_down(self, test: Test, armed: tuple[Mutant, ...], outcome: dict[str, Any], seconds: float) -> None:
        """For whoever wants to know where the time went."""
        words = [self.name, f"{seconds:.2f}", outcome["body"], test.name, "; ".join(mutant.name for mutant in armed)]
        with self._journal.open("a", encoding="utf-8") as file:
            file.write("\t".join(words) + "\n")

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin  # noqa: S101 - for the type checker
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise RunError(self._why_ended()) from None
        return self._listen()

    def _listen(self) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 - for the type checker
        line = self._process.stdout.readline()
        if not line:
            raise RunError(self._why_ended())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _why_ended(self) -> str:
        said = self._complaints.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"The process that runs the tests ended: {said[-1] if said else 'without a word'}"

    def _watch(self, operation: str, request: Message, answer: Message, door: Door) -> None:
        """Keep what an answer made until the site was asked to remove it."""
        undo = self._area.undo
        if undo is None:
            return
        if operation == undo.operation:
            content = answer.content()
            made = content.get(undo.property) if isinstance(content, dict) else None
            if isinstance(made, str):
                with self._lock:
                    self._made[made] = Made(made, request.header("Authorization"), door)
        elif request.method == undo.request.split()[0] and answer.status < 300:
            with self._lock:
                self._made.pop(request.target.rpartition("/")[2], None)

    def _undo(self) -> None:
        """Remove what the test could not, because it never learned of it."""
        undo = self._area.undo
        if undo is None:
            return
        with self._lock:
            left, self._made = list(self._made.values()), {}
        method, path = undo.request.split()
        for made in left:
            url = urlsplit(made.door.url)
            request = Message(f"{method} {url.path}{path.format(made.id)} HTTP/1.1")
            request.headers = [("Host", url.netloc), ("Authorization", made.authorization), ("Connection", "close")]
            if not made.authorization:
                request.drop_header("Authorization")
            # A site that is about to end needs no tidying.
            with suppress(OSError, BrokenMessageError), connect(made.door) as site, site.makefile("rb") as answers:
                site.sendall(request.built())
                read_answer(answers, method)
