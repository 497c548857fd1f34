"""How the API server describes itself: groups, resources, version, and as much OpenAPI as `kubectl apply` reads."""

from __future__ import annotations

import platform
import zlib
from typing import Any

from simulator.cluster.resources import KINDS, Kind, Object

GIT_VERSION = "v1.34.1+simulated"


def version() -> Object:
    """The body of /version."""
    major, minor, *_ = GIT_VERSION.lstrip("v").split(".")
    return {
        "major": major,
        "minor": minor,
        "gitVersion": GIT_VERSION,
        "gitCommit": "",
        "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "none",
        "platform": f"{platform.system().lower()}/{platform.machine()}",
    }


def core_versions() -> Object:
    """The body of /api."""
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}


def group_list() -> Object:
    """The body of /apis."""
    groups = [_group(name) for name in sorted({kind.group for kind in KINDS if kind.group})]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def _group(name: str) -> Object:
    """A group with its versions, the newest first."""
    versions = sorted({kind.version for kind in KINDS if kind.group == name}, reverse=True)
    entries = [{"groupVersion": f"{name}/{one}", "version": one} for one in versions]
    return {"name": name, "versions": entries, "preferredVersion": entries[0]}


def group(name: str) -> Object | None:
    """The body of /apis/GROUP; None when there is no such group."""
    known = any(kind.group == name for kind in KINDS)
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name)} if known else None


def resource_list(group_name: str, version_: str) -> Object | None:
    """The body of /api/v1 and /apis/GROUP/VERSION; None when there is no such group or version."""
    resources: list[Object] = []
    for kind in KINDS:
        if (kind.group, kind.version) == (group_name, version_):
            resources.append(_resource(kind, "", kind=kind.name, verbs=kind.verbs, categories=["all"] * kind.in_all))
            resources += [_resource(kind, f"/{name}", **_subresource(kind, name)) for name in kind.subresources]
    if not resources:
        return None
    api_version = f"{group_name}/{version_}" if group_name else version_
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": api_version, "resources": resources}


def _resource(kind: Kind, below: str, /, **more: Any) -> Object:
    about = {"name": f"{kind.plural}{below}", "singularName": "", "namespaced": kind.namespaced}
    own = {} if below else {"singularName": kind.name.lower(), "shortNames": list(kind.short_names)}
    return {**about, **own, **more}


def _subresource(kind: Kind, name: str) -> Object:
    own: dict[str, Object] = {
        "log": {"kind": kind.name, "verbs": ["get"]},
        "scale": {"group": "autoscaling", "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"]},
        "token": {"group": "authentication.k8s.io", "version": "v1", "kind": "TokenRequest", "verbs": ["create"]},
        "exec": {"kind": "PodExecOptions", "verbs": ["create", "get"]},
        "portforward": {"kind": "PodPortForwardOptions", "verbs": ["create", "get"]},
        "eviction": {"group": "policy", "version": "v1", "kind": "Eviction", "verbs": ["create"]},
    }
    return own.get(name, {"kind": kind.name, "verbs": ["get", "patch", "update"]})


def _paths() -> dict[str, list[Kind]]:
    """Path of a group and version -> its kinds."""
    found: dict[str, list[Kind]] = {}
    for kind in KINDS:
        found.setdefault(f"apis/{kind.api_version}" if kind.group else f"api/{kind.version}", []).append(kind)
    return found


def openapi_index() -> Object:
    """The body of /openapi/v3."""
    hashes = {path: f"{zlib.crc32(path.encode()):08X}" for path in _paths()}
    return {"paths": {path: {"serverRelativeURL": f"/openapi/v3/{path}?hash={hashes[path]}"} for path in hashes}}


def openapi_document(path: str) -> Object | None:
    """The document of one group: paths whose PATCH knows fieldValidation, which `kubectl apply` looks for."""
    kinds = _paths().get(path)
    if kinds is None:
        return None
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": GIT_VERSION},
        "paths": {_object_path(path, kind): {"patch": _patch_operation(kind)} for kind in kinds},
        "components": {"schemas": {}},
    }


def _object_path(path: str, kind: Kind) -> str:
    return f"/{path}/{'namespaces/{namespace}/' if kind.namespaced else ''}{kind.plural}/{{name}}"


def _patch_operation(kind: Kind) -> Object:
    names = ("dryRun", "fieldManager", "fieldValidation", "force")
    return {
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": {"group": kind.group, "version": kind.version, "kind": kind.name},
        "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names],
        "responses": {"200": {"description": "OK"}},
    }


def paths() -> Object:
    """The body of /."""
    fixed = ["/api", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]
    return {"paths": sorted([*fixed, *(f"/{path}" for path in _paths())])}
