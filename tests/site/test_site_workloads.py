"""The workloads of the site as the cluster lists them, and the ports of its broker that the services name."""

from __future__ import annotations

import ssl
from typing import Any

import pika
import pytest
import requests
import yaml
from kubernetes import client, config
from support.site_commands import Site, secret

NAME, INSTANCE = "app.kubernetes.io/name", "app.kubernetes.io/instance"


@pytest.fixture
def kubeconfig(simulated_site: Site) -> None:
    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])


@pytest.mark.usefixtures("kubeconfig")
@pytest.mark.parametrize(
    ("kind", "name", "label"),
    [
        ("deployment", "panda-panda-focus-server", NAME),
        ("deployment", "mongodb", INSTANCE),
        ("stateful_set", "rabbitmq-panda", INSTANCE),
        ("deployment", "panda-panda-segy-recorder", NAME),
        ("stateful_set", "panda-panda-preprocessor", NAME),
        ("deployment", "webapp", NAME),
    ],
)
def test_a_workload_is_ready_and_its_pods_carry_its_label(kind: str, name: str, label: str) -> None:
    workload = getattr(client.AppsV1Api(), f"read_namespaced_{kind}")(name, "panda")
    assert workload.status.ready_replicas == workload.spec.replicas == 1
    assert workload.spec.selector.match_labels == {label: name}
    pods = client.CoreV1Api().list_namespaced_pod("panda", label_selector=f"{label}={name}").items
    assert [pod.status.phase for pod in pods] == ["Running"]


def broker_ports() -> dict[str, int]:
    """Return where the broker's ports are reached, by their names in the service."""
    endpoints: Any = client.CoreV1Api().read_namespaced_endpoints("rabbitmq-panda", "panda")
    return {port.name: port.port for port in endpoints.subsets[0].ports}


@pytest.mark.usefixtures("kubeconfig")
def test_the_brokers_service_names_the_ports_of_a_real_site() -> None:
    service = client.CoreV1Api().read_namespaced_service("rabbitmq-panda", "panda")
    assert {port.port for port in service.spec.ports} == {5672, 5671, 15672, 9419, 4369, 25672}
    assert service.spec.type == "LoadBalancer"


@pytest.mark.usefixtures("kubeconfig")
def test_the_broker_speaks_tls_with_a_certificate_of_the_sites_authority(simulated_site: Site) -> None:
    broker = simulated_site["rabbitmq"]
    login = pika.PlainCredentials(broker["username"], secret(broker["password"]))
    port = broker_ports()["amqps"]
    trusting = ssl.create_default_context(cafile=simulated_site["tls"]["ca_file"])
    connection = pika.BlockingConnection(
        pika.ConnectionParameters(
            "127.0.0.1", port, credentials=login, ssl_options=pika.SSLOptions(trusting, "127.0.0.1")
        )
    )
    assert connection.channel().exchange_declare("prisma", passive=True)
    connection.close()
    stranger = pika.SSLOptions(ssl.create_default_context(), "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port, credentials=login, ssl_options=stranger))


@pytest.mark.usefixtures("kubeconfig")
def test_the_broker_shows_its_metrics() -> None:
    answer = requests.get(f"http://127.0.0.1:{broker_ports()['metrics']}/metrics", timeout=5)
    assert answer.status_code == 200
    assert "rabbitmq_connections " in answer.text


@pytest.mark.usefixtures("kubeconfig")
def test_the_config_maps_hold_what_the_site_is_configured_with(simulated_site: Site) -> None:
    maps = client.CoreV1Api()
    prisma = yaml.safe_load(maps.read_namespaced_config_map("prisma-config", "panda").data["prisma.yaml"])["Focus"]
    assert prisma["storage_mount_path"] == "/prisma/root/recordings"
    assert prisma["k8s_mode"] is True
    assert simulated_site["focus"]["url"].startswith(prisma["focus_view_url"])
    templates = maps.read_namespaced_config_map("grpc-job-template", "panda").data
    job = yaml.safe_load(templates["grpc-job.yaml"])
    assert job["spec"]["ttlSecondsAfterFinished"] == 120
    limits = job["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]
    assert limits == {"cpu": 4, "memory": "32Gi", "nvidia.com/gpu.shared": 1}


def test_the_viewer_reads_and_changes_nothing(simulated_site: Site) -> None:
    viewer = f"{simulated_site['kubernetes']['kubeconfig']}-viewer"
    api = client.CoreV1Api(config.new_client_from_config(viewer))
    name = api.list_namespaced_pod("panda").items[0].metadata.name
    with pytest.raises(client.ApiException) as refused:
        api.delete_namespaced_pod(name, "panda")
    assert refused.value.status == 403
