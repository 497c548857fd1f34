"""What the routes of the web app take and answer, as ``openapi.json`` declares it.

The routes read bodies and queries themselves, so that every refusal is one of the API's own; the framework knows
nothing of them.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "string", "enum": ["true", "false"]}
INTEGER: Json = {"type": "integer"}
NUMBERS: Json = {"type": "array", "items": INTEGER}
TEXTS: Json = {"type": "array", "items": TEXT}
OBJECT: Json = {"type": "object"}
OBJECTS: Json = {"type": "array", "items": OBJECT}

_WORDS = {
    400: "what was sent breaks a rule",
    401: "there is no good login",
    403: "the caller may not do this, or the CSRF header is missing",
    404: "there is no such thing",
    409: "it does not fit what there is",
    413: "the body is too large",
    429: "too many requests",
    503: "a service behind the web app does not answer",
}
_RETRY_AFTER = {"Retry-After": {"description": "seconds to wait", "schema": INTEGER}}
_ERROR = {"$ref": "#/components/schemas/Error"}
_ERROR_SCHEMA = {
    "type": "object",
    "required": ["type", "statusCode", "path", "timestamp", "message"],
    "properties": {"type": TEXT, "statusCode": INTEGER, "path": TEXT, "timestamp": TEXT, "message": TEXT},
}


def members(required: Json, optional: Json | None = None) -> Json:
    """Return the schema of an object."""
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def query(**parameters: Json) -> list[Json]:
    """Return the declaration of query parameters, none of them required."""
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in parameters.items()]


def operation(
    status: int,
    answer: Json,
    *refusals: int,
    body: Json | None = None,
    parameters: list[Json] | None = None,
    media_types: tuple[str, ...] = ("application/json",),
) -> Json:
    """Return the arguments that a route's decorator gets: what it answers, with what it refuses, what it takes."""
    shown = {kind: {"schema": answer if kind == "application/json" else TEXT} for kind in media_types}
    responses: Json = {str(status): {"description": "done", "content": shown}}
    # Whatever stands before the web app may refuse any request.
    for code in sorted({400, 429, 503, *refusals, *((413,) if body else ())}):
        responses[str(code)] = {"description": _WORDS[code], "content": {"application/json": {"schema": _ERROR}}}
        if code in (429, 503):
            responses[str(code)]["headers"] = _RETRY_AFTER
    extra: Json = {"responses": responses}
    if body:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if parameters:
        extra["parameters"] = parameters
    return {"status_code": status, "openapi_extra": extra}


def describe(app: FastAPI, site_id: str) -> None:
    """Make the app's document hold what the routes declare, and not what the framework supposes of them.

    ``site_id`` is the one value that a path has for its site.
    """
    made = app.openapi

    def described() -> Json:
        document = made()
        for path in document["paths"].values():
            for described_operation in path.values():
                described_operation["responses"].pop("422", None)
                for parameter in described_operation.get("parameters", ()):
                    if parameter["name"] == "site":
                        parameter["schema"] = {**TEXT, "enum": [site_id]}
        document["components"] = {"schemas": {"Error": _ERROR_SCHEMA}}
        return document

    app.openapi = described  # type: ignore[method-assign]
