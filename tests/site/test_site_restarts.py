"""What operators do to the workloads of a site: really dead, really back, and their clients connect again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from support.focus_views import Cluster, Views, queues
from support.site_commands import Site, eventually, login, processes_of, simulator, start_site
from support.webapp import WebApp, unique

KUBECTL = shutil.which("kubectl", path=str(Path(sys.executable).parent))
# RabbitMQ takes seconds to come back; every run sees it once, in test_webapp.py.
WORKLOADS = ["focus_server", "webapp", "mongodb", pytest.param("rabbitmq", marks=pytest.mark.nightly)]


class Workload:
    """One workload of the site, its pod, and its port."""

    def __init__(self, site: Site, key: str) -> None:
        self.site = site
        self.cluster = Cluster(site)
        self.selector = site["workloads"][key]["selector"]
        self.title = f"{site['workloads'][key]['kind']}/{site['workloads'][key]['name']}".lower()
        self.port = int(self.pods()[0].spec.containers[0].ports[0].host_port)

    def kubectl(self, *arguments: str) -> None:
        command = [str(KUBECTL), "--kubeconfig", self.site["kubernetes"]["kubeconfig"], *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, done.stderr

    def pods(self) -> list[Any]:
        found = self.cluster.core.list_namespaced_pod(self.cluster.namespace, label_selector=self.selector)
        return list(found.items)

    def ready(self) -> tuple[str, psutil.Process]:
        """Wait for the one ready pod; return its uid and its process."""

        def one() -> tuple[str, psutil.Process] | None:
            (pod,) = self.pods()
            (status,) = pod.status.container_statuses
            if pod.metadata.deletion_timestamp or not status.ready:
                return None
            return pod.metadata.uid, psutil.Process(int(status.container_id.removeprefix("process://")))

        return eventually(one)

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=2):
            return True

    def free(self) -> bool:
        """Whether another program could listen on the port now."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", self.port))
        return True


def all_connected(site: Site) -> None:
    """Wait until Focus Server has what it depends on, an alert travels, and a new view gets its queue."""
    views = Views(site)
    eventually(lambda: views.get("health").json()["status"] == "ok")
    eventually(lambda: login(site, "lane0").status_code == 201)
    webapp = WebApp(site)
    sent = unique()
    eventually(lambda: webapp.push(alertIds=[sent]).status_code == 201)
    webapp.arrived(sent)
    view = views.open(**views.historic(seconds=300))
    eventually(lambda: f"grpc-job-{view['job_id']}-frames" in queues(site))
    views.close(view["job_id"])


@pytest.mark.nightly
@pytest.mark.parametrize("key", WORKLOADS)
def test_scaled_to_zero_it_is_dead_and_scaled_to_one_it_is_back(simulated_site: Site, key: str) -> None:
    workload = Workload(simulated_site, key)
    uid, process = workload.ready()
    workload.kubectl("scale", workload.title, "--replicas", "0")
    eventually(lambda: not workload.pods())
    assert not process.is_running()
    assert workload.free()
    workload.kubectl("scale", workload.title, "--replicas", "1")
    later, _ = workload.ready()
    assert later != uid
    assert workload.answers()
    all_connected(simulated_site)


@pytest.mark.nightly
@pytest.mark.parametrize("key", WORKLOADS)
def test_rollout_restart_replaces_its_pod(simulated_site: Site, key: str) -> None:
    workload = Workload(simulated_site, key)
    uid, process = workload.ready()
    workload.kubectl("rollout", "restart", workload.title)
    workload.kubectl("rollout", "status", workload.title, "--timeout", "60s")
    later, _ = workload.ready()
    assert later != uid
    assert not process.is_running()
    all_connected(simulated_site)


@pytest.mark.parametrize("key", WORKLOADS)
def test_a_deleted_pod_is_replaced(simulated_site: Site, key: str) -> None:
    workload = Workload(simulated_site, key)
    uid, process = workload.ready()
    workload.kubectl("delete", "pod", "-l", workload.selector)
    assert not process.is_running()
    later, _ = workload.ready()
    assert later != uid
    all_connected(simulated_site)


@pytest.mark.nightly
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("key", WORKLOADS)
def test_a_container_whose_program_was_ended_starts_again_in_its_pod(
    simulated_site: Site, key: str, number: signal.Signals
) -> None:
    workload = Workload(simulated_site, key)
    uid, process = workload.ready()
    before = workload.pods()[0].status.container_statuses[0].restart_count
    os.kill(process.pid, number)
    eventually(lambda: not process.is_running())
    same, _ = workload.ready()
    assert same == uid
    assert workload.pods()[0].status.container_statuses[0].restart_count == before + 1
    all_connected(simulated_site)


@pytest.mark.nightly
def test_whatever_process_is_killed_up_works_and_down_leaves_nothing(state_dir: Path) -> None:
    start_site(state_dir)
    for number in range(len(processes_of(state_dir))):
        for command in ("up", "down"):
            start_site(state_dir)
            living = processes_of(state_dir)
            target = living[min(number, len(living) - 1)]
            title = f"{target.name()} in {target.cwd()}"
            target.kill()
            done = simulator(command, "--state-dir", state_dir)
            assert done.code == 0, f"{title}: {done.err}"
        assert not processes_of(state_dir), title
