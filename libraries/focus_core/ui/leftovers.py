"""Node and browser of a run that was killed are ended by the next run.

Each inherits, in its environment, which process has started it; when that one is gone, nobody will end them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

OWNER = "FOCUS_BROWSER_OWNER"
# How the files of their programs are called: node, chromium, chrome, ...; Node gives its process another name.
_NAMES = ("node", "chrom", "google-chrome", "msedge")
_END_S = 5.0


def mark() -> None:
    """What this process starts from now on is its own."""
    import psutil

    os.environ[OWNER] = f"{os.getpid()} {psutil.Process().create_time()!r}"


def sweep() -> list[str]:
    """Ends what killed runs of this user have left; returns a sentence for each process."""
    import psutil

    found = list(_left())
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(found, timeout=_END_S)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return [f"A browser's process that a killed run had left ({process.pid}) was ended." for process in found]


def _left() -> Iterator[psutil.Process]:
    import psutil

    for process in psutil.process_iter(["exe"]):
        if not Path(process.info["exe"] or "").name.startswith(_NAMES):
            continue
        # Those of other users cannot be read.
        with suppress(psutil.Error, OSError):
            owner = process.environ().get(OWNER)
            if owner and not _lives(owner):
                yield process


def _lives(owner: str) -> bool:
    """Whether the process of a mark lives; another one may have got its number."""
    import psutil

    pid, _, started = owner.partition(" ")
    try:
        return repr(psutil.Process(int(pid)).create_time()) == started
    except (psutil.NoSuchProcess, ValueError):
        return False
