"""Changes of the contract as lines for a screen and as a table for a comment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from focus_core.contract.diff.changes import Change, Severity

# Operations or tests that a line names before it only counts.
_NAMED = 3
HARMLESS = Severity.HARMLESS


def touching(change: Change, tests: Mapping[str, Iterable[str]]) -> list[str]:
    """The tests of a run that asked the operation, or got the message or document, that changes."""
    return sorted(name for name, touched in tests.items() if any(one.endswith(change.operation) for one in touched))


def lines(changes: Sequence[Change], tests: Mapping[str, Iterable[str]], approved: Iterable[Change]) -> list[str]:
    """The changes, the worst first: each with its rule, and with the tests that it touches."""
    known = set(approved)
    found = []
    for same in _alike(changes):
        first = same[0]
        whose = [name for one in same for name in touching(one, tests)] if first.severity is not HARMLESS else []
        touched = f"\n    tests: {_some(sorted(set(whose)))}" if whose else ""
        approval = " (approved)" if known.issuperset(same) else ""
        what = f"{first.direction}, {first.place or 'as a whole'}: {first.sentence}"
        found.append(f"{first.severity}{approval}: {_operations(same)}, {what} [{first.rule}]{touched}")
    return found


def table(changes: Sequence[Change], approved: Iterable[Change]) -> str:
    """The changes as Markdown; those that harm nobody are counted."""
    known = set(approved)
    shown = [one for one in changes if one.severity is not HARMLESS]
    rows = []
    for same in _alike(shown):
        first = same[0]
        approval = " (approved)" if known.issuperset(same) else ""
        cells = (_operations(same), first.direction, first.place or "-", first.sentence, first.rule)
        rows.append(f"| {first.severity}{approval} | {' | '.join(map(_cell, cells))} |")
    head = ["| | operation | who | place | what | rule |", "|---|---|---|---|---|---|"]
    harmless = len(changes) - len(shown)
    end = [f"{harmless} further changes harm nobody."] if harmless else []
    return "\n".join(["### Changes of the contract", "", *([*head, *rows, ""] if rows else []), *end]).strip() + "\n"


def _alike(changes: Iterable[Change]) -> list[list[Change]]:
    """The same change of several operations together: one of a shared schema or header is one."""
    found: dict[tuple[str, ...], list[Change]] = {}
    for one in changes:
        found.setdefault((one.severity, one.direction, one.rule, one.place, one.sentence), []).append(one)
    return list(found.values())


def _operations(changes: Sequence[Change]) -> str:
    return _some([one.operation for one in changes])


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _cell(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in text)
