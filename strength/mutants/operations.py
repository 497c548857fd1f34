"""Which operation of an interface a request is, so that ids do not matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
UNKNOWN_PATH = "(any) (unknown path)"
OTHER_METHOD = "(any) (method not offered)"


class Operations:
    """The operations of an OpenAPI document; `prefix` precedes every path on the wire."""

    def __init__(self, document: Mapping[str, Any], prefix: str) -> None:
        self._paths: list[tuple[re.Pattern[str], str, frozenset[str]]] = []
        for path, item in document.get("paths", {}).items():
            template = path.removeprefix(prefix)
            # An empty id is a request to that operation too.
            parts = [re.escape(part) if index % 2 == 0 else "[^/]*" for index, part in enumerate(_split(template))]
            methods = frozenset(name.upper() for name in item if name in _METHODS)
            self._paths.append((re.compile("".join(parts) + "/?"), template, methods))
        # /waterfall/{id} must not take what has a fixed name of its own.
        self._paths.sort(key=lambda entry: entry[1].count("{"))
        self._prefix = prefix

    def find(self, method: str, target: str) -> str:
        """For example `GET /metadata/{job_id}`; what the document does not offer is one of two collective names."""
        path = target.partition("?")[0]
        if not path.startswith(self._prefix):
            return UNKNOWN_PATH
        path = path.removeprefix(self._prefix)
        matching = [(template, methods) for pattern, template, methods in self._paths if pattern.fullmatch(path)]
        if not matching:
            return UNKNOWN_PATH
        offered = next((template for template, methods in matching if method in methods), None)
        return f"{method} {offered}" if offered else OTHER_METHOD


def of_kubernetes(method: str, target: str) -> str:
    """For example `kubernetes: GET pods`, `kubernetes: GET pods/{name}/log`; names and namespaces do not matter."""
    parts = target.partition("?")[0].strip("/").split("/")
    # /api/v1/... or /apis/GROUP/VERSION/..., then namespaces/NAME/ of what lies in one.
    parts = parts[2:] if parts[0] == "api" else parts[3:]
    if parts[:1] == ["namespaces"] and len(parts) > 2:
        parts = parts[2:]
    if len(parts) > 1:
        parts[1] = "{name}"
    return f"kubernetes: {method} {'/'.join(parts) or '(description)'}"


def of_management(method: str, target: str) -> str:
    """For example `rabbitmq: GET queues/{vhost}/{name}`."""
    parts = target.partition("?")[0].strip("/").split("/")
    kind, *names = parts[1:] if parts[0] == "api" else parts
    # /api/exchanges/VHOST/NAME/bindings/source: what follows is a fixed word.
    shown = ["{vhost}" if index == 0 else "{name}" if index == 1 else part for index, part in enumerate(names)]
    return f"rabbitmq: {method} {'/'.join([kind, *shown])}"


def _split(template: str) -> list[str]:
    """Fixed texts and parameter names in turn."""
    return re.split(r"\{([^}]*)\}", template)
