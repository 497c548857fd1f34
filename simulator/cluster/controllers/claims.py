"""Persistent volume claims: each gets a volume, which is a folder of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.defaults import CLAIM_PROTECTION, DEFAULT_CLASS
from simulator.cluster.quantities import quantity
from simulator.cluster.registry import Registry
from simulator.cluster.resources import CLAIM, POD, STORAGE_CLASS, VOLUME, Object
from simulator.cluster.store import Change
from simulator.cluster.volumes import claims_of

PROVISIONER = "simulator/folder"
IS_DEFAULT = "storageclass.kubernetes.io/is-default-class"


class ClaimController(Controller):
    """Binds claims to volumes, makes the volumes of the default class, and removes them with their claims."""

    kind = CLAIM
    component = "persistentvolume-controller"

    def __init__(self, registry: Registry, folder: Path) -> None:
        super().__init__(registry)
        self._folder = folder

    def recover(self) -> None:
        """Makes the default class, and removes the folders of volumes that are known no more."""
        if self.store.get(STORAGE_CLASS, "", DEFAULT_CLASS) is None:
            self.registry.create(STORAGE_CLASS, "", _default_class())
        known = {_path(volume) for volume in self.store.objects(VOLUME)}
        for folder in self._folder.glob("*"):
            if folder not in known:
                shutil.rmtree(folder, ignore_errors=True)

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """Claims, those that a pod used, and those that wait for a volume or class."""
        if change.kind == CLAIM:
            if change.type == "DELETED":
                self._release(change.object)
            yield meta.key_of(change.object)
        elif change.kind == POD and change.type == "DELETED":
            for name in claims_of(change.object):
                yield meta.namespace_of(change.object), name
        elif change.kind in (VOLUME, STORAGE_CLASS):
            for claim in self.store.objects(CLAIM):
                if claim["status"]["phase"] == "Pending":
                    yield meta.key_of(claim)

    def reconcile(self, namespace: str, name: str) -> None:
        """One step for one claim."""
        claim = self.store.get(CLAIM, namespace, name)
        if claim is None:
            return
        if meta.is_deleting(claim):
            if not self._users(claim):
                self.registry.finalize(CLAIM, claim, CLAIM_PROTECTION)
        elif claim["status"]["phase"] == "Pending":
            volume = self._free_volume(claim) or self._provisioned(claim)
            if volume is not None:
                self._bind(claim, volume)

    def _users(self, claim: Object) -> list[Object]:
        return [
            pod
            for pod in self.store.objects(POD, meta.namespace_of(claim))
            if pod["spec"].get("nodeName") and meta.name_of(claim) in claims_of(pod)
        ]

    def _free_volume(self, claim: Object) -> Object | None:
        """The smallest volume, made by somebody, that is what the claim asks for."""
        fitting = [volume for volume in self.store.objects(VOLUME) if _fits(volume, claim)]
        return min(fitting, key=_capacity, default=None)

    def _provisioned(self, claim: Object) -> Object | None:
        """A new volume of the claim's class; None, which an event reports, when there is no such class."""
        wanted = claim["spec"].get("storageClassName")
        if not wanted:
            text = "no persistent volumes available for this claim and no storage class is set"
            self.events.normal(CLAIM, claim, "FailedBinding", text)
            return None
        storage = self.store.get(STORAGE_CLASS, "", wanted)
        if storage is None:
            text = f'storageclass.storage.k8s.io "{wanted}" not found'
            self.events.warning(CLAIM, claim, "ProvisioningFailed", text)
            return None
        if storage["provisioner"] != PROVISIONER:
            text = f'Waiting for a volume to be created by the external provisioner "{storage["provisioner"]}"'
            self.events.normal(CLAIM, claim, "ExternalProvisioning", text)
            return None
        name = f"pvc-{meta.uid_of(claim)}"
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        spec = {
            "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
            "accessModes": claim["spec"]["accessModes"],
            "persistentVolumeReclaimPolicy": storage["reclaimPolicy"],
            "storageClassName": wanted,
            "volumeMode": "Filesystem",
            "hostPath": {"path": str(folder), "type": "DirectoryOrCreate"},
        }
        annotations = {"pv.kubernetes.io/provisioned-by": PROVISIONER}
        volume = self.registry.create(
            VOLUME, "", {"metadata": {"name": name, "annotations": annotations}, "spec": spec}
        )
        self.events.normal(CLAIM, claim, "ProvisioningSucceeded", f"Successfully provisioned volume {name}")
        return volume

    def _bind(self, claim: Object, volume: Object) -> None:
        reference = {
            "kind": CLAIM.name,
            "apiVersion": CLAIM.api_version,
            "namespace": meta.namespace_of(claim),
            "name": meta.name_of(claim),
            "uid": meta.uid_of(claim),
        }

        def bind_volume(edited: Object) -> None:
            edited["spec"]["claimRef"] = reference
            edited["status"]["phase"] = "Bound"

        def bind_claim(edited: Object) -> None:
            edited["spec"]["volumeName"] = meta.name_of(volume)
            spec = volume["spec"]
            edited["status"] = {"phase": "Bound", "accessModes": spec["accessModes"], "capacity": spec["capacity"]}

        self.store.edit(VOLUME, "", meta.name_of(volume), bind_volume)
        self.store.edit(CLAIM, *meta.key_of(claim), bind_claim)

    def _release(self, claim: Object) -> None:
        """The volume of a claim that is gone: removed with its folder, or kept where its policy is Retain."""
        volume = self.store.get(VOLUME, "", claim["spec"].get("volumeName", ""))
        if volume is None or volume["spec"].get("claimRef", {}).get("uid") != meta.uid_of(claim):
            return
        if volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete":
            self.store.remove(VOLUME, "", meta.name_of(volume))
            if _path(volume).parent == self._folder:
                shutil.rmtree(_path(volume), ignore_errors=True)
        else:
            self.registry.edit_status(VOLUME, volume, lambda status: status.update(phase="Released"))


def _fits(volume: Object, claim: Object) -> bool:
    spec, wanted = volume["spec"], claim["spec"]
    named = wanted.get("volumeName", meta.name_of(volume)) == meta.name_of(volume)
    same_class = spec.get("storageClassName", "") == wanted.get("storageClassName", "")
    modes = set(wanted["accessModes"]) <= set(spec["accessModes"])
    enough = _capacity(volume) >= quantity(wanted["resources"]["requests"]["storage"])
    return named and same_class and modes and enough and volume["status"]["phase"] == "Available"


def _capacity(volume: Object) -> Decimal:
    return quantity(volume["spec"]["capacity"]["storage"])


def _path(volume: Object) -> Path:
    return Path(str(volume["spec"]["hostPath"]["path"]))


def _default_class() -> Object:
    metadata = {"name": DEFAULT_CLASS, "annotations": {IS_DEFAULT: "true"}}
    return {"metadata": metadata, "provisioner": PROVISIONER}
