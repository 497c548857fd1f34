"""The job table against a cluster of dictionaries: slots, limits, numbers, recovery, roll-back."""

import asyncio
import copy
import dataclasses
from typing import Any

import pytest
from support.focus_server import settings

from simulator.pods.focus import answers
from simulator.pods.focus.errors import ApiError
from simulator.pods.focus.jobs import JobTable, Record
from simulator.pods.focus.kubernetes_api import KubernetesDownError, Object
from simulator.pods.focus.models import ConfigureRequest
from simulator.pods.focus.settings import Settings

REQUEST = ConfigureRequest.model_validate(
    {
        "displayTimeAxisDuration": 10,
        "nfftSelection": 1024,
        "displayInfo": {"height": 1000},
        "channels": {"min": 1, "max": 50},
        "frequencyRange": {"min": 0, "max": 1000},
        "view_type": 0,
    }
)
SETTINGS = settings(5672, max_windows=3, capacity=5)


class Cluster:
    """Objects by path, with the calls of KubernetesApi that the table makes; ``broken`` is a path that fails."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        self.version = 0
        self.broken = ""

    async def get(self, _group: str, path: str) -> Object | None:
        kind, _, rest = path.partition("?")
        if rest:
            items = [one for name, one in self.objects.items() if name.startswith(f"{kind}/") and "cleanup" not in name]
            return {"metadata": {"resourceVersion": str(self.version)}, "items": copy.deepcopy(items)}
        return self.objects.get(path)

    async def create(self, _group: str, kind: str, body: Object) -> Object:
        await asyncio.sleep(0)  # others come in between, as with a real cluster
        path = f"{kind}/{body['metadata']['name']}"
        if self.broken and path.startswith(self.broken):
            raise KubernetesDownError(path)
        self.version += 1
        made = copy.deepcopy(body)
        now = "2026-11-22T11:00:00Z"
        made["metadata"].update(uid=path, resourceVersion=str(self.version), creationTimestamp=now)
        self.objects[path] = made
        return made

    async def merge(self, _group: str, path: str, patch: Object) -> Object | None:
        await asyncio.sleep(0)
        if path in self.objects:
            self.objects[path].update(patch)
        return self.objects.get(path)

    async def delete(self, _group: str, path: str) -> bool:
        return self.objects.pop(path, None) is not None

    async def watch(self, *_: str) -> Any:
        await asyncio.Event().wait()
        yield {}


def with_table(cluster: Cluster, act: Any, settings: Settings = SETTINGS) -> Any:
    """Run ``act(table)`` with a started table."""

    async def run() -> Any:
        table = JobTable(cluster, settings)  # type: ignore[arg-type]
        await table.start()
        try:
            return await act(table)
        finally:
            await table.stop()

    return asyncio.run(run())


async def ids(table: JobTable, owners: str) -> list[str]:
    return [(await table.create(REQUEST, owner)).job_id for owner in owners]


def refusal(cluster: Cluster, owners: str, settings: Settings = SETTINGS) -> ApiError:
    with pytest.raises(ApiError) as refused:
        with_table(cluster, lambda table: ids(table, owners), settings)
    return refused.value


def test_slots_are_the_lowest_free_ones_and_numbers_go_on() -> None:
    async def act(table: JobTable) -> list[str]:
        first = await ids(table, "abc")
        record = table.find("2-2")
        assert record is not None
        await table.delete(record)
        return first + await ids(table, "ab")

    assert with_table(Cluster(), act) == ["1-1", "2-2", "3-3", "2-4", "4-5"]


def test_simultaneous_requests_get_different_slots() -> None:
    async def act(table: JobTable) -> list[Record]:
        return await asyncio.gather(*(table.create(REQUEST, owner) for owner in "abcde"))

    made = with_table(Cluster(), act)
    assert {record.slot for record in made} == {1, 2, 3, 4, 5}
    assert {record.answer["stream_port"] for record in made} == {12301, 12302, 12303, 12304, 12305}


def test_a_client_has_its_windows_and_the_site_its_capacity() -> None:
    own, full = refusal(Cluster(), "aaaa"), refusal(Cluster(), "aabbcc")
    assert (own.status, own.allowed) == (429, 3)
    assert (full.status, full.allowed) == (503, 5)
    assert own.headers["Retry-After"] == full.headers["Retry-After"] == "10"


def test_a_job_that_is_being_made_counts_once() -> None:
    async def act(table: JobTable) -> list[Record]:
        first = asyncio.create_task(table.create(REQUEST, "a"))
        while table.find("1-1") is None:
            await asyncio.sleep(0)
        return await asyncio.gather(first, table.create(REQUEST, "a"), table.create(REQUEST, "a"))

    assert {record.slot for record in with_table(Cluster(), act)} == {1, 2, 3}


@pytest.mark.parametrize("broken", ["jobs/cleanup", "jobs/grpc", "services/"])
def test_a_job_that_cannot_be_made_whole_leaves_nothing(broken: str) -> None:
    cluster = Cluster()
    cluster.broken = broken
    assert refusal(cluster, "a").status == 503
    assert set(cluster.objects) == {"configmaps/focus-server-state"}


def test_after_a_failure_the_slot_is_free_again() -> None:
    cluster = Cluster()

    async def act(table: JobTable) -> list[str]:
        cluster.broken = "services/"
        with pytest.raises(ApiError):
            await table.create(REQUEST, "a")
        cluster.broken = ""
        return await ids(table, "a")

    assert with_table(cluster, act) == ["1-2"]


@pytest.mark.parametrize("counter_is_lost", [False, True])
def test_a_new_table_finds_the_jobs_of_the_old_one(counter_is_lost: bool) -> None:
    cluster = Cluster()
    with_table(cluster, lambda table: ids(table, "ab"))
    if counter_is_lost:
        del cluster.objects["configmaps/focus-server-state"]

    async def act(table: JobTable) -> tuple[Record | None, list[str]]:
        return table.find("2-2"), await ids(table, "a")

    found, made = with_table(cluster, act)
    assert found is not None
    assert (found.owner, found.request) == ("b", REQUEST)
    assert found.answer == answers.configure_answer(REQUEST, "2-2", 2, SETTINGS)
    assert made == ["3-3"]


def test_annotations_of_the_widest_view_fit_into_the_cluster() -> None:
    cluster = Cluster()
    wide = REQUEST.model_copy(deep=True)
    wide.channels.max, wide.nfftSelection = 2222, 65536
    settings = dataclasses.replace(SETTINGS)
    with_table(cluster, lambda table: table.create(wide, "a"), settings)
    notes = cluster.objects["jobs/grpc-job-1-1"]["metadata"]["annotations"]
    assert sum(len(value) for value in notes.values()) < 256 * 1024


def test_no_secret_stands_in_an_object() -> None:
    cluster = Cluster()
    with_table(cluster, lambda table: ids(table, "a"))
    assert "not-to-be-seen" not in str(cluster.objects)
    assert SETTINGS.rabbitmq_secret in str(cluster.objects)


def test_state_follows_pod_and_job() -> None:
    cluster = Cluster()

    async def act(table: JobTable) -> list[str]:
        record = await table.create(REQUEST, "a")
        seen = [record.state]
        pod: Object = {"metadata": {"name": "grpc-job-1-1-abcde"}, "status": {"phase": "Running", "conditions": []}}
        table._apply_pod("ADDED", pod)
        seen.append(record.state)
        pod["status"]["conditions"] = [{"type": "Ready", "status": "True"}]
        table._apply_pod("MODIFIED", pod)
        seen.append(record.state)
        job = cluster.objects["jobs/grpc-job-1-1"]
        job["status"] = {"succeeded": 1}
        table._apply_job("MODIFIED", job)
        seen.append(record.state)
        table._apply_job("DELETED", job)
        assert table.find("1-1") is None
        return seen

    assert with_table(cluster, act) == ["waiting", "waiting", "running", "completed"]
