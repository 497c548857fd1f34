"""Volumes: config maps, secrets, empty and host directories as files that a container can read.

A process has no file system of its own, so a volume lies in POD_DIR/volumes/NAME. A relative mountPath is a link to it
below POD_DIR, where the program runs; for every mount, the absolute ones above all, the variable VOLUME_<NAME> (upper
case, "-" as "_") holds the path. A changed config map or secret changes the files at once.
"""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

from simulator.cluster import meta
from simulator.cluster.containers import CannotStartError
from simulator.cluster.resources import CONFIG_MAP, SECRET, Kind, Object
from simulator.cluster.store import Store


def mount(pod: Object, container: Object, store: Store, directory: Path) -> dict[str, str]:
    """Makes the volumes that a container mounts and returns their variables; raises CannotStartError."""
    volumes = {one["name"]: one for one in pod["spec"].get("volumes") or []}
    variables = {}
    for wanted in container.get("volumeMounts") or []:
        volume = volumes[wanted["name"]]
        place = _made(volume, pod, store, directory) / wanted.get("subPath", "")
        variables["VOLUME_" + re.sub(r"[^A-Z0-9]", "_", volume["name"].upper())] = str(place)
        if not wanted["mountPath"].startswith("/"):
            link = directory / wanted["mountPath"]
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(place)
    return variables


def refresh(pod: Object, kind: Kind, name: str, store: Store, directory: Path) -> None:
    """Writes the files of a config map or secret again when the pod has them."""
    for volume in pod["spec"].get("volumes") or []:
        source = _source(volume)
        if source is not None and source[:2] == (kind, name) and (directory / "volumes" / volume["name"]).is_dir():
            _made(volume, pod, store, directory)


def _made(volume: Object, pod: Object, store: Store, directory: Path) -> Path:
    if "hostPath" in volume:
        return Path(str(volume["hostPath"]["path"]))
    place = directory / "volumes" / str(volume["name"])
    place.mkdir(parents=True, exist_ok=True)
    source = _source(volume)
    if source is not None:
        files = _files(source, pod, store)
        for old in place.iterdir():
            if old.name not in {Path(path).parts[0] for path in files}:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for path, content in files.items():
            _write(place / path, content, secret=source[0] == SECRET)
    return place


def _source(volume: Object) -> tuple[Kind, str, Object] | None:
    if "configMap" in volume:
        return CONFIG_MAP, volume["configMap"].get("name", ""), volume["configMap"]
    if "secret" in volume:
        return SECRET, volume["secret"].get("secretName", ""), volume["secret"]
    return None


def _files(source: tuple[Kind, str, Object], pod: Object, store: Store) -> dict[str, bytes]:
    """Path in the volume -> content; raises CannotStartError when the source or a key of it is missing."""
    kind, name, options = source
    found = store.get(kind, meta.namespace_of(pod), name)
    if found is None and not options.get("optional"):
        raise _failed(f'{kind.name.lower()} "{name}" not found')
    data: Object = found or {}
    encoded = data.get("binaryData" if kind == CONFIG_MAP else "data") or {}
    content = {key: base64.b64decode(value) for key, value in encoded.items()}
    if kind == CONFIG_MAP:
        content.update({key: value.encode() for key, value in (data.get("data") or {}).items()})
    if not options.get("items"):
        return content
    missing = [one["key"] for one in options["items"] if one["key"] not in content]
    if missing and not options.get("optional"):
        raise _failed(f"references non-existent {kind.name.lower()} key: {missing[0]}")
    return {one["path"]: content[one["key"]] for one in options["items"] if one["key"] in content}


def _failed(why: str) -> CannotStartError:
    return CannotStartError("ContainerCreating", f"MountVolume.SetUp failed: {why}", event="FailedMount")


def _write(path: Path, content: bytes, *, secret: bool) -> None:
    """Replaces a file in one step: a program never reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"..{path.name}.new")
    fresh.touch(mode=0o600 if secret else 0o644)
    fresh.write_bytes(content)
    fresh.replace(path)
