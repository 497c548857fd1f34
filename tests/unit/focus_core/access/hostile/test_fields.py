"""Which fields an OpenAPI document shows, and how one is replaced in a good body."""

from __future__ import annotations

import json

from focus_core.access.hostile.bodies import with_field
from focus_core.access.hostile.fields import bodies_of, fields_of

DOCUMENT = {
    "paths": {
        "/api/view/{id}": {
            "parameters": [],
            "post": {
                "parameters": [
                    {"name": "id", "in": "path"},
                    {"name": "page", "in": "query"},
                    {"name": "x", "in": "header"},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/View"}}}},
            },
            "get": {},
        }
    },
    "components": {
        "schemas": {
            "View": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "size": {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "null"}]},
                    "roi": {"type": "array", "items": {"type": "integer"}},
                    "live": {"type": "boolean"},
                },
            },
            "Size": {"type": "object", "properties": {"height": {"type": "number"}}},
        }
    },
}


def test_every_string_and_number_is_found() -> None:
    found = {(one.name, one.kind) for one in fields_of(DOCUMENT, "/api")}
    assert found == {
        *(("id", "path"), ("page", "query"), ("name", "text")),
        *(("size.height", "number"), ("roi[0]", "number")),
    }
    assert {one.operation for one in fields_of(DOCUMENT, "/api")} == {"POST /view/{id}"}
    assert bodies_of(DOCUMENT, "/api") == ["POST /view/{id}"]


def test_a_field_is_replaced_and_the_rest_stays() -> None:
    body = {"name": "a", "size": {"height": 1, "width": 2}}
    assert json.loads(with_field(body, "size.height", '"x"')) == {"name": "a", "size": {"height": "x", "width": 2}}
    assert body["size"] == {"height": 1, "width": 2}


def test_what_is_on_the_way_is_made() -> None:
    assert json.loads(with_field({"name": "a"}, "size.height", "7")) == {"name": "a", "size": {"height": 7}}
    assert json.loads(with_field({"roi": [1, 2]}, "roi[0]", "9")) == {"roi": [9, 2]}
    assert json.loads(with_field({}, "roi[0]", "9")) == {"roi": [9]}
    assert json.loads(with_field(None, "list[0].name", '"x"')) == {"list": [{"name": "x"}]}


def test_what_is_no_json_value_is_sent_as_it_is() -> None:
    assert with_field({"size": 1}, "size", "NaN") == b'{"size": NaN}'
    assert with_field({}, "size", '{"a": 1, "a": 2}') == b'{"size": {"a": 1, "a": 2}}'
