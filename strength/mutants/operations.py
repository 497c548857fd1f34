"""Maps a request to the operation of its interface, without ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
UNKNOWN_PATH = "(any) (unknown path)"
OTHER_METHOD = "(any) (method not offered)"


class Operations:
    """The operations of an OpenAPI document; `prefix` precedes every path of a request."""

    def __init__(self, document: Mapping[str, Any], prefix: str) -> None:
        self._paths: list[tuple[re.Pattern[str], str, frozenset[str]]] = []
        for path, item in document.get("paths", {}).items():
            template = path.removeprefix(prefix)
            # A request with an empty id is one to that operation too.
            parts = [re.escape(part) if index % 2 == 0 else "[^/]*" for index, part in enumerate(_split(template))]
            methods = frozenset(name.upper() for name in item if name in _METHODS)
            self._paths.append((re.compile("".join(parts) + "/?"), template, methods))
        # Fixed paths take precedence over templates.
        self._paths.sort(key=lambda entry: entry[1].count("{"))
        self._prefix = prefix

    def find(self, method: str, target: str) -> str:
        """For example `GET /metadata/{job_id}`; UNKNOWN_PATH or OTHER_METHOD for what the document does not offer."""
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
    """For example `kubernetes: GET pods`, `kubernetes: GET pods/{name}/log`; without names and namespaces."""
    parts = target.partition("?")[0].strip("/").split("/")
    # /api/v1/... or /apis/GROUP/VERSION/..., then namespaces/NAME/ of a namespaced resource.
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
    # /api/exchanges/VHOST/NAME/bindings/source: the rest are fixed words.
    shown = ["{vhost}" if index == 0 else "{name}" if index == 1 else part for index, part in enumerate(names)]
    return f"rabbitmq: {method} {'/'.join([kind, *shown])}"


def _split(template: str) -> list[str]:
    """Fixed texts and parameter names, alternating."""
    return re.split(r"\{([^}]*)\}", template)
