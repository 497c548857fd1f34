"""Volumes: config maps, secrets, claims, empty and host directories as files that a container can read.

A process has no file system of its own, so a volume lies in POD_DIR/volumes/NAME, that of a claim or host path where
it is. A mountPath is a link to it below POD_DIR, where the program runs: /etc/keys is POD_DIR/etc/keys. For every mount
the variable VOLUME_<NAME> (upper case, "-" as "_") holds the path. A changed config map or secret changes the files at
once.
"""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.cluster import meta
from simulator.cluster.containers import CannotStartError
from simulator.cluster.resources import CLAIM, CONFIG_MAP, SECRET, VOLUME, Kind, Object
from simulator.cluster.store import Store

# Where a program in a container looks for the token of its service account.
ACCOUNT_VOLUME, ACCOUNT_PATH = "kube-api-access", "var/run/secrets/kubernetes.io/serviceaccount"
# The files of a secret are for their owner only, unless the pod asks for more.
DEFAULT_MODES: Mapping[Kind, int] = {CONFIG_MAP: 0o644, SECRET: 0o600}


@dataclass(frozen=True)
class File:
    """One file of a config map or secret."""

    content: bytes
    mode: int


def mount(pod: Object, container: Object, store: Store, directory: Path) -> dict[str, str]:
    """Makes the volumes that a container mounts and returns their variables; raises CannotStartError."""
    volumes = {one["name"]: one for one in pod["spec"].get("volumes") or []}
    variables = {}
    for wanted in container.get("volumeMounts") or []:
        volume = volumes[wanted["name"]]
        place = _made(volume, pod, store, directory) / wanted.get("subPath", "")
        variables[_variable(volume["name"])] = str(place)
        _link(directory, wanted["mountPath"].strip("/"), place)
    return variables


def mount_account(token: str, namespace: str, directory: Path) -> dict[str, str]:
    """Writes what a pod has of its service account, and returns its variable."""
    place = directory / "volumes" / ACCOUNT_VOLUME
    for name, text in (("token", token), ("namespace", namespace)):
        _write(place / name, File(text.encode(), 0o600))
    _link(directory, ACCOUNT_PATH, place)
    return {_variable(ACCOUNT_VOLUME): str(place)}


def refresh(pod: Object, kind: Kind, name: str, store: Store, directory: Path) -> None:
    """Writes the files of a config map or secret again when the pod has them."""
    for volume in pod["spec"].get("volumes") or []:
        source = _source(volume)
        if source is not None and source[:2] == (kind, name) and (directory / "volumes" / volume["name"]).is_dir():
            _made(volume, pod, store, directory)


def claims_of(pod: Object) -> list[str]:
    """Names of the claims that a pod mounts."""
    volumes = pod["spec"].get("volumes") or []
    return [str(one["persistentVolumeClaim"]["claimName"]) for one in volumes if "persistentVolumeClaim" in one]


def _variable(volume: str) -> str:
    return "VOLUME_" + re.sub(r"[^A-Z0-9]", "_", volume.upper())


def _link(directory: Path, path: str, place: Path) -> None:
    link = directory / path
    # A mount inside another one has its variable only: a link would lie in the other one's files.
    if path and not any(one.is_symlink() for one in (link, *link.parents) if directory in one.parents):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(place)


def _made(volume: Object, pod: Object, store: Store, directory: Path) -> Path:
    if "persistentVolumeClaim" in volume:
        return _claimed(volume["persistentVolumeClaim"]["claimName"], pod, store)
    if "hostPath" in volume:
        return _host_path(volume["hostPath"])
    place = directory / "volumes" / str(volume["name"])
    place.mkdir(parents=True, exist_ok=True)
    source = _source(volume)
    if source is not None:
        files = _files(source, pod, store)
        for old in place.iterdir():
            if old.name not in {Path(path).parts[0] for path in files}:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for path, file in files.items():
            _write(place / path, file)
    return place


def _claimed(name: str, pod: Object, store: Store) -> Path:
    claim = store.get(CLAIM, meta.namespace_of(pod), name)
    volume = store.get(VOLUME, "", claim["spec"].get("volumeName", "")) if claim is not None else None
    if volume is None:
        raise _failed(f'persistentvolumeclaim "{name}" not found or not bound')
    return _host_path(volume["spec"]["hostPath"])


def _host_path(source: Object) -> Path:
    place = Path(str(source["path"]))
    if source.get("type") == "DirectoryOrCreate":
        place.mkdir(parents=True, exist_ok=True)
    elif source.get("type") == "Directory" and not place.is_dir():
        raise _failed(f"hostPath type check failed: {place} is not a directory")
    return place


def _source(volume: Object) -> tuple[Kind, str, Object] | None:
    if "configMap" in volume:
        return CONFIG_MAP, volume["configMap"].get("name", ""), volume["configMap"]
    if "secret" in volume:
        return SECRET, volume["secret"].get("secretName", ""), volume["secret"]
    return None


def _files(source: tuple[Kind, str, Object], pod: Object, store: Store) -> dict[str, File]:
    """Path in the volume -> file; raises CannotStartError when the source or a key of it is missing."""
    kind, name, options = source
    found = store.get(kind, meta.namespace_of(pod), name)
    if found is None and not options.get("optional"):
        raise _failed(f'{kind.name.lower()} "{name}" not found')
    data: Object = found or {}
    encoded = data.get("binaryData" if kind == CONFIG_MAP else "data") or {}
    content = {key: base64.b64decode(value) for key, value in encoded.items()}
    if kind == CONFIG_MAP:
        content.update({key: value.encode() for key, value in (data.get("data") or {}).items()})
    items = options.get("items") or [{"key": key, "path": key} for key in content]
    missing = [one["key"] for one in items if one["key"] not in content]
    if missing and not options.get("optional"):
        raise _failed(f"references non-existent {kind.name.lower()} key: {missing[0]}")
    mode = options.get("defaultMode", DEFAULT_MODES[kind])
    return {one["path"]: File(content[one["key"]], one.get("mode", mode)) for one in items if one["key"] in content}


def _failed(why: str) -> CannotStartError:
    return CannotStartError("ContainerCreating", f"MountVolume.SetUp failed: {why}", event="FailedMount")


def _write(path: Path, file: File) -> None:
    """Replaces a file in one step: a program never reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"..{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(file.content)
    fresh.chmod(file.mode)
    fresh.replace(path)
