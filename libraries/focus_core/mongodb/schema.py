"""What the documents of the site's database must look like (site contract 5.1), written twice.

As `$jsonSchema`, with which the server looks through a whole collection, and as pydantic models (`models`), which
name the field. Both must find the same documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from focus_core.mongodb.subjects import PATH_PATTERN, UUID_PATTERN, Subject

_TEXT = {"bsonType": "string", "minLength": 1}
_TIME = {"bsonType": "date"}
_POSITIVE = {"bsonType": ["double", "int", "long"], "minimum": 0, "exclusiveMinimum": True}
_COUNT = {"bsonType": ["int", "long"], "minimum": 0}
_FLAG = {"bsonType": "bool"}


def _object(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"bsonType": "object", "required": list(required), "properties": {**required, **(optional or {})}}


_PARENT = _object({"layer_type": _TEXT, "uuid": _TEXT, "prr": _POSITIVE, "dx": _POSITIVE})
_METADATA = {
    "layer_type": _TEXT,
    "uuid": _TEXT,
    "cmd": _TEXT,
    "version": _TEXT,
    "num_traces": _COUNT,
    "parent": _PARENT,
}
JSON_SCHEMAS: dict[Subject, dict[str, Any]] = {
    "recordings": _object(
        {
            "uuid": {"bsonType": "string", "pattern": UUID_PATTERN},
            "start_time": _TIME,
            "deleted": _FLAG,
            "fiber_metadata": {"bsonType": "object"},
        },
        {"end_time": {"bsonType": ["date", "null"]}},
    ),
    "metadata": _object({"fiber_metadata": _object(_METADATA)}),
    "base paths": _object(
        {"base_path": {"bsonType": "string", "pattern": PATH_PATTERN}, "guid": _TEXT}, {"is_archive": _FLAG}
    ),
    "unrecognized folders": _object({"folder_name": _TEXT, "file_count": _COUNT, "update_time": _TIME}),
}


def misfits(subject: Subject) -> dict[str, Any]:
    """The pymongo filter of the documents that do not fit."""
    return {"$nor": [{"$jsonSchema": JSON_SCHEMAS[subject]}]}


def faults(subject: Subject, document: Mapping[str, Any]) -> list[str]:
    """Every way in which a document does not fit, each as one phrase that names the field; none when it does."""
    from pydantic import ValidationError

    from focus_core.mongodb.models import MODELS  # pydantic is slow to import

    try:
        MODELS[subject].model_validate(dict(document))
    except ValidationError as error:
        return [_phrase(one["type"], one["loc"], one["msg"], one["input"]) for one in error.errors()]
    return []


def disagreements(subject: Subject, documents: Iterable[Mapping[str, Any]], misfit_ids: Iterable[Any]) -> list[str]:
    """Documents that one of the two schemas refuses and the other accepts, each as one phrase."""
    refused = set(misfit_ids)
    found = []
    for document in documents:
        ours, servers = bool(faults(subject, document)), document["_id"] in refused
        if ours != servers:
            who = "the model, not $jsonSchema" if ours else "$jsonSchema, not the model"
            found.append(f"document {document['_id']} is refused by {who}")
    return found


def _phrase(kind: str, place: tuple[int | str, ...], message: str, value: Any) -> str:
    field = ".".join(str(part) for part in place)
    if kind == "missing":
        return f"{field} is missing"
    return f"{field} is {value!r} but {message.partition(' ')[2]}"
