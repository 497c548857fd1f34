"""What the documents of the site's database must look like (site contract 5.1), written twice.

As `$jsonSchema` of the record, with which the server looks through a whole collection, and as pydantic models
(`models`), which name the field. Both must find the same documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from focus_core.contract import record
from focus_core.mongodb.subjects import Subject


def misfits(subject: Subject) -> dict[str, Any]:
    """The pymongo filter of the documents that do not fit."""
    return {"$nor": [{"$jsonSchema": record.collections()[subject]["schema"]}]}


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
