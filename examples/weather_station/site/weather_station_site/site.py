"""What the simulated site consists of: images, ports, Kubernetes objects, and its site file."""

import base64
import secrets
import shutil
import sys
from pathlib import Path
from typing import Any

from simulator.cluster.containers import Image
from simulator.pods.rabbitmq_files import find_server

NAMESPACE = "weather-station"
PORTS = ("service", "mongodb", "amqp", "epmd", "distribution")
IMAGES = {
    "weather-station": Image("weather_station_site.server", forked=False),
    "mongodb": Image("weather_station_site.mongodb", forked=False),
    "rabbitmq": Image("weather_station_site.rabbitmq", forked=False),
}
PRELOAD: tuple[str, ...] = ()
USER, DATABASE, EXCHANGE = "weather", "weather", "weather"
# An environment that borrows the packages of another one finds their programs on PATH.
MONGODB_SERVERS = ("mongod", "secantusd-py")


def manifests(ports: dict[str, int], folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Collection and object, in the order in which they are made."""
    server = find_server()
    if server is None:
        sys.exit(
            "There is no RabbitMQ server: install rabbitmq-server, or fetch one with 'python run.py site prepare'."
        )
    beside = Path(sys.executable).parent
    found = next(
        (path for name in MONGODB_SERVERS if (path := shutil.which(name) or shutil.which(name, path=beside))), ""
    )
    if not found:
        sys.exit("There is no MongoDB server: install mongod, or the package secantusdb.")
    password = _password(folder)
    login = {"secretKeyRef": {"name": "rabbitmq", "key": "password"}}
    mongodb = {"MONGODB_SERVER": found, "MONGODB_PORT": ports["mongodb"], "MONGODB_DATA": folder / "mongodb"}
    rabbitmq = {
        "RABBITMQ_SERVER": server,
        "RABBITMQ_DATA": folder / "rabbitmq",
        "AMQP_PORT": ports["amqp"],
        "EPMD_PORT": ports["epmd"],
        "DISTRIBUTION_PORT": ports["distribution"],
        "RABBITMQ_USERNAME": USER,
        "RABBITMQ_PASSWORD": login,
    }
    service = {
        "PORT": ports["service"],
        "MONGODB_URI": f"mongodb://127.0.0.1:{ports['mongodb']}/?directConnection=true",
        "MONGODB_DATABASE": DATABASE,
        "AMQP_PORT": ports["amqp"],
        "RABBITMQ_USERNAME": USER,
        "RABBITMQ_PASSWORD": login,
        "EXCHANGE": EXCHANGE,
    }
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "rabbitmq", "namespace": NAMESPACE},
        "data": {"password": base64.b64encode(password.encode()).decode()},
    }
    deployments = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
    return [
        (f"/api/v1/namespaces/{NAMESPACE}/secrets", secret),
        (deployments, deployment("mongodb", "mongodb:8.2", mongodb, ports["mongodb"])),
        (deployments, deployment("rabbitmq", "rabbitmq:3.10", rabbitmq, ports["amqp"])),
        (deployments, deployment("weather-station", "weather-station:0.1.0", service, ports["service"], "/health")),
    ]


def site(ports: dict[str, int], folder: Path) -> dict[str, Any]:
    """The site file, beside name, cluster and state folder."""
    rabbitmq = {"host": "127.0.0.1", "port": ports["amqp"], "username": USER, "exchange": EXCHANGE}
    return {
        "service": {"url": f"http://127.0.0.1:{ports['service']}"},
        "rabbitmq": {**rabbitmq, "password": {"file": str(folder / "rabbitmq-password")}},
        "workloads": {
            name: {"kind": "Deployment", "name": image, "selector": f"app={image}"}
            for name, image in (("service", "weather-station"), ("mongodb", "mongodb"), ("rabbitmq", "rabbitmq"))
        },
        "capabilities": ["service", "messages"],
    }


def _password(folder: Path) -> str:
    """A password of this site alone, in a file that only its user reads."""
    path, password = folder / "rabbitmq-password", secrets.token_urlsafe(16)
    path.touch(mode=0o600)
    path.write_text(password, encoding="utf-8")
    return password


def deployment(name: str, image: str, environment: dict[str, Any], port: int, health: str = "") -> dict[str, Any]:
    """A workload of one pod that is ready when its port can be reached, or its ``health`` is answered with 200."""
    variables = [
        {"name": key, "valueFrom": value} if isinstance(value, dict) else {"name": key, "value": str(value)}
        for key, value in environment.items()
    ]
    probe: dict[str, Any] = {"httpGet": {"path": health, "port": port}} if health else {"tcpSocket": {"port": port}}
    container = {
        "name": name,
        "image": image,
        "env": variables,
        "ports": [{"containerPort": port, "hostPort": port}],
        "readinessProbe": {**probe, "periodSeconds": 1, "timeoutSeconds": 5},
    }
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 2},
    }
    spec = {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": {"app": name}},
        "template": template,
    }
    metadata = {"name": name, "namespace": NAMESPACE}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
