"""The document that a server gives of itself against the record."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from focus_core.contract import answers, described, record
from focus_core.contract.answers import Answer
from focus_core.contract.record import Json

PREFIX = "/focus-server"


def own_document() -> Json:
    """The record as a server would give it: with whole paths, without what describes it itself."""
    document = copy.deepcopy(record.document("focus-server"))
    paths = {
        PREFIX + path: methods for path, methods in document["paths"].items() if path not in ("/openapi.json", "/docs")
    }
    found: Json = copy.deepcopy({**document, "servers": [], "paths": paths})
    return found


def at(document: Json, path: str, method: str) -> Json:
    found: Json = document["paths"][PREFIX + path][method]
    return found


def test_the_record_is_itself() -> None:
    found = described.against_record("focus-server", own_document())
    assert (found.differs, found.less_exact) == ([], [])


@pytest.mark.parametrize(
    ("change", "rule", "operation"),
    [
        (lambda d: d["paths"].pop(f"{PREFIX}/ack"), "operation-gone", "GET /ack"),
        (lambda d: d["paths"].update({"/more": {"get": {"responses": {}}}}), "operation-added", "GET /more"),
        (lambda d: at(d, "/metadata/{job_id}", "get")["responses"].pop("404"), "answer-status-gone",
         "GET /metadata/{job_id}"),
        (lambda d: at(d, "/ack", "get")["responses"].update({"418": {}}), "answer-status-added", "GET /ack"),
        (lambda d: at(d, "/ack", "get").update(requestBody={"required": True}), "request-body-required", "GET /ack"),
        (lambda d: d["components"]["schemas"]["View"]["properties"].update(stream_port={"type": "string"}),
         "answer-type-changed", "POST /configure"),
        (lambda d: d["components"]["schemas"]["View"]["properties"].pop("stream_port"),
         "answer-property-gone", "POST /configure"),
        (lambda d: d["components"]["schemas"]["Refusal"]["properties"].update(more={"type": "string"}),
         "answer-property-added", "GET /ack"),
    ],
)  # fmt: skip
def test_another_contract_is_named(change: Callable[[Json], Any], rule: str, operation: str) -> None:
    document = own_document()
    change(document)
    found = described.against_record("focus-server", document)
    assert (rule, operation) in [(one.rule, one.operation) for one in found.differs]
    assert any(
        operation in sentence or "more operations" in sentence for sentence in described.sentences(found.differs)
    )


def test_what_is_left_unsaid_is_not_another_contract() -> None:
    document = own_document()
    schemas = document["components"]["schemas"]
    schemas["View"]["properties"].update(
        job_id={"type": "string"}, lines_dt={"type": "number"}, metadata={"type": "object"}
    )
    schemas["Channels"]["properties"]["channels"].pop("minItems")
    for status in record.document("focus-server")["x-always"]:
        at(document, "/channels", "get")["responses"].pop(status)
    found = described.against_record("focus-server", document)
    assert found.differs == []
    assert {"answer-pattern-gone", "answer-minimum-lowered", "answer-property-unnamed"} <= set(
        described.by_rule(found.less_exact)
    )


def answer(status: int, body: str, kind: str = "application/json") -> Answer:
    return Answer("focus-server", "GET", f"http://h{PREFIX}/sensors", status, {"Content-Type": kind}, body)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (answer(200, '{"sensors": [0]}'), ""),
        (answer(200, '{"sensors": ["0"]}'), "sensors[0] is '0' (str) instead of an integer"),
        (answer(200, "{}"), "sensors is missing"),
        (answer(200, "x", "text/plain"), "content type 'text/plain' instead of application/json"),
        (answer(204, ""), "the description of GET /sensors has no answer 204"),
    ],
)
def test_an_answer_is_compared_with_the_servers_own_document(given: Answer, problem: str) -> None:
    assert described.answer_problems(own_document(), given) == ([problem] if problem else [])


def test_every_schema_of_the_record_compiles() -> None:
    for service in record.SERVICES:
        contract = answers.contract(service)
        for operation in contract.operations.values():
            for status, response in operation.responses.items():
                for kind in response.get("content", {}):
                    contract.schema(operation, status, kind)
