"""What the answers, messages, frames and documents of a test broke of the contract, and what of it is known."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from focus_core.contract import seen
from focus_core.run import known_bugs
from focus_core.site.model import Site

# The file of what one process saw, in the folder of its log; a run has several.
PREFIX = "contract"


def take(site: Site | None, name: str = "", tags: Iterable[str] = (), reported: str = "") -> list[str]:
    """What was broken since the last call and is no known bug of the site: one failure, with a line for each.

    ``name`` and ``tags`` are those of the test that has ended, ``reported`` its own failure: what that has already is
    left out.
    """
    found = seen.of_process().take()
    if not found:
        return []
    tags = list(tags)
    bugs = known_bugs.of_site(site.name, site.known_bugs) if site else []
    possible = [bug for bug in bugs if bug.everywhere or bug.fails_test(name, tags)]
    left = []
    for one in found:
        known = next((bug for bug in possible if bug.explains(str(one))), None)
        if known:
            seen.of_process().explain(one, known.key)
        elif str(one.violation) not in reported:
            left.append(str(one))
    return ["\n- ".join(["The contract of record was broken:", *left])] if left else []


def keep(folder: Path) -> None:
    """Writes what this process saw beside its log, for the run that it is a part of; a run goes on without it."""
    if os.environ.get("FOCUS_RUN_ID"):
        with suppress(OSError):
            seen.of_process().write(folder / f"{PREFIX}-{os.getpid()}.json")
