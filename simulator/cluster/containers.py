"""What a container needs before its program can start: command, environment, image."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.cluster import meta
from simulator.cluster.resources import CONFIG_MAP, SECRET, Kind, Object
from simulator.cluster.store import Store

_VARIABLE = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")


class CannotStartError(Exception):
    """A container that cannot be started now; `reason` is shown as the waiting reason, `event` names the event."""

    def __init__(self, reason: str, message: str, *, event: str = "Failed") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.event = event


@dataclass(frozen=True)
class Image:
    """How to run an image: the module whose ``main()`` is the program, and whether the fork server starts it.

    ``forked`` programs share the memory of one loaded parent; the others are started as ``python -m module``
    because they replace themselves by another program.
    """

    module: str
    forked: bool


@dataclass(frozen=True)
class Program:
    """What is run: a forked module, or a command line."""

    module: str | None
    argv: list[str]


def program(container: Object, env: Mapping[str, str], images: Mapping[str, Image]) -> Program:
    """The program of a container: its own command, else its image's; raises CannotStartError for an unknown image."""
    args = [expand(str(one), env) for one in container.get("args") or []]
    if container.get("command"):
        return Program(None, [expand(str(one), env) for one in container["command"]] + args)
    name = image_name(container["image"])
    image = images.get(name)
    if image is None:
        text = f'failed to pull image "{container["image"]}": the simulated node has no image "{name}"'
        raise CannotStartError("ErrImagePull", text)
    if image.forked:
        return Program(image.module, args)
    return Program(None, [sys.executable, "-m", image.module, *args])


def image_name(image: str) -> str:
    """An image without tag and digest."""
    image = image.split("@", 1)[0]
    head, colon, tag = image.rpartition(":")
    return head if colon and "/" not in tag else image


def environment(pod: Object, container: Object, store: Store, base: Mapping[str, str]) -> dict[str, str]:
    """The variables of a container; raises CannotStartError when a secret or config map is missing."""
    env = dict(base)
    namespace = meta.namespace_of(pod)
    for source in container.get("envFrom") or []:
        for key, (kind, decode) in _SOURCES.items():
            reference = source.get(f"{key}Ref")
            if reference:
                values = _values(store, kind, namespace, reference) or {}
                env.update({source.get("prefix", "") + name: decode(value) for name, value in values.items()})
    for variable in container.get("env") or []:
        value = expand(variable.get("value") or "", env)
        if "valueFrom" in variable:
            referred = _referred(pod, namespace, variable["valueFrom"], store)
            if referred is None:
                continue
            value = referred
        env[variable["name"]] = value
    return env


def expand(text: str, env: Mapping[str, str]) -> str:
    """Replaces $(NAME) by its value; unknown names stay, $$ is a dollar sign."""
    return _VARIABLE.sub(lambda found: "$" if found[0] == "$$" else env.get(found[1], found[0]), text)


def _decode(value: str) -> str:
    return base64.b64decode(value).decode()


_SOURCES: dict[str, tuple[Kind, Callable[[str], str]]] = {"secret": (SECRET, _decode), "configMap": (CONFIG_MAP, str)}


def _referred(pod: Object, namespace: str, source: Object, store: Store) -> str | None:
    for key, (kind, decode) in _SOURCES.items():
        reference = source.get(f"{key}KeyRef")
        if reference is None:
            continue
        values = _values(store, kind, namespace, reference)
        if values is not None and reference["key"] in values:
            return decode(values[reference["key"]])
        if reference.get("optional"):
            return None
        text = f"couldn't find key {reference['key']} in {kind.name} {namespace}/{reference['name']}"
        raise CannotStartError("CreateContainerConfigError", text)
    if "fieldRef" in source:
        return _field(pod, source["fieldRef"]["fieldPath"])
    raise CannotStartError("CreateContainerConfigError", f"the simulated node does not know valueFrom {sorted(source)}")


def _values(store: Store, kind: Kind, namespace: str, reference: Object) -> dict[str, str] | None:
    found = store.get(kind, namespace, reference["name"])
    if found is not None:
        return found.get("data") or {}
    if reference.get("optional"):
        return None
    text = f'{kind.name.lower()} "{reference["name"]}" not found'
    raise CannotStartError("CreateContainerConfigError", text)


def _field(pod: Object, path: str) -> str:
    found = re.match(r"^metadata\.(labels|annotations)\['(.+)'\]$", path)
    if found:
        return str((pod["metadata"].get(found[1]) or {}).get(found[2], ""))
    return str(meta.value_at(pod, path) or "")
