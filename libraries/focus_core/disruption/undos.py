"""How each kind of record is undone. An undo may be played twice, and on a site where nothing is left to undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from focus_core.base import cleanup
from focus_core.base.waiting import NotYet, wait_until
from focus_core.data.names import RECORD_KIND as TEST_DATA
from focus_core.disruption import node_processes
from focus_core.disruption.cluster_changes import ClusterChanges
from focus_core.run import undo_records

if TYPE_CHECKING:
    from focus_core.run.undo_records import OpenRecord, Record
    from focus_core.site.model import Site

DELETED_POD = "deleted pod"
KILLED_PROCESS = "killed process"
SCALED_TO_ZERO = "scaled to zero"
FROZEN_PROCESS = "frozen process"
NETWORK_CUT = "network cut"
TAKEN_NAMES = "taken names"
OWN_QUEUE = "own queue"
OWN_COLLECTION = "own collection"


def register(site: Site, kind: str, what: str, details: Mapping[str, Any]) -> None:
    """Writes down what is about to be made; it is removed at the end of the test, or by whoever opens the site next.

    ``what`` names it in errors ("Queue q1").
    """
    record = undo_records.keep(site, kind, "", dict(details))
    cleanup.current().add(what, lambda: play(site, record))


def play(site: Site, open_record: OpenRecord) -> None:
    """Undoes a record and waits until its workload is ready again; then the record goes, else it stays on disk.

    Raises what went wrong: ``WaitTimeout`` when the workload does not become ready, ``BenchError`` when the site does
    not let it be repaired.
    """
    record = open_record.record

    def undo() -> None:
        UNDOS[record.kind](site, record)
        if record.workload:
            settle(site, record.workload)

    open_record.undo(undo)


def settle(site: Site, name: str) -> None:
    """Waits, at most ``pod_ready_s``, until the workload has all its pods, ready, and none that is on its way out."""
    cluster = ClusterChanges.of_site(site)
    workload = getattr(site.workloads, name)

    def ready() -> bool:
        wanted = cluster.replicas(workload)
        pods = cluster.pods_of(workload)
        if len(pods) != wanted or not all(pod.ready for pod in pods):
            seen = ", ".join(f"{pod.name} {'ready' if pod.ready else 'not ready'}" for pod in pods) or "no pod"
            raise NotYet(f"{seen}; {wanted} wanted")
        return True

    wait_until(f"{workload.kind} {workload.name} is ready", ready, timeout=site.timings.pod_ready_s)


def _nothing(site: Site, record: Record) -> None:
    """Its controller repairs it; what is waited for is that it did."""


def _scale_back(site: Site, record: Record) -> None:
    cluster = ClusterChanges.of_site(site)
    workload = getattr(site.workloads, record.workload)
    wanted = int(record.details["replicas"])
    if cluster.replicas(workload) < wanted:
        cluster.scale(workload, wanted)


def _thaw(site: Site, record: Record) -> None:
    pods = ClusterChanges.of_site(site).pods_of(getattr(site.workloads, record.workload))
    running = {pod.container_id: pod for pod in pods}
    for container_id in record.details["containers"]:
        # One that was replaced meanwhile is gone, and its process number may be another's.
        if container_id in running:
            node_processes.signal(site, running[container_id], "CONT")


def _end_isolation(site: Site, record: Record) -> None:
    ClusterChanges.of_site(site).end_isolation(record.details["policy"])


def _free_names(site: Site, record: Record) -> None:
    ClusterChanges.of_site(site).free_service_names(record.details["services"])


def _delete_queue(site: Site, record: Record) -> None:
    from focus_core.rabbitmq.client import RabbitClient

    RabbitClient.of_site(site).delete_own_queue(record.details["queue"], record.run)


def _drop_collection(site: Site, record: Record) -> None:
    from focus_core.mongodb.client import MongoSite

    MongoSite.of_site(site).drop_own_collection(record.details["collection"], record.run)


def _remove_test_data(site: Site, record: Record) -> None:
    from focus_core.data import sets

    sets.undo(site, record)


UNDOS: Mapping[str, Callable[[Any, Any], None]] = {
    DELETED_POD: _nothing,
    KILLED_PROCESS: _nothing,
    SCALED_TO_ZERO: _scale_back,
    FROZEN_PROCESS: _thaw,
    NETWORK_CUT: _end_isolation,
    TAKEN_NAMES: _free_names,
    OWN_QUEUE: _delete_queue,
    OWN_COLLECTION: _drop_collection,
    TEST_DATA: _remove_test_data,
}
