"""Places in JSON values, the changes made there, and the mutants that come of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from strength import areas, equivalent
from strength.mutants import json_paths as properties
from strength.mutants import mutants, operators, traffic
from strength.mutants.declared_members import members
from strength.mutants.json_paths import REMOVED, change, walk
from strength.mutants.mutants import Mutant
from strength.mutants.traffic import ANY_ANSWER, Exchange
from strength.proxies.http_messages import HttpAnswer

KIND = ("POST /configure", 200)


def answer(text: str, status: int = 200, **headers: str) -> HttpAnswer:
    named = [("Content-Type", "application/json"), *((key.replace("_", "-"), value) for key, value in headers.items())]
    return HttpAnswer(status, "X", named, text.encode())


def seen(*texts: str, status: int = 200, operation: str = KIND[0], **headers: str) -> traffic.Traffic:
    return traffic.summary(Exchange.of(operation, answer(text, status, **headers)) for text in texts)


def test_places_do_not_name_elements_and_numbered_members() -> None:
    value = {"a": [{"b": 1}, {"b": 2, "c": 3}], "map": {"11": 0, "12": 1}, "roi": [5, 7]}
    assert {properties.text(place) for place, _ in walk(value)} == {
        "(body)", "a", "a[]", "a[].b", "a[].c", "map", "map.*", "roi", "roi[0]", "roi[1]",
    }  # fmt: skip


def test_a_change_is_made_once_next_to_the_middle_and_leaves_the_original() -> None:
    value = {"rows": [{"id": 1}, {"id": 2}, {"id": 3}]}
    changed, new = change(value, ("rows", "[]", "id"), lambda number: number + 10)
    assert changed
    assert new == {"rows": [{"id": 1}, {"id": 12}, {"id": 3}]}
    assert value["rows"][1]["id"] == 2


def test_a_change_finds_the_element_that_has_the_place() -> None:
    changed, new = change([{}, {}, {"c": 1}], ("[]", "c"), lambda _: REMOVED)
    assert (changed, new) == (True, [{}, {}, {}])


@pytest.mark.parametrize(("value", "place"), [({"a": 0}, ("a",)), ({}, ("a",)), ([], ("[]",))])
def test_what_stays_the_same_is_no_change(value: Any, place: tuple[str, ...]) -> None:
    assert change(value, place, lambda number: -number)[0] is False


def test_true_is_not_one_but_one_is_one_point_zero() -> None:
    assert not properties.same({"a": True}, {"a": 1})
    assert properties.same([1], [1.0])


@pytest.mark.parametrize(
    ("value", "operator", "new"),
    [
        (7, "plus one", 8),
        (7, "minus one", 6),
        (7, "zero", 0),
        (7, "negated", -7),
        (7, "other type", "7"),
        ("ok", "changed", "okx"),
        ("ok", "emptied", ""),
        (True, "flipped", False),
        ([1, 2, 3], "reversed", [3, 2, 1]),
        ([1, 2, 3], "element removed", [1, 3]),
        ([1, 2, 3], "element repeated", [1, 2, 3, 2]),
        ([1], "emptied", []),
        ({"a": 1}, "emptied", {}),
        ({"a": 1}, "member added", {"a": 1, operators.ADDED_MEMBER: 1}),
        ("ok", "null", None),
        (None, "filled", {operators.ADDED_MEMBER: 1}),
        (None, "plus one", None),
    ],
)
def test_operators(value: Any, operator: str, new: Any) -> None:
    assert operators.applied(operator, value, "a") == new


def test_only_members_can_be_removed() -> None:
    assert operators.applied("removed", 1, "a") is REMOVED
    assert operators.applied("removed", 1, "[]") == 1


def test_mutants_of_a_kind_of_answer() -> None:
    found = {
        mutant.name for mutant in mutants.of_traffic(seen('{"n":0}', '{"n":0,"s":"x"}'), {KIND[0]: "configure_s"}, {})
    }
    assert "POST /configure 200: status changed 404" in found
    assert "POST /configure 200: late" in found
    assert "POST /configure 200: stale" in found
    assert "POST /configure 200: executed twice" in found
    assert "POST /configure 200 n: plus one" in found
    assert "POST /configure 200 n: zero" not in found, "0 is zero already"
    assert "POST /configure 200 s: removed" in found


def test_a_question_is_not_executed_twice_and_one_body_is_not_stale() -> None:
    operators_of = {mutant.operator for mutant in mutants.of_traffic(seen("{}", operation="GET /ack"), {}, {})}
    assert not {operators.TWICE, operators.STALE, operators.LATE} & operators_of


def test_a_header_of_most_answers_is_one_mutant_and_a_special_one_is_of_its_answer() -> None:
    merged = traffic.merged(
        [
            seen("{}", X_Frame_Options="DENY"),
            seen("{}", status=400, X_Frame_Options="DENY"),
            seen("{}", status=429, X_Frame_Options="DENY", Retry_After="1"),
        ]
    )
    dropped = [mutant for mutant in mutants.of_traffic(merged, {}, {}) if mutant.operator == operators.HEADER]
    assert [(mutant.kind, mutant.detail) for mutant in dropped] == [
        (ANY_ANSWER, "x-frame-options"),
        ((KIND[0], 429), "retry-after"),
    ]


def test_what_is_declared_and_never_seen_appears_where_its_parent_was_seen() -> None:
    document = {
        "paths": {
            "/fs/configure": {
                "post": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/schemas/A"}}}}}}
            }
        },
        "schemas": {
            "A": {
                "properties": {
                    "seen": {"type": "integer"},
                    "hidden": {"type": "string"},
                    "list": {"items": {"anyOf": [{"properties": {"x": {}}}, {"type": "null"}]}},
                }
            }
        },
    }
    declared = members(document, "/fs")
    assert {properties.text(place) for place in declared[KIND]} == {"seen", "hidden", "list", "list[].x"}
    found = mutants.of_traffic(seen('{"seen":1,"list":[{"y":1}]}'), {}, declared)
    appeared = [mutant for mutant in found if mutant.operator == mutants.APPEARED]
    assert [properties.text(mutant.place or ()) for mutant in appeared] == ["hidden", "list[].x"]
    message = answer('{"seen":1,"list":[{"y":1}]}')
    assert appeared[1].apply(message)
    assert json.loads(message.body)["list"] == [{"y": 1, "x": {operators.ADDED_MEMBER: 1}}]


@pytest.mark.parametrize(
    ("mutant", "start", "body", "content_type"),
    [
        (Mutant(KIND, None, operators.STATUS, "404"), "HTTP/1.1 404 Not Found", b'{"a":1}', "application/json"),
        (Mutant(KIND, None, operators.EMPTIED), "HTTP/1.1 200 X", b"", "application/json"),
        (Mutant(KIND, None, operators.CUT), "HTTP/1.1 200 X", b'{"a', "application/json"),
        (Mutant(KIND, None, operators.CONTENT_TYPE), "HTTP/1.1 200 X", b'{"a":1}', "text/plain"),
        (Mutant(KIND, ("a",), "plus one"), "HTTP/1.1 200 X", b'{"a":2}', "application/json"),
    ],
)
def test_a_mutant_changes_one_thing(mutant: Mutant, start: str, body: bytes, content_type: str) -> None:
    message = answer('{"a":1}')
    assert mutant.apply(message)
    assert (message.built().partition(b"\r\n")[0].decode(), message.body, message.content_type) == (
        start,
        body,
        content_type,
    )


def test_a_mutant_returns_false_when_it_changed_nothing() -> None:
    assert not Mutant(KIND, ("b",), "plus one").apply(answer('{"a":1}'))
    assert not Mutant(KIND, None, operators.HEADER, "retry-after").apply(answer("{}"))
    assert not Mutant(KIND, ("a",), "plus one").apply(answer("not json"))


def test_mutants_that_mask_each_other_conflict() -> None:
    parent, child = Mutant(KIND, ("a",), "removed"), Mutant(KIND, ("a", "b"), "null")
    other = Mutant(KIND, ("c",), "null")
    whole, elsewhere = Mutant(KIND, None, operators.EMPTIED), Mutant(("GET /ack", 200), None, operators.EMPTIED)
    header = Mutant(ANY_ANSWER, None, operators.HEADER, "x-frame-options")
    assert parent.conflicts_with(child)
    assert not child.conflicts_with(other)
    assert whole.conflicts_with(other)
    assert not whole.conflicts_with(elsewhere)
    assert not whole.conflicts_with(header)


def test_a_test_observes_only_mutants_of_its_traffic() -> None:
    wanted = [
        Mutant(KIND, ("a",), "null"),
        Mutant(KIND, ("b",), "null"),
        Mutant(("GET /ack", 200), None, operators.EMPTIED),
        Mutant(KIND, None, operators.HEADER, "retry-after"),
        Mutant(ANY_ANSWER, None, operators.HEADER, "x-request-id"),
    ]
    met = mutants.observed_by(wanted, seen('{"a":1}', X_Request_ID="1"))
    assert met == {wanted[0], wanted[4]}


def test_rules_leave_out_equivalent_mutants_with_the_reason() -> None:
    rule = equivalent.Rule(reason="opaque", operations="POST *", properties="*detail[].uuid", operators="changed")
    opaque = Mutant(KIND, ("detail", "[]", "uuid"), "changed")
    removed = Mutant(KIND, ("detail", "[]", "uuid"), "removed")
    assert equivalent.split([opaque, removed], [rule]) == ([removed], {opaque: "opaque"})


def test_the_data_files_can_be_read() -> None:
    (area,) = areas.read(["api"])
    assert set(area.states) | set(area.not_defects)
    assert all(rule.reason.endswith(".") for rule in equivalent.rules())
