"""JSON patch as the API server takes it: what is not RFC 6902 is answered with 422, what is no list with 400."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from simulator.cluster.errors import ApiError
from simulator.cluster.patching import patched

MEDIA = "application/json-patch+json"
OBJECT = {"metadata": {"labels": {"a/b": "1"}}, "spec": {"args": ["x", "y"]}}


def test_every_operation_of_the_format_is_known() -> None:
    operations = [
        {"op": "test", "path": "/metadata/labels/a~1b", "value": "1"},
        {"op": "move", "from": "/metadata/labels/a~1b", "path": "/metadata/labels/c"},
        {"op": "copy", "from": "/spec/args/0", "path": "/spec/args/-"},
        {"op": "replace", "path": "/spec/args/1", "value": "z"},
        {"op": "remove", "path": "/spec/args/0"},
        {"op": "add", "path": "/spec/replicas", "value": 2},
    ]
    before = copy.deepcopy(OBJECT)
    made = patched(OBJECT, operations, MEDIA)
    assert made == {"metadata": {"labels": {"c": "1"}}, "spec": {"args": ["z", "x"], "replicas": 2}}
    assert before == OBJECT


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/metadata/labels/a~1b", "value": "2"},
        {"op": "test", "path": "/nothing", "value": "2"},
        {"op": "add", "path": "/no/thing", "value": 1},
        {"op": "add", "path": "/spec/args/3", "value": 1},
        {"op": "add", "path": "/spec/args/-1", "value": 1},
        {"op": "add", "path": "spec", "value": 1},
        {"op": "add", "path": "/spec"},
        {"op": "add", "path": 1, "value": 1},
        {"op": "replace", "path": "/nothing", "value": 1},
        {"op": "remove", "path": "/nothing"},
        {"op": "unknown", "path": "/spec"},
        {"path": "/spec", "value": 1},
        "add",
        None,
    ],
    ids=str,
)
def test_an_operation_that_cannot_be_done_is_invalid(operation: Any) -> None:
    with pytest.raises(ApiError) as refused:
        patched(OBJECT, [operation], MEDIA)
    assert (refused.value.code, refused.value.reason) == (422, "Invalid")


def test_a_patch_that_is_no_list_is_a_bad_request() -> None:
    with pytest.raises(ApiError) as refused:
        patched(OBJECT, {"op": "remove", "path": "/spec"}, MEDIA)
    assert refused.value.code == 400
