"""Edits over every class of change, each judged right, and the two opinions on them."""

from __future__ import annotations

import copy

import pytest
from focus_core.contract import record
from focus_core.contract.diff import inclusion
from focus_core.contract.diff.changes import Direction, Severity
from focus_core.contract.diff.documents import compared, operations_of
from focus_core.contract.diff.schemas import differences
from focus_core.contract.record import Json, resolved
from focus_core.contract.schemas import inlined
from support.contract_edits import BREAKS, HARMS_NOBODY, RISKS, Edit

BY_NAME = {edit.name: edit for edit in (*BREAKS, *RISKS, *HARMS_NOBODY)}


def edited(edit: Edit) -> tuple[Json, Json]:
    old = record.document(edit.service)
    # YAML anchors are one object for Python: the copy has to be without them.
    new = written_out(copy.deepcopy(old))
    edit.do(new)
    return old, new


def written_out(part: object) -> Json:
    if isinstance(part, dict):
        return {name: written_out(each) for name, each in part.items()}
    if isinstance(part, list):
        return [written_out(each) for each in part]  # type: ignore[return-value]
    return part  # type: ignore[return-value]


def test_the_table_is_as_long_as_it_has_to_be() -> None:
    assert len(BREAKS) >= 40
    assert len(HARMS_NOBODY) >= 25
    assert len(BY_NAME) == len(BREAKS) + len(RISKS) + len(HARMS_NOBODY)


@pytest.mark.parametrize("service", record.SERVICES)
def test_a_document_does_not_differ_from_itself(service: record.Service) -> None:
    document = record.document(service)
    assert compared(document, written_out(document)) == []


@pytest.mark.parametrize("name", BY_NAME)
def test_an_edit_is_judged_right(name: str) -> None:
    edit = BY_NAME[name]
    changes = compared(*edited(edit))
    worst = changes[0].severity if changes else Severity.HARMLESS
    assert worst == edit.severity, "\n".join(map(str, changes))
    if edit.rule:
        found = [(one.rule, one.operation) for one in changes if one.severity == edit.severity]
        assert (edit.rule, edit.operation) in found
    else:
        assert changes == []


def bodies(document: Json) -> dict[tuple[str, str], object]:
    """Every schema of parameters, bodies and headers of a document, by operation and place."""
    found: dict[tuple[str, str], object] = {}
    for key, (_, described) in operations_of(document).items():
        in_path = 0
        for reference in described["parameters"]:
            parameter = resolved(document, reference)
            name = parameter["name"]
            if parameter["in"] == "path":
                name, in_path = str(in_path), in_path + 1
            found[key, f"request {parameter['in']} {name}"] = parameter.get("schema", {})
        request = resolved(document, described.get("requestBody", {}))
        for kind, content in request.get("content", {}).items():
            found[key, f"request {kind}"] = content.get("schema", {})
        for status, reference in described["responses"].items():
            response = resolved(document, reference)
            for kind, content in response.get("content", {}).items():
                found[key, f"answer {status} {kind}"] = content.get("schema", {})
            for name, header in response.get("headers", {}).items():
                found[key, f"answer {status} header {name}"] = header.get("schema", {})
    known: dict[str, object] = {}
    return {place: inlined(document, schema, known) for place, schema in found.items()}


@pytest.mark.parametrize("name", BY_NAME)
def test_walk_and_inclusion_agree(name: str) -> None:
    before, after = map(bodies, edited(BY_NAME[name]))
    for place in before.keys() & after.keys():
        direction = Direction(place[1].partition(" ")[0])
        walked = [
            one
            for one in differences(before[place], after[place], direction)
            if one.judged(direction) is Severity.BREAKING
        ]
        if before[place] != after[place]:
            assert bool(walked) == inclusion.breaks(before[place], after[place], direction), (place, walked)
        else:
            assert not walked
