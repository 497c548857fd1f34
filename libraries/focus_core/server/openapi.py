"""The server's own description (/openapi.json), compared with the contract and with the answers that are seen."""

from collections.abc import Iterator, Mapping
from typing import Any

from focus_core.server.answer_shapes import ALWAYS, JSON, OPERATIONS, PREFIX, Shape, members_of, path_of, template_of
from focus_core.server.client import Exchange

# What describes the site is not described itself.
_UNDESCRIBED = ("/openapi.json", "/docs")
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_RETRY_AFTER = ("429", "503")
# The fields of each request's body (site contract, 1.3, 1.6, 1.7): dotted, and whether they always have to be there.
_CHANGE = dict.fromkeys(
    (
        *("roi", "channels.min", "channels.max", "sensors.min", "sensors.max", "nfftSelection", "frequencyRange.min"),
        *("frequencyRange.max", "displayTimeAxisDuration", "displayInfo.height", "canvasInfo.height"),
        *("start_time", "end_time"),
    ),
    False,
)
_BODIES: dict[str, dict[str, bool]] = {
    "/configure": {
        **dict.fromkeys(("displayInfo", "displayInfo.height", "channels", "channels.min", "channels.max"), True),
        "view_type": True,
        # A waterfall has none of these three.
        **dict.fromkeys(("displayTimeAxisDuration", "nfftSelection", "frequencyRange"), False),
        **dict.fromkeys(("frequencyRange.min", "frequencyRange.max"), True),
        **dict.fromkeys(("start_time", "end_time"), False),
    },
    "/config_task": {"task_id": True, **_CHANGE},
    "/config/{task_id}": _CHANGE,
    "/recordings_in_time_range": {"start_time": True, "end_time": True},
}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def contract_problems(document: Mapping[str, Any]) -> list[str]:
    """Where the description and the contract differ: operations, statuses, content types, parameters, bodies, and the
    schema of each JSON body: it can be resolved, and has the members of the contract."""
    paths: Mapping[str, Any] = document.get("paths", {})
    found = [
        f"{method.upper()} {path} is described, but is no operation of the contract"
        for path, methods in paths.items()
        for method in methods
        if method in _METHODS and (method.upper(), path.removeprefix(PREFIX)) not in OPERATIONS
    ]
    for (method, path), statuses in OPERATIONS.items():
        if path in _UNDESCRIBED:
            continue
        described = paths.get(PREFIX + path, {}).get(method.lower())
        if described is None:
            found.append(f"{method} {path} is not described")
        else:
            problems = [
                *_operation_problems(method, path, statuses, described),
                *_answer_schema_problems(document, {**ALWAYS, **statuses}, described.get("responses", {})),
                *_body_schema_problems(document, _BODIES.get(path, {}), described.get("requestBody")),
            ]
            found += [f"{method} {path} {problem}" for problem in problems]
    return found


def answer_problems(document: Mapping[str, Any], answer: Exchange) -> list[str]:
    """Where an answer differs from what the description has for its operation and status."""
    template = template_of(path_of(answer))
    described = document.get("paths", {}).get(PREFIX + template, {}).get(answer.method.lower(), {})
    declared = described.get("responses", {}).get(str(answer.status))
    if declared is None:
        return [f"the description of {answer.method} {template} has no answer {answer.status}"]
    content = declared.get("content", {})
    if not content:
        return ["the description has no body for it"] if answer.body else []
    if answer.content_type not in content:
        return [f"content type '{answer.content_type}' instead of {' or '.join(content)}"]
    if answer.content_type != "application/json":
        return []
    return list(_schema_problems(document, content[answer.content_type].get("schema", {}), answer.json(), "the body"))


def _operation_problems(
    method: str, path: str, statuses: Mapping[int, Any], described: Mapping[str, Any]
) -> Iterator[str]:
    responses = described.get("responses", {})
    missing = sorted(str(status) for status in statuses if str(status) not in responses)
    if missing:
        yield f"is described without its answers {', '.join(missing)}"
    known = {str(status) for status in (*statuses, *ALWAYS)}
    foreign = sorted(set(responses) - known)
    if foreign:
        yield f"is described with answers that it does not have: {', '.join(foreign)}"
    for status, (content_type, _) in statuses.items():
        declared = responses.get(str(status), {})
        wanted = [content_type] if content_type else []
        if declared and list(declared.get("content", {})) != wanted:
            seen = ", ".join(declared.get("content", {})) or "no body"
            yield f"is described with {seen} for {status}, expected {content_type or 'no body'}"
    for code in sorted(set(_RETRY_AFTER) & set(responses)):
        if path != "/health" and "Retry-After" not in responses[code].get("headers", {}):
            yield f"is described without the header Retry-After for {code}"
    parameters = {entry.get("name") for entry in described.get("parameters", []) if entry.get("in") == "path"}
    wanted_names = {part.strip("{}") for part in path.split("/") if part.startswith("{")}
    if parameters != wanted_names:
        yield f"is described with the path parameters {sorted(map(str, parameters))}, expected {sorted(wanted_names)}"
    if (method == "POST") != ("requestBody" in described):
        yield f"is described {'without a' if method == 'POST' else 'with a'} request body"


def _answer_schema_problems(
    document: Mapping[str, Any], statuses: Mapping[int, Shape], responses: Mapping[str, Any]
) -> Iterator[str]:
    """Answers in JSON whose schema requires less than the contract: no list, no entries, or not the members."""
    for status, (content_type, check) in statuses.items():
        content = responses.get(str(status), {}).get("content", {})
        if check is None or content_type != JSON or JSON not in content:
            continue
        choices = _choices(document, content[JSON].get("schema", {}))
        lacks = [_lacks(document, choice, members) for choice in choices for members in members_of(check)]
        if not choices:
            yield f"is described for {status} without a schema that can be resolved"
        elif all(lacks):
            yield f"is described for {status} without {lacks[0]}"


def _lacks(document: Mapping[str, Any], schema: Mapping[str, Any], members: tuple[str, ...] | None) -> str:
    """What a schema lacks of an object with these required members, or of a list (None); empty for nothing."""
    if members is None:
        entries = _choices(document, schema.get("items", {}))
        complete = any(entry.get("properties") or entry.get("items") for entry in entries)
        return "" if complete else "the entries of its list"
    if schema.get("type") != "object":
        return "an object"
    missing = [name for name in members if name not in _required(schema)]
    return f"the required {', '.join(missing)}" if missing else ""


def _body_schema_problems(
    document: Mapping[str, Any], fields: Mapping[str, bool], described: Mapping[str, Any] | None
) -> Iterator[str]:
    """What the schema of a request's body lacks of the contract's fields."""
    if described is None or not fields:
        return
    body = _choices(document, described.get("content", {}).get(JSON, {}).get("schema", {}))
    if not body:
        yield "is described without a schema of its body that can be resolved"
        return
    for field, needed in fields.items():
        *parents, name = field.split(".")
        places = body
        for parent in parents:
            inside = (place.get("properties", {}).get(parent, {}) for place in places)
            places = [choice for schema in inside for choice in _choices(document, schema)]
        if not any(name in place.get("properties", {}) for place in places):
            yield f"is described without {field} in its body"
        elif needed and not any(name in _required(place) for place in places):
            yield f"is described as if its body did not need {field}"


def _choices(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemas that one stands for: what it refers to, or each that may be chosen; none when there is none."""
    if "$ref" in schema:
        target = document.get("components", {}).get("schemas", {}).get(schema["$ref"].rpartition("/")[2])
        return _choices(document, target) if target else []
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        return [choice for each in several for choice in _choices(document, each)]
    return [schema] if schema else []


def _required(schema: Mapping[str, Any]) -> set[str]:
    """The members that a schema both describes and requires."""
    return set(schema.get("required", ())) & set(schema.get("properties", {}))


def _schema_problems(document: Mapping[str, Any], schema: Mapping[str, Any], value: Any, name: str) -> Iterator[str]:
    """The parts of JSON Schema that such a description is made of."""
    if "$ref" in schema:
        kind = schema["$ref"].rpartition("/")[2]
        target = document.get("components", {}).get("schemas", {}).get(kind)
        if target is None:
            yield f"the description refers to {kind}, which it does not have"
        else:
            yield from _schema_problems(document, target, value, name)
        return
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        found = [list(_schema_problems(document, choice, value, name)) for choice in choices]
        if all(found):
            yield from min(found, key=len)
        return
    if "const" in schema and value != schema["const"]:
        yield f"{name} is {value!r:.80}, described as {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} is {value!r:.80}, described as one of {schema['enum']}"
    types = _TYPES.get(schema.get("type", ""), ())
    if types and type(value) not in types:
        yield f"{name} is {value!r:.80}, described as {schema['type']}"
    elif isinstance(value, dict):
        yield from _object_problems(document, schema, value, name)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            problems = list(_schema_problems(document, schema.get("items", {}), entry, f"{name}[{index}]"))
            if problems:
                yield from problems
                return


def _object_problems(
    document: Mapping[str, Any], schema: Mapping[str, Any], value: Mapping[str, Any], name: str
) -> Iterator[str]:
    properties = schema.get("properties", {})
    yield from (f"{name}: {member} is missing" for member in schema.get("required", ()) if member not in value)
    # Descriptions do not mention further members when anything may follow.
    further = schema.get("additionalProperties", True)
    for member, given in value.items():
        if member in properties:
            yield from _schema_problems(document, properties[member], given, member)
        elif further is False:
            yield f"{name}: {member} is not described"
        elif isinstance(further, dict):
            yield from _schema_problems(document, further, given, member)
