"""Ways into the site with strangers' clients: ssh, scp, port-forward, the broker's commands, node ports."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from kubernetes import client, config
from kubernetes.stream import portforward
from support.loopback import free_port
from support.site_commands import PATIENCE_S, Site, eventually

NAMESPACE = "panda"
FOCUS = "panda-panda-focus-server"
with_openssh = pytest.mark.skipif(shutil.which("ssh") is None, reason="this machine has no OpenSSH client")


def kubectl(site: Site, *arguments: str) -> list[str]:
    program = str(Path(sys.executable).with_name("kubectl"))
    return [program, "--kubeconfig", site["kubernetes"]["kubeconfig"], *arguments]


def ssh_options(site: Site) -> list[str]:
    key = Path(site["state_dir"]) / "secrets" / "node_key"
    unknown_host = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
    return ["-F", "none", "-i", str(key), *unknown_host]


def run(command: list[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


@contextmanager
def while_running(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def acknowledged(port: int) -> bool:
    try:
        answer = requests.get(f"http://127.0.0.1:{port}/focus-server/ack", timeout=5)
    except requests.ConnectionError:
        return False
    return (answer.status_code, answer.json()) == (200, {})


def test_kubectl_forwards_a_port_again_and_again(simulated_site: Site) -> None:
    port = free_port()
    command = kubectl(simulated_site, "port-forward", "-n", NAMESPACE, f"service/{FOCUS}", f"{port}:5000")
    with while_running(command):
        eventually(lambda: acknowledged(port))
        assert all(acknowledged(port) for _ in range(5))
        # More than one frame of the tunnel holds, over a connection that stays.
        with requests.Session() as http:
            listed = [http.get(f"http://127.0.0.1:{port}/focus-server/channels", timeout=10).json() for _ in range(2)]
    assert [len(one["channels"]) for one in listed] == [2222, 2222]


def test_kubectl_names_a_port_where_nobody_listens(simulated_site: Site) -> None:
    port, closed = free_port(), free_port()
    command = kubectl(simulated_site, "port-forward", "-n", NAMESPACE, f"deployment/{FOCUS}", f"{port}:{closed}")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as forwarding:
        assert forwarding.stderr is not None
        try:
            eventually(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
            said = forwarding.stderr.readline()
        finally:
            forwarding.terminate()
    assert f"error forwarding port {closed} to pod" in said


def test_the_python_client_forwards_a_port(simulated_site: Site) -> None:
    core = client.CoreV1Api(config.new_client_from_config(simulated_site["kubernetes"]["kubeconfig"]))
    pod = core.list_namespaced_pod(NAMESPACE, label_selector=f"app.kubernetes.io/name={FOCUS}").items[0]
    port = pod.spec.containers[0].ports[0].container_port
    forwarded = portforward(core.connect_get_namespaced_pod_portforward, pod.metadata.name, NAMESPACE, ports=str(port))
    with closing(forwarded.socket(port)) as connection:
        connection.settimeout(PATIENCE_S)
        connection.sendall(b"GET /focus-server/ack HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b""
        while part := connection.recv(4096):
            received += part
    assert received.startswith(b"HTTP/1.1 200")
    assert forwarded.error(port) is None


@with_openssh
@pytest.mark.parametrize("way", [[], ["-O"]], ids=["sftp", "scp"])
def test_scp_carries_a_file_there_and_back(simulated_site: Site, tmp_path: Path, way: list[str]) -> None:
    node = simulated_site["node"]
    scp = ["scp", *way, *ssh_options(simulated_site), "-P", str(node["port"])]
    there = f"{node['username']}@127.0.0.1"
    (tmp_path / "sent").write_text("carried")
    sent = run([*scp, str(tmp_path / "sent"), f"{there}:by-scp"])
    assert (sent.returncode, sent.stderr) == (0, "")
    assert run([*scp, f"{there}:by-scp", str(tmp_path / "back")]).returncode == 0
    assert (tmp_path / "back").read_text() == "carried"
    assert run([*scp, f"{there}:never-was", str(tmp_path / "back")]).returncode == 1


@with_openssh
def test_ssh_reaches_services_through_the_node(simulated_site: Site) -> None:
    node, plain = simulated_site["node"], urlsplit(simulated_site["focus"]["plain_url"]).port
    there = f"{node['username']}@127.0.0.1"
    ssh = ["ssh", *ssh_options(simulated_site), "-p", str(node["port"])]
    port = free_port()
    with while_running([*ssh, "-N", "-L", f"{port}:127.0.0.1:{plain}", there]):
        eventually(lambda: acknowledged(port))
    # As a jump host: ssh itself refuses to jump from a host to the same one, so the command that -J stands for.
    through = " ".join([*ssh, "-W", "%h:%p", there])
    assert run([*ssh, "-o", f"ProxyCommand={through}", there, "echo jumped"]).stdout == "jumped\n"
    elsewhere = run([*ssh, "-W", "10.1.1.1:80", there])
    assert (elsewhere.returncode, elsewhere.stdout) == (255, "")


def test_the_brokers_own_commands_run_in_its_pod(simulated_site: Site) -> None:
    if "rabbitmq" not in simulated_site:
        pytest.skip("this machine has no RabbitMQ")
    execute = kubectl(simulated_site, "exec", "-n", NAMESPACE, "rabbitmq-panda-0", "--")
    listed = run([*execute, "rabbitmqctl", "--quiet", "list_queues", "name"])
    assert listed.returncode == 0, listed.stderr
    assert "recorder_input" in listed.stdout.split()
    assert "Ping succeeded" in run([*execute, "rabbitmq-diagnostics", "ping"]).stdout


def test_node_ports_of_the_site_answer(simulated_site: Site) -> None:
    core = client.CoreV1Api(config.new_client_from_config(simulated_site["kubernetes"]["kubeconfig"]))
    ports = {
        (service.metadata.name, port.name): port.node_port
        for service in core.list_namespaced_service(NAMESPACE).items
        for port in service.spec.ports
        if port.node_port and not service.metadata.name.startswith("grpc-service-")
    }
    assert ("mongodb", "mongodb") in ports
    for of, port in ports.items():
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) == 0, of


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic bGFuZTA6eA=="])
def test_the_plain_port_ignores_logins(simulated_site: Site, header: str) -> None:
    url = f"{simulated_site['focus']['plain_url']}/channels"
    assert requests.get(url, headers={"Authorization": header}, timeout=10).status_code == 200
