"""The server's description against the contract, and answers against the description."""

import copy
import json
from typing import Any

import pytest
from focus_core.server import openapi
from focus_core.server.answer_shapes import OPERATIONS, PREFIX, members_of
from focus_core.server.client import Exchange

THING = {
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["ok", "degraded"]},
        "count": {"type": "integer"},
        "rate": {"anyOf": [{"type": "number"}, {"type": "null"}]},
        "list": {"type": "array", "items": {"type": "integer"}},
        "more": {"type": "object", "additionalProperties": {"type": "integer"}},
        "fixed": {"const": 1},
    },
    "required": ["status", "count"],
    "additionalProperties": False,
}
END = {"type": "integer"}
RANGE = {"anyOf": [{"$ref": "#/components/schemas/Range"}, {"type": "null"}]}
HEIGHT = {"type": "object", "properties": {"height": END}, "required": ["height"]}
SCHEMAS = {"Range": {"type": "object", "properties": {"min": END, "max": END}, "required": ["min", "max"]}}
VIEW_BODY = {
    "displayTimeAxisDuration": END, "nfftSelection": END, "displayInfo": HEIGHT, "channels": RANGE,
    "frequencyRange": RANGE, "start_time": END, "end_time": END, "view_type": END,
}  # fmt: skip
CHANGE = VIEW_BODY | {"roi": {"type": "array"}, "sensors": RANGE, "canvasInfo": HEIGHT}
BODIES = {
    "/configure": (VIEW_BODY, ["displayInfo", "channels", "view_type"]),
    "/config_task": (CHANGE | {"task_id": {}}, ["task_id"]),
    "/config/{task_id}": (CHANGE, []),
    "/recordings_in_time_range": ({"start_time": END, "end_time": END}, ["start_time", "end_time"]),
}
RIGHT = {"status": "ok", "count": 1, "rate": None, "list": [1], "more": {"1": 0}, "fixed": 1}


def schema_of(content_type: str, check: Any) -> dict[str, Any]:
    """A schema that requires as much as the contract has to have."""
    if content_type != "application/json":
        return {"type": "string"}
    members = members_of(check)[-1]
    if members is None:
        return {"type": "array", "items": {"type": "array", "items": END}}
    return {"type": "object", "properties": dict.fromkeys(members, END), "required": list(members)}


def described() -> dict[str, Any]:
    """A description that is the contract."""
    paths: dict[str, Any] = {}
    for (method, path), statuses in OPERATIONS.items():
        if path in ("/openapi.json", "/docs"):
            continue
        responses = {
            str(status): {
                "content": {content_type: {"schema": schema_of(content_type, check)}} if content_type else {},
                "headers": {"Retry-After": {}} if status in (429, 503) else {},
            }
            for status, (content_type, check) in statuses.items()
        }
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        operation = {"responses": responses, "parameters": [{"in": "path", "name": name} for name in names]}
        if method == "POST":
            fields, required = BODIES[path]
            schema = {"type": "object", "properties": dict(fields), "required": list(required)}
            operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
        paths.setdefault(PREFIX + path, {})[method.lower()] = operation
    return {"paths": paths, "components": {"schemas": SCHEMAS}}


def answered(body: Any, status: int = 200) -> Exchange:
    url = f"http://127.0.0.1{PREFIX}/health"
    return Exchange("GET", url, "", status, {"Content-Type": "application/json"}, json.dumps(body), 0.1)


def document() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    return {
        "paths": {f"{PREFIX}/health": {"get": {"responses": {"200": {"content": content}}}}},
        "components": {"schemas": {"Thing": THING}},
    }


def test_the_contract_itself_passes() -> None:
    assert openapi.contract_problems(described()) == []


@pytest.mark.parametrize(("method", "path"), [key for key in OPERATIONS if key[1] not in ("/openapi.json", "/docs")])
def test_a_missing_operation_or_status_is_named(method: str, path: str) -> None:
    content = described()
    operation = content["paths"][PREFIX + path].pop(method.lower())
    assert openapi.contract_problems(content) == [f"{method} {path} is not described"]
    for status in operation["responses"]:
        less = copy.deepcopy(operation)
        del less["responses"][status]
        content["paths"][PREFIX + path][method.lower()] = less
        assert openapi.contract_problems(content) == [f"{method} {path} is described without its answers {status}"]


def test_everything_else_of_an_operation_is_compared() -> None:
    place = f"{PREFIX}/metadata/{{job_id}}"
    content = described()
    operation = content["paths"][place]["get"]
    operation["parameters"] = []
    operation["requestBody"] = {}
    operation["responses"]["200"]["content"] = {"text/html": {}}
    operation["responses"]["418"] = {}
    operation["responses"]["429"] = {}
    content["paths"][place]["put"] = {}
    what = "GET /metadata/{job_id} is described with"
    assert openapi.contract_problems(content) == [
        f"PUT {place} is described, but is no operation of the contract",
        f"{what} answers that it does not have: 418",
        f"{what} text/html for 200, expected application/json",
        "GET /metadata/{job_id} is described without the header Retry-After for 429",
        f"{what} the path parameters [], expected ['job_id']",
        f"{what} a request body",
    ]


@pytest.mark.parametrize(
    ("operation", "status", "schema", "problem"),
    [
        ("get /channels", "200", {}, "is described for 200 without a schema that can be resolved"),
        ("get /ack", "200", {"$ref": "#/components/schemas/None"}, "is described for 200 without a schema that can be"),
        ("get /sensors", "200", {"type": "object"}, "is described for 200 without the required sensors"),
        ("get /sensors", "200", {"type": "object", "required": ["sensors"]}, "is described for 200 without the requi"),
        ("get /sensors", "200", {"type": "array"}, "is described for 200 without an object"),
        ("get /metadata/{job_id}", "404", {"type": "object"}, "is described for 404 without the required error"),
        ("post /recordings_in_time_range", "200", {"type": "array"}, "is described for 200 without the entries of its"),
    ],
)
def test_an_answer_needs_a_schema_with_the_members_of_the_contract(
    operation: str, status: str, schema: dict[str, Any], problem: str
) -> None:
    method, path = operation.split()
    content = described()
    content["paths"][PREFIX + path][method]["responses"][status]["content"]["application/json"]["schema"] = schema
    found = openapi.contract_problems(content)
    assert len(found) == 1
    assert found[0].startswith(f"{method.upper()} {path} {problem}")


def test_one_of_several_shapes_is_enough() -> None:
    content = described()
    answers = content["paths"][f"{PREFIX}/configure"]["post"]["responses"]
    for member, found in (("detail", 0), ("error", 0), ("reason", 1)):
        schema = {"type": "object", "properties": {member: END}, "required": [member]}
        answers["413"] = {"content": {"application/json": {"schema": schema}}}
        assert len(openapi.contract_problems(content)) == found


@pytest.mark.parametrize("path", BODIES)
def test_a_body_needs_a_schema(path: str) -> None:
    content = described()
    content["paths"][PREFIX + path]["post"]["requestBody"] = {"content": {"application/json": {"schema": {}}}}
    assert openapi.contract_problems(content) == [
        f"POST {path} is described without a schema of its body that can be resolved"
    ]


@pytest.mark.parametrize("field", VIEW_BODY)
def test_a_body_needs_each_field_of_the_contract(field: str) -> None:
    content = described()
    schema = content["paths"][f"{PREFIX}/configure"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    if field in schema["required"]:
        schema["required"].remove(field)
        assert openapi.contract_problems(content) == [
            f"POST /configure is described as if its body did not need {field}"
        ]
    del schema["properties"][field]
    assert f"POST /configure is described without {field} in its body" in openapi.contract_problems(content)


def test_an_answer_that_is_described_passes() -> None:
    assert openapi.answer_problems(document(), answered(RIGHT)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"status": "bad"}, "status is 'bad', described as one of ['ok', 'degraded']"),
        ({"count": True}, "count is True, described as integer"),
        ({"count": 1.5}, "count is 1.5, described as integer"),
        ({"rate": "fast"}, "rate is 'fast', described as number"),
        ({"list": [1, "2"]}, "list[1] is '2', described as integer"),
        ({"more": {"1": None}}, "1 is None, described as integer"),
        ({"fixed": 2}, "fixed is 2, described as 1"),
        ({"extra": 1}, "the body: extra is not described"),
    ],
)
def test_what_is_not_described_is_named(change: dict[str, Any], problem: str) -> None:
    assert openapi.answer_problems(document(), answered(RIGHT | change)) == [problem]


def test_what_is_missing_is_named() -> None:
    assert openapi.answer_problems(document(), answered({"status": "ok"})) == ["the body: count is missing"]
    assert "no answer 404" in openapi.answer_problems(document(), answered({}, 404))[0]
    without = document()
    del without["components"]
    assert "refers to Thing" in openapi.answer_problems(without, answered(RIGHT))[0]
