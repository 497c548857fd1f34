"""The audit log: a line of JSON before and after each call, in the user's folder for state, which no run removes."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from focus_core.site import state

from mcp_servers.base.text import clean

_LONGEST = 300
_lock = threading.Lock()


def path() -> Path:
    """The file; all servers of this user write into it. Raises BenchError where the user has no home."""
    return state.user_folder() / "mcp" / "audit.jsonl"


def note(server: str, tool: str, call: str, event: str, **facts: Any) -> None:
    """Adds a line. Raises OSError where it cannot be written: then the call must not go on."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "process": os.getpid(),
        "server": server,
        "tool": tool,
        "call": call,
        "event": event,
    }
    text = json.dumps(line | clean(facts), ensure_ascii=False, default=str) + "\n"
    file = path()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One write at the end of the file: lines of two servers do not mix.
    with _lock:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, text.encode("utf-8", "replace"))
        finally:
            os.close(descriptor)


def new_call() -> str:
    return uuid.uuid4().hex[:12]


def short(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with long texts cut."""
    return {
        name: f"{value[:_LONGEST]}... ({len(value)} characters)"
        if isinstance(value, str) and len(value) > _LONGEST
        else value
        for name, value in arguments.items()
    }
