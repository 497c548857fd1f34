"""Runs tests on the simulated site, and on no other."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from mcp.server.mcpserver.exceptions import ToolError

from mcp_servers.base.allowed import one_of
from mcp_servers.base.confirmation import Plan
from mcp_servers.base.text import untrusted
from mcp_servers.focus_tests import refusals
from mcp_servers.focus_tests.runs import failures
from pipeline import processes
from pipeline.paths import PYTHON, RESULTS, ROOT, SANDBOX, SUITES
from pipeline.run import folders
from pipeline.run import site as sites

SITE = "simulated"
_SELECTION = re.compile(r"suites/(?:[\w -]+/)*[\w -]+(?:\.robot)?")
_TEST_NAME = re.compile(r"[^\n\t]{0,200}")
_POLL_S = 0.2
# Of what the run printed, its end.
_OUTPUT = 2000


def plan(selection: str, test: str = "", site: str = SITE) -> Plan:
    """Raises ToolError where the selection or the site is not one that this server may run."""
    path = _chosen(selection, test)
    where = _site(site)
    what = f"the test '{test}' of {selection}" if test else f"all tests of {selection}"
    state = path.read_text(encoding="utf-8") if path.is_file() else ""
    return Plan(f"Run {what} on the simulated site ({where}). Its pods may be deleted and restarted by that.", state)


async def run_tests(selection: str, test: str = "", site: str = SITE) -> dict[str, Any]:
    """Runs a suite file or folder below suites/ on the simulated site, all its tests or the one of this name.

    It may take minutes. A call that is cancelled ends the run.
    """
    _chosen(selection, test)
    run_id = folders.next_attempt_id()
    command = [PYTHON, "-P", "-m", "pipeline", "suites", "--site", _site(site)]
    command += ["--test", _literal(test)] if test else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOCUS_XRAY")}
    environment |= {"FOCUS_RUN_ID": run_id}
    with tempfile.TemporaryFile() as output:
        process = processes.start(
            [*command, selection], env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
        code = await _ended(process)
        output.seek(0)
        printed = output.read().decode("utf-8", "replace")
    result: dict[str, Any] = {"run": run_id, "exit_code": code}
    if (RESULTS / "runs" / run_id / "output.xml").is_file():
        result |= failures(run_id)
    return result | {"printed": untrusted(printed[-_OUTPUT:], _OUTPUT)}


async def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code; a cancelled call ends the run as Ctrl-C would, with all that it has started."""
    try:
        while process.poll() is None:
            await anyio.sleep(_POLL_S)
    except BaseException:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(processes.stop, process)
        raise
    return process.returncode


def _site(name: str) -> str:
    """The simulated site: that of FOCUS_SITE where this names one, else the usual one."""
    one_of("site", name, (SITE,))
    chosen = sites.chosen_name(None)
    return chosen if sites.look_up(chosen).simulated else SITE


def _chosen(selection: str, test: str) -> Path:
    """The file or folder below suites. In the sandbox its text is checked again: it may have changed since."""
    path = ROOT / selection
    inside = _SELECTION.fullmatch(selection) and path.exists() and path.resolve().is_relative_to(SUITES.resolve())
    if not inside or not _TEST_NAME.fullmatch(test):
        raise ToolError("Give a file or folder that is there, as suites/sandbox/my_test.robot, and one test's name.")
    if path.resolve().is_relative_to(SANDBOX.resolve()):
        for file in [path] if path.is_file() else sorted(path.rglob("*.robot")):
            refusals.require_none(file.read_text(encoding="utf-8"))
    return path


def _literal(name: str) -> str:
    """A name in which Robot sees no pattern."""
    return re.sub(r"([\[*?])", r"[\1]", name)
