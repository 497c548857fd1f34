"""Checks the text of a test: refused by its words, or tried by a dry run, which reaches no site."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from mcp_servers.base.text import untrusted
from mcp_servers.focus_tests import refusals
from mcp_servers.focus_tests.dry_run import OUTPUT, PATIENCE_S, SUITE, dry_run
from pipeline.results import reading
from pipeline.results.model import Verdict

# Robot leaves out tests with such a tag, and says nothing.
_NONE_RUNS = "None of its tests would run: leave out the tag robot:exclude."


def check_test(text: str) -> dict[str, Any]:
    """Checks the text of a suite without running it: is it made of the project's words, with the right arguments?

    Refused are imports that are not the project's, variable files, inline Python, conditions, environment variables,
    and keywords that run others, commands or processes. What is left is tried by a dry run.
    """
    found = refusals.refusals(text)
    if found:
        return {"ok": False, "refused": found, "tests": []}
    return _tried(text)


def _tried(text: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / SUITE).write_text(text, encoding="utf-8")
        if not dry_run(folder):
            return {"ok": False, "refused": [f"The dry run did not end within {PATIENCE_S} s."], "tests": []}
        run = reading.read_run([folder / OUTPUT])
    wrong = [test for test in run.tests if test.verdict != Verdict.PASSED]
    return {
        "ok": bool(run.tests) and not wrong and not run.errors and not run.broken,
        "refused": [] if run.tests or run.broken else [_NONE_RUNS],
        "errors": [untrusted(error.replace(name, "")) for error in [*run.errors, *filter(None, [run.broken])]],
        "tests": [{"test": one.name, "verdict": str(one.verdict), "message": one.message} for one in run.tests],
    }
