"""What a server really answered in a run, against the record: what is undocumented, never seen, of other types."""

from __future__ import annotations

from dataclasses import dataclass, field

from focus_core.contract import answers, record
from focus_core.contract.answers import JSON
from focus_core.contract.schemas import inlined

from pipeline.contract.coverage import places
from pipeline.results.contract_seen import Seen


@dataclass
class Inferred:
    """Each a list of sentences."""

    undocumented: list[str] = field(default_factory=list)
    other_types: list[str] = field(default_factory=list)
    never_seen: list[str] = field(default_factory=list)


def of(seen: Seen) -> Inferred:
    """What the successful answers of a run show; a body of a request is compared too."""
    found = Inferred([f"{call} ({count} times): no operation of the record" for call, count in seen.unknown.items()])
    for service in record.SERVICES:
        contract = answers.contract(service)
        for operation in contract.operations.values():
            if operation.described.get("x-undescribed"):
                continue  # what describes the server is of no shape that matters
            what = f"{service} {operation}"
            others = sorted({int(each) for each in seen.calls.get(what, ())} - set(operation.responses))
            found.undocumented += [f"{what}: status {each}, which the record does not have" for each in others]
            for status, response in operation.responses.items():
                schema = response.get("content", {}).get(JSON, {}).get("schema")
                if schema is not None and 200 <= status < 300:
                    shape = seen.shapes.get(f"{what} {status}")
                    if shape:
                        _compare(found, f"{what} {status}", inlined(contract.document, schema), shape)
    return found


def _compare(found: Inferred, what: str, schema: object, shape: dict[str, set[str]]) -> None:
    named: dict[str, set[str]] = {}
    anything = set()
    for place, types in places(schema):
        named.setdefault(place, set()).update(types)
        if not types:
            anything.add(place)
    for place, kinds in sorted(shape.items()):
        if place not in named:
            # Below what may be anything nothing can be undocumented.
            if not any(place.startswith((f"{open_place}.", f"{open_place}[")) for open_place in anything if open_place):
                found.undocumented.append(f"{what}: {place} ({' or '.join(sorted(kinds))})")
        elif place not in anything and kinds - named[place]:
            others = " or ".join(sorted(kinds - named[place]))
            found.other_types.append(
                f"{what}: {place or 'the body'} is {others}, not {' or '.join(sorted(named[place]))}"
            )
    found.never_seen += [f"{what}: {place}" for place in named if place and place not in shape]
