"""Checks the text of a test: refused by its words, or tried by a dry run, which reaches no site."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from mcp_servers.base.text import untrusted
from mcp_servers.focus_tests import refusals
from pipeline.paths import PYTHON
from pipeline.results import reading
from pipeline.results.model import Verdict

_PATIENCE_S = 60
# What a program needs to start at all; nothing by which a text could learn who runs it.
_KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "VIRTUAL_ENV", "HOME", "USERPROFILE")


def check_test(text: str) -> dict[str, Any]:
    """Checks the text of a suite without running it: is it made of the project's words, with the right arguments?

    Refused are imports that are not the project's, variable files, inline Python, conditions, environment variables,
    and keywords that run others, commands or processes. What is left is tried by a dry run.
    """
    found = refusals.refusals(text)
    if found:
        return {"ok": False, "refused": found, "tests": []}
    return _dry_run(text)


def _dry_run(text: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        suite, output = Path(folder) / "checked.robot", Path(folder) / "output.xml"
        suite.write_text(text, encoding="utf-8")
        robot = [PYTHON, "-P", "-m", "robot", "--dryrun", "--console", "none", "--log", "NONE", "--report", "NONE"]
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            subprocess.run(
                [*robot, "--outputdir", folder, str(suite)],
                env=environment | {"PYTHONUTF8": "1", "FOCUS_SITE": "simulated"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"ok": False, "refused": [f"The dry run did not end within {_PATIENCE_S} s."], "tests": []}
        run = reading.read_run([output])
    wrong = [test for test in run.tests if test.verdict != Verdict.PASSED]
    return {
        "ok": bool(run.tests) and not wrong and not run.errors and not run.broken,
        "refused": [],
        "errors": [untrusted(error.replace(folder, "")) for error in [*run.errors, *filter(None, [run.broken])]],
        "tests": [{"test": one.name, "verdict": str(one.verdict), "message": one.message} for one in run.tests],
    }
