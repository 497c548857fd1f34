"""Schemas of the record, compiled: whether a value is as its schema has it, and if not, where and why.

Beside what JSON Schema says they know the rules of ``x-rule`` (``rules``), and that ``1.0`` is no integer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any

from focus_core.contract.record import resolved
from focus_core.contract.rules import RULES, Rule
from focus_core.contract.violation import Violation, short, wrong_type

WHOLE = "whole-numbers"
# Errors that are looked at: a list of half a million wrong entries is one mistake.
_MOST_ERRORS = 200
_NAMES = {
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_NOT_EMPTY = r"\S"
# What a schema of a whole number holds that has no rule but to be whole.
_PLAIN = {"type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "description"}

Test = Callable[[Any], bool]


class Schema:
    """One schema of a document, with all that it refers to."""

    def __init__(self, document: Mapping[str, Any], schema: Any) -> None:
        self.schema = inlined(document, schema)
        self._validator = _validator(self.schema)
        self._breaks_rules = _breaks_rules(self.schema)

    def problems(self, value: Any) -> list[Violation]:
        """What is wrong with a value; empty when it is as the schema has it."""
        if not self._validator.is_valid(value):
            found = _distinct(_of_errors(self._validator.iter_errors(value), value))
            # What is missing goes before what is there instead.
            return sorted(found, key=lambda one: one.rule != "required")
        if self._breaks_rules and self._breaks_rules(value):
            return list(_distinct(_of_rules(self.schema, value, "")))
        return []


def inlined(document: Mapping[str, Any], schema: Any, known: dict[str, Any] | None = None) -> Any:
    """A schema with everything that it refers to put in. No schema of the record refers to itself.

    ``known`` keeps what references of this document led to, for who puts in many schemas.
    """
    known = {} if known is None else known
    if isinstance(schema, Mapping):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference not in known:
                known[reference] = inlined(document, resolved(document, schema), known)
            return known[reference]
        return {name: inlined(document, part, known) for name, part in schema.items()}
    if isinstance(schema, list):
        return [inlined(document, part, known) for part in schema]
    return schema


def types_of(schema: Mapping[str, Any]) -> set[str]:
    """The JSON types that a schema names itself; empty where it leaves that open."""
    named = schema.get("type", [])
    return {named} if isinstance(named, str) else set(named)


def _validator(schema: Any) -> Any:
    from jsonschema_rs import Draft202012Validator  # 30 ms: only a run that looks at answers pays for it

    return Draft202012Validator(schema)


def _of_errors(errors: Iterable[Any], whole: Any) -> Iterator[Violation]:
    for error in islice(errors, _MOST_ERRORS):
        yield from _worded(error, whole)


def _worded(error: Any, whole: Any) -> Iterator[Violation]:
    """One error of the validator, in a tester's words."""
    kind = error.kind.name
    value, path = _found(whole, error.instance_path)
    name = path or "the body"
    if kind in ("anyOf", "oneOf") and error.kind.context:
        # The first alternative is the usual one.
        for inner in error.kind.context[0]:
            yield from _worded(inner, whole)
        return
    inside = f"{path}." if path else ""
    if kind == "required":
        yield Violation(f"{inside}{error.kind.property}", kind, f"{inside}{error.kind.property} is missing")
    elif kind == "additionalProperties":
        for member in error.kind.unexpected:
            text = f"{inside}{member} is a member that this answer does not have"
            yield Violation(f"{inside}{member}", kind, text)
    else:
        yield Violation(path, kind, _sentence(error, kind, value, name))


def _sentence(error: Any, kind: str, value: Any, name: str) -> str:
    details = error.kind
    if kind == "type":
        return wrong_type(value, name, " or ".join(_NAMES[each] for each in details.types))
    if kind in ("enum", "const"):
        words = details.options if kind == "enum" else [details.expected_value]
        return f"{name} is {short(value)}, expected {' or '.join(map(repr, words))}"
    if kind == "pattern":
        wanted = "a text that is not empty" if details.pattern == _NOT_EMPTY else f"the form {details.pattern}"
        return f"{name} is {short(value)}, expected {wanted}"
    if kind in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        words = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
        return f"{name} is {value!r}, expected {words.get(kind, 'less than')} {details.limit:g}"
    if kind in ("minItems", "maxItems"):
        bound = f"{details.limit} or {'more' if kind == 'minItems' else 'fewer'}"
        return f"{name} has {len(value)} entries, expected {bound}"
    if kind == "uniqueItems":
        again = next(index for index, entry in enumerate(value) if entry in value[:index])
        return f"{name}[{again}] says the same as an entry before it"
    if kind == "propertyNames":
        return f"{name} has a member whose name is wrong: {short(details.error.instance)}"
    return f"{name}: {error.message}"


def _distinct(found: Iterable[Violation]) -> Iterator[Violation]:
    """One violation a place, and of a list one entry: one wrong entry is enough."""
    seen: set[str] = set()
    lists: dict[str, str] = {}
    for one in found:
        head, bracket, rest = one.path.partition("[")
        entry = f"{head}[{rest.partition(']')[0]}]"
        if one.path in seen or (bracket and lists.setdefault(head, entry) != entry):
            continue
        seen.add(one.path)
        yield one


def _found(whole: Any, place: Iterable[str | int]) -> tuple[Any, str]:
    """The value at a place, and how the place is written. The validator takes a member named "1" for an index."""
    value, path = whole, ""
    for part in place:
        if isinstance(value, list):
            value, path = value[int(part)], f"{path}[{part}]"
        else:
            value, path = value[str(part)], f"{path}.{part}"
    return value, path.removeprefix(".")


def rules_of(schema: Mapping[str, Any]) -> list[str]:
    """The names of a schema's own ``x-rule``."""
    return list(schema.get("x-rule", ()))


def _breaks_rules(schema: Any) -> Test | None:
    """What says, quickly, whether a valid value breaks a rule of a schema or inside it; None for a schema without."""
    if not isinstance(schema, Mapping):
        return None
    tests: list[Test] = [_is_float] if _is_whole(schema) else []
    tests += [partial(_breaks, RULES[name]) for name in rules_of(schema)]
    properties = schema.get("properties", {})
    members = {name: test for name, part in properties.items() if (test := _breaks_rules(part))}
    if members:
        tests.append(partial(_member_breaks, members))
    if of_entries := _breaks_rules_of_entries(schema.get("items")):
        tests.append(partial(_list_breaks, of_entries))
    if of_further := _breaks_rules(schema.get("additionalProperties")):
        tests.append(partial(_further_breaks, of_further, set(properties)))
    for part in _alternatives(schema):
        if of_part := _breaks_rules(part):
            tests.append(partial(_alternative_breaks, _validator(part), of_part))
    return _any_of(tests)


def _breaks_rules_of_entries(items: Any) -> Test | None:
    """The same of all entries of a list at once: a waterfall has ten thousand sensors, each with a whole number."""
    if not isinstance(items, Mapping):
        return None
    if _is_whole(items):
        return _column_breaks
    members = [name for name, part in items.get("properties", {}).items() if _breaks_rules(part)]
    plain = [name for name in members if set(items["properties"][name]) <= _PLAIN and name in items.get("required", ())]
    if items.get("type") == "object" and members == plain and not rules_of(items) and not _alternatives(items):
        return _any_of([partial(_column_of_members_breaks, itemgetter(name)) for name in plain])
    test = _breaks_rules(items)
    return partial(_entry_breaks, test) if test else None


def _is_float(value: Any) -> bool:
    return type(value) is float


def _breaks(rule: Rule, value: Any) -> bool:
    return next(rule(value), None) is not None


def _member_breaks(members: Mapping[str, Test], value: Any) -> bool:
    return type(value) is dict and any(name in value and test(value[name]) for name, test in members.items())


def _list_breaks(test: Test, value: Any) -> bool:
    return type(value) is list and test(value)


def _further_breaks(test: Test, named: set[str], value: Any) -> bool:
    return type(value) is dict and any(test(each) for name, each in value.items() if name not in named)


def _alternative_breaks(validator: Any, test: Test, value: Any) -> bool:
    return validator.is_valid(value) and test(value)


def _column_breaks(entries: list[Any]) -> bool:
    return float in set(map(type, entries))


def _column_of_members_breaks(get: Callable[[Any], Any], entries: list[Any]) -> bool:
    return float in set(map(type, map(get, entries)))


def _entry_breaks(test: Test, entries: list[Any]) -> bool:
    return any(map(test, entries))


def _any_of(tests: list[Test]) -> Test | None:
    if len(tests) <= 1:
        return tests[0] if tests else None
    return partial(_one_breaks, tests)


def _one_breaks(tests: list[Test], value: Any) -> bool:
    return any(test(value) for test in tests)


def _alternatives(schema: Mapping[str, Any]) -> list[Any]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]


def _of_rules(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    """The rules that a valid value breaks, with their places."""
    if not isinstance(schema, Mapping):
        return
    inside = f"{path}." if path else ""
    if _is_whole(schema) and type(value) is float:
        yield Violation(path, WHOLE, wrong_type(value, path or "the body", "an integer"))
    for name in rules_of(schema):
        for place, sentence in RULES[name](value):
            yield Violation(f"{inside}{place}".removesuffix("."), name, f"{inside}{sentence}")
    if isinstance(value, dict):
        for name, each in value.items():
            part = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            yield from _of_rules(part, each, f"{inside}{name}")
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _of_rules(schema.get("items"), entry, f"{path}[{index}]")
    for part in _alternatives(schema):
        if _validator(part).is_valid(value):
            yield from _of_rules(part, value, path)


def _is_whole(schema: Mapping[str, Any]) -> bool:
    types = types_of(schema)
    return "integer" in types and "number" not in types
