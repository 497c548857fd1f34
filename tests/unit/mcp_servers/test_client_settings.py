"""The settings of clients that docs/assistants.md gives to copy."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mcp_servers.base.toolbox import WRITE
from mcp_servers.command import SERVERS
from pipeline.paths import ROOT

FOLDER = ROOT / "docs" / "assistants"
FILES = {"claude/.mcp.json": "mcpServers", "cursor/mcp.json": "mcpServers", "vscode/mcp.json": "servers"}
# As each client writes a variable of its own environment, and the folder that is open.
VARIABLE = {"claude/.mcp.json": "${%s:-}", "cursor/mcp.json": "${env:%s}", "vscode/mcp.json": "${env:%s}"}


def servers(name: str) -> dict[str, dict[str, Any]]:
    content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert list(content) == [FILES[name]]
    found: dict[str, dict[str, Any]] = content[FILES[name]]
    return found


def test_all_files_are_known_and_named_in_the_page() -> None:
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()} == set(FILES)
    page = (ROOT / "docs" / "assistants.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(assistants/([^)]+)\)", page)) == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_client_starts_every_server_and_lets_none_write(name: str) -> None:
    found = servers(name)
    assert set(found) == set(SERVERS)
    for server, settings in found.items():
        program, *args = settings["args"]
        assert Path(program.replace("${workspaceFolder}/", "")).name == "run.py"
        assert args == ["mcp", server]
        assert settings["env"][WRITE] == ""


@pytest.mark.parametrize("name", FILES)
def test_what_is_passed_on_is_documented_and_never_a_value(name: str) -> None:
    known = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    for settings in servers(name).values():
        for variable, value in settings["env"].items():
            assert f"`{variable}`" in known
            assert value in ("", VARIABLE[name] % variable)
