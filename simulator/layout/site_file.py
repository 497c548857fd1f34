"""The site file: all that a client of the site has to read."""

from __future__ import annotations

from typing import Any

import yaml

from simulator.layout.certificates import ca_file
from simulator.layout.credentials import roles_by_user
from simulator.layout.manifests import (
    BROKER_USER,
    CAPACITY,
    CONTEXT,
    DATABASE,
    DATABASE_USER,
    EXCHANGE,
    HIGHEST_CHANNEL,
    MAX_WINDOWS,
    NAMESPACE,
    PREPROCESSOR,
    RATE_BURST,
    RATE_PER_S,
    RECORDER,
    SITE_ID,
    Layout,
)
from simulator.layout.state import write_atomically

NODE_USER = "operator"


def write_site_file(layout: Layout, known_bugs: list[str]) -> None:
    """Write site.yaml (mode 0600); its appearance means that the site is ready.

    site-kubectl.yaml is the same site for who has no kubeconfig: its cluster is asked by kubectl on the node.
    """
    site = {**_site(layout), "known_bugs": known_bugs}
    over_ssh = {**site, "kubernetes": {"namespace": NAMESPACE, "access": "kubectl_over_ssh"}}
    write_atomically(layout.state.kubectl_site_file, _text(over_ssh))
    write_atomically(layout.state.site_file, _text(site))


def _text(site: dict[str, Any]) -> str:
    return yaml.safe_dump(site, sort_keys=False, allow_unicode=True)


def _site(layout: Layout) -> dict[str, Any]:
    ports, state = layout.ports, layout.state

    def secret(name: str) -> dict[str, str]:
        return {"file": str(state.secrets / name)}

    capabilities = ["rest", "webapp", "mongodb", "rabbitmq", "kubernetes", "grpc", "ssh", "ui"]
    if not layout.with_broker:
        capabilities = [name for name in capabilities if name not in ("webapp", "rabbitmq", "ui")]
    return {
        "name": "simulated",
        "simulated": True,
        "description": "Simulated site on this machine",
        "state_dir": str(state.root),
        "focus": {
            "url": f"https://127.0.0.1:{ports.ingress}/focus-server",
            "plain_url": f"http://127.0.0.1:{ports.focus}/focus-server",
            "auth": "token",
            "timeout": 60,
        },
        "webapp": {
            "url": f"https://127.0.0.1:{ports.ingress}/prisma/api",
            "site_id": SITE_ID,
            "timeout": 30,
            "expired_token": secret("expired-token"),
        },
        "ui": {"url": f"https://127.0.0.1:{ports.ingress}"},
        "mongodb": {
            "host": "127.0.0.1",
            "port": ports.mongodb,
            "database": DATABASE,
            "username": DATABASE_USER,
            "password": secret("mongodb"),
            "auth_source": DATABASE,
        },
        "rabbitmq": {
            "host": "127.0.0.1",
            "port": ports.amqp,
            "tls_port": ports.amqps,
            "management_url": layout.management_url,
            "vhost": "/",
            "exchange": EXCHANGE,
            "username": BROKER_USER,
            "password": secret("rabbitmq"),
        },
        "kubernetes": {"kubeconfig": str(state.kubeconfig), "context": CONTEXT, "namespace": NAMESPACE},
        "node": {"host": "127.0.0.1", "port": ports.node, "username": NODE_USER, "password": secret("node")},
        "tls": {"ca_file": str(ca_file(state.root))},
        "users": [{"username": name, "password": secret(name), "role": role} for name, role in roles_by_user().items()],
        "workloads": {
            "preprocessor": _workload("StatefulSet", PREPROCESSOR, "app.kubernetes.io/name"),
            "focus_server": _workload("Deployment", "panda-panda-focus-server", "app.kubernetes.io/name"),
            "mongodb": _workload("Deployment", "mongodb", "app.kubernetes.io/instance"),
            "rabbitmq": _workload("StatefulSet", "rabbitmq-panda", "app.kubernetes.io/instance"),
            "webapp": _workload("Deployment", "webapp", "app.kubernetes.io/name"),
            "segy_recorder": _workload("Deployment", RECORDER, "app.kubernetes.io/name"),
        },
        "job_prefix": "grpc-job-",
        "stream_base_port": ports.stream_base,
        "settings_file": None,
        "limits": {
            "lowest_channel": 1,
            "highest_channel": HIGHEST_CHANNEL,
            "frequency_max_hz": 1000,
            "nfft_single": [2**power for power in range(7, 17)],
            "nfft_multi": [2**power for power in range(7, 13)],
            "max_windows": MAX_WINDOWS,
            "capacity": CAPACITY,
            "history_windows": 30,
            "rate_limit_per_s": RATE_PER_S,
            "rate_limit_burst": RATE_BURST,
        },
        "defaults": {
            "channels": [11, 109],
            "frequency_hz": [0, 1000],
            "nfft": 1024,
            "duration_s": 10,
            "height": 1000,
        },
        "timings": {**_timings(layout.time_scale), "gateway_s": layout.gateway_s + 5},
        "capabilities": capabilities,
        # Steps and profiles of a load are shorter than at a real site: here they are about the tests.
        "load": {"step_s": 2, "duration_scale": 0.25, "alerts": {"sustained_s": 30}},
        "policy": {"disruption": True, "test_data": True, "load": "full", "max_pods": 5, "protected": []},
        "lock_file": None,
    }


def _workload(kind: str, name: str, label: str) -> dict[str, str]:
    return {"kind": kind, "name": name, "selector": f"{label}={name}"}


def _timings(scale: float) -> dict[str, float]:
    """Return the limits on answers as they are, and the site's own timers scaled down to what real parts need.

    RabbitMQ takes 4 to 6 s to restart on a quiet machine, a new job's process a moment; five samples of the
    cleanup take as long as all the views of a client have to be open together.
    Stability is watched for minutes here, not for the hour of a real site: a simulated server is not what ages.
    """

    def scaled(seconds: float, floor: float) -> float:
        return max(floor, seconds * scale)

    return {
        "health_s": 1,
        "configure_s": 5,
        "metadata_s": 1,
        "channels_s": 1,
        "waterfall_s": 2,
        "pod_visible_s": scaled(10, 5),
        "job_running_s": scaled(30, 10),
        "job_removed_s": scaled(30, 10),
        "first_frame_s": scaled(30, 10),
        "alert_visible_s": 5,
        "alert_closed_s": 170 * scale,
        "mongodb_ping_ms": 100,
        "query_count_s": 2,
        "query_range_s": 3,
        "query_all_s": 5,
        "clock_difference_s": 2,
        "recording_s": scaled(300, 2),
        "recording_gap_s": 1.5,
        "idle_job_s": scaled(50, 15),
        "finished_job_ttl_s": scaled(120, 2),
        "cleanup_job_ttl_s": scaled(10, 2),
        "idle_stream_s": scaled(180, 5),
        "single_view_s": 1,
        "stability_s": scaled(300, 60),
        "pod_gone_s": scaled(30, 10),
        "pod_recreated_s": scaled(60, 15),
        "pod_ready_s": scaled(120, 30),
        "scaled_down_s": scaled(60, 15),
        "reconnected_s": scaled(30, 15),
        "time_scale": scale,
    }
