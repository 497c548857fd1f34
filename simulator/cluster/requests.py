"""What a request asks for: the object in its path, its query and its body."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import yaml
from aiohttp import web

from simulator.cluster import meta
from simulator.cluster.errors import ApiError, bad_request
from simulator.cluster.resources import BY_PATH, Kind, Object
from simulator.cluster.selectors import Match, field_match, label_match

PROTOBUF = "application/vnd.kubernetes.protobuf"


@dataclass(frozen=True)
class Target:
    """What the path of a request names."""

    kind: Kind
    namespace: str
    name: str
    subresource: str


def parse_path(path: str) -> Target | None:
    """The object or collection behind a path of the API; None when the path is none of a resource."""
    parts = [part for part in path.split("/") if part]
    if parts[:2] == ["api", "v1"]:
        group, version, rest = "", "v1", parts[2:]
    elif parts[:1] == ["apis"] and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    namespace = ""
    if len(rest) > 2 and rest[0] == "namespaces" and (group, version, rest[2]) in BY_PATH:
        namespace, rest = rest[1], rest[2:]
    kind = BY_PATH.get((group, version, rest[0])) if rest else None
    if kind is None or len(rest) > 3 or (namespace and not kind.namespaced):
        return None
    return Target(kind, namespace, rest[1] if len(rest) > 1 else "", rest[2] if len(rest) > 2 else "")


async def read_body(request: web.Request) -> Any:
    """The body as an object; an empty one is an empty object."""
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type == PROTOBUF:
        text = "the simulated cluster does not read protobuf bodies; send JSON or YAML"
        hint = "with kubectl: 'kubectl create ... --dry-run=client -o yaml | kubectl apply -f -'"
        raise ApiError(415, "UnsupportedMediaType", f"{text} ({hint})")
    try:
        body = yaml.load(raw, _JsonLikeLoader) if _is_yaml(request, raw) else json.loads(raw)  # noqa: S506 - a SafeLoader
    except (ValueError, yaml.YAMLError) as error:
        raise bad_request(f"the body cannot be read as {request.content_type}: {error}") from error
    if not isinstance(body, dict) and request.content_type != "application/json-patch+json":
        raise bad_request("the body must be an object")
    return body


class _JsonLikeLoader(yaml.SafeLoader):
    """YAML as Kubernetes reads it: a time stays the text that it is in JSON."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class keeps its resolvers like this
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _is_yaml(request: web.Request, raw: bytes) -> bool:
    """Clients call JSON yaml in apply patches; the JSON reader is much faster."""
    return "yaml" in request.content_type and not raw.lstrip().startswith(b"{")


def same_kind(kind: Kind, body: Object) -> None:
    """Raises 400 when the body is of another kind than the path."""
    given = (body.get("apiVersion", kind.api_version), body.get("kind", kind.name))
    if given != (kind.api_version, kind.name):
        text = f"{given[1]} in version {given[0]} cannot be handled as a {kind.name} in version {kind.api_version}"
        raise bad_request(text)


def target_namespace(target: Target) -> str:
    """The namespace of a request on one object; raises 400 when it lacks one."""
    if target.kind.namespaced and not target.namespace:
        raise bad_request("an empty namespace may not be set when a resource name is provided")
    return target.namespace


def flag(request: web.Request, name: str) -> bool:
    """A query parameter that is on or off."""
    return request.query.get(name, "").lower() in ("true", "1")


def is_dry_run(request: web.Request) -> bool:
    """Whether nothing shall be stored."""
    return "All" in request.query.getall("dryRun", [])


def number(request: web.Request, name: str) -> float | None:
    """A query parameter that is a number, None when it is not given; raises 400."""
    text = request.query.get(name, "")
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise bad_request(f'{name}: Invalid value: "{text}" is no number') from error


def wanted_match(request: web.Request, target: Target) -> Match:
    """A test for the label and field selectors of the query and the name of the path."""
    labels = label_match(request.query.get("labelSelector", ""))
    fields = field_match(target.kind, request.query.get("fieldSelector", ""))
    return lambda obj: labels(obj) and fields(obj) and target.name in ("", meta.name_of(obj))


def wants_table(request: web.Request) -> bool:
    """Whether the client asked for a server-side table."""
    return "as=Table" in request.headers.get("Accept", "")


def decode_continue(token: str) -> tuple[str, str] | None:
    """Namespace and name after which the next page of a list begins; raises 400."""
    if not token:
        return None
    try:
        namespace, name = json.loads(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise bad_request("continue key is not valid") from error
    return str(namespace), str(name)
