"""The Kubernetes objects of a simulated site, as they are sent to its API server.

Names, labels and ports' meanings are those of the real site; hostPorts are the site's free loopback ports.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.layout import certificates
from simulator.layout.cleanup_account import cleanup_account
from simulator.layout.credentials import read_secret
from simulator.layout.ports import Ports
from simulator.layout.state import StateDir

NAMESPACE = "panda"
NODE = "worker-node"
CONTEXT = "panda-cluster"
# Where a service of type ClusterIP listens: the cluster reads this annotation.
LOOPBACK_PORT = "simulator/loopback-port"
SITE_ID = "prisma-210-1000"
DATABASE = "prisma"
BROKER_USER = "prisma"
DATABASE_USER = "prisma"
EXCHANGE = "prisma"
SITE_VERSION = "11.17.10513"
MAX_WINDOWS = 30
CAPACITY = 200
HIGHEST_CHANNEL = 2222
INGRESS_NAMESPACE = "kube-system"
# Requests of one client at the ingress: the burst, and the rate per second.
RATE_PER_S = 200
RATE_BURST = 400
MAX_BODY_BYTES = 10 << 20
# How long the ingress waits for a service. Above what the slowest known answer takes.
GATEWAY_S, GATEWAY_FLOOR_S = 50.0, 20.0
RECORDER = "panda-panda-segy-recorder"
PREPROCESSOR = "panda-panda-preprocessor"
_RESOURCES = {"requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"cpu": "4", "memory": "4Gi"}}

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """What the manifests need to know of one site."""

    state: StateDir
    ports: Ports
    broker_server: Path | None
    broker_data: Path
    time_scale: float

    @property
    def with_broker(self) -> bool:
        """Whether the site has RabbitMQ at all."""
        return self.broker_server is not None

    @property
    def gateway_s(self) -> float:
        """Seconds that the ingress waits for a service before it answers in its place."""
        return max(GATEWAY_FLOOR_S, GATEWAY_S * self.time_scale)

    @property
    def mongodb_uri(self) -> str:
        """Address of the database with its password (made of characters that a URL need not quote)."""
        login = f"{DATABASE_USER}:{read_secret(self.state, 'mongodb')}"
        return f"mongodb://{login}@127.0.0.1:{self.ports.mongodb}/?directConnection=true&authSource={DATABASE}"

    @property
    def mongodb_root_uri(self) -> str:
        """The same for the user that may create users."""
        login = f"root:{read_secret(self.state, 'mongodb-root')}"
        return f"mongodb://{login}@127.0.0.1:{self.ports.mongodb}/?directConnection=true&authSource=admin"

    @property
    def rabbitmq_url(self) -> str:
        """Address of the broker with its password (made of characters that a URL need not quote)."""
        password = read_secret(self.state, "rabbitmq")
        return f"amqp://{BROKER_USER}:{password}@127.0.0.1:{self.ports.amqp}/%2F"

    @property
    def management_url(self) -> str:
        """Address of the broker's management API."""
        return f"http://127.0.0.1:{self.ports.management}"


def manifests(layout: Layout) -> list[tuple[str, Manifest]]:
    """Return (collection path, object) in the order in which they must be made."""
    core = f"/api/v1/namespaces/{NAMESPACE}"
    apps = f"/apis/apps/v1/namespaces/{NAMESPACE}"
    objects = [
        (f"{core}/secrets", _secret("rabbitmq-panda", _broker_secret(layout))),
        (f"{core}/secrets", database_secret(layout)),
        (f"{core}/secrets", _secret("mongodb-root", {"mongodb-password": read_secret(layout.state, "mongodb-root")})),
        (f"{core}/secrets", _secret("webapp-token", {"key": read_secret(layout.state, "token-key")})),
        *cleanup_account(NAMESPACE),
        (f"{core}/configmaps", _config_map("prisma-config", _prisma_config(layout))),
        (f"{core}/configmaps", _config_map("grpc-job-template", _JOB_TEMPLATE)),
        (f"{core}/services", _inner("panda-panda-focus-server", 5000, layout.ports.focus)),
        (f"{core}/services", _inner("webapp", 80, layout.ports.webapp)),
        (f"{core}/services", _balancer("mongodb", {"mongodb": 27017}, {"mongodb": layout.ports.mongodb})),
    ]
    objects += _claim("mongodb", layout.state.data / "mongodb", "5Gi")
    objects += _claim(RECORDER, layout.state.data / "recorder", "100Gi")
    if layout.with_broker:
        objects += _claim("rabbitmq-panda", layout.broker_data, "2Gi")
        ports = {"amqp": 5672, "amqps": 5671, "http-stats": 15672, "metrics": 9419, "epmd": 4369, "dist": 25672}
        node_ports = {"amqp": layout.ports.amqp, "http-stats": layout.ports.management}
        service = _balancer("rabbitmq-panda", ports, node_ports)
        objects += [(f"{core}/services", service), (f"{apps}/statefulsets", _rabbitmq(layout))]
    objects += [
        (f"{apps}/deployments", _mongodb(layout)),
        (f"{apps}/deployments", _webapp(layout)),
        (f"{apps}/deployments", _focus_server(layout)),
        *_ingress(layout),
        (f"/apis/networking.k8s.io/v1/namespaces/{NAMESPACE}/ingresses", _INGRESS),
        (f"{apps}/deployments", _recorder(layout)),
        (f"{apps}/statefulsets", _preprocessor(layout)),
    ]
    return objects


def _focus_server(layout: Layout) -> Manifest:
    ports = layout.ports
    environment = {
        "PORT": ports.focus_pod,
        "MONGODB_URI": _from_secret("mongodb", "mongodb-uri"),
        "MONGODB_DATABASE": DATABASE,
        "RABBITMQ_URL": _from_secret("rabbitmq-panda", "rabbitmq-url"),
        "RABBITMQ_MANAGEMENT_URL": layout.management_url,
        "RABBITMQ_USER": _from_secret("rabbitmq-panda", "rabbitmq-username"),
        "RABBITMQ_PASSWORD": _from_secret("rabbitmq-panda", "rabbitmq-password"),
        "TOKEN_KEY": _from_secret("webapp-token", "key"),
        "STREAM_BASE_PORT": ports.stream_base,
        "STREAM_HOST": "127.0.0.1",
        "MAX_WINDOWS": MAX_WINDOWS,
        "CAPACITY": CAPACITY,
        "HIGHEST_CHANNEL": HIGHEST_CHANNEL,
        "TIME_SCALE": layout.time_scale,
        "SITE_VERSION": SITE_VERSION,
        "JOB_IMAGE": f"pzlinux/grpc-job:{SITE_VERSION}",
        "CLEANUP_IMAGE": "cleanup-grpc:1.1",
    }
    name = "panda-panda-focus-server"
    container = _container(name, f"pzlinux/focus-server:{SITE_VERSION}", environment, {"http": ports.focus_pod})
    container["readinessProbe"] = _http_probe("/focus-server/ack", ports.focus_pod)
    return _deployment(name, "app.kubernetes.io/name", container)


def _webapp(layout: Layout) -> Manifest:
    environment = {
        "PORT": layout.ports.webapp_pod,
        "RABBITMQ_URL": _from_secret("rabbitmq-panda", "rabbitmq-url"),
        "TOKEN_KEY": _from_secret("webapp-token", "key"),
        "SITE_ID": SITE_ID,
        "USERS_FILE": layout.state.secrets / "users.json",
        "KEPT_FILE": layout.state.data / "webapp" / "kept.json",
        "HIGHEST_CHANNEL": HIGHEST_CHANNEL,
        "FOCUS_URL": f"http://127.0.0.1:{layout.ports.focus}",
        "TIME_SCALE": layout.time_scale,
    }
    image = f"pzlinux/webapp:{SITE_VERSION}"
    container = _container("webapp", image, environment, {"http": layout.ports.webapp_pod})
    container["readinessProbe"] = _http_probe("/health", layout.ports.webapp_pod)
    return _deployment("webapp", "app.kubernetes.io/name", container)


def _ingress(layout: Layout) -> list[tuple[str, Manifest]]:
    """Return the objects of the ingress, in the namespace of the cluster's own parts."""
    certificate, key = certificates.issue(layout.state.root, "ingress")
    environment = {
        "PORT": layout.ports.ingress,
        "TLS_CERTIFICATE": certificate,
        "TLS_EXPIRED": certificates.issue_expired(layout.state.root, "ingress"),
        "TLS_OTHER_HOST": certificates.issue_for_another_host(layout.state.root, "ingress"),
        "TLS_KEY": key,
        "FOCUS_URL": f"http://127.0.0.1:{layout.ports.focus}",
        "WEBAPP_URL": f"http://127.0.0.1:{layout.ports.webapp}",
        "TOKEN_KEY": _from_secret("webapp-token", "key"),
        "RATE_PER_S": RATE_PER_S,
        "BURST": RATE_BURST,
        "MAX_BODY_BYTES": MAX_BODY_BYTES,
        "ANSWER_S": layout.gateway_s,
    }
    container = _container("ingress", f"ingress:{SITE_VERSION}", environment, {"https": layout.ports.ingress})
    container["readinessProbe"] = {"tcpSocket": {"port": layout.ports.ingress}, "periodSeconds": 1}
    label = "app.kubernetes.io/name"
    core = f"/api/v1/namespaces/{INGRESS_NAMESPACE}"
    objects = [
        (f"{core}/secrets", _secret("webapp-token", {"key": read_secret(layout.state, "token-key")})),
        (f"{core}/services", _service("ingress", label, {"https": 443})),
        (f"/apis/apps/v1/namespaces/{INGRESS_NAMESPACE}/deployments", _deployment("ingress", label, container)),
    ]
    for _, one in objects:
        one["metadata"]["namespace"] = INGRESS_NAMESPACE
    return objects


def _recorder(layout: Layout) -> Manifest:
    environment = {
        "MONGODB_URI": _from_secret("mongodb", "mongodb-uri"),
        "MONGODB_DATABASE": DATABASE,
        "STORAGE": layout.state.data / "recorder",
        "RECORDING_MACHINE": f"{PREPROCESSOR}-0",
        "TIME_SCALE": layout.time_scale,
    }
    container = _container(RECORDER, f"pzlinux/segy-recorder:{SITE_VERSION}", environment, {})
    return _deployment(RECORDER, "app.kubernetes.io/name", container, mounted_at="/prisma/root/recordings")


def _preprocessor(layout: Layout) -> Manifest:
    environment = {"PRR": 2000, "TIME_SCALE": layout.time_scale}
    container = _container("preprocessor", f"pzlinux/preprocessor:{SITE_VERSION}", environment, {})
    return _stateful_set(PREPROCESSOR, "app.kubernetes.io/name", container)


def _mongodb(layout: Layout) -> Manifest:
    port = layout.ports.mongodb_pod
    environment = {
        "MONGODB_PORT": port,
        "MONGODB_DATA": layout.state.data / "mongodb",
        "MONGODB_DATABASE": DATABASE,
        "MONGODB_USERNAME": _from_secret("mongodb", "mongodb-username"),
        "MONGODB_PASSWORD": _from_secret("mongodb", "mongodb-password"),
        "MONGODB_ROOT_PASSWORD": _from_secret("mongodb-root", "mongodb-password"),
    }
    container = _container("mongodb", "mongodb:8.2", environment, {"mongodb": port})
    container["readinessProbe"] = {"tcpSocket": {"port": port}, "periodSeconds": 1}
    return _deployment("mongodb", "app.kubernetes.io/instance", container, mounted_at="/data/db")


def _rabbitmq(layout: Layout) -> Manifest:
    ports = layout.ports
    authority = certificates.ca_file(layout.state.root)
    certificate, key = certificates.issue(layout.state.root, "rabbitmq")
    environment = {
        "RABBITMQ_SERVER": layout.broker_server,
        "AMQP_PORT": ports.amqp_pod,
        "MANAGEMENT_PORT": ports.management_pod,
        "EPMD_PORT": ports.epmd,
        "DISTRIBUTION_PORT": ports.distribution,
        "AMQPS_PORT": ports.amqps,
        "METRICS_PORT": ports.broker_metrics,
        "TLS_CA": authority,
        "TLS_CERTIFICATE": certificate,
        "TLS_EXPIRED": certificates.issue_expired(layout.state.root, "rabbitmq"),
        "TLS_KEY": key,
        "RABBITMQ_DATA": layout.broker_data,
        "RABBITMQ_USERNAME": _from_secret("rabbitmq-panda", "rabbitmq-username"),
        "RABBITMQ_PASSWORD": _from_secret("rabbitmq-panda", "rabbitmq-password"),
    }
    listeners = {
        "amqp": ports.amqp_pod,
        "amqps": ports.amqps,
        "http-stats": ports.management_pod,
        "metrics": ports.broker_metrics,
        "epmd": ports.epmd,
        "dist": ports.distribution,
    }
    container = _container("rabbitmq", "rabbitmq:3.10", environment, listeners)
    container["readinessProbe"] = {"tcpSocket": {"port": ports.amqp_pod}, "periodSeconds": 1}
    return _stateful_set("rabbitmq-panda", "app.kubernetes.io/instance", container, mounted_at="/var/lib/rabbitmq")


def _stateful_set(name: str, label: str, container: Manifest, *, mounted_at: str = "") -> Manifest:
    spec = {"serviceName": name, **_workload_spec(name, label, container, mounted_at)}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": _metadata(name, label), "spec": spec}


def _deployment(name: str, label: str, container: Manifest, *, mounted_at: str = "") -> Manifest:
    # All pods are on the host's network, so the next one can only start when the old one has let go of its port.
    spec = {"strategy": {"type": "Recreate"}, **_workload_spec(name, label, container, mounted_at)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": _metadata(name, label), "spec": spec}


def _workload_spec(name: str, label: str, container: Manifest, mounted_at: str) -> Manifest:
    """Return a workload of one pod; ``mounted_at`` is where it has the claim of its name."""
    labels = {label: name}
    pod: Manifest = {"containers": [container], "terminationGracePeriodSeconds": 2}
    if mounted_at:
        container["volumeMounts"] = [{"name": "data", "mountPath": mounted_at}]
        pod["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]
    return {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }


def _claim(name: str, folder: Path, size: str) -> list[tuple[str, Manifest]]:
    """Return the claim of a workload's data, and the volume behind it: the folder where its program keeps them."""
    modes, volume = ["ReadWriteOnce"], f"{name}-data"
    storage: Manifest = {"accessModes": modes, "storageClassName": ""}
    of_volume = {**storage, "capacity": {"storage": size}, "hostPath": {"path": str(folder)}}
    of_claim = {**storage, "volumeName": volume, "resources": {"requests": {"storage": size}}}
    return [
        (
            "/api/v1/persistentvolumes",
            {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": volume}, "spec": of_volume},
        ),
        (
            f"/api/v1/namespaces/{NAMESPACE}/persistentvolumeclaims",
            {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": of_claim},
        ),
    ]


def _container(name: str, image: str, environment: Mapping[str, object], ports: dict[str, int]) -> Manifest:
    variables = [
        {"name": key, "valueFrom": value} if isinstance(value, dict) else {"name": key, "value": str(value)}
        for key, value in environment.items()
    ]
    listed = [{"name": key, "containerPort": port, "hostPort": port} for key, port in ports.items()]
    return {"name": name, "image": image, "env": variables, "ports": listed, "resources": _RESOURCES}


def _http_probe(path: str, port: int) -> Manifest:
    return {"httpGet": {"path": path, "port": port}, "periodSeconds": 1}


def _from_secret(name: str, key: str) -> Manifest:
    return {"secretKeyRef": {"name": name, "key": key}}


def _service(name: str, label: str, ports: dict[str, int], kind: str = "ClusterIP") -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(name, label),
        "spec": {
            "type": kind,
            "selector": {label: name},
            # The containers' ports have the same names.
            "ports": [{"name": key, "port": port, "targetPort": key, "protocol": "TCP"} for key, port in ports.items()],
        },
    }


def _inner(name: str, port: int, loopback_port: int) -> Manifest:
    """Return a ClusterIP service; what stands in for its cluster address is a port of the loopback interface."""
    service = _service(name, "app.kubernetes.io/name", {"http": port})
    service["metadata"]["annotations"] = {LOOPBACK_PORT: str(loopback_port)}
    return service


def _balancer(name: str, ports: dict[str, int], node_ports: dict[str, int]) -> Manifest:
    """Return a LoadBalancer service; what clients outside the pods use goes through its node ports."""
    service = _service(name, "app.kubernetes.io/instance", ports, "LoadBalancer")
    for port in service["spec"]["ports"]:
        if port["name"] in node_ports:
            port["nodePort"] = node_ports[port["name"]]
    return service


def _secret(name: str, values: dict[str, str]) -> Manifest:
    data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": "Opaque", "data": data}


def _config_map(name: str, data: dict[str, str]) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def _metadata(name: str, label: str) -> Manifest:
    return {"name": name, "namespace": NAMESPACE, "labels": {label: name}}


def database_secret(layout: Layout, *, stale: bool = False) -> Manifest:
    """Return what the site's programs log in to the database with, or a ``stale`` one of an earlier password."""
    password = "a-password-of-last-year" if stale else read_secret(layout.state, "mongodb")
    values = {
        "mongodb-username": DATABASE_USER,
        "mongodb-password": password,
        "mongodb-uri": layout.mongodb_uri.replace(read_secret(layout.state, "mongodb"), password),
    }
    return _secret("mongodb", values)


def _broker_secret(layout: Layout) -> dict[str, str]:
    password = read_secret(layout.state, "rabbitmq")
    return {
        "rabbitmq-username": BROKER_USER,
        "rabbitmq-password": password,
        "rabbitmq-url": layout.rabbitmq_url,
    }


def _prisma_config(layout: Layout) -> dict[str, str]:
    text = (
        "Focus:\n"
        "  storage_mount_path: /prisma/root/recordings\n"
        "  k8s_mode: true\n"
        f"  focus_view_url: https://127.0.0.1:{layout.ports.ingress}\n"
        f"  MaxWindows: {MAX_WINDOWS}\n"
    )
    return {"prisma.yaml": text}


def _route(path: str, service: str, port: int) -> Manifest:
    return {"path": path, "pathType": "Prefix", "backend": {"service": {"name": service, "port": {"number": port}}}}


# What the ingress does, as its own program knows it.
_INGRESS: Manifest = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "panda", "namespace": NAMESPACE},
    "spec": {
        "ingressClassName": "ingress",
        "rules": [
            {
                "http": {
                    "paths": [
                        _route("/focus-server", "panda-panda-focus-server", 5000),
                        _route("/prisma", "webapp", 80),
                    ]
                }
            }
        ],
    },
}

_JOB_TEMPLATE = {
    "grpc-job.yaml": """\
apiVersion: batch/v1
kind: Job
metadata:
  name: grpc-job-$JOB_ID
spec:
  backoffLimit: 0
  ttlSecondsAfterFinished: 120
  template:
    metadata:
      labels: {app: grpc-job-$JOB_ID, job_id: $JOB_ID}
    spec:
      restartPolicy: Never
      containers:
        - name: grpc-job
          image: pzlinux/grpc-job:$PZ_IMAGE_TAG
          env:
            - {name: PRISMA_RABBIT_MACHINE_NAME, value: rabbitmq-panda}
            - {name: PRISMA_CERTIFICATES, value: /etc/ssl/certs}
            - {name: PRISMA_CONFIG, value: /prisma/root/config/prisma.yaml}
          ports: [{containerPort: 5000}]
          resources:
            limits: {cpu: 4, memory: 32Gi, nvidia.com/gpu.shared: 1}
            requests: {cpu: 2, memory: 32Gi, nvidia.com/gpu.shared: 1}
          volumeMounts:
            - {name: prisma-config, mountPath: /prisma/root/config}
            - {name: storage-san, mountPath: /prisma/root/recordings}
      volumes:
        - {name: prisma-config, configMap: {name: prisma-config}}
        - {name: storage-san, hostPath: {path: /prisma/root/recordings}}
""",
    "grpc-service.yaml": """\
apiVersion: v1
kind: Service
metadata:
  name: grpc-service-$JOB_ID
spec:
  type: NodePort
  selector: {app: grpc-job-$JOB_ID}
  ports: [{port: $PORT, targetPort: 5000}]
""",
    "cleanup-job.yaml": """\
apiVersion: batch/v1
kind: Job
metadata:
  name: cleanup-job-$JOB_ID
spec:
  backoffLimit: 0
  ttlSecondsAfterFinished: 10
  template:
    spec:
      serviceAccountName: cleanup-sa
      restartPolicy: Never
      containers:
        - name: cleanup
          image: cleanup-grpc:1.1
          resources:
            limits: {cpu: 100m, memory: 512Mi}
            requests: {cpu: 10m, memory: 64Mi}
          env:
            - {name: CPU_USAGE_THRESHOLD, value: "4"}
            - {name: ENABLE_CPU_USAGE_CHECK, value: "true"}
            - {name: MAX_CPU_USAGE_COUNT, value: "5"}
""",
}
