"""The page of the contract of record, made of variables/contract: what a site takes, answers, sends and keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from focus_core.contract import record

_HEAD = """\
# The contract of record

Made of `variables/contract/` when this site was built. What it is for and how it changes: [contract.md](contract.md);
the reasons behind it: [site-contract.md](site-contract.md).
"""
_TITLES: dict[record.Service, str] = {"focus-server": "Focus Server", "webapp": "Web app"}
_METHODS = ("get", "post", "put", "patch", "delete")
Json = Mapping[str, Any]


def page() -> str:
    lines = [_HEAD]
    for service, title in _TITLES.items():
        document = record.document(service)
        lines += [f"## {title}\n", *operations(document), f"### Bodies of {title.lower()}\n", *schemas(document)]
    lines += ["## Messages\n", *exchanges(record.messages()), *schemas({"components": record.messages()})]
    lines += ["## Streams\n", _block("protobuf", (record.FOLDER / record.PROTO).read_text(encoding="utf-8"))]
    return "\n".join([*lines, "## Database\n", *collections(record.collections())])


def operations(document: Json) -> Iterator[str]:
    """A table row for each operation: parameters, body, statuses."""
    yield "| operation | parameters | body | answers |\n|---|---|---|---|"
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                given = [*methods.get("parameters", ()), *operation.get("parameters", ())]
                names = [f"`{record.resolved(document, one)['name']}`" for one in given]
                statuses = ", ".join(sorted(map(str, operation["responses"])))
                body = _body(document, operation)
                yield f"| `{method.upper()} {path}` | {' '.join(names) or '-'} | {body or '-'} | {statuses} |"
    yield ""


def schemas(document: Json) -> Iterator[str]:
    """Each schema in full: what its members are and may be."""
    for name, schema in document["components"].get("schemas", {}).items():
        yield f"#### {name}\n"
        yield _block("yaml", _yaml(schema))


def exchanges(messages: Json) -> Iterator[str]:
    yield "| exchange | kind | routing key | message |\n|---|---|---|---|"
    for name, exchange in messages["exchanges"].items():
        kind = f"{'durable ' if exchange['durable'] else ''}{exchange['type']}"
        for key, message in exchange["messages"].items():
            yield f"| `{name}` | {kind} | `{key}` | {_name(message)} |"
    yield ""


def collections(found: Json) -> Iterator[str]:
    for name, collection in found.items():
        yield f"### {name.capitalize()}\n"
        yield _block("yaml", _yaml(collection))


def _body(document: Json, operation: Json) -> str:
    body = record.resolved(document, operation.get("requestBody", {}))
    schemas_of_kinds = [content["schema"] for content in body.get("content", {}).values()]
    return _name(schemas_of_kinds[0]) if schemas_of_kinds else ""


def _name(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else "described in place"


class _Plain(yaml.SafeDumper):
    """Writes what the file has once and refers to in full, each time."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _yaml(content: Any) -> str:
    return yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"
