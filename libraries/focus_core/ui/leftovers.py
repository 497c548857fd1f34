"""The Node process behind the browser is written down while it lives: a run that is killed leaves it, the next ends it.

One that is told to end takes the browser with it.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from focus_core.site import state
from focus_core.site.model import Site

_FOLDER = "browsers"
_END_S = 5.0


def note(site: Site, pid: int) -> None:
    """Writes down that this process has started ``pid``, the Node process of a browser."""
    import psutil

    folder = state.state_dir(site) / _FOLDER
    folder.mkdir(exist_ok=True)
    entry = {"started": psutil.Process(pid).create_time(), "owner": os.getpid()}
    entry["owner_started"] = psutil.Process().create_time()
    (folder / f"{pid}.json").write_text(json.dumps(entry), encoding="utf-8")


def sweep(site: Site) -> list[str]:
    """Ends what killed runs left; returns a sentence for each."""
    folder = state.state_dir(site) / _FOLDER
    if not folder.is_dir():
        return []
    return [sentence for path in sorted(folder.glob("*.json")) if (sentence := _sweep_one(path))]


def _sweep_one(path: Path) -> str:
    import psutil

    entry = {}
    with suppress(OSError, ValueError):
        entry = json.loads(path.read_text(encoding="utf-8"))
    pid = int(path.stem)
    if not _lives(pid, entry.get("started")):
        path.unlink(missing_ok=True)
        return ""
    if _lives(int(entry.get("owner", 0)), entry.get("owner_started")):
        return ""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=_END_S)
        for one in alive:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    path.unlink(missing_ok=True)
    return f"A browser that a killed run had left (process {pid}) was ended."


def _lives(pid: int, started: float | None) -> bool:
    """Whether this very process lives; another one may have got its number."""
    import psutil

    try:
        return pid > 0 and started is not None and psutil.Process(pid).create_time() == started
    except psutil.NoSuchProcess:
        return False
