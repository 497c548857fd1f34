"""The document that a server gives of itself, against the record, and its answers against that document.

A server that describes itself less exactly than the record does (no bounds, no patterns, no limits of lists) breaks
nothing by that: its answers are checked against the record. What it says otherwise, or does not name, differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from focus_core.contract import answers
from focus_core.contract.answers import Answer
from focus_core.contract.diff.changes import Change, Severity
from focus_core.contract.diff.documents import compared
from focus_core.contract.record import Json, Service, resolved
from focus_core.contract.schemas import Schema

# Rules that a description breaks by leaving something unsaid.
_LESS_EXACT = (
    *("answer-pattern-gone", "answer-minimum-lowered", "answer-maximum-raised", "answer-entries-differ"),
    *("answer-least-size-lowered", "answer-most-size-raised", "answer-property-unnamed", "answer-header-optional"),
    *("answer-null-for-missing", "answer-enum-lifted", "answer-header-unnamed"),
)
# Rules of changes that harm nobody, and yet show a server that has or lacks something.
_OTHERWISE = (
    *(
        "operation-added",
        "request-default-changed",
        "request-parameter-added",
        "request-property-added",
        "request-media-type-added",
    ),
    *("answer-property-added", "answer-status-added", "answer-status-gone", "answer-media-type-added"),
)


@dataclass(frozen=True)
class Described:
    """``differs``: what is another contract; ``less_exact``: what the description leaves unsaid."""

    differs: list[Change] = field(default_factory=list)
    less_exact: list[Change] = field(default_factory=list)


def against_record(service: Service, document: Json) -> Described:
    """Where the document of a server and the record differ."""
    contract = answers.contract(service)
    own = {path.removeprefix(contract.prefix): methods for path, methods in document.get("paths", {}).items()}
    changes = compared(_described_part(contract.document), {**document, "servers": [], "paths": own} | _PREFIXED)
    found = Described()
    for one in changes:
        if one.rule in _LESS_EXACT:
            found.less_exact.append(one)
        elif one.place.startswith("path ") or _is_told_by_all(contract.document, one):
            continue
        elif one.severity is Severity.BREAKING or one.rule in _OTHERWISE:
            found.differs.append(one)
    return found


def sentences(changes: Iterable[Change]) -> list[str]:
    """The changes as sentences; what many operations share is one."""
    alike: dict[tuple[str, str], list[Change]] = {}
    for one in changes:
        alike.setdefault((one.place, one.sentence), []).append(one)
    found = []
    for same in alike.values():
        first = same[0]
        more = f" (and at {len(same) - 1} more operations)" if len(same) > 1 else ""
        place = f", {first.place}" if first.place else ""
        found.append(f"{first.operation}{place}: {first.sentence} (rule {first.rule}){more}")
    return found


def answer_problems(document: Mapping[str, Any], answer: Answer) -> list[str]:
    """Where an answer differs from what a server's own document has for its operation and status."""
    contract = answers.contract(answer.service)
    template = contract.template_of(answer.path)
    described = document.get("paths", {}).get(contract.prefix + template, {}).get(answer.method.lower(), {})
    declared = described.get("responses", {}).get(str(answer.status))
    if declared is None:
        return [f"the description of {answer.method} {template} has no answer {answer.status}"]
    content = resolved(document, declared).get("content", {})
    if not content:
        return ["the description has no body for it"] if answer.body else []
    if answer.content_type not in content:
        return [f"content type '{answer.content_type}' instead of {' or '.join(content)}"]
    if answer.content_type != answers.JSON:
        return []
    return list(map(str, Schema(document, content[answer.content_type].get("schema", {})).problems(answer.json())))


# The paths of a document are compared without what all of them begin with.
_PREFIXED: Json = {"security": [{"bearer": []}, {"cookie": []}, {}]}


def _described_part(document: Json) -> Json:
    """The record without what describes the server, and without what only the ingress knows: logins and prefix."""
    paths = {
        path: methods
        for path, methods in document["paths"].items()
        if not any(described.get("x-undescribed") for described in methods.values())
    }
    return {**document, "servers": [], "paths": paths} | _PREFIXED


def _is_told_by_all(document: Json, change: Change) -> bool:
    """Whether a status is missing that stands before any operation: a server does not know what its ingress answers,
    403 without the CSRF header among it."""
    return change.rule == "answer-status-gone" and change.place in {*document["x-always"], "403"}


def by_rule(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes each rule found."""
    return dict(Counter(one.rule for one in changes).most_common())
