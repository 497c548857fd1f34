"""What an assistant can read: vocabulary, contract by operation, tag dictionary, an example of each area."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError

from mcp_servers.focus_tests import words
from pipeline.paths import ROOT, SUITES
from pipeline.results import catalogue

_CONTRACT = ROOT / "variables" / "contract"
_TAGS = ROOT / "variables" / "tags.yaml"


def register(server: MCPServer[Any]) -> None:
    """Adds the resources."""
    server.resource("focus://vocabulary", mime_type="text/plain")(vocabulary)
    server.resource("focus://tags", mime_type="text/yaml")(tags)
    server.resource("focus://contract", mime_type="application/json")(contract)
    server.resource("focus://contract/{section}", mime_type="text/yaml")(contract_section)
    server.resource("focus://examples/{area}", mime_type="text/plain")(example)


def vocabulary() -> str:
    """The names of all keywords with their arguments, by resource and library."""
    homes: dict[str, list[str]] = {}
    for one in words.every():
        homes.setdefault(one.home, []).append(f"{one.name}    {one.arguments}".rstrip())
    return "\n\n".join("\n".join([f"# {home}", *names]) for home, names in homes.items())


def tags() -> str:
    """The tag dictionary."""
    return _TAGS.read_text(encoding="utf-8")


def contract() -> str:
    """The sections of the contract of record."""
    return json.dumps(sorted(name for name, _ in _sections()))


def contract_section(section: str) -> str:
    """One section of the contract of record: an operation with its parameters and answers, or a schema."""
    found = dict(_sections()).get(section)
    if found is None:
        raise ResourceError("There is no such section of the contract; focus://contract names them all.")
    return yaml.safe_dump(found, allow_unicode=True, sort_keys=False)


def _sections() -> Iterator[tuple[str, Any]]:
    """The operations by operationId and the schemas by name, each after the name of its service."""
    for file in sorted(_CONTRACT.glob("*.openapi.yaml")):
        service = file.name.split(".")[0]
        record = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - the safe loader, in C
        for path, operations in record["paths"].items():
            for method, operation in operations.items():
                if isinstance(operation, dict):
                    yield f"{service}.{operation.get('operationId', method)}", {path: {method: operation}}
        for name, schema in record.get("components", {}).get("schemas", {}).items():
            yield f"{service}.{name}", schema


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def example(area: str) -> str:
    """A suite of an area, as an example of how its tests are written."""
    if area not in catalogue.areas():
        raise ResourceError(f"There is no such area; there are: {', '.join(sorted(catalogue.areas()))}.")
    files = [*sorted((SUITES / area).glob("*.robot")), *sorted(SUITES.rglob("*.robot"))]
    found = next((_text(file) for file in files if area in _text(file).split()), None)
    if found is None:
        raise ResourceError("No suite has this area's tag yet.")
    return found


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
