"""A living site against the record: its own OpenAPI documents, the proto of its streams, its collections."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.contract import described, record
from focus_core.contract.answers import Answer
from focus_core.contract.diff import protos
from focus_core.mongodb import contract_check
from focus_core.mongodb.client import MongoSite
from focus_core.run import clients
from focus_core.site.model import Site

OK = 200


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
        found.differs += contract_check.problems(MongoSite.of_site(site))
    return found


def of_proto(path: Path) -> list[str]:
    """Where a .proto file of the product differs from the record."""
    own = (record.FOLDER / record.PROTO).read_text(encoding="utf-8")
    try:
        other = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(f"{path} cannot be read ({error}); name a .proto file of the product.") from None
    return [str(one) for one in protos.compared(own, other)]


def _check_description(found: Checked, service: record.Service, site: Site) -> None:
    user = site.users[0]
    if service == "focus-server":
        answer = clients.focus_client(site, user).send("GET", "/openapi.json").as_answer()
    else:
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
