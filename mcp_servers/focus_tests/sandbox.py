"""Saves a checked test as a new file in suites/sandbox, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from mcp_servers.base.allowed import file_in
from mcp_servers.base.confirmation import Plan
from mcp_servers.focus_tests import refusals
from pipeline.paths import ROOT, SANDBOX

SUFFIX = ".robot"


def plan(name: str, text: str) -> Plan:
    """Raises ToolError where the file is there or the text is refused."""
    path = _new_file(name)
    refusals.require_none(text)
    return Plan(f"Write a new file {shown(path)}:\n\n{text}")


def save_test(name: str, text: str) -> dict[str, Any]:
    """Saves the text of a suite as a new file of this name in suites/sandbox. Check it with check_test before."""
    path = _new_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
    except FileExistsError:
        raise _there(path) from None
    return {"saved": shown(path)}


def _new_file(name: str) -> Path:
    path = file_in(SANDBOX, name, SUFFIX)
    if path.exists():
        raise _there(path)
    return path


def _there(path: Path) -> ToolError:
    return ToolError(f"There is already a {shown(path)}: choose another name; this tool replaces no file.")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
