"""A site whose processes are killed or frozen: nothing acknowledged is lost, nothing hangs, nothing is left."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pika
import psutil
import pytest
import requests
from filelock import FileLock
from kubernetes import client, config
from pymongo import MongoClient, WriteConcern
from support.site_commands import (
    PATIENCE_S,
    Site,
    bearer,
    eventually,
    mongodb_login,
    processes_of,
    secret,
    simulator,
    start_site,
    web,
)

QUEUE = "kept-messages"
# A server that waits for its frozen neighbour without a limit of its own is cut off by its client at 15 s.
IN_TIME_S = 12.0

log = logging.getLogger(__name__)


@dataclass
class Kept:
    """What the site acknowledged and has to give back: names of documents, of config maps, bodies of messages."""

    documents: set[str] = field(default_factory=set)
    config_maps: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for all tests that need a site of their own: each goes on with the site that the last one left."""
    path = tmp_path_factory.mktemp("site") / "site of אתר"
    yield path
    simulator("down", "--state-dir", path)


@contextmanager
def mongodb(site: Site) -> Iterator[Any]:
    with MongoClient(**mongodb_login(site), serverSelectionTimeoutMS=5000, socketTimeoutMS=5000) as mongo:
        yield mongo["hard-to-kill"].get_collection("kept", write_concern=WriteConcern(w=1, j=True))


@contextmanager
def broker(site: Site) -> Iterator[Any]:
    place = site["rabbitmq"]
    login = pika.PlainCredentials(place["username"], secret(place["password"]))
    connection = pika.BlockingConnection(
        pika.ConnectionParameters(place["host"], place["port"], place["vhost"], login, blocked_connection_timeout=5)
    )
    try:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True)
        channel.confirm_delivery()
        yield channel
    finally:
        connection.close()


def cluster(site: Site) -> client.CoreV1Api:
    config.load_kube_config(site["kubernetes"]["kubeconfig"])
    return client.CoreV1Api()


def live_view() -> dict[str, Any]:
    return {
        "displayTimeAxisDuration": 10,
        "nfftSelection": 1024,
        "displayInfo": {"height": 1000},
        "channels": {"min": 11, "max": 109},
        "frequencyRange": {"min": 0, "max": 1000},
        "start_time": None,
        "end_time": None,
        "view_type": 0,
    }


def historic_view() -> dict[str, Any]:
    end = int(time.time()) - 3 * 24 * 3600
    return {**live_view(), "start_time": end - 10, "end_time": end}


def configure(site: Site, view: dict[str, Any], headers: dict[str, str], timeout: float = 15) -> requests.Response:
    url = f"{site['focus']['url']}/configure"
    return web(site).post(url, json=view, headers=headers, timeout=timeout)


def use(site: Site, kept: Kept) -> None:
    """Write to every store, remember what was acknowledged, and open and cancel a view."""
    name = uuid.uuid4().hex
    with mongodb(site) as collection:
        collection.insert_one({"_id": name})
        kept.documents.add(name)
    with broker(site) as channel:
        channel.basic_publish("", QUEUE, name.encode(), pika.BasicProperties(delivery_mode=2), mandatory=True)
        kept.messages.add(name)
    cluster(site).create_namespaced_config_map("panda", {"metadata": {"name": f"kept-{name}"}})
    kept.config_maps.add(f"kept-{name}")
    headers = bearer(site)
    opened = configure(site, live_view(), headers)
    assert opened.status_code == 200, opened.text
    job = opened.json()["job_id"]
    cancelled = web(site).delete(f"{site['focus']['url']}/job/{job}", headers=headers, timeout=15)
    assert cancelled.status_code == 200, cancelled.text


def assert_kept(site: Site, kept: Kept) -> None:
    """Everything that was acknowledged is there."""
    with mongodb(site) as collection:
        assert kept.documents <= {one["_id"] for one in collection.find()}
    held = {one.metadata.name for one in cluster(site).list_namespaced_config_map("panda").items}
    assert kept.config_maps <= held
    found = set()
    with broker(site) as channel:
        while not kept.messages <= found:
            _, _, body = channel.basic_get(QUEUE)  # not acknowledged: all go back when the connection closes
            assert body is not None, f"lost: {kept.messages - found}"
            found.add(body.decode())


def assert_nothing_left(state_dir: Path) -> None:
    assert [process.cmdline() for process in processes_of(state_dir)] == []
    assert not (state_dir / "site.yaml").exists()
    with FileLock(state_dir / "lock", timeout=0):
        pass
    base = json.loads((state_dir / "state.json").read_text())["port_base"]
    for port in range(base, base + 60):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def describe(process: psutil.Process) -> str:
    """Name which part of the site a process is: the pod's folder for a pod."""
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:60]} in {Path(process.cwd()).name}"
    except psutil.Error:
        return str(process.pid)


@pytest.mark.nightly
def test_a_killed_cluster_is_repaired_and_its_pods_live_on(state_dir: Path) -> None:
    site = start_site(state_dir, "--time-scale", "0.1")
    opened = configure(site, live_view(), bearer(site))
    job = opened.json()["job_id"]

    def pods() -> dict[str, str]:
        found = [pod for pod in cluster(site).list_namespaced_pod("panda").items if pod.status.container_statuses]
        return {
            pod.metadata.name: pod.status.container_statuses[0].container_id
            for pod in found
            if pod.metadata.owner_references[0].kind != "Job"
        }

    before = pods()
    for process in processes_of(state_dir):
        if "simulator.cluster" in process.cmdline() or "simulator.node" in process.cmdline():
            process.kill()
    assert simulator("status", "--state-dir", state_dir).code == 3
    repaired = simulator("up", "--state-dir", state_dir)
    assert repaired.code == 0, repaired.err
    assert repaired.err.startswith("Repairing the site: cluster and node ended")
    assert pods() == before
    state = web(site).get(f"{site['focus']['url']}/metadata/{job}", headers=bearer(site), timeout=10)
    assert state.status_code == 200, state.text

    name = next(iter(before))
    fresh = simulator("up", "--fresh", "--state-dir", state_dir)
    assert fresh.code == 0, fresh.err
    assert name not in pods()


def test_two_sites_see_nothing_of_each_other(simulated_site: Site, state_dir: Path) -> None:
    other = start_site(state_dir, "--time-scale", "0.1")
    kept = Kept()
    use(other, kept)
    assert not {one.pid for one in processes_of(state_dir)} & {
        one.pid for one in processes_of(simulated_site["state_dir"])
    }
    assert other["mongodb"]["port"] != simulated_site["mongodb"]["port"]
    with mongodb(simulated_site) as collection:
        assert collection.find_one({"_id": next(iter(kept.documents))}) is None
    place = simulated_site["rabbitmq"]
    login = (place["username"], secret(place["password"]))
    queues = requests.get(f"{place['management_url']}/api/queues", auth=login, timeout=5).json()
    assert QUEUE not in {queue["name"] for queue in queues}
    stranger = (place["username"], secret(other["rabbitmq"]["password"]))
    assert requests.get(f"{place['management_url']}/api/queues", auth=stranger, timeout=5).status_code == 401
    names = {one.metadata.name for one in cluster(simulated_site).list_namespaced_config_map("panda").items}
    assert not kept.config_maps & names
    assert answers_well(simulated_site, live_view)


def kill_some(chance: random.Random, state_dir: Path, count: int) -> None:
    """Kill as many processes of the site with -9; where one has ended before, another is chosen."""
    killed: set[int] = set()
    while len(killed) < count:
        target = chance.choice(sorted(processes_of(state_dir), key=lambda one: one.pid))
        name = describe(target)
        with suppress(psutil.NoSuchProcess):
            target.kill()
            log.warning("kill -9 %s", name)
            killed.add(target.pid)


@pytest.mark.parametrize(("cycles", "seed"), [(1, 20_261), pytest.param(20, None, marks=pytest.mark.nightly)])
def test_no_kill_costs_what_was_acknowledged(state_dir: Path, cycles: int, seed: int | None) -> None:
    seed = int(os.environ.get("HARD_TO_KILL_SEED", seed or time.time_ns() % 1_000_000))
    chance = random.Random(seed)  # noqa: S311 - a game of chance that can be repeated
    log.warning("to repeat it: HARD_TO_KILL_SEED=%d", seed)
    for _ in range(cycles):
        site = start_site(state_dir, "--time-scale", "0.1")
        kept = Kept()
        use(site, kept)
        kill_some(chance, state_dir, chance.choice([1, 1, 2]))
        began = time.monotonic()
        repaired = start_site(state_dir)
        assert time.monotonic() - began < PATIENCE_S
        assert repaired["mongodb"] == site["mongodb"]
        eventually(lambda: assert_kept(repaired, kept) or True)  # noqa: B023
        eventually(lambda: use(repaired, kept) or True)  # noqa: B023
        assert_kept(repaired, kept)
        began = time.monotonic()
        down = simulator("down", "--state-dir", state_dir)
        assert down.code == 0, down.err
        assert time.monotonic() - began < PATIENCE_S
        assert_nothing_left(state_dir)


@contextmanager
def frozen(site: Site, selector: str) -> Iterator[None]:
    """Stop the program of the pod with SIGSTOP, as a hung server; it goes on afterwards."""
    pod = cluster(site).list_namespaced_pod("panda", label_selector=selector).items[0]
    pid = int(pod.status.container_statuses[0].container_id.removeprefix("process://"))
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def restarts(site: Site) -> dict[str, int]:
    """Return how often the program of each lasting pod was started again."""
    pods = [
        pod
        for pod in cluster(site).list_namespaced_pod("panda").items
        if pod.metadata.owner_references[0].kind != "Job"
    ]
    return {pod.metadata.name: pod.status.container_statuses[0].restart_count for pod in pods}


def answers_well(site: Site, view: Callable[[], dict[str, Any]]) -> bool:
    headers = bearer(site)
    opened = configure(site, view(), headers)
    if opened.status_code == 200:
        job = f"{site['focus']['url']}/job/{opened.json()['job_id']}"
        web(site).delete(job, headers=headers, timeout=15)
    return opened.status_code == 200


def test_a_frozen_focus_server_hangs_and_goes_on(simulated_site: Site) -> None:
    site = simulated_site
    url = site["focus"].get("plain_url") or site["focus"]["url"]
    address = url.split("/")[2].split(":")
    before = restarts(site)
    with frozen(site, site["workloads"]["focus_server"]["selector"]):
        with socket.create_connection((address[0], int(address[1])), timeout=2):
            pass  # the system still takes connections, as for any hung server
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"{url}/ack", timeout=2)
    eventually(lambda: requests.get(f"{url}/ack", timeout=2).status_code == 200)
    assert answers_well(site, live_view)
    assert restarts(site) == before


def test_a_frozen_mongodb_makes_historic_views_503_in_time_and_live_ones_go_on(simulated_site: Site) -> None:
    site = simulated_site
    headers = bearer(site)
    before = restarts(site)
    with frozen(site, site["workloads"]["mongodb"]["selector"]):
        began = time.monotonic()
        refused = configure(site, historic_view(), headers)
        assert (refused.status_code, time.monotonic() - began < IN_TIME_S) == (503, True)
        assert answers_well(site, live_view)
    eventually(lambda: answers_well(site, historic_view))
    assert restarts(site) == before


def test_a_frozen_rabbitmq_makes_alerts_503_in_time_and_views_go_on(simulated_site: Site) -> None:
    site = simulated_site
    headers = bearer(site)
    before = restarts(site)

    def push() -> requests.Response:
        url = f"{site['webapp']['url']}/{site['webapp']['site_id']}/api/push-to-rabbit"
        alert = {
            "alertsAmount": 1,
            "dofM": 4163,
            "classId": 104,
            "severity": 3,
            "alertIds": [f"frozen-{uuid.uuid4().hex}"],
        }
        return web(site).post(url, json=alert, headers=headers, timeout=15)

    assert push().status_code == 201
    with frozen(site, site["workloads"]["rabbitmq"]["selector"]):
        began = time.monotonic()
        assert push().status_code == 503
        assert time.monotonic() - began < IN_TIME_S
        began = time.monotonic()
        assert configure(site, live_view(), headers).status_code in (200, 503)
        assert time.monotonic() - began < IN_TIME_S
    eventually(lambda: push().status_code == 201)
    assert answers_well(site, live_view)
    assert restarts(site) == before
