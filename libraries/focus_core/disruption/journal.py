"""The journal of faults: one JSON object a line in ``disruption.jsonl`` of the run's output folder."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from focus_core.base.run_identity import run_id

FILE_NAME = "disruption.jsonl"

_writing = threading.Lock()


def note(folder: Path, fault: str, workload: str, event: str, **facts: Any) -> dict[str, Any]:
    """Appends an entry, on its way to disk when this returns, and gives it back.

    ``event`` is one of ``steady before``, ``fault``, ``steady during``, ``steady after``, ``undone``,
    ``steady after undo``, ``summary``.
    """
    entry = {
        "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
        "run": run_id(),
        "fault": fault,
        "workload": workload,
        "event": event,
        **facts,
    }
    with _writing, (folder / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    return entry
