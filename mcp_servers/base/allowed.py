"""What a server may touch: names on a list, files below a folder. Everything else is refused before it is tried."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from mcp_servers.base.text import clean, hidden

# Of all arguments of a call together; the largest honest one is the text of a suite.
MOST_ARGUMENT_BYTES = 64 * 1024
_SHOWN = 80
# What Windows takes for a device, whatever its ending.
_WINDOWS_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_FILE_NAME = re.compile(r"[^\W_][\w -]{0,79}")


def one_of(kind: str, value: str, allowed: Collection[str]) -> str:
    """`value` where it is on the list. Raises ToolError with the list otherwise."""
    if value not in allowed:
        choice = ", ".join(sorted(allowed)) or "none"
        raise ToolError(f"The {kind} '{clean(value)[:_SHOWN]}' is not one that this server may use; allowed: {choice}.")
    return value


def file_in(folder: Path, name: str, suffix: str) -> Path:
    """The path of a file of this name (without suffix) right in the folder.

    Raises ToolError for every name with more in it than letters, digits, space, - and _, and where a link leads out.
    """
    stem = name.removesuffix(suffix)
    if not _FILE_NAME.fullmatch(stem) or _WINDOWS_DEVICE.fullmatch(stem):
        raise ToolError(
            f"'{clean(name)[:_SHOWN]}' cannot be the name of a file here: "
            "give 1-80 letters, digits, spaces, - or _, without a folder."
        )
    path = folder / f"{stem}{suffix}"
    if path.is_symlink() or path.resolve().parent != folder.resolve():
        raise ToolError(f"'{path.name}' is a link to another place: choose another name.")
    return path


def run_name(run: str) -> str:
    """The name of a run. Raises ToolError for what could be the path of a folder."""
    if not _RUN.fullmatch(run):
        raise ToolError("A run is named by its id, a beginning of it, or latest; 'runs' lists them.")
    return run


def check_arguments(arguments: Mapping[str, Any], *, writes: bool) -> None:
    """Raises ToolError for arguments that are too large, and for hidden characters in those of a write."""
    text = json.dumps(arguments, ensure_ascii=False, default=str)
    size = len(text.encode("utf-8", "replace"))
    if size > MOST_ARGUMENT_BYTES:
        raise ToolError(f"The arguments are {size} bytes long; at most {MOST_ARGUMENT_BYTES} are allowed.")
    found = hidden("".join(map(str, arguments.values()))) if writes else set()
    if found:
        codes = ", ".join(sorted(f"U+{ord(character):04X}" for character in found))
        raise ToolError(f"The arguments hold characters that nobody sees ({codes}): leave them out.")
