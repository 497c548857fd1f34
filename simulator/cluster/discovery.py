"""How the API server describes itself: groups, resources, version, and as much OpenAPI as `kubectl apply` reads."""

from __future__ import annotations

import platform
import zlib
from itertools import groupby
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


def _groups() -> list[tuple[str, str, list[Kind]]]:
    ordered = sorted(KINDS, key=lambda kind: (kind.group, kind.version))
    return [(*key, list(kinds)) for key, kinds in groupby(ordered, key=lambda kind: (kind.group, kind.version))]


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
    kinds = next((kinds for name, v, kinds in _groups() if (name, v) == (group_name, version_)), None)
    if kinds is None:
        return None
    resources: list[Object] = []
    for kind in kinds:
        resources.append(
            {
                "name": kind.plural,
                "singularName": kind.name.lower(),
                "namespaced": kind.namespaced,
                "kind": kind.name,
                "verbs": kind.verbs,
                "shortNames": list(kind.short_names),
                "categories": ["all"] if kind.in_all else [],
            }
        )
        resources += [
            {
                "name": f"{kind.plural}/{name}",
                "singularName": "",
                "namespaced": kind.namespaced,
                **_subresource(kind, name),
            }
            for name in kind.subresources
        ]
    api_version = f"{group_name}/{version_}" if group_name else version_
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": api_version, "resources": resources}


def _subresource(kind: Kind, name: str) -> dict[str, Any]:
    if name == "scale":
        return {"group": "autoscaling", "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"]}
    if name == "token":
        return {"group": "authentication.k8s.io", "version": "v1", "kind": "TokenRequest", "verbs": ["create"]}
    if name in ("exec", "portforward"):
        options = {"exec": "PodExecOptions", "portforward": "PodPortForwardOptions"}
        return {"kind": options[name], "verbs": ["create", "get"]}
    if name == "eviction":
        return {"group": "policy", "version": "v1", "kind": "Eviction", "verbs": ["create"]}
    return {"kind": kind.name, "verbs": ["get"] if name == "log" else ["get", "patch", "update"]}


def openapi_index() -> Object:
    """The body of /openapi/v3."""
    return {
        "paths": {
            path: {"serverRelativeURL": f"/openapi/v3/{path}?hash={zlib.crc32(path.encode()):08X}"}
            for path in (f"apis/{name}/{version_}" if name else f"api/{version_}" for name, version_, _ in _groups())
        }
    }


def openapi_document(path: str) -> Object | None:
    """The document of one group: paths whose PATCH knows fieldValidation, which `kubectl apply` looks for."""
    for name, version_, kinds in _groups():
        if path == (f"apis/{name}/{version_}" if name else f"api/{version_}"):
            paths = {_object_path(path, kind): {"patch": _patch_operation(kind)} for kind in kinds}
            return {
                "openapi": "3.0.0",
                "info": {"title": "Kubernetes", "version": GIT_VERSION},
                "paths": paths,
                "components": {"schemas": {}},
            }
    return None


def _object_path(path: str, kind: Kind) -> str:
    return (
        f"/{path}/namespaces/{{namespace}}/{kind.plural}/{{name}}"
        if kind.namespaced
        else f"/{path}/{kind.plural}/{{name}}"
    )


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
    listed = ["/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]
    listed += [f"/apis/{name}/{version_}" for name, version_, _ in _groups() if name]
    return {"paths": sorted(listed)}
