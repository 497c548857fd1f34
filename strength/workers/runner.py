"""Runs single tests in a process that has everything imported: `python -m strength.workers.runner SUITES`.

It reads a line of JSON for each test ({test, limit}) and replies with one ({status, message, seconds, ...}). Each test
runs in a fork of this process, on Robot's API: what a test leaves in its process (cached answers, open connections,
sessions) does not reach the next one, and a test that hangs can be killed.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from focus_core.run import known_bugs, probes
from focus_core.run.listener import FocusListener
from focus_core.site import data as site_data
from focus_core.streams import client as stream_client
from focus_core.webapp import client as webapp_client
from focus_core.webapp.client import Token
from robot.api import TestSuite
from robot.running.namespace import IMPORTER

# Robot stops a test at its time limit. The suite may wait for the site's lock as well, which is not the test's time:
# the process is killed this many seconds after the limit.
_GRACE_S = 150.0
_MESSAGE_LENGTH = 600
_PROBE = "Site Should Be Reachable"
# Logins of all tests until they expire, by URL, user and password: a site limits the logins per minute.
TOKENS: dict[tuple[str, str, str], Token] = {}


class BodyStatus:
    """A Robot listener that runs before all others: status and time of a test before the listeners' clean-up.

    A test that probes the site has to log in itself.
    """

    ROBOT_LISTENER_API_VERSION = 3
    ROBOT_LISTENER_PRIORITY = 1_000_000

    def __init__(self) -> None:
        self.status = ""
        self.ended = 0.0

    def start_library_keyword(self, _data: Any, implementation: Any, _result: Any) -> None:
        if implementation.name == _PROBE:
            TOKENS.clear()

    def end_test(self, _data: Any, result: Any) -> None:
        self.status = result.status
        self.ended = time.time()


class Runner:
    """All suites in memory, all libraries imported."""

    def __init__(self, suites: str) -> None:
        self._suite = TestSuite.from_file_system(suites)
        self._scratch = tempfile.mkdtemp(prefix="focus-strength-run-")
        self._known_modules = frozenset(sys.modules)
        disable_diagnostics()
        webapp_client.shared_tokens = TOKENS
        # The address of a stream is in an answer, not in the site file.
        stream_client.http_proxy = os.environ.get("FOCUS_STRENGTH_STREAM_PROXY", "")
        # A dry run imports what the suites import, without any request.
        self._run(self._suite, dryrun=True)
        # Caches that every run fills are filled once; Robot must not reset its imports before each run.
        site_data.site()
        known_bugs.of_site("", ())
        IMPORTER.reset = lambda: None

    def run_test(self, name: str, limit: float) -> dict[str, Any]:
        """Run one test in a fork; `limit` is in seconds."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._in_child(name, limit, writing)
        os.close(writing)
        text = _read(reading, limit + _GRACE_S)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if not text:
            killed = f"It was killed: no result {_GRACE_S:g} s after its limit of {limit:g} s."
            return {"status": "FAIL", "body": "FAIL", "message": killed, "seconds": limit, "body_ended": time.time()}
        outcome: dict[str, Any] = json.loads(text)
        self._import(outcome.pop("modules"))
        import_tokens(outcome.pop("logins"))
        return outcome

    def _in_child(self, name: str, limit: float, writing: int) -> None:
        """Never returns."""
        code = 1
        try:
            os.setpgid(0, 0)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(quiet, stream)
            outcome = self._outcome(name, limit)
            outcome["modules"] = [module for module in sys.modules if module not in self._known_modules]
            outcome["logins"] = export_tokens()
            os.write(writing, json.dumps(outcome).encode())
            code = 0
        finally:
            # No exit handlers and no threads of clients may run in this copy.
            os._exit(code)

    def _outcome(self, name: str, limit: float) -> dict[str, Any]:
        test = _leave_only(self._suite, name)
        if not test.timeout:
            test.timeout = f"{limit} seconds"
        before = BodyStatus()
        result = self._run(self._suite, listener=before)
        found = next(iter(result.suite.all_tests))
        return {
            "status": found.status,
            "body": before.status or found.status,
            "body_ended": before.ended or time.time(),
            "message": found.message[:_MESSAGE_LENGTH],
            # Without the time in which the suite waited for the site's lock.
            "seconds": found.elapsed_time.total_seconds(),
        }

    def _run(self, suite: Any, **options: Any) -> Any:
        quiet = {"output": None, "log": None, "report": None, "console": "none", "outputdir": self._scratch}
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            return suite.run(**quiet, **options, stdout=nowhere, stderr=nowhere)

    def _import(self, modules: list[str]) -> None:
        """Import what a test imported, for the next ones: imports are most of a short test's time."""
        for module in modules:
            if module not in sys.modules and "." not in module:
                with suppress(Exception):
                    importlib.import_module(module)
        for module in modules:
            if module not in sys.modules:
                with suppress(Exception):
                    importlib.import_module(module)
        self._known_modules = frozenset(sys.modules) | frozenset(modules)


def disable_diagnostics() -> None:
    """No pod logs of failed tests, no probes but fresh ones: a verdict on a mutated answer would fail later tests."""
    probes.only_fresh = True
    FocusListener.attaches_evidence = False


def export_tokens() -> list[list[Any]]:
    """The logins of a fork, for `import_tokens` of its parent."""
    return [[*user, *astuple(token)] for user, token in TOKENS.items()]


def import_tokens(exported: list[list[Any]]) -> None:
    for url, username, password, *token in exported:
        TOKENS[url, username, password] = Token(*token)


def _leave_only(suite: Any, name: str) -> Any:
    """Remove everything but one test from the suites; returns the test."""
    for test in suite.tests:
        if test.full_name == name:
            suite.tests = [test]
            suite.suites = []
            return suite.tests[0]
    for child in suite.suites:
        if name.startswith(f"{child.full_name}."):
            test = _leave_only(child, name)
            if test is not None:
                suite.tests = []
                suite.suites = [child]
                return test
    return None


def _read(source: int, timeout: float) -> bytes:
    """Everything until the other side closes; nothing when that takes longer than `timeout` seconds."""
    deadline = time.monotonic() + timeout
    text = b""
    with os.fdopen(source, "rb", buffering=0) as stream:
        while select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]:
            part = stream.read(1 << 16)
            if not part:
                return text
            text += part
    return b""


def main(suites: str) -> None:
    # Replies go to a descriptor that nothing printed by a test can reach.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    runner = Runner(suites)
    replies.write('{"ready": true}\n')
    for line in sys.stdin:
        request = json.loads(line)
        replies.write(json.dumps(runner.run_test(request["test"], request["limit"])) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
