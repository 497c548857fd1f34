"""Two OpenAPI documents compared: operations, parameters, bodies, statuses, media types, headers, logins, schemas.

Operations are known by method and path; a path parameter that has another name is the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from focus_core.contract.answers import METHODS
from focus_core.contract.diff import inclusion
from focus_core.contract.diff.changes import Change, Direction, Severity, in_order
from focus_core.contract.diff.schemas import differences
from focus_core.contract.record import Json, resolved
from focus_core.contract.schemas import inlined

BREAKING, RISKY, HARMLESS = Severity
REQUEST, ANSWER = Direction


@dataclass(frozen=True)
class Side:
    """One of the two documents, with what its references led to."""

    document: Json
    known: dict[str, Any] = field(default_factory=dict)

    def resolved(self, node: Any) -> Any:
        return resolved(self.document, node)

    def inlined(self, schema: Any) -> Any:
        return inlined(self.document, schema, self.known)


# A change of one operation: severity, direction, rule, place, sentence.
Found = tuple[Severity, Direction, str, str, str]
WHOLE = "the document"


def compared(old: Json, new: Json) -> list[Change]:
    """Every change between two documents, the worst first."""
    return in_order([*_of_document(old, new), *_of_operations(old, new)])


def operations_of(document: Json) -> dict[str, tuple[str, Json]]:
    """The operations of a document by method and path with nameless parameters: how they are called, and each with the
    parameters of its path."""
    prefix = _prefix(document)
    found = {}
    for template, path in document.get("paths", {}).items():
        for method, described in path.items():
            if method.upper() in METHODS:
                shared = path.get("parameters", [])
                own = {**described, "parameters": [*shared, *described.get("parameters", [])]}
                nameless = re.sub(r"\{\w+\}", "{}", prefix + template)
                found[f"{method.upper()} {nameless}"] = (f"{method.upper()} {template.removeprefix(prefix)}", own)
    return found


def _prefix(document: Json) -> str:
    servers = document.get("servers") or [{}]
    return re.sub(r"^\w+://[^/]+", "", str(servers[0].get("url", ""))).rstrip("/")


def _of_document(old: Json, new: Json) -> Iterator[Change]:
    if not operations_of(old).keys() & operations_of(new).keys():
        text = f"its paths begin with {_prefix(new) or '/'} instead of {_prefix(old) or '/'}"
        yield Change(BREAKING, REQUEST, "prefix-changed", WHOLE, "servers", text)
    before, after = (one.get("components", {}).get("securitySchemes", {}) for one in (old, new))
    for name in before:
        if name in after and _without_words(before[name]) != _without_words(after[name]):
            text = f"the login '{name}' is another one"
            yield Change(BREAKING, REQUEST, "login-changed", WHOLE, f"login {name}", text)


def _of_operations(old: Json, new: Json) -> Iterator[Change]:
    before, after = operations_of(old), operations_of(new)
    side, other = Side(old), Side(new)
    for key, (name, _) in before.items():
        if key not in after:
            yield Change(BREAKING, REQUEST, "operation-gone", name, "", "it is no longer there")
    for key, (new_name, described) in after.items():
        if key not in before:
            yield Change(HARMLESS, REQUEST, "operation-added", new_name, "", "it is new")
        else:
            name = before[key][0]
            for found in _of_operation(side, other, before[key][1], described):
                severity, direction, rule, place, sentence = found
                yield Change(severity, direction, f"{direction}-{rule}", name, place, sentence)


def _of_operation(old: Side, new: Side, before: Json, after: Json) -> Iterator[Found]:
    yield from _of_logins(old, new, before, after)
    yield from _of_parameters(old, new, before, after)
    yield from _of_request(old, new, before, after)
    yield from _of_answers(old, new, before, after)
    for name in ("summary", "description", "operationId", "tags"):
        if before.get(name) != after.get(name):
            yield HARMLESS, REQUEST, "described-anew", "", "it is described anew"
    if bool(before.get("deprecated")) != bool(after.get("deprecated")):
        text = "it is called outdated" if after.get("deprecated") else "it is no longer called outdated"
        yield RISKY, REQUEST, "deprecated-changed", "", text


def _of_logins(old: Side, new: Side, before: Json, after: Json) -> Iterator[Found]:
    """Each way in that there was has to suffice."""
    ways, ways_now = (
        [_scopes(way) for way in described.get("security", side.document.get("security", [])) or [{}]]
        for side, described in ((old, before), (new, after))
    )
    if ways == ways_now:
        return
    shut = [way for way in ways if not any(now <= way for now in ways_now)]
    if shut:
        wanted = " or ".join(sorted({name for now in ways_now for name, _ in now} or {"nothing"}))
        who = "nobody's" if frozenset() in shut else "the old"
        text = f"{who} login is no longer enough: it wants {wanted}"
        yield BREAKING, REQUEST, "login-demanded", "login", text
    opened = [now for now in ways_now if not any(way <= now for way in ways)]
    if opened:
        yield RISKY, REQUEST, "login-lifted", "login", "there is a way in that was not there before"


def _scopes(way: Mapping[str, list[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((name, scope) for name, scopes in way.items() for scope in (scopes or [""]))


def _of_parameters(old: Side, new: Side, before: Json, after: Json) -> Iterator[Found]:
    were, are = _parameters(old, before), _parameters(new, after)
    for key, parameter in were.items():
        place = f"{parameter['in']} {parameter['name']}"
        if key not in are:
            yield BREAKING, REQUEST, "parameter-gone", place, "it is no longer read"
            continue
        now = are[key]
        if now.get("required") and not parameter.get("required"):
            yield BREAKING, REQUEST, "parameter-required", place, "it has to be sent now"
        elif parameter.get("required") and not now.get("required"):
            yield HARMLESS, REQUEST, "parameter-optional", place, "it may be left out now"
        if _style(parameter) != _style(now):
            yield BREAKING, REQUEST, "parameter-style", place, "it is written in another way"
        yield from _of_schemas(old, new, parameter.get("schema", {}), now.get("schema", {}), REQUEST, place)
    for key, parameter in are.items():
        if key not in were:
            place = f"{parameter['in']} {parameter['name']}"
            if parameter.get("required"):
                yield BREAKING, REQUEST, "parameter-required", place, "it is new and has to be sent"
            else:
                yield HARMLESS, REQUEST, "parameter-added", place, "it may be sent now"


def _parameters(side: Side, described: Json) -> dict[tuple[str, str], Json]:
    """By where they stand and their names; those of the path by their place in it."""
    found = {}
    in_path = 0
    for reference in described["parameters"]:
        parameter = side.resolved(reference)
        name = parameter["name"]
        if parameter["in"] == "path":
            name, in_path = str(in_path), in_path + 1
        elif parameter["in"] == "header":
            name = name.lower()
            if name == "authorization":
                continue  # that is a login, and stands there
        found[parameter["in"], name] = parameter
    return found


def _style(parameter: Json) -> tuple[Any, ...]:
    query = parameter["in"] in ("query", "cookie")
    style = parameter.get("style", "form" if query else "simple")
    return style, parameter.get("explode", style == "form")


def _of_request(old: Side, new: Side, before: Json, after: Json) -> Iterator[Found]:
    was, now = old.resolved(before.get("requestBody")), new.resolved(after.get("requestBody"))
    if was is None and now is None:
        return
    if was is None:
        if now.get("required"):
            yield BREAKING, REQUEST, "body-required", "body", "a body has to be sent now"
        else:
            yield HARMLESS, REQUEST, "body-added", "body", "a body may be sent now"
    elif now is None:
        yield BREAKING, REQUEST, "body-gone", "body", "a body is no longer read"
    else:
        if now.get("required") and not was.get("required"):
            yield BREAKING, REQUEST, "body-required", "body", "the body may not be left out any more"
        elif was.get("required") and not now.get("required"):
            yield HARMLESS, REQUEST, "body-optional", "body", "the body may be left out now"
        yield from _of_content(old, new, was, now, REQUEST, "body")


def _of_answers(old: Side, new: Side, before: Json, after: Json) -> Iterator[Found]:
    were, are = before.get("responses", {}), after.get("responses", {})
    for status in map(str, were):
        if status not in map(str, are):
            severity = BREAKING if _is_success(status) else HARMLESS
            yield severity, ANSWER, "status-gone", status, "it never answers so any more"
    for status in map(str, are):
        now = new.resolved(_by_status(are, status))
        if status not in map(str, were):
            severity = BREAKING if _is_success(status) else RISKY
            yield severity, ANSWER, "status-added", status, "it may answer so now"
            continue
        was = old.resolved(_by_status(were, status))
        yield from _of_content(old, new, was, now, ANSWER, status)
        yield from _of_headers(old, new, was, now, status)
        if set(was.get("x-rule", ())) != set(now.get("x-rule", ())):
            yield RISKY, ANSWER, "x-rule-changed", status, "another rule in Python holds for it"
        if was.get("description") != now.get("description"):
            yield HARMLESS, ANSWER, "described-anew", status, "it is described anew"


def _by_status(answers: Mapping[Any, Any], status: str) -> Any:
    return next(each for key, each in answers.items() if str(key) == status)


def _is_success(status: str) -> bool:
    return status[:1] in ("2", "3", "d")


def _of_content(old: Side, new: Side, was: Json, now: Json, direction: Direction, place: str) -> Iterator[Found]:
    before, after = was.get("content", {}), now.get("content", {})
    for kind in before:
        if kind not in after:
            text = (
                "its body is gone"
                if not after
                else f"{kind} is no longer " + ("taken" if direction is REQUEST else "to be had")
            )
            yield BREAKING, direction, "media-type-gone", f"{place} {kind}", text
        else:
            where = f"{place} body" if direction is ANSWER else place
            schema, schema_now = before[kind].get("schema", {}), after[kind].get("schema", {})
            yield from _of_schemas(old, new, schema, schema_now, direction, where)
    for kind in after:
        if kind not in before:
            if direction is ANSWER and not before:
                yield BREAKING, direction, "body-added", f"{place} {kind}", "it has a body where there was none"
            else:
                yield HARMLESS, direction, "media-type-added", f"{place} {kind}", f"{kind} is possible now"


def _of_headers(old: Side, new: Side, was: Json, now: Json, status: str) -> Iterator[Found]:
    before, after = (
        {name.lower(): (name, side.resolved(header)) for name, header in one.get("headers", {}).items()}
        for side, one in ((old, was), (new, now))
    )
    for key, (name, header) in before.items():
        place = f"{status} header {name}"
        if key not in after:
            # A server's own document names few of those that are not always there, and none of cookies.
            unnamed = header.get("x-undescribed") or not header.get("required")
            yield BREAKING, ANSWER, "header-unnamed" if unnamed else "header-gone", place, "it is gone"
            continue
        header_now = after[key][1]
        if header.get("required") and not header_now.get("required"):
            yield BREAKING, ANSWER, "header-optional", place, "it may be missing now"
        elif header_now.get("required") and not header.get("required"):
            yield HARMLESS, ANSWER, "header-required", place, "it is always there now"
        yield from _of_schemas(old, new, header.get("schema", {}), header_now.get("schema", {}), ANSWER, place)
    for key, (name, _) in after.items():
        if key not in before:
            yield HARMLESS, ANSWER, "header-added", f"{status} header {name}", "it is new"


def _of_schemas(old: Side, new: Side, was: Any, now: Any, direction: Direction, place: str) -> Iterator[Found]:
    before, after = old.inlined(was), new.inlined(now)
    if before == after:
        return
    found = differences(before, after, direction)
    for one in found:
        yield one.judged(direction), direction, one.rule, f"{place} {one.place}".strip(), one.sentence
    if all(one.judged(direction) is not BREAKING for one in found) and inclusion.breaks(before, after, direction):
        text = "the schemas differ in a way that has no name here, and values are lost"
        yield BREAKING, direction, "values-lost", place, text


def _without_words(scheme: Json) -> Json:
    return {name: value for name, value in scheme.items() if name != "description"}
