"""The Kubernetes objects of a view: its job, the job's service, and the job that clears up afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator import defects
from simulator.pods.analyzer import commands as analyzer_commands
from simulator.pods.analyzer.playback import Part
from simulator.pods.focus.answers import compact
from simulator.pods.focus.kubernetes_api import Object
from simulator.pods.focus.models import ConfigureRequest
from simulator.pods.focus.settings import Settings

MANAGED_BY = "managed-by=focus-server"
REQUEST, ANSWER, OWNER, ORIGIN = "focus/request", "focus/answer", "focus/owner", "focus/origin-ms"
RECORDED = "focus/recorded"
CONTAINER_PORT = 5000
_JOB_TTL_S = 120
_CLEANUP_TTL_S = 10
_PROBE_PERIOD_S = 30
_LATEST_S = 253_402_300_799  # a time of day is written with a four-digit year


@dataclass(frozen=True)
class View:
    """What the objects are made from: the job's id and slot, who asked, what was asked and answered.

    origin_ms: start of row 0, in milliseconds since the epoch. recorded: the parts of a historic window that there are
    recordings of, as (start, end) in seconds from its start.
    """

    job_id: str
    slot: int
    owner: str
    request: ConfigureRequest
    answer: dict[str, Any]
    origin_ms: int
    recorded: tuple[Part, ...] = ()


def job_name(job_id: str) -> str:
    """Return the name of the Job of a view."""
    return f"grpc-job-{job_id}"


def service_name(job_id: str) -> str:
    """Return the name of the Service of a view."""
    return f"grpc-service-{job_id}"


def cleanup_name(job_id: str) -> str:
    """Return the name of the Job that clears up after a view."""
    return f"cleanup-job-{job_id}"


def queue_name(job_id: str) -> str:
    """Return the name of the RabbitMQ queue of a view."""
    return f"grpc-job-{job_id}-frames"


def job(view: View, settings: Settings) -> Object:
    """Return the Job whose pod streams the rows of the view."""
    port = settings.stream_base_port + view.slot
    labels = {"app": job_name(view.job_id), "managed-by": "focus-server"}
    if not defects.active("no-job-id-label"):
        labels["job_id"] = view.job_id
    pod: Object = {
        "restartPolicy": "Never",
        "containers": [
            {
                "name": "grpc-job",
                "image": settings.job_image,
                "args": job_arguments(view),
                "env": [
                    {"name": "JOB_ID", "value": view.job_id},
                    {"name": "PORT", "value": str(port)},
                    {"name": "LINES_DT", "value": repr(view.answer["lines_dt"])},
                    {"name": "ORIGIN_MS", "value": str(view.origin_ms)},
                    {"name": "RECORDED", "value": json.dumps(view.recorded)},
                    {"name": "VIEW_TYPE", "value": str(view.request.view_type)},
                    {"name": "HIGHEST_CHANNEL", "value": str(settings.highest_channel)},
                    {"name": "TIME_SCALE", "value": repr(settings.time_scale)},
                    *_broker_environment(settings),
                ],
                "ports": [{"name": "grpc", "containerPort": CONTAINER_PORT, "hostPort": port}],
                "readinessProbe": {"tcpSocket": {"port": "grpc"}, "periodSeconds": _PROBE_PERIOD_S},
                "resources": _resources(),
            }
        ],
    }
    if defects.active("job-never-starts"):
        pod["nodeSelector"] = {"pool": "no-address-left"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": job_name(view.job_id),
            "labels": labels,
            "annotations": {
                **what_is_shown(view.request, view.answer),
                OWNER: view.owner,
                ORIGIN: str(view.origin_ms),
                RECORDED: json.dumps(view.recorded),
            },
        },
        "spec": {
            "backoffLimit": 0,
            **_time_to_live(_JOB_TTL_S, settings, unless="finished-job-stays"),
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def _resources() -> Object:
    """Return what a job reserves and what it may use."""
    gpu = {"nvidia.com/gpu.shared": "1"}
    if defects.active("no-cpu-memory-limits"):
        return {"requests": gpu, "limits": gpu}
    return {
        "requests": {"cpu": "2", "memory": "32Gi", **gpu},
        "limits": {"cpu": "4", "memory": "32Gi", **gpu},
    }


def _cleanup_resources() -> Object:
    """Return what a cleanup-job reserves and what it may use."""
    limits = {"cpu": "100m", "memory": "512Mi"}
    if defects.active("cleanup-without-memory-limit"):
        del limits["memory"]
    return {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": limits}


def what_is_shown(request: ConfigureRequest, answer: dict[str, Any]) -> dict[str, str]:
    """Return the annotations that hold what a view shows; they are written again when it is changed."""
    return {REQUEST: request.model_dump_json(), ANSWER: json.dumps(compact(answer))}


def region_command(request: ConfigureRequest, answer: dict[str, Any]) -> analyzer_commands.Command:
    """Return the command that makes a job show what the request asks for."""
    frequency = request.frequencyRange
    return {
        "type": analyzer_commands.ROI_TYPE,
        "value": {"start": request.channels.min, "end": request.channels.max},
        "view": {
            "nfft": request.nfftSelection or 1,
            "frequency": [frequency.min, frequency.max] if frequency else [0, 0],
            "lines_dt": answer["lines_dt"],
        },
    }


def job_arguments(view: View) -> list[str]:
    """Return the command line of the streaming job; both times = historic playback, neither = live."""
    request = view.request
    frequency = request.frequencyRange
    arguments = ["--roi", str(request.channels.min), str(request.channels.max), "-sg", str(request.nfftSelection or 1)]
    arguments += ["--sg-range", *((str(frequency.min), str(frequency.max)) if frequency else ("0", "0"))]
    arguments += ["--grpc-streams-num", str(view.answer["stream_amount"]), "--queue-name", queue_name(view.job_id)]
    if request.historic and request.start_time is not None and request.end_time is not None:
        arguments += ["--time-start", _clock(request.start_time), "--time-end", _clock(request.end_time)]
        arguments += ["--time-zone", "UTC"]
    return arguments


def service(view: View, settings: Settings, job_uid: str) -> Object:
    """Return the Service of the job; it goes when the job goes."""
    owner = {"apiVersion": "batch/v1", "kind": "Job", "name": job_name(view.job_id), "uid": job_uid}
    owners = [] if defects.active("port-bookkeeping") else [owner]
    port = settings.stream_base_port + view.slot
    target = CONTAINER_PORT + defects.active("service-wrong-target")
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": service_name(view.job_id),
            "labels": {"app": job_name(view.job_id), "managed-by": "focus-server"},
            "ownerReferences": owners,
        },
        "spec": {
            "type": "NodePort",
            "selector": {"app": job_name(view.job_id)},
            "ports": [{"name": "grpc", "port": port, "targetPort": target, "protocol": "TCP"}],
        },
    }


def cleanup(view: View, settings: Settings) -> Object:
    """Return the Job that removes service, job and queue once the view is over or nobody looks at it."""
    labels = {"app": cleanup_name(view.job_id)}
    container = {
        "name": "cleanup",
        "image": settings.cleanup_image,
        "env": [
            {"name": "JOB_ID", "value": view.job_id},
            {"name": "QUEUE_NAME", "value": queue_name(view.job_id)},
            {"name": "COMMANDS_NAME", "value": analyzer_commands.queue_name(view.job_id)},
            {"name": "ENABLE_CPU_USAGE_CHECK", "value": "true"},
            {"name": "CPU_USAGE_THRESHOLD", "value": "4"},
            {"name": "MAX_CPU_USAGE_COUNT", "value": "5"},
            {"name": "TIME_SCALE", "value": repr(settings.time_scale)},
            {"name": "RABBITMQ_MANAGEMENT_URL", "value": settings.rabbitmq_management_url},
            *_broker_environment(settings),
        ],
        "resources": _cleanup_resources(),
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": cleanup_name(view.job_id), "labels": labels},
        "spec": {
            "backoffLimit": 0,
            **_time_to_live(_CLEANUP_TTL_S, settings, unless="cleanup-job-stays"),
            "template": {
                "metadata": {"labels": labels},
                "spec": {"restartPolicy": "Never", "serviceAccountName": "cleanup-sa", "containers": [container]},
            },
        },
    }


def _broker_environment(settings: Settings) -> list[Object]:
    """Return the broker's address, and its user and password by reference: no secret stands in a pod's spec."""

    def secret(name: str, key: str) -> Object:
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": settings.rabbitmq_secret, "key": key}}}

    return [
        {"name": "RABBITMQ_HOST", "value": settings.broker_host},
        {"name": "RABBITMQ_PORT", "value": str(settings.broker_port)},
        secret("RABBITMQ_USER", "rabbitmq-username"),
        secret("RABBITMQ_PASSWORD", "rabbitmq-password"),
    ]


def _time_to_live(seconds: int, settings: Settings, *, unless: str) -> Object:
    """Return how long a finished job stays, scaled to the site's time; nothing with the defect ``unless``."""
    if defects.active(unless):
        return {}
    return {"ttlSecondsAfterFinished": max(2, round(seconds * settings.time_scale))}


def _clock(epoch_s: int) -> str:
    return datetime.fromtimestamp(min(epoch_s, _LATEST_S), UTC).strftime("%Y-%m-%d:%H:%M:%S")
