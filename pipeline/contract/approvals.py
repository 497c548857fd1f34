"""Breaking changes that somebody has approved: variables/contract/approvals.yaml.

- operation: POST /configure
  place: 200 body stream_port
  rule: answer-type-changed
  reason: the text was a bug of the server, PZ-13271
  by: name
  until: 2027-01-31
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import yaml
from focus_core.contract import record
from focus_core.contract.diff.changes import Change, Severity

from pipeline.errors import RunError

FILE = record.FOLDER / "approvals.yaml"
HEAD = """\
# Changes of the contract that break somebody and were approved, until a day: 'python run.py contract accept' adds them.
"""


@dataclass(frozen=True)
class Approval:
    """`until` is the last day on which it counts."""

    operation: str
    place: str
    rule: str
    reason: str
    by: str
    until: date

    def covers(self, change: Change, today: date) -> bool:
        return change.key == (self.operation, self.place, self.rule) and today <= self.until


def read(path: Path = FILE) -> list[Approval]:
    """The approvals. Raises RunError for a file that is not as above."""
    if not path.exists():
        return []
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        return [_approval(path, number, entry) for number, entry in enumerate(entries, 1)]
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise RunError(f"{path.name} cannot be read ({error}): correct it.") from None


def write(approvals: Iterable[Approval], path: Path = FILE) -> None:
    """The file, with its head."""
    entries = [asdict(one) for one in approvals]
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=120) if entries else ""
    path.write_text(HEAD + text, encoding="utf-8")


def unapproved(changes: Iterable[Change], approvals: Sequence[Approval], today: date) -> list[Change]:
    """The breaking changes that nobody has approved, or whose approval has run out."""
    breaking = (one for one in changes if one.severity is Severity.BREAKING)
    return [one for one in breaking if not any(each.covers(one, today) for each in approvals)]


def _approval(path: Path, number: int, entry: object) -> Approval:
    names = [field.name for field in fields(Approval)]
    if not isinstance(entry, dict) or set(entry) != set(names):
        raise RunError(f"Entry {number} of {path.name} needs exactly {', '.join(names)}: correct it.")
    if not isinstance(entry["until"], date):
        raise RunError(f"Entry {number} of {path.name} has until {entry['until']!r}: write a day as 2027-01-31.")
    return Approval(**{name: entry[name] for name in names})
