"""The models name each fault. That the server's `$jsonSchema` finds the same documents is tested on a site."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import pytest
from focus_core.contract import record
from focus_core.mongodb.models import MODELS
from focus_core.mongodb.schema import Subject, disagreements, faults, misfits

TIME = datetime(2026, 11, 22, 10, 0)
METADATA: dict[str, Any] = {
    "layer_type": "smart_recorder",
    "uuid": "a",
    "cmd": "record",
    "version": "TLV-1.3",
    "num_traces": 10000,
    "parent": {"layer_type": "prp2_recording", "uuid": "b", "prr": 2000, "dx": 1.02},
}
GOOD: dict[Subject, dict[str, Any]] = {
    "recordings": {
        "_id": 7,
        "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "start_time": TIME,
        "end_time": None,
        "deleted": False,
        "fiber_metadata": {},
        "more": 1,
    },
    "metadata": {"_id": 7, "fiber_metadata": METADATA},
    "base paths": {"_id": 7, "base_path": "/p", "guid": "g", "is_archive": False},
    "unrecognized folders": {"_id": 7, "folder_name": "/p/x", "file_count": 0, "update_time": TIME},
}


@pytest.mark.parametrize("subject", get_args(Subject))
def test_a_good_document_has_no_faults(subject: Subject) -> None:
    assert faults(subject, GOOD[subject]) == []


@pytest.mark.parametrize("subject", get_args(Subject))
def test_models_and_json_schemas_know_the_same_fields(subject: Subject) -> None:
    def fields(model: Any, schema: dict[str, Any]) -> None:
        known = {name: field.annotation for name, field in model.model_fields.items()}
        assert set(schema["properties"]) == set(known)
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert set(schema["required"]) == required
        for name, kind in known.items():
            if hasattr(kind, "model_fields"):
                fields(kind, schema["properties"][name])

    fields(MODELS[subject], record.collections()[subject]["schema"])


@pytest.mark.parametrize(
    ("subject", "change", "named"),
    [
        ("recordings", {"uuid": "seven"}, "uuid is 'seven' but should match pattern"),
        ("recordings", {"start_time": "yesterday"}, "start_time is 'yesterday' but should be a valid datetime"),
        ("recordings", {"start_time": None}, "start_time is None"),
        ("recordings", {"end_time": 5}, "end_time is 5"),
        ("recordings", {"deleted": "no"}, "deleted is 'no' but should be a valid boolean"),
        ("recordings", {"deleted": 0}, "deleted is 0"),
        ("recordings", {"fiber_metadata": None}, "fiber_metadata is None"),
        ("metadata", {"fiber_metadata": {**METADATA, "version": ""}}, "fiber_metadata.version is ''"),
        ("metadata", {"fiber_metadata": {**METADATA, "parent": None}}, "fiber_metadata.parent is None"),
        ("metadata", {"fiber_metadata": {**METADATA, "num_traces": True}}, "fiber_metadata.num_traces is True"),
        ("base paths", {"base_path": "p"}, "base_path is 'p'"),
        ("base paths", {"is_archive": "no"}, "is_archive is 'no'"),
        ("unrecognized folders", {"file_count": "3"}, "file_count is '3' but should be a valid integer"),
    ],
)
def test_a_fault_is_named(subject: Subject, change: dict[str, Any], named: str) -> None:
    (fault,) = faults(subject, {**GOOD[subject], **change})
    assert fault.startswith(named)


@pytest.mark.parametrize("field", ["layer_type", "uuid", "prr", "dx"])
def test_missing_metadata_are_named(field: str) -> None:
    parent = {name: value for name, value in METADATA["parent"].items() if name != field}
    document = {"fiber_metadata": {**METADATA, "parent": parent}}
    assert faults("metadata", document) == [f"fiber_metadata.parent.{field} is missing"]


@pytest.mark.parametrize("value", [0, -1, True, "2000", None])
def test_a_rate_is_a_positive_number(value: Any) -> None:
    document = {"fiber_metadata": {**METADATA, "parent": {**METADATA["parent"], "prr": value}}}
    assert len(faults("metadata", document)) == 1


def test_what_one_schema_refuses_and_the_other_does_not_is_reported() -> None:
    good, bad = GOOD["base paths"], {"_id": 8, "base_path": 1, "guid": "g"}
    assert disagreements("base paths", [good, bad], [8]) == []
    assert disagreements("base paths", [good, bad], [7]) == [
        "document 7 is refused by $jsonSchema, not the model",
        "document 8 is refused by the model, not $jsonSchema",
    ]


def test_the_server_is_asked_for_what_does_not_fit() -> None:
    assert misfits("base paths") == {"$nor": [{"$jsonSchema": record.collections()["base paths"]["schema"]}]}
