"""What of a site can be sampled while it is under load: pods, cgroups, disks, queues, database."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from focus_core.base.errors import BenchError
from focus_core.load.sampling import Reading, Source
from focus_core.site.model import Site, Workload

if TYPE_CHECKING:
    from focus_core.cluster.client import ClusterClient

_CGROUP = ("/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/memory.current")
_DISK_EVERY_S = 30.0


def of_site(site: Site) -> list[Source]:
    """All that this site offers; nothing is asked before the first reading."""
    found = []
    if "kubernetes" in site.capabilities:
        found += _of_cluster(site)
    if "rabbitmq" in site.capabilities:
        found.append(_queues(site))
    if "mongodb" in site.capabilities:
        found.append(_database(site))
    return found


def _of_cluster(site: Site) -> list[Source]:
    # Imported here, as all clients: each is slow to load.
    from focus_core.cluster.client import ClusterClient

    named = _workloads(site)

    def client() -> ClusterClient:
        # One for each source: they ask at the same time.
        return ClusterClient.of_site(site)

    found = [Source("use of the pods", _metrics(client(), site, named))]
    # In a pod of the simulated site the counters are those of the whole machine.
    if not site.simulated:
        found += [Source(f"the cgroup of {name}", _cgroup(client(), name, one)) for name, one in named.items()]
    return found + [
        Source(f"the disk of {name}", _disk(client(), name, one), _DISK_EVERY_S) for name, one in named.items()
    ]


def _workloads(site: Site) -> dict[str, Workload]:
    return {name.replace("_", " "): one for name, one in vars(site.workloads).items() if one is not None}


def _metrics(cluster: ClusterClient, site: Site, named: Mapping[str, Workload]) -> Callable[[], Reading]:
    owners = {f"{one.name}-": name for name, one in named.items()} | {site.job_prefix: "views"}

    def owner(pod: str) -> str:
        return next((name for prefix, name in owners.items() if pod.startswith(prefix)), "other pods")

    def read() -> Reading:
        found: dict[tuple[str, str], float] = defaultdict(float)
        for used in cluster.pod_metrics():
            found[f"CPU of {owner(used.pod)}", "cores"] += used.cpu_millicores / 1000
            found[f"memory of {owner(used.pod)}", "bytes"] += used.memory_bytes
        return found

    return read


def _cgroup(cluster: ClusterClient, name: str, workload: Workload) -> Callable[[], Reading]:
    """The kernel's own counters: exact where the Metrics API has one value in 15 s."""
    before: list[tuple[float, float]] = []

    def read() -> Reading:
        lines = _printed(cluster, workload, ["cat", *_CGROUP])
        cpu = dict(line.split() for line in lines if line.count(" ") == 1)
        # Both counters come from one moment only nearly: the kernel's own clock is not among them.
        now = (time.monotonic(), float(cpu["usage_usec"]) / 1e6)
        found = {(f"memory of {name} by its cgroup", "bytes"): float(lines[-1])}
        if before:
            at, used = before.pop()
            found[f"CPU of {name} by its cgroup", "cores"] = (now[1] - used) / (now[0] - at)
        before.append(now)
        return found

    return read


def _disk(cluster: ClusterClient, name: str, workload: Workload) -> Callable[[], Reading]:
    def read() -> Reading:
        line = _printed(cluster, workload, ["df", "-P", "/"])[-1]
        return {(f"disk of {name}", "%"): float(line.split()[4].rstrip("%"))}

    return read


def _printed(cluster: ClusterClient, workload: Workload, command: list[str]) -> list[str]:
    """The lines that a command prints in a pod of a workload. Raises ``BenchError`` when it cannot be run there."""
    pods = [pod for pod in cluster.pods(workload.selector) if pod.phase == "Running"]
    if not pods:
        raise BenchError(f"{workload.name} has no running pod")
    ended = cluster.run_in_pod(pods[0].name, command, timeout=10)
    if ended.code:
        raise BenchError(f"'{' '.join(command)}' failed in {pods[0].name}: {ended.errors[:200]}")
    return ended.output.strip().splitlines()


def _queues(site: Site) -> Source:
    from focus_core.rabbitmq.client import RabbitClient

    management = RabbitClient.of_site(site).management

    def read() -> Reading:
        depths = [queue.messages for queue in management.queues()]
        return {
            ("messages in all queues", "messages"): sum(depths),
            ("messages in the longest queue", "messages"): max(depths, default=0),
        }

    return Source("the broker's queues", read)


def _database(site: Site) -> Source:
    from focus_core.mongodb.client import MongoSite

    database = MongoSite.of_site(site, shared=True)
    return Source(
        "the connections of MongoDB", lambda: {("connections to MongoDB", "connections"): database.status().connections}
    )
