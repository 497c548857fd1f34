"""The server's own description (/openapi.json), compared with the contract and with the answers that are seen."""

from collections.abc import Iterator, Mapping
from typing import Any

from focus_core.answer_shapes import ALWAYS, OPERATIONS, PREFIX, path_of, template_of
from focus_core.focus_client import Exchange

# What describes the site is not described itself.
_UNDESCRIBED = ("/openapi.json", "/docs")
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_RETRY_AFTER = ("429", "503")
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
    """Where the description and the contract differ: operations, statuses, content types, parameters, bodies."""
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
            found += [
                f"{method} {path} {problem}" for problem in _operation_problems(method, path, statuses, described)
            ]
    return found


def answer_problems(document: Mapping[str, Any], answer: Exchange) -> list[str]:
    """Where an answer differs from what the description says of its operation and status."""
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
    # Descriptions say nothing of further members when anything may follow.
    further = schema.get("additionalProperties", True)
    for member, given in value.items():
        if member in properties:
            yield from _schema_problems(document, properties[member], given, member)
        elif further is False:
            yield f"{name}: {member} is not described"
        elif isinstance(further, dict):
            yield from _schema_problems(document, further, given, member)
