"""Label and field selectors, both as text of a query and as `LabelSelector` objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from simulator.cluster.errors import bad_request
from simulator.cluster.meta import labels_of, value_at
from simulator.cluster.resources import Kind, Object

Match = Callable[[Object], bool]

_SET = re.compile(r"^(\S+)\s+(in|notin)\s*\(([^)]*)\)$")
_EQUAL = re.compile(r"^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$")
_EXISTS = re.compile(r"^(!?)\s*([^\s=!(),]+)$")
# Commas inside the parentheses of a set do not separate requirements.
_COMMA = re.compile(r",(?![^(]*\))")


def label_match(text: str) -> Match:
    """A test for a label selector such as `app=web,tier in (a,b),!old`."""
    tests = [_label_requirement(part.strip()) for part in _COMMA.split(text) if part.strip()]
    return lambda obj: all(test(labels_of(obj)) for test in tests)


def _label_requirement(part: str) -> Callable[[Mapping[str, str]], bool]:
    if found := _SET.match(part):
        key, operator, listed = found.groups()
        return _operator(key, "In" if operator == "in" else "NotIn", [value.strip() for value in listed.split(",")])
    if found := _EQUAL.match(part):
        key, operator, value = found.groups()
        return _operator(key, "NotIn" if operator == "!=" else "In", [value])
    if found := _EXISTS.match(part):
        return _operator(found[2], "DoesNotExist" if found[1] else "Exists", [])
    raise bad_request(f'unable to parse requirement: "{part}" is no label selector')


def _operator(key: str, operator: str, values: list[str]) -> Callable[[Mapping[str, str]], bool]:
    if operator == "In":
        return lambda labels: key in labels and labels[key] in values
    if operator == "NotIn":
        return lambda labels: labels.get(key) not in values
    if operator == "Exists":
        return lambda labels: key in labels
    if operator == "DoesNotExist":
        return lambda labels: key not in labels
    raise bad_request(f'"{operator}" is not a valid label selector operator')


def selector_matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether labels fit a `LabelSelector` object (matchLabels, matchExpressions)."""
    selector = selector or {}
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(
        _operator(one["key"], one["operator"], one.get("values") or [])(labels)
        for one in selector.get("matchExpressions") or []
    )


def field_match(kind: Kind, text: str) -> Match:
    """A test for a field selector such as `status.phase!=Running,metadata.name=web`."""
    tests: list[Match] = []
    for part in text.split(","):
        if not part.strip():
            continue
        found = _EQUAL.match(part.strip())
        if not found:
            raise bad_request(f'invalid selector: "{part}"; can\'t understand it')
        path, operator, value = found.groups()
        if path not in ("metadata.name", "metadata.namespace", *kind.fields):
            raise bad_request(f'field label not supported: "{path}" on {kind.plural}')
        tests.append(_field_requirement(path, operator != "!=", value))
    return lambda obj: all(test(obj) for test in tests)


def _field_requirement(path: str, wanted: bool, value: str) -> Match:
    return lambda obj: (_field(obj, path) == value) is wanted


def _field(obj: Object, path: str) -> str:
    value = value_at(obj, "source.component" if path == "source" else path)
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "false" if path == "spec.unschedulable" else ""
    return str(value)
