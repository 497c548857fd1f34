"""Restores a site from what killed runs left on it: every undo that is on disk and that nobody holds, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from focus_core.base.errors import BenchError
from focus_core.base.waiting import WaitTimeout
from focus_core.disruption import undos
from focus_core.run import undo_records

if TYPE_CHECKING:
    from focus_core.site.model import Site


def recover(site: Site, *, kind: str | None = None) -> list[str]:
    """Plays what was left; a sentence for each undo. Nothing left is no sentence, and costs a look into a folder.

    With ``kind`` only records of that kind. Every undo is tried. Raises ``BenchError`` naming those that failed; they
    stay on disk.
    """
    if not undo_records.something_left(site):
        return []
    done, failed = [], []
    with undo_records.left(site) as found:
        for one in found:
            if kind not in (None, one.record.kind):
                one.leave()
                continue
            try:
                undos.play(site, one)
            except (BenchError, WaitTimeout) as error:
                failed.append(f"{one.record}: {error}")
            else:
                done.append(f"Undid what a killed run left on {site.name}: {one.record}.")
    if failed:
        raise BenchError(f"Site {site.name} could not be restored from a killed run. {' '.join([*done, *failed])}")
    return done
