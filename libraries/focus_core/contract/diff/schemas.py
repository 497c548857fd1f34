"""Two schemas compared: where the new one allows more than the old one, and where less.

For an answer more is what breaks, for a request less. Members that an answer has in addition break nobody; neither do
members that a request may have in addition.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from focus_core.contract.diff.changes import Direction, Severity
from focus_core.contract.diff.forms import Facets, Form, form_of

_WORDS = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "an object",
}
# Whole numbers are numbers too.
_OTHER_NUMBER = {"integer": "number", "number": "integer"}
# Notes that say nothing about which values are right, and how bad it is that they change.
_NOTES = {"default": Severity.RISKY, "format": Severity.RISKY, "deprecated": Severity.RISKY, "x-rule": Severity.RISKY}
MORE, LESS, OTHER = "more", "less", "other"


@dataclass(frozen=True)
class Difference:
    """``allows``: more, less or other values than before; ``note``: a change beside the values, with its severity."""

    rule: str
    place: str
    sentence: str
    allows: str = ""
    severity: Severity | None = None

    def judged(self, direction: Direction) -> Severity:
        """How bad the difference is for who sends a request, or who reads an answer."""
        if self.severity is not None:
            return self.severity
        harmless = MORE if direction is Direction.REQUEST else LESS
        return Severity.HARMLESS if self.allows == harmless else Severity.BREAKING


def differences(old: Any, new: Any, direction: Direction, place: str = "") -> list[Difference]:
    """The differences of two schemas whose references are put in."""
    return list(_compared(old, new, direction, place))


def _compared(old: Any, new: Any, direction: Direction, place: str) -> Iterator[Difference]:
    if old == new:
        return
    yield from _notes(old, new, place)
    before, after = form_of(old), form_of(new)
    gone = [name for name in before if name not in after and _OTHER_NUMBER.get(name) not in after]
    come = [name for name in after if name not in before and _OTHER_NUMBER.get(name) not in before]
    if gone and come:
        yield Difference("type-changed", place, f"it is {_kinds(after)} instead of {_kinds(before)}", OTHER)
    elif gone:
        rule = "null-gone" if gone == ["null"] else "type-narrowed"
        yield Difference(rule, place, f"it is no longer {_kinds(gone)}", LESS)
    elif come:
        rule = "null-allowed" if come == ["null"] else "type-widened"
        yield Difference(rule, place, f"it may now be {_kinds(come)}", MORE)
    if "integer" in before and "number" in after:
        yield Difference("type-widened", place, "it may now be any number instead of a whole one", MORE)
    if "number" in before and "integer" in after:
        yield Difference("type-narrowed", place, "it is now a whole number instead of any number", LESS)
    for name, alternatives in after.items():
        others = before.get(name) or before.get(_OTHER_NUMBER.get(name, ""))
        if others:
            yield from _alternatives(name, others, alternatives, direction, place)


def _alternatives(
    name: str, old: list[Facets], new: list[Facets], direction: Direction, place: str
) -> Iterator[Difference]:
    """The facets of one type. Of several alternatives each has to find one of the other side that holds it."""
    if len(old) == len(new) == 1:
        yield from _facets(name, old[0], new[0], direction, place)
        return
    is_request = direction is Direction.REQUEST
    inner, outer = (old, new) if is_request else (new, old)
    for one in inner:
        other = min(outer, key=lambda each: _unlike(one, each, name, direction))
        before, after = (one, other) if is_request else (other, one)
        broken = [
            diff
            for diff in _facets(name, before, after, direction, place)
            if diff.judged(direction) is Severity.BREAKING
        ]
        if broken and one.properties and not one.properties.keys() & other.properties.keys():
            rule, allows = ("alternative-gone", LESS) if is_request else ("alternative-added", MORE)
            text = f"it may {'no longer' if is_request else 'now'} have {', '.join(one.properties)}"
            yield Difference(rule, place, text, allows)
        else:
            yield from broken
    if len(old) != len(new):
        allows = MORE if len(new) > len(old) else LESS
        yield Difference(
            "alternatives-changed",
            place,
            f"{_WORDS[name]} may have {len(new)} forms there instead of {len(old)}",
            allows,
            severity=Severity.HARMLESS,
        )


def _unlike(one: Facets, other: Facets, name: str, direction: Direction) -> tuple[int, int]:
    """How unlike two alternatives are: members that only one of them has, then what would break."""
    pair = (one, other) if direction is Direction.REQUEST else (other, one)
    broken = sum(diff.judged(direction) is Severity.BREAKING for diff in _facets(name, *pair, direction, ""))
    return len(one.properties.keys() ^ other.properties.keys()), broken


def _facets(name: str, old: Facets, new: Facets, direction: Direction, place: str) -> Iterator[Difference]:
    if old == new:
        return
    yield from _values(old, new, place)
    if old.values is not None or new.values is not None:
        return
    if name in ("integer", "number"):
        yield from _bounds(old, new, place)
    elif name == "string":
        yield from _texts(old, new, place)
    elif name == "array":
        yield from _sizes(old, new, place, "entries")
        if old.different != new.different:
            text = "its entries " + ("must differ now" if new.different else "may be the same now")
            yield Difference("entries-differ", place, text, LESS if new.different else MORE)
        yield from _compared(old.items, new.items, direction, f"{place}[]")
    elif name == "object":
        yield from _sizes(old, new, place, "members")
        yield from _members(old, new, direction, place)


def _values(old: Facets, new: Facets, place: str) -> Iterator[Difference]:
    if old.values is None and new.values is None:
        return
    if old.values is None:
        assert new.values is not None  # noqa: S101 - for the type checker
        yield Difference("enum-set", place, f"it is only {_shown(new.values)} now", LESS)
    elif new.values is None:
        yield Difference("enum-lifted", place, f"it may be more than {_shown(old.values)} now", MORE)
    else:
        gone, come = old.values - new.values, new.values - old.values
        if come:
            yield Difference("enum-value-added", place, f"it may be {_shown(come)} now", MORE)
        if gone:
            yield Difference("enum-value-gone", place, f"it is never {_shown(gone)} any more", LESS)


def _bounds(old: Facets, new: Facets, place: str) -> Iterator[Difference]:
    before, after = (old.least, old.least_excluded), (new.least, new.least_excluded)
    if before != after:
        raised = after > before
        text = f"its smallest value is {_bound(new.least)} instead of {_bound(old.least)}"
        yield Difference(_named("minimum", raised), place, text, LESS if raised else MORE)
    above, below = (old.most, not old.most_excluded), (new.most, not new.most_excluded)
    if above != below:
        raised = below > above
        text = f"its largest value is {_bound(new.most)} instead of {_bound(old.most)}"
        yield Difference(_named("maximum", raised), place, text, MORE if raised else LESS)
    if old.multiple_of != new.multiple_of:
        allows = MORE if new.multiple_of is None else LESS if old.multiple_of is None else OTHER
        yield Difference("multiple-changed", place, f"it is a multiple of {new.multiple_of or 'anything'}", allows)


def _texts(old: Facets, new: Facets, place: str) -> Iterator[Difference]:
    yield from _sizes(old, new, place, "characters")
    if old.pattern != new.pattern:
        if not new.pattern:
            yield Difference("pattern-gone", place, f"it need not be like {old.pattern} any more", MORE)
        elif not old.pattern:
            yield Difference("pattern-added", place, f"it has to be like {new.pattern} now", LESS)
        else:
            yield Difference("pattern-changed", place, f"it is like {new.pattern} instead of {old.pattern}", OTHER)


def _sizes(old: Facets, new: Facets, place: str, unit: str) -> Iterator[Difference]:
    if old.shortest != new.shortest:
        raised = new.shortest > old.shortest
        text = f"it has at least {new.shortest:g} {unit} instead of {old.shortest:g}"
        yield Difference(_named("least-size", raised), place, text, LESS if raised else MORE)
    if old.longest != new.longest:
        raised = new.longest > old.longest
        text = f"it has at most {_bound(new.longest)} {unit} instead of {_bound(old.longest)}"
        yield Difference(_named("most-size", raised), place, text, MORE if raised else LESS)


def _members(old: Facets, new: Facets, direction: Direction, place: str) -> Iterator[Difference]:
    inside = f"{place}." if place else ""
    is_answer = direction is Direction.ANSWER
    for name in old.properties:
        if name not in new.properties:
            # Where anything may follow, it may still be there, of any kind.
            rule = "property-gone" if new.further is False or not is_answer else "property-unnamed"
            yield Difference(rule, f"{inside}{name}", "it is gone", MORE if is_answer else LESS)
        else:
            for one in _compared(old.properties[name], new.properties[name], direction, f"{inside}{name}"):
                is_null = one.rule == "null-allowed" and one.place == f"{inside}{name}"
                yield replace(one, rule="null-for-missing") if is_null and name not in old.required else one
            if (name in old.required) != (name in new.required):
                needed = name in new.required
                rule = "property-required" if needed else "property-optional"
                text = "it is always there now" if needed else "it may be missing now"
                yield Difference(rule, f"{inside}{name}", text, LESS if needed else MORE)
    for name in new.properties:
        if name not in old.properties:
            needed = name in new.required
            if is_answer or not needed:
                text = "it is new" if is_answer else "it may be sent now"
                yield Difference("property-added", f"{inside}{name}", text, severity=Severity.HARMLESS)
            else:
                yield Difference("property-required", f"{inside}{name}", "it has to be sent now", LESS)
    for name in sorted((new.required ^ old.required) - set(old.properties) - set(new.properties)):
        needed = name in new.required
        yield Difference("property-required", f"{inside}{name}", "it is demanded", LESS if needed else MORE)
    yield from _further(old, new, direction, place)
    yield from _compared(old.names, new.names, direction, f"{place}{{name}}")


def _further(old: Facets, new: Facets, direction: Direction, place: str) -> Iterator[Difference]:
    """Members without a name. Whether an answer may have some is nobody's concern who reads the others."""
    before, after = (True if one == {} else one for one in (old.further, new.further))
    if before == after:
        return
    if direction is Direction.ANSWER and isinstance(before, bool) and isinstance(after, bool):
        text = "it may have further members now" if after else "it has no further members now"
        yield Difference("further-members", place, text, severity=Severity.HARMLESS)
    else:
        if direction is Direction.ANSWER:
            # An answer is compared as if it could always have more.
            before, after = (True if one is False else one for one in (before, after))
        yield from _compared(before, after, direction, f"{place}{{}}")


def _notes(old: Any, new: Any, place: str) -> Iterator[Difference]:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return
    for name, severity in _NOTES.items():
        if old.get(name) != new.get(name):
            before, after = (json.dumps(one.get(name)) for one in (old, new))
            yield Difference(f"{name}-changed", place, f"its {name} is {after} instead of {before}", severity=severity)
    for name in ("title", "description", "example", "examples"):
        if old.get(name) != new.get(name):
            yield Difference(f"{name}-changed", place, "it is described anew", severity=Severity.HARMLESS)


def _named(what: str, raised: bool) -> str:
    return f"{what}-{'raised' if raised else 'lowered'}"


def _kinds(types: Form | list[str]) -> str:
    return " or ".join(_WORDS[name] for name in types) or "nothing"


def _shown(values: frozenset[str]) -> str:
    return " or ".join(sorted(values))


def _bound(value: float) -> str:
    return "without a limit" if math.isinf(value) else f"{value:g}"
