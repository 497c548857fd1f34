"""What a pull request changes of the contract: this checkout's record against that of the branch it goes into."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from focus_core.contract import record
from focus_core.contract.diff.changes import Change, Severity

from pipeline.contract import approvals, records, shown
from pipeline.errors import RunError

# Where GitHub and Jenkins name the branch that a pull request goes into.
BRANCH_VARIABLES = ("GITHUB_BASE_REF", "CHANGE_TARGET")


def changes() -> list[Change]:
    """The changes since the branch; none outside of a pull request, or where the branch has no record yet."""
    branch = next(filter(None, map(os.environ.get, BRANCH_VARIABLES)), "")
    if not branch:
        return []
    for name in (f"origin/{branch}", branch):
        try:
            old = records.read(name)
        except RunError:
            continue
        return records.compared(old, records.read(str(record.FOLDER)))
    return []


def unapproved(found: list[Change] | None = None) -> list[Change]:
    """Those that break somebody and that nobody has approved."""
    today = datetime.now(UTC).date()
    return approvals.unapproved(changes() if found is None else found, approvals.read(), today)


def table() -> str:
    """The changes as a table for a comment; nothing where there is none."""
    found = changes()
    left = unapproved(found)
    approved = [one for one in found if one.severity is Severity.BREAKING and one not in left]
    return shown.table(found, approved) if found else ""
