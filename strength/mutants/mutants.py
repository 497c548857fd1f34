"""Response mutants: one change in one kind of answer; generated from the traffic of the baseline runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from strength.mutants import json_paths as properties
from strength.mutants import operators
from strength.mutants.json_paths import NO_JSON, Place
from strength.mutants.operators import (
    CONTENT_TYPE,
    CUT,
    DROPPED,
    EMPTIED,
    FILLED,
    HEADER,
    LATE,
    REPEATED,
    STALE,
    STATUS,
    STOPPED,
    TWICE,
)
from strength.mutants.traffic import ANY_ANSWER, FRAMES, Answer, Kind, Seen, Traffic, common_headers

# Operator that adds a declared member which no answer had.
APPEARED = "appeared"
# Statuses that replace a status.
_OTHER_STATUSES = {200: (201, 404, 500), 201: (200, 404, 500), 204: (200, 404, 500), 400: (200, 422, 500)}
_OTHER_REFUSALS = (200, 400, 500)
_OTHER_FAILURES = (200, 500, 404)


@dataclass(frozen=True)
class Mutant:
    """A mutation operator at a place of one kind of answer.

    `place` is None for operators of the whole answer; `detail` is the new status or the dropped header.
    """

    kind: Kind
    place: Place | None
    operator: str
    detail: str = ""

    @cached_property
    def name(self) -> str:
        operation, status = self.kind
        where = "" if self.place is None else f" {properties.text(self.place)}"
        return f"{operation}{f' {status}' if status else ''}{where}: {self.operator}{self.detail and f' {self.detail}'}"

    def matches(self, kind: Kind) -> bool:
        return self.kind in (kind, ANY_ANSWER)

    def conflicts_with(self, other: Mutant) -> bool:
        """Whether one would mask the other when both are armed."""
        if self.kind != other.kind and ANY_ANSWER not in (self.kind, other.kind):
            return False
        if self.operator == HEADER and other.operator == HEADER:
            return self.detail == other.detail
        if self.place is None or other.place is None:
            return HEADER not in (self.operator, other.operator)
        short = min(len(self.place), len(other.place))
        return self.place[:short] == other.place[:short]

    def apply(self, answer: Answer) -> bool:
        """Change the answer; False when it stayed the same. Operators that repeat the request are the interceptor's."""
        if self.place is not None:
            return self._change_value(answer, self.place)
        return answer.change_whole(self.operator, self.detail)

    def _change_value(self, answer: Answer, place: Place) -> bool:
        content = answer.content()
        if content is NO_JSON:
            return False
        last = place[-1] if place else ""
        if self.operator == APPEARED:
            changed, new = properties.change(content, place[:-1], lambda value: _with_member(value, last))
        else:
            changed, new = properties.change(
                content, place, lambda value: operators.applied(self.operator, value, last)
            )
        if changed:
            answer.replace(new)
        return changed


def of_traffic(traffic: Traffic, time_limits: Iterable[str], declared: Mapping[Kind, frozenset[Place]]) -> list[Mutant]:
    """Every mutant that changes an answer of this traffic, in a stable order.

    `time_limits`: the operations that have one; `declared`: the members that answers may have by the OpenAPI document.
    """
    common, limited = common_headers(traffic), frozenset(time_limits)
    found = [Mutant(ANY_ANSWER, None, HEADER, name) for name in sorted(common)]
    for kind in sorted(traffic):
        found += _of_answer(kind, traffic[kind], common, kind[0] in limited)
        found += _of_values(kind, traffic[kind].samples)
        found += _of_unseen(kind, traffic[kind].samples, declared.get(kind, frozenset()))
    return found


def _of_answer(kind: Kind, seen: Seen, common: frozenset[str], has_limit: bool) -> Iterator[Mutant]:
    operation, status = kind
    if len(seen.bodies) > 1:
        yield Mutant(kind, None, STALE)
    if has_limit:
        yield Mutant(kind, None, LATE)
    if seen.content_types == {FRAMES}:
        yield from (Mutant(kind, None, operator) for operator in (DROPPED, REPEATED, STOPPED))
    if not status:
        return
    for other in _other_statuses(status):
        yield Mutant(kind, None, STATUS, str(other))
    if seen.content_types - {""}:
        yield Mutant(kind, None, CONTENT_TYPE)
    for name in sorted(seen.headers - common):
        yield Mutant(kind, None, HEADER, name)
    if seen.empty:
        yield Mutant(kind, None, FILLED)
    else:
        yield Mutant(kind, None, EMPTIED)
        yield Mutant(kind, None, CUT)
    if not operation.startswith("GET ") and status < 300:
        yield Mutant(kind, None, TWICE)


def _of_values(kind: Kind, samples: Mapping[Place, list[Any]]) -> Iterator[Mutant]:
    for place in sorted(samples):
        last = place[-1] if place else ""
        names: dict[str, None] = {}
        for value in samples[place]:
            for operator, how in operators.for_place(value, last).items():
                new = how(value)
                if new is properties.REMOVED or not properties.same(new, value):
                    names.setdefault(operator)
        yield from (Mutant(kind, place, operator) for operator in names)


def _of_unseen(kind: Kind, samples: Mapping[Place, list[Any]], declared: frozenset[Place]) -> Iterator[Mutant]:
    for place in sorted(declared - samples.keys()):
        if any(isinstance(value, dict) for value in samples.get(place[:-1], ())):
            yield Mutant(kind, place, APPEARED)


def observed_by(mutants: Iterable[Mutant], traffic: Traffic) -> frozenset[Mutant]:
    """The mutants that change an answer of this traffic; only these can be killed by its test."""
    headers = {name for seen in traffic.values() for name in seen.headers}
    found = set()
    for mutant in mutants:
        if mutant.kind == ANY_ANSWER:
            if mutant.detail in headers:
                found.add(mutant)
            continue
        seen = traffic.get(mutant.kind)
        if seen is None or (mutant.operator == HEADER and mutant.detail not in seen.headers):
            continue
        place = mutant.place[:-1] if mutant.place and mutant.operator == APPEARED else mutant.place
        if place is None or place in seen.samples:
            found.add(mutant)
    return frozenset(found)


def _with_member(value: Any, name: str) -> Any:
    return {**value, name: {operators.ADDED_MEMBER: 1}} if isinstance(value, dict) and name not in value else value


def _other_statuses(status: int) -> tuple[int, ...]:
    if status in _OTHER_STATUSES:
        return _OTHER_STATUSES[status]
    family = _OTHER_REFUSALS if 400 <= status < 500 else _OTHER_FAILURES
    return tuple(other for other in family if other != status)
