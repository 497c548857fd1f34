"""A living site against the record: its own OpenAPI documents, the proto of its streams, its collections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.contract import described, record
from focus_core.contract.answers import Answer
from focus_core.contract.diff import collections, protos
from focus_core.contract.diff.changes import Severity
from focus_core.mongodb import catalogue
from focus_core.mongodb.client import MongoSite
from focus_core.mongodb.schema import misfits
from focus_core.mongodb.subjects import Subject
from focus_core.run import clients
from focus_core.site.model import Site

OK = 200
# Documents that are not as they should be are counted up to here.
_MOST_DOCUMENTS = 100
# Collections whose documents have a subject of their own.
_SUBJECTS: tuple[Subject, ...] = ("recordings", "metadata", "base paths", "unrecognized folders")


@dataclass
class Checked:
    """`differs` are sentences about what is another contract; `notes` are about what was not compared or is unsaid."""

    differs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(site: Site, proto: Path | None) -> Checked:
    """Everything that the site can be asked. Raises BenchError where an interface that it has does not answer."""
    found = Checked()
    _check_description(found, "focus-server", site)
    if "webapp" in site.capabilities:
        _check_description(found, "webapp", site)
    if proto is not None:
        found.differs += of_proto(proto)
    else:
        found.notes.append("streams: the site gives no description of them; --proto FILE compares one.")
    if "mongodb" in site.capabilities:
        found.differs += of_mongodb(MongoSite.of_site(site))
    return found


def of_proto(path: Path) -> list[str]:
    """Where a .proto file of the product differs from the record."""
    own = (record.FOLDER / record.PROTO).read_text(encoding="utf-8")
    try:
        other = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(f"{path} cannot be read ({error}); name a .proto file of the product.") from None
    return [str(one) for one in protos.compared(own, other)]


def of_mongodb(mongo: MongoSite) -> list[str]:
    """Indexes that are not as the record has them, and documents that are not."""
    found: list[str] = []
    for subject in _SUBJECTS:
        entry = record.collections()[subject]
        for name in catalogue.collections_of(mongo, "recordings" if subject == "metadata" else subject):
            found += _of_collection(mongo, subject, name, entry.get("indexes", {}))
    return found


def _of_collection(mongo: MongoSite, subject: Subject, name: str, indexes: record.Json) -> Iterator[str]:
    if indexes:
        there = {one.name: {"keys": dict(one.keys), "unique": one.unique} for one in mongo.indexes(name)}
        for severity, rule, place, sentence in collections.of_indexes(indexes, there):
            if severity is Severity.BREAKING:
                yield f"collection {name}, {place}: {sentence} (rule {rule})"
    wrong = len(mongo.documents(name, misfits(subject), limit=_MOST_DOCUMENTS))
    if wrong:
        more = "at least " if wrong == _MOST_DOCUMENTS else ""
        yield f"collection {name}: {more}{wrong} documents about {subject} are not as the record has them"


def _check_description(found: Checked, service: record.Service, site: Site) -> None:
    user = site.users[0]
    answer = clients.focus_client(site, user).send("GET", "/openapi.json").answer if service == "focus-server" else None
    if answer is None:
        got = clients.webapp_client(site, user).description()
        answer = Answer(service, "GET", f"{site.webapp.url}/openapi.json", got.status, got.headers, got.text)
    try:
        document = answer.json() if answer.status == OK else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        found.notes.append(f"{service}: it has no description of itself ({answer.status}).")
        return
    compared = described.against_record(service, document)
    found.differs += [f"{service}: {sentence}" for sentence in described.sentences(compared.differs)]
    if compared.less_exact:
        rules = ", ".join(f"{rule} {count}" for rule, count in described.by_rule(compared.less_exact).items())
        found.notes.append(f"{service}: its description is less exact at {len(compared.less_exact)} places ({rules}).")
