"""The server's description against the contract, and answers against the description."""

import copy
import json
from typing import Any

import pytest
from focus_core import openapi
from focus_core.answer_shapes import OPERATIONS, PREFIX
from focus_core.focus_client import Exchange

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
RIGHT = {"status": "ok", "count": 1, "rate": None, "list": [1], "more": {"1": 0}, "fixed": 1}


def described() -> dict[str, Any]:
    """A description that is the contract."""
    paths: dict[str, Any] = {}
    for (method, path), statuses in OPERATIONS.items():
        if path in ("/openapi.json", "/docs"):
            continue
        responses = {
            str(status): {
                "content": {content_type: {"schema": {}}} if content_type else {},
                "headers": {"Retry-After": {}} if status in (429, 503) else {},
            }
            for status, (content_type, _) in statuses.items()
        }
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        operation = {"responses": responses, "parameters": [{"in": "path", "name": name} for name in names]}
        if method == "POST":
            operation["requestBody"] = {}
        paths.setdefault(PREFIX + path, {})[method.lower()] = operation
    return {"paths": paths}


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
