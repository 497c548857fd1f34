"""What is sampled of a site: by workload, from the kernel's counters, from df, the broker and the database."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient
from focus_core.load import sources
from focus_core.load.sampling import Source
from focus_core.mongodb.client import MongoSite
from focus_core.node.shell import Ended
from focus_core.rabbitmq.client import RabbitClient
from focus_core.site.model import Workload

SERVER = Workload(kind="Deployment", name="panda-focus-server", selector="app=focus")
COUNTERS = "usage_usec {}\nuser_usec 1\nsystem_usec 1\n52428800\n"
DISK = "Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 100 43 57 43% /\n"


class Cluster:
    """A cluster of two pods of the server, one of a view, and one of nobody."""

    def __init__(self) -> None:
        self.used = 0
        self.code = 0
        self.phase = "Running"

    def pod_metrics(self) -> list[Any]:
        names = ("panda-focus-server-1", "panda-focus-server-2", "grpc-job-7-1731-x", "cleanup-7")
        return [SimpleNamespace(pod=name, cpu_millicores=250, memory_bytes=100) for name in names]

    def pods(self, selector: str) -> list[Any]:
        assert selector == SERVER.selector
        return [SimpleNamespace(name="panda-focus-server-1", phase=self.phase)]

    def run_in_pod(self, pod: str, command: list[str], timeout: float) -> Ended:  # noqa: ARG002 - as the client's
        self.used += 1_000_000
        printed = DISK if command[0] == "df" else COUNTERS.format(self.used)
        return Ended(self.code, printed, "no such file" if self.code else "")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    found = Cluster()
    monkeypatch.setattr(ClusterClient, "of_site", lambda _: found)
    return found


def of_site(*capabilities: str, simulated: bool = False) -> dict[str, Source]:
    workloads = SimpleNamespace(focus_server=SERVER, preprocessor=None)
    site: Any = SimpleNamespace(
        capabilities=capabilities, workloads=workloads, job_prefix="grpc-job-", simulated=simulated
    )
    return {source.name: source for source in sources.of_site(site)}


@pytest.mark.usefixtures("cluster")
def test_the_use_of_pods_is_added_by_workload() -> None:
    assert of_site("kubernetes")["use of the pods"].read() == {
        ("CPU of focus server", "cores"): 0.5,
        ("memory of focus server", "bytes"): 200,
        ("CPU of views", "cores"): 0.25,
        ("memory of views", "bytes"): 100,
        ("CPU of other pods", "cores"): 0.25,
        ("memory of other pods", "bytes"): 100,
    }


def test_the_counters_of_the_kernel_give_cpu_from_the_second_reading_on(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = of_site("kubernetes")["the cgroup of focus server"]
    moments = iter((10.0, 12.0))
    monkeypatch.setattr(sources.time, "monotonic", lambda: next(moments))
    memory = {("memory of focus server by its cgroup", "bytes"): 52428800.0}
    assert source.read() == memory
    assert source.read() == memory | {("CPU of focus server by its cgroup", "cores"): 0.5}
    assert cluster.used == 2_000_000
    assert "the cgroup of focus server" not in of_site("kubernetes", simulated=True)


def test_how_full_the_disk_is_comes_from_df(cluster: Cluster) -> None:
    source = of_site("kubernetes")["the disk of focus server"]
    assert source.read() == {("disk of focus server", "%"): 43}
    cluster.code = 1
    with pytest.raises(BenchError, match="'df -P /' failed in panda-focus-server-1: no such file"):
        source.read()
    cluster.phase = "Pending"
    with pytest.raises(BenchError, match="has no running pod"):
        source.read()


def test_queues_and_connections_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    queues = [SimpleNamespace(messages=number) for number in (3, 5)]
    broker = SimpleNamespace(management=SimpleNamespace(queues=lambda: queues))
    database = SimpleNamespace(status=lambda: SimpleNamespace(connections=7))
    monkeypatch.setattr(RabbitClient, "of_site", lambda _: broker)
    monkeypatch.setattr(MongoSite, "of_site", lambda _, **_shared: database)
    found = of_site("rabbitmq", "mongodb")
    assert found["the broker's queues"].read() == {
        ("messages in all queues", "messages"): 8,
        ("messages in the longest queue", "messages"): 5,
    }
    assert found["the connections of MongoDB"].read() == {("connections to MongoDB", "connections"): 7}
    assert of_site() == {}
