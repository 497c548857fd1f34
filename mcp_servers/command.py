"""`run.py mcp NAME`: one server on stdin and stdout, which an assistant's client starts."""

from __future__ import annotations

import argparse
import importlib

# Each module has `toolbox() -> Toolbox`; it is imported only when it is chosen.
SERVERS: dict[str, str] = {
    "focus-tests": "mcp_servers.focus_tests.server",
    "xray": "mcp_servers.xray.server",
    "github": "mcp_servers.github.server",
    "pz": "mcp_servers.pz.server",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Serves an assistant's client on stdin and stdout until stdin ends. Tools that read are there;\n"
        "one that writes only where FOCUS_MCP_WRITE names it, and then the person is asked before each\n"
        "call: docs/mcp.md."
    )
    parser.add_argument("server", metavar="NAME", choices=SERVERS, help=f"one of: {', '.join(SERVERS)}")


def main(options: argparse.Namespace) -> int:
    """0 when the client has closed stdin."""
    importlib.import_module(SERVERS[options.server]).toolbox().serve()
    return 0
