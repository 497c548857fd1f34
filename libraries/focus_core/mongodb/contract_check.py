"""The site's database against the contract of record: its indexes, and its documents."""

from __future__ import annotations

from collections.abc import Iterator

from focus_core.contract import record
from focus_core.contract.diff import collections
from focus_core.contract.diff.changes import Severity
from focus_core.contract.record import Json
from focus_core.mongodb import catalogue
from focus_core.mongodb.client import MongoSite
from focus_core.mongodb.schema import misfits
from focus_core.mongodb.subjects import Subject

# Documents that are not as they should be are counted up to here.
_MOST_DOCUMENTS = 100
_SUBJECTS: tuple[Subject, ...] = ("recordings", "metadata", "base paths", "unrecognized folders")


def problems(mongo: MongoSite) -> list[str]:
    """Indexes that are not as the record has them, and documents that are not."""
    found: list[str] = []
    for subject in _SUBJECTS:
        entry = record.collections()[subject]
        for name in catalogue.collections_of(mongo, "recordings" if subject == "metadata" else subject):
            found += _of_collection(mongo, subject, name, entry.get("indexes", {}))
    return found


def _of_collection(mongo: MongoSite, subject: Subject, name: str, indexes: Json) -> Iterator[str]:
    if indexes:
        there = {one.name: {"keys": dict(one.keys), "unique": one.unique} for one in mongo.indexes(name)}
        for severity, rule, place, sentence in collections.of_indexes(indexes, there):
            if severity is Severity.BREAKING:
                yield f"collection {name}, {place}: {sentence} (rule {rule})"
    wrong = len(mongo.documents(name, misfits(subject), limit=_MOST_DOCUMENTS))
    if wrong:
        more = "at least " if wrong == _MOST_DOCUMENTS else ""
        yield f"collection {name}: {more}{wrong} documents about {subject} are not as the record has them"
