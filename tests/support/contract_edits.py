"""Edits of the documents of record, each with how bad it is, whom it hits and the rule that has to find it.

An edit changes a copy of a document in place; helpers take their places by words, so that a row reads as one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from focus_core.contract.diff.changes import Direction, Severity
from focus_core.contract.record import Json, Service

BREAKING, RISKY, HARMLESS = Severity
REQUEST, ANSWER = Direction
Do = Callable[[Json], None]


@dataclass(frozen=True)
class Edit:
    """`rule` is the one that finds it at `operation`; empty: nothing is found."""

    name: str
    severity: Severity
    rule: str
    operation: str
    do: Do
    service: Service = "focus-server"


def schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def at(document: Json, operation: str) -> Json:
    method, path = operation.split()
    found: Json = document["paths"][path][method.lower()]
    return found


def setting(name: str, place: str, **values: Any) -> Do:
    """Sets keywords of a schema; `place` leads to it through properties."""

    def do(document: Json) -> None:
        part = schema(document, name)
        for step in filter(None, place.split(".")):
            part = part["properties"][step]
        part.update(values)

    return do


def replacing(name: str, member: str, new: Json) -> Do:
    """Gives a member of a schema another schema."""

    def do(document: Json) -> None:
        schema(document, name)["properties"][member] = new

    return do


def removing(name: str, member: str) -> Do:
    def do(document: Json) -> None:
        part = schema(document, name)
        del part["properties"][member]
        part["required"] = [each for each in part.get("required", []) if each != member]

    return do


def renaming(name: str, member: str, new: str) -> Do:
    def do(document: Json) -> None:
        part = schema(document, name)
        part["properties"][new] = part["properties"].pop(member)
        part["required"] = [new if each == member else each for each in part["required"]]

    return do


def adding(name: str, member: str, new: Json, *, required: bool = False) -> Do:
    def do(document: Json) -> None:
        part = schema(document, name)
        part["properties"][member] = new
        if required:
            part["required"] = [*part.get("required", []), member]

    return do


def optional(name: str, member: str) -> Do:
    def do(document: Json) -> None:
        part = schema(document, name)
        part["required"] = [each for each in part["required"] if each != member]

    return do


def demanding(name: str, member: str) -> Do:
    def do(document: Json) -> None:
        part = schema(document, name)
        part["required"] = [*part.get("required", []), member]

    return do


def doing(operation: str, change: Callable[[Json], Any]) -> Do:
    """Changes what stands at an operation."""
    return lambda document: change(at(document, operation))


def response(operation: str, status: str, change: Callable[[Json], Any]) -> Do:
    """Changes one answer, which is first written out where it is a reference."""

    def do(document: Json) -> None:
        answers = at(document, operation)["responses"]
        if "$ref" in answers[status]:
            answers[status] = {**document["components"]["responses"][answers[status]["$ref"].rpartition("/")[2]]}
        change(answers[status])

    return do


def parameter(name: str, schema: Json, *, required: bool = False, place: str = "query") -> Json:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _query(described: Json, name: str) -> Json:
    found: Json = next(each for each in described["parameters"] if each["name"] == name)
    return found


def changing_query(operation: str, name: str, **values: Any) -> Do:
    return lambda document: _query(at(document, operation), name).update(values)


def without_query(operation: str, name: str) -> Do:
    def do(document: Json) -> None:
        described = at(document, operation)
        described["parameters"] = [each for each in described["parameters"] if each["name"] != name]

    return do


def with_parameter(operation: str, added: Json) -> Do:
    def do(document: Json) -> None:
        described = at(document, operation)
        described["parameters"] = [*described.get("parameters", []), added]

    return do


def _moved_into_a_shared_schema(document: Json) -> None:
    schemas = document["components"]["schemas"]
    schemas["DisplayTime"] = schemas["Configure"]["properties"]["displayTimeAxisDuration"]
    schemas["Configure"]["properties"]["displayTimeAxisDuration"] = {"$ref": "#/components/schemas/DisplayTime"}


def _written_out(document: Json) -> None:
    schemas = document["components"]["schemas"]
    schemas["View"]["properties"]["stream_port"] = {**schemas["Positive"]}


def _reversed(document: Json) -> None:
    document["paths"] = dict(reversed(document["paths"].items()))
    for part in document["components"]["schemas"].values():
        for key in ("properties", "required", "enum"):
            if key in part:
                turned = list(reversed(part[key].items() if key == "properties" else part[key]))
                part[key] = dict(turned) if key == "properties" else turned


def _described_anew(document: Json) -> None:
    schema(document, "View")["description"] = "a view, said otherwise"


def _prefix(document: Json) -> None:
    document["servers"] = [{"url": "/focus"}]


def _shared_range_of_both(document: Json) -> None:
    """A schema of a request that an answer gets to use as well, and that then allows more."""
    schemas = document["components"]["schemas"]
    schemas["Metadata"]["properties"]["channels"] = {"$ref": "#/components/schemas/ChannelRange"}


CONFIGURE, CHANGE, METADATA = "POST /configure", "POST /config/{task_id}", "GET /metadata/{job_id}"
HEALTH, CHANNELS = "GET /health", "GET /channels"
ROWS, ROWS_ALL = "GET /waterfall/{job_id}/{rows}", "GET /waterfall/{job_id}"
STATE, TIMES = "GET /ack/{job_id}", "POST /recordings_in_time_range"
LIVE, DELETE = "GET /live_metadata", "DELETE /job/{job_id}"
ALERTS, PUSH, EXPORT = "GET /{site}/api/alert", "POST /{site}/api/push-to-rabbit", "GET /{site}/api/alert/export-alerts"
LOGIN = "POST /auth/login"
JSON = "application/json"

BREAKS = [
    # paths, methods
    Edit("a path is gone", BREAKING, "operation-gone", CHANNELS, lambda d: d["paths"].pop("/channels")),
    Edit("a path is written otherwise", BREAKING, "operation-gone", CHANNELS,
         lambda d: d["paths"].update({"/Channels": d["paths"].pop("/channels")})),
    Edit("a method is another one", BREAKING, "operation-gone", TIMES,
         lambda d: d["paths"]["/recordings_in_time_range"].update(
             put=d["paths"]["/recordings_in_time_range"].pop("post"))),
    Edit("all paths begin otherwise", BREAKING, "operation-gone", CONFIGURE, _prefix),
    # parameters
    Edit("a new parameter is demanded", BREAKING, "request-parameter-required", CHANNELS,
         with_parameter(CHANNELS, parameter("site", {"type": "string"}, required=True))),
    Edit("a new header is demanded", BREAKING, "request-parameter-required", CHANNELS,
         with_parameter(CHANNELS, parameter("X-Client", {"type": "string"}, required=True, place="header"))),
    Edit("a parameter is demanded that was not", BREAKING, "request-parameter-required", ALERTS,
         changing_query(ALERTS, "startTime", required=True), "webapp"),
    Edit("a parameter is no longer read", BREAKING, "request-parameter-gone", ALERTS,
         without_query(ALERTS, "severities"), "webapp"),
    Edit("a parameter has another type", BREAKING, "request-type-changed", ALERTS,
         changing_query(ALERTS, "page", schema={"type": "boolean"}), "webapp"),
    Edit("a word of a parameter is gone", BREAKING, "request-enum-value-gone", ALERTS,
         changing_query(ALERTS, "orderByDirection", schema={"type": "string", "enum": ["asc"]}), "webapp"),
    Edit("a parameter gets a bound", BREAKING, "request-minimum-raised", ALERTS,
         changing_query(ALERTS, "page", schema={"type": "integer", "minimum": 1}), "webapp"),
    Edit("a list is written otherwise in a query", BREAKING, "request-parameter-style", ALERTS,
         changing_query(ALERTS, "classIds", explode=False), "webapp"),
    # bodies of requests
    Edit("a member of a request is demanded that was not", BREAKING, "request-property-required", CONFIGURE,
         demanding("Configure", "frequencyRange")),
    Edit("a new member of a request is demanded", BREAKING, "request-property-required", CONFIGURE,
         adding("Configure", "tenant", {"type": "string"}, required=True)),
    Edit("a member of a request is no longer read", BREAKING, "request-property-gone", CONFIGURE,
         removing("Configure", "nfftSelection")),
    Edit("a member of a request has another name", BREAKING, "request-property-gone", CONFIGURE,
         renaming("Configure", "view_type", "viewType")),
    Edit("a member of a request has another type", BREAKING, "request-type-changed", CONFIGURE,
         replacing("Height", "height", {"type": "string"})),
    Edit("a request takes no null any more", BREAKING, "request-null-gone", CONFIGURE,
         replacing("Configure", "nfftSelection", {"type": "integer", "minimum": 1})),
    Edit("a request takes whole numbers only", BREAKING, "request-type-narrowed", CONFIGURE,
         replacing("Configure", "displayTimeAxisDuration", {"type": ["integer", "null"], "minimum": 1})),
    Edit("a value of a request is no longer taken", BREAKING, "request-enum-value-gone", CONFIGURE,
         setting("Configure", "view_type", enum=[0, 1])),
    Edit("a request takes larger numbers only", BREAKING, "request-minimum-raised", CONFIGURE,
         replacing("Height", "height", {"type": "integer", "minimum": 100})),
    Edit("a request takes smaller numbers only", BREAKING, "request-maximum-lowered", CONFIGURE,
         replacing("Height", "height", {"type": "integer", "minimum": 1, "maximum": 500})),
    Edit("a text of a request has to have a form", BREAKING, "request-pattern-added", LOGIN,
         doing(LOGIN, lambda o: o["requestBody"]["content"][JSON]["schema"]["properties"]["username"].update(
             pattern="^x")), "webapp"),
    Edit("a text of a request has another form", BREAKING, "request-pattern-changed", CHANGE,
         replacing("Change", "start_time", {"type": ["string", "null"], "pattern": "^[0-9]{10}$"})),
    Edit("a text of a request is shorter", BREAKING, "request-most-size-lowered", "POST /config_task",
         replacing("TaskChange", "task_id", {"type": "string", "pattern": "^[a-zA-Z0-9_-]+$", "maxLength": 64})),
    Edit("a list of a request is shorter", BREAKING, "request-most-size-lowered", PUSH,
         setting("NewAlert", "alertIds", maxItems=10), "webapp"),
    Edit("a list of a request is longer", BREAKING, "request-least-size-raised", PUSH,
         setting("NewAlert", "alertIds", minItems=2), "webapp"),
    Edit("entries of a list have to differ", BREAKING, "request-entries-differ", PUSH,
         setting("NewAlert", "alertIds", uniqueItems=True), "webapp"),
    Edit("a request may hold nothing more", BREAKING, "request-type-narrowed", CONFIGURE,
         setting("Configure", "", additionalProperties=False)),
    Edit("a media type of a request is gone", BREAKING, "request-media-type-gone", CONFIGURE,
         doing(CONFIGURE, lambda o: o["requestBody"].update(content={"text/plain": {"schema": {"type": "string"}}}))),
    Edit("a body is demanded where there was none", BREAKING, "request-body-required", "GET /channels",
         doing(CHANNELS, lambda o: o.update(requestBody={"required": True, "content": {JSON: {}}}))),
    Edit("a body is no longer read", BREAKING, "request-body-gone", TIMES,
         doing(TIMES, lambda o: o.pop("requestBody"))),
    # bodies of answers
    Edit("a field of an answer is gone", BREAKING, "answer-property-gone", CONFIGURE, removing("View", "stream_port")),
    Edit("a field of an answer that was not always there is gone", BREAKING, "answer-property-gone", HEALTH,
         removing("Health", "message")),
    Edit("a field of an answer has another name", BREAKING, "answer-property-gone", CONFIGURE,
         renaming("View", "frequencies_list", "frequencies")),
    Edit("a field of an answer may be missing", BREAKING, "answer-property-optional", LIVE,
         optional("LiveMetadata", "dtype")),
    Edit("a field of an answer has another type", BREAKING, "answer-type-changed", CONFIGURE,
         replacing("View", "stream_port", {"type": "string"})),
    Edit("a field of an answer may be null", BREAKING, "answer-null-allowed", CONFIGURE,
         replacing("View", "lines_dt", {"type": ["number", "null"], "minimum": 0})),
    Edit("a whole number of an answer is any number", BREAKING, "answer-type-widened", LIVE,
         replacing("LiveMetadata", "number_of_channels", {"type": "number", "minimum": 0})),
    Edit("a field of an answer is a text too", BREAKING, "answer-type-widened", CONFIGURE,
         replacing("View", "view_type", {"type": ["integer", "string"]})),
    Edit("an answer has a new word", BREAKING, "answer-enum-value-added", STATE,
         setting("JobState", "status", enum=["waiting", "running", "completed", "failed"])),
    Edit("an answer has any word", BREAKING, "answer-enum-lifted", STATE,
         replacing("JobState", "status", {"type": "string"})),
    Edit("a fixed word of an answer is another", BREAKING, "answer-enum-value-added", DELETE,
         replacing("Deleted", "status", {"type": "string", "const": "deleted"})),
    Edit("an answer may be negative", BREAKING, "answer-minimum-lowered", CONFIGURE,
         replacing("View", "lines_dt", {"type": "number"})),
    Edit("a text of an answer has no form", BREAKING, "answer-pattern-gone", CONFIGURE,
         replacing("View", "job_id", {"type": "string"})),
    Edit("a list of an answer may be empty", BREAKING, "answer-least-size-lowered", CHANNELS,
         setting("Channels", "channels", minItems=0)),
    Edit("a pair of an answer has three entries", BREAKING, "answer-most-size-raised", TIMES,
         lambda d: schema(d, "Ranges")["items"].update(minItems=3, maxItems=3)),
    Edit("entries of a list of an answer have another type", BREAKING, "answer-type-changed", CHANNELS,
         setting("Channels", "channels", items={"type": "string"})),
    Edit("values of a map have another type", BREAKING, "answer-type-changed", CONFIGURE,
         setting("View", "channel_to_stream_index", additionalProperties={"type": "string"})),
    Edit("an object of an answer is a list", BREAKING, "answer-type-changed", STATE,
         lambda d: d["components"]["schemas"].update(JobState={"type": "array", "items": {"type": "string"}})),
    Edit("an answer has a further form", BREAKING, "answer-type-widened", ROWS_ALL,
         lambda d: d["components"]["schemas"].update(
             AllRows={"anyOf": [schema(d, "AllRows"), {"type": "array", "items": {"type": "object"}}]})),
    # statuses, media types, headers
    Edit("a success is gone", BREAKING, "answer-status-gone", ROWS, doing(ROWS, lambda o: o["responses"].pop("208"))),
    Edit("a success is another status", BREAKING, "answer-status-added", CONFIGURE,
         doing(CONFIGURE, lambda o: o["responses"].update({"201": o["responses"].pop("200")}))),
    Edit("a success is added", BREAKING, "answer-status-added", CONFIGURE,
         doing(CONFIGURE, lambda o: o["responses"].update({"202": {"description": "later"}}))),
    Edit("a media type of an answer is gone", BREAKING, "answer-media-type-gone", EXPORT,
         response(EXPORT, "200", lambda r: r["content"].pop("text/csv")), "webapp"),
    Edit("an answer has a body where there was none", BREAKING, "answer-body-added", ROWS,
         response(ROWS, "200", lambda r: r.update(content={JSON: {"schema": {"type": "object"}}}))),
    Edit("a header is gone", BREAKING, "answer-header-gone", CONFIGURE,
         response(CONFIGURE, "503", lambda r: r.pop("headers"))),
    Edit("a header may be missing", BREAKING, "answer-header-optional", CHANNELS,
         response(CHANNELS, "429", lambda r: r.update(headers={"Retry-After": {
             "schema": {"$ref": "#/components/schemas/RetryAfter"}}}))),
    Edit("a header has another form", BREAKING, "answer-type-changed", CHANNELS,
         response(CHANNELS, "429", lambda r: r.update(headers={"Retry-After": {
             "required": True, "schema": {"type": "string"}}}))),
    # logins
    Edit("a login is demanded for all", BREAKING, "request-login-demanded", CHANNELS,
         lambda d: d.update(security=[{"bearer": []}])),
    Edit("a login is demanded for one operation", BREAKING, "request-login-demanded", "GET /login-configuration",
         doing("GET /login-configuration", lambda o: o.update(security=[{"bearer": []}])), "webapp"),
    Edit("a way to log in is gone", BREAKING, "request-login-demanded", PUSH,
         lambda d: d.update(security=[{"bearer": []}]), "webapp"),
    Edit("a login needs a further right", BREAKING, "request-login-demanded", PUSH,
         lambda d: d.update(security=[{"bearer": [], "csrf": []}, {"cookie": []}]), "webapp"),
    Edit("a login is of another kind", BREAKING, "login-changed", "the document",
         lambda d: d["components"]["securitySchemes"].update(cookie={"type": "apiKey", "in": "header", "name": "X"})),
    # a schema that requests and answers share
    Edit("a shared schema is narrower: the request", BREAKING, "request-minimum-raised", CONFIGURE,
         lambda d: (_shared_range_of_both(d),
                    schema(d, "ChannelRange")["properties"].update(min={"type": "integer", "minimum": 2}))),
    Edit("a shared schema is wider: the answer", BREAKING, "answer-minimum-lowered", METADATA,
         lambda d: schema(d, "Positive").update(minimum=0)),
]  # fmt: skip

HARMS_NOBODY = [
    Edit("nothing changes but the order", HARMLESS, "", "", _reversed),
    Edit("a part is moved into a shared schema", HARMLESS, "", "", _moved_into_a_shared_schema),
    Edit("a shared schema is written out", HARMLESS, "", "", _written_out),
    Edit("an anyOf with null is written as a list of types", HARMLESS, "", "",
         replacing("LiveMetadata", "dtype", {"anyOf": [{"type": "string", "pattern": r"\S"}, {"type": "null"}]})),
    Edit("a word is written as an enum of one", HARMLESS, "", "",
         replacing("Deleted", "status", {"type": "string", "enum": ["success"]})),
    Edit("from 1 on is written as above 0", HARMLESS, "", "",
         replacing("Height", "height", {"type": "integer", "exclusiveMinimum": 0})),
    Edit("a schema is described anew", HARMLESS, "answer-description-changed", CONFIGURE, _described_anew),
    Edit("an operation is described anew", HARMLESS, "request-described-anew", CHANNELS,
         doing(CHANNELS, lambda o: o.update(summary="channels", description="all of them", operationId="c"))),
    Edit("an answer is described anew", HARMLESS, "answer-described-anew", CONFIGURE,
         response(CONFIGURE, "200", lambda r: r.update(description="open"))),
    Edit("an example is added", HARMLESS, "request-examples-changed", CONFIGURE,
         setting("Configure", "", examples=[{"view_type": 0}])),
    Edit("a path is new", HARMLESS, "operation-added", "GET /more",
         lambda d: d["paths"].update({"/more": {"get": {"responses": {"200": {"description": "more"}}}}})),
    Edit("a method is new", HARMLESS, "operation-added", "PUT /channels",
         lambda d: d["paths"]["/channels"].update(put={"responses": {"200": {"description": "more"}}})),
    Edit("a parameter of the path has another name", HARMLESS, "", "",
         lambda d: d["paths"].update({"/job/{id}": {"delete": {
             **d["paths"].pop("/job/{job_id}")["delete"], "parameters": [
                 {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]}}})),
    Edit("a parameter may be sent", HARMLESS, "request-parameter-added", CHANNELS,
         with_parameter(CHANNELS, parameter("from", {"type": "integer"}))),
    Edit("a parameter takes a further word", HARMLESS, "request-enum-value-added", ALERTS,
         changing_query(ALERTS, "orderByDirection", schema={"type": "string", "enum": ["asc", "desc", "none"]}),
         "webapp"),
    Edit("a member may be sent", HARMLESS, "request-property-added", CONFIGURE,
         adding("Configure", "colour", {"type": "string"})),
    Edit("a member of a request may be left out", HARMLESS, "request-property-optional", CONFIGURE,
         optional("Configure", "view_type")),
    Edit("a request takes null", HARMLESS, "request-null-allowed", CONFIGURE,
         replacing("Configure", "view_type", {"type": ["integer", "null"], "enum": [0, 1, 2, None]})),
    Edit("a request takes a text too", HARMLESS, "request-type-widened", CONFIGURE,
         replacing("Configure", "view_type", {"anyOf": [{"type": "integer", "enum": [0, 1, 2]}, {"type": "string"}]})),
    Edit("a request takes a further value", HARMLESS, "request-enum-value-added", CONFIGURE,
         setting("Configure", "view_type", enum=[0, 1, 2, 3])),
    Edit("a request takes smaller numbers", HARMLESS, "request-minimum-lowered", CONFIGURE,
         replacing("Height", "height", {"type": "integer", "minimum": 0})),
    Edit("a text of a request needs no form", HARMLESS, "request-pattern-gone", CHANGE,
         replacing("Change", "start_time", {"type": ["string", "null"]})),
    Edit("a list of a request may be longer", HARMLESS, "request-most-size-raised", PUSH,
         setting("NewAlert", "alertIds", maxItems=1000), "webapp"),
    Edit("a request is taken in a further media type", HARMLESS, "request-media-type-added", CONFIGURE,
         doing(CONFIGURE, lambda o: o["requestBody"]["content"].update({"text/plain": {"schema": {}}}))),
    Edit("an answer says more", HARMLESS, "answer-property-added", CONFIGURE,
         adding("View", "colour", {"type": "string"})),
    Edit("an answer always says more", HARMLESS, "answer-property-added", CONFIGURE,
         adding("View", "colour", {"type": "string"}, required=True)),
    Edit("a field of an answer is always there", HARMLESS, "answer-property-required", HEALTH,
         demanding("Health", "message")),
    Edit("a field of an answer is never null", HARMLESS, "answer-null-gone", LIVE,
         replacing("LiveMetadata", "dtype", {"type": "string", "pattern": r"\S"})),
    Edit("an answer has fewer words", HARMLESS, "answer-enum-value-gone", STATE,
         setting("JobState", "status", enum=["waiting", "running"])),
    Edit("a number of an answer is whole", HARMLESS, "answer-type-narrowed", LIVE,
         replacing("LiveMetadata", "prr", {"type": "integer", "minimum": 0})),
    Edit("a list of an answer has a bound", HARMLESS, "answer-most-size-lowered", CHANNELS,
         setting("Channels", "channels", maxItems=5000)),
    Edit("a text of an answer has a form", HARMLESS, "answer-pattern-added", LIVE,
         replacing("LiveMetadata", "fiber_description", {"type": "string", "pattern": "^f"})),
    Edit("an answer has one form less", HARMLESS, "answer-alternatives-changed", CONFIGURE,
         response(CONFIGURE, "503", lambda r: r["content"][JSON].update(
             schema={"$ref": "#/components/schemas/Refusal"}))),
    Edit("an answer has nothing further", HARMLESS, "answer-further-members", CONFIGURE,
         setting("Recorder", "", additionalProperties=False)),
    Edit("a refusal is gone", HARMLESS, "answer-status-gone", CONFIGURE,
         doing(CONFIGURE, lambda o: o["responses"].pop("413"))),
    Edit("an answer is there in a further media type", HARMLESS, "answer-media-type-added", CHANNELS,
         response(CHANNELS, "200", lambda r: r["content"].update({"text/csv": {"schema": {"type": "string"}}}))),
    Edit("a header is new", HARMLESS, "answer-header-added", CHANNELS,
         response(CHANNELS, "200", lambda r: r.update(headers={"ETag": {"schema": {"type": "string"}}}))),
    Edit("a header is always there", HARMLESS, "answer-header-required", HEALTH,
         response(HEALTH, "503", lambda r: r["headers"]["Retry-After"].update(required=True))),
]  # fmt: skip

RISKS = [
    Edit("a default is another", RISKY, "request-default-changed", CONFIGURE,
         setting("Configure", "nfftSelection", default=512)),
    Edit("a format is another", RISKY, "answer-format-changed", LIVE,
         setting("LiveMetadata", "fiber_description", format="uuid")),
    Edit("a refusal is new", RISKY, "answer-status-added", CHANNELS,
         doing(CHANNELS, lambda o: o["responses"].update({"418": {"description": "a teapot"}}))),
    Edit("nobody needs to log in", RISKY, "request-login-lifted", PUSH, lambda d: d.update(security=[]), "webapp"),
    Edit("an operation is called outdated", RISKY, "request-deprecated-changed", CHANNELS,
         doing(CHANNELS, lambda o: o.update(deprecated=True))),
    Edit("a rule in Python is gone", RISKY, "answer-x-rule-changed", CONFIGURE,
         lambda d: schema(d, "View").update({"x-rule": ["counts-equal"]})),
]  # fmt: skip
