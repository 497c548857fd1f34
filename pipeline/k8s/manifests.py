"""The objects of deploy/: what a cluster gets once, and what each run gets of its templates."""

from __future__ import annotations

import copy
import hashlib
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline import paths
from pipeline.errors import RunError

OVERLAYS = paths.ROOT / "deploy" / "overlays"
# The label that all objects of a run have.
RUN = "app.kubernetes.io/instance"
# A ConfigMap holds less than 1 MiB.
MOST_BYTES = 1_000_000

Object = dict[str, Any]


@dataclass(frozen=True)
class Manifests:
    """`standing` objects are made once; `job` and `collector` are the templates of a phase and of a helper pod."""

    namespace: str
    standing: tuple[Object, ...]
    job: Object
    collector: Object


@dataclass(frozen=True)
class Phase:
    """Shards that run side by side: `shards` of them, the first one has the number `first`."""

    name: str
    first: int
    shards: int


def names() -> list[str]:
    return sorted(path.parent.name for path in OVERLAYS.glob("*/kustomization.yaml"))


def folder_of(overlay: str) -> Path:
    """The folder of an overlay: a name in deploy/overlays, or a path. Raises RunError."""
    path = OVERLAYS / overlay if overlay in names() else Path(overlay)
    if not (path / "kustomization.yaml").is_file():
        raise RunError(f"There is no overlay '{overlay}'; choose one of {', '.join(names())}, or a folder with one.")
    return path


def render(overlay: str, *, namespace: str = "", image: str = "") -> Manifests:
    """The manifests of an overlay, in another namespace and with another image where these are given."""
    folder = folder_of(overlay)
    done = subprocess.run(
        ["kubectl", "kustomize", str(folder)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        words = " ".join(done.stderr.split())
        raise RunError(f"The manifests of overlay {overlay} cannot be made ({words}): correct its kustomization.yaml.")
    objects = [one for one in yaml.safe_load_all(done.stdout) if one]
    jobs = [one for one in objects if one["kind"] == "Job"]
    pods = [one for one in objects if one["kind"] == "Pod"]
    if len(jobs) != 1 or len(pods) != 1:
        raise RunError(f"Overlay {overlay} has {len(jobs)} Jobs and {len(pods)} Pods: it must have one template each.")
    own = jobs[0]["metadata"]["namespace"]
    if namespace:
        for one in objects:
            _move(one, own, namespace)
    if image:
        for pod in (jobs[0]["spec"]["template"], pods[0]):
            for container in pod["spec"]["containers"]:
                container["image"] = image
    standing = tuple(one for one in objects if one["kind"] not in ("Job", "Pod"))
    return Manifests(namespace or own, standing, jobs[0], pods[0])


def name_of(run_id: str) -> str:
    """The name of a run in a cluster: lower case, digits and "-", short enough to begin the names of its pods."""
    slug = re.sub(r"[^a-z0-9]+", "-", run_id.lower())[:30].strip("-")
    if slug != run_id:
        slug = f"{slug}-{hashlib.sha256(run_id.encode()).hexdigest()[:8]}"
    return f"focus-{slug}"


def phase_job(manifests: Manifests, run_id: str, phase: Phase, total: int, args: Sequence[str]) -> Object:
    """The Job of a phase, suspended; `args` go to 'ci run' of each shard."""
    job = copy.deepcopy(manifests.job)
    name = name_of(run_id)
    job["metadata"]["name"] = f"{name}-{phase.name}"
    spec, template = job["spec"], job["spec"]["template"]
    spec |= {"suspend": True, "completions": phase.shards, "parallelism": phase.shards}
    for part in (job, template):
        part["metadata"].setdefault("labels", {})[RUN] = name
    container = template["spec"]["containers"][0]
    known = {"RUN_ID": run_id, "SHARD_TOTAL": str(total), "FIRST_SHARD": str(phase.first)}
    for variable in container["env"]:
        if variable["name"] in known:
            variable["value"] = known[variable["name"]]
    container["args"] = list(args)
    for volume in template["spec"]["volumes"]:
        if volume["name"] == "plan":
            volume["configMap"]["name"] = name
    return job


def inputs(manifests: Manifests, run_id: str, files: dict[str, str], owner: Object) -> Object:
    """The ConfigMap with the files of a run; it goes when the owner, a Job that the cluster has made, goes."""
    size = sum(len(text.encode()) for text in files.values())
    if size > MOST_BYTES:
        raise RunError(f"Plan and site file have {size} bytes, more than a ConfigMap holds: choose fewer tests.")
    name = name_of(run_id)
    reference = {"apiVersion": "batch/v1", "kind": "Job", "name": owner["metadata"]["name"]}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": name,
            "namespace": manifests.namespace,
            "labels": {RUN: name},
            "ownerReferences": [reference | {"uid": owner["metadata"]["uid"]}],
        },
        "data": files,
    }


def collector(manifests: Manifests, run_id: str) -> Object:
    """The pod that stands beside the results of a run."""
    pod = copy.deepcopy(manifests.collector)
    name = name_of(run_id)
    pod["metadata"]["name"] = f"{name}-collector"
    pod["metadata"].setdefault("labels", {})[RUN] = name
    return pod


def _move(one: Object, old: str, new: str) -> None:
    metadata = one["metadata"]
    if metadata.get("namespace") == old:
        metadata["namespace"] = new
    if one["kind"] == "Namespace" and metadata["name"] == old:
        metadata["name"] = new
    subjects: Iterable[Object] = one.get("subjects") or ()
    for subject in subjects:
        if subject.get("namespace") == old:
            subject["namespace"] = new
