"""Messages, frames, protos and collections compared."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from focus_core.contract import record
from focus_core.contract.diff import collections, messages, protos
from focus_core.contract.diff.changes import Severity
from focus_core.contract.record import Json

PROTO = (record.FOLDER / record.PROTO).read_text(encoding="utf-8")
BREAKING, HARMLESS = Severity.BREAKING, Severity.HARMLESS


@pytest.mark.parametrize(
    ("old", "new", "severity", "rule", "place"),
    [
        ("int32 data_shape_x = 5", "int32 data_shape_x = 15", BREAKING, "proto-field-renumbered", "data_shape_x"),
        ("int32 data_shape_x = 5", "int32 width = 5", BREAKING, "proto-field-renamed", "data_shape_x"),
        ("  int32 data_shape_x = 5;\n", "", BREAKING, "proto-field-gone", "data_shape_x"),
        ("int32 data_shape_x = 5", "int64 data_shape_x = 5", BREAKING, "proto-field-type-changed", "data_shape_x"),
        ("repeated int32 row_index", "int32 row_index", BREAKING, "proto-field-label-changed", "row_index"),
        ("message DataStream {", "message Frames {", BREAKING, "proto-message-gone", ""),
        ("int32 data_shape_x = 5;", "int32 data_shape_x = 5; int32 more = 20;", HARMLESS, "proto-field-added", "more"),
    ],
)
def test_an_edit_of_the_proto_is_judged(old: str, new: str, severity: Severity, rule: str, place: str) -> None:
    assert old in PROTO
    found = list(protos.compared(PROTO, PROTO.replace(old, new)))
    assert (severity, rule, place) in [(one.severity, one.rule, one.place) for one in found]


def test_comments_of_the_proto_are_no_change() -> None:
    assert list(protos.compared(PROTO, PROTO.replace("//", "// new"))) == []


def _alert(document: Json) -> Json:
    found: Json = document["schemas"]["Alert"]
    return found


@pytest.mark.parametrize(
    ("edit", "severity", "rule"),
    [
        (lambda d: _alert(d)["properties"].pop("severity"), BREAKING, "message-property-unnamed"),
        (lambda d: _alert(d)["required"].remove("severity"), BREAKING, "message-property-optional"),
        (lambda d: _alert(d)["properties"]["severity"].update(enum=[1, 2, 3, 4]), BREAKING, "message-enum-value-added"),
        (lambda d: d["exchanges"]["prisma"].update(durable=False), BREAKING, "exchange-durable-changed"),
        (lambda d: d["exchanges"].pop("prisma"), BREAKING, "exchange-gone"),
        (lambda d: d["exchanges"]["baby_analyzer_commands"]["messages"].pop("roi"), BREAKING, "message-gone"),
        (lambda d: _alert(d)["properties"].update(more={"type": "string"}), HARMLESS, "message-property-added"),
    ],
)
def test_an_edit_of_the_messages_is_judged(edit: Callable[[Json], Any], severity: Severity, rule: str) -> None:
    new = copy.deepcopy(record.messages())
    edit(new)
    found = list(messages.compared(record.messages(), new))
    assert [(one.severity, one.rule) for one in found] == [(severity, rule)]


@pytest.mark.parametrize(
    ("edit", "severity", "rule"),
    [
        (lambda d: d["recordings"]["indexes"].pop("deleted_1"), BREAKING, "index-gone"),
        (lambda d: d["recordings"]["indexes"]["uuid_1"].pop("unique"), BREAKING, "index-unique-changed"),
        (lambda d: d["recordings"]["indexes"]["uuid_1"].update(keys={"x": 1}), BREAKING, "index-keys-changed"),
        (lambda d: d["recordings"]["indexes"].update(more={"keys": {"x": 1}}), HARMLESS, "index-added"),
        (lambda d: d["recordings"]["schema"]["properties"].update(deleted={"bsonType": "int"}), BREAKING,
         "document-type-changed"),
        (lambda d: d["recordings"]["schema"]["required"].remove("deleted"), BREAKING, "document-property-optional"),
        (lambda d: d.pop("base paths"), BREAKING, "collection-gone"),
    ],
)  # fmt: skip
def test_an_edit_of_the_collections_is_judged(edit: Callable[[Json], Any], severity: Severity, rule: str) -> None:
    new = copy.deepcopy(record.collections())
    edit(new)
    found = list(collections.compared(record.collections(), new))
    assert (severity, rule) in [(one.severity, one.rule) for one in found]
