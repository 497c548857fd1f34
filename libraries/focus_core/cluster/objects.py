"""What the suites know of the objects of a cluster, as plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from focus_core.base.quantities import Bytes, Percent


@dataclass(frozen=True)
class Container:
    """A container of a pod.

    - ``name``: as its pod names it
    - ``requests``, ``limits``: what it requests and may use, as Kubernetes writes it: ``{"cpu": "500m"}``
    - ``restarts``: how often it was started again
    - ``last_end``: why it ended last (OOMKilled, Error, ...); empty when it never did
    """

    name: str
    requests: dict[str, str]
    limits: dict[str, str]
    restarts: int
    last_end: str

    def __str__(self) -> str:
        ended = f", ended last with {self.last_end}" if self.last_end else ""
        return f"{self.name} was restarted {self.restarts} times{ended}"


@dataclass(frozen=True)
class Pod:
    """A pod of the cluster.

    - ``name``: of a workload or job it begins with the name of that
    - ``phase``: Pending, Running, Succeeded or Failed
    - ``status``: what kubectl shows: the phase, or why a container does not run (CrashLoopBackOff, Terminating, ...)
    - ``ready``: whether it answers its readiness probe
    - ``restarts``: how often its containers were started again, in all
    - ``labels``: its labels by their names; ``Get Pod Field    label job_id`` reads one
    - ``deleted``: whether it is on its way out
    - ``containers``: each with ``name``, ``requests``, ``limits``, ``restarts``, ``last_end``
    - ``created``, ``ready_since``: when; nothing for a pod that is not ready
    - ``node``: the node that it runs on; empty as long as none was found for it
    """

    name: str
    phase: str
    status: str
    ready: bool
    restarts: int
    labels: dict[str, str]
    deleted: bool
    containers: tuple[Container, ...] = ()
    created: datetime | None = None
    ready_since: datetime | None = None
    node: str = ""

    def __str__(self) -> str:
        return f"{self.name} is {self.status}{'' if self.ready else ', not ready'}, {self.restarts} restarts"


@dataclass(frozen=True)
class Workload:
    """A Deployment or StatefulSet.

    - ``name``: as the cluster names it
    - ``kind``: Deployment or StatefulSet
    - ``wanted``, ``ready``, ``updated``: numbers of pods: wanted, and of them ready and up to date
    - ``healthy``: whether all that are wanted are ready and up to date, and at least one is wanted
    """

    name: str
    kind: str
    wanted: int
    ready: int
    updated: int

    @property
    def healthy(self) -> bool:
        return self.wanted > 0 and self.ready == self.wanted and self.updated == self.wanted

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.ready} of {self.wanted} ready, {self.updated} up to date"


@dataclass(frozen=True)
class Job:
    """A job of the cluster.

    - ``name``: of the job of a view, the site's prefix and the id of the view's job
    - ``finished``: Complete or Failed; empty while it runs
    - ``labels``: its labels by their names; ``Get Job Field    label job_id`` reads one
    - ``created``: when
    - ``state``: Complete, Failed or Running
    """

    name: str
    finished: str
    labels: dict[str, str] = field(default_factory=dict)
    created: datetime | None = None

    @property
    def state(self) -> str:
        return self.finished or "Running"

    def __str__(self) -> str:
        return f"{self.name} is {self.state}"


@dataclass(frozen=True)
class Service:
    """A service of the cluster.

    - ``name``: as the cluster names it
    - ``type``: ClusterIP, NodePort, ...
    - ``ports``: those that it serves, as numbers
    - ``target_ports``: those that it leads to, as texts: a number, or the name of a port of the pod
    - ``selector``: the labels of the pods that it leads to
    - ``labels``: its own labels by their names; ``Get Service Field    label app`` reads one
    """

    name: str
    type: str
    ports: list[int]
    target_ports: list[str]
    selector: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} ({self.type}) serves {', '.join(map(str, self.ports)) or 'no port'}"


@dataclass(frozen=True)
class Endpoint:
    """Where a ready pod serves one port of a service: the service's port, and address and port of the pod."""

    service_port: int
    pod: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"port {self.service_port} at {self.host}:{self.port} (pod {self.pod})"


@dataclass(frozen=True)
class Node:
    """A node of the cluster.

    - ``name``: as the cluster names it
    - ``ready``: whether it is Ready
    - ``schedulable``: whether it takes pods; not while it is cordoned
    """

    name: str
    ready: bool
    schedulable: bool

    def __str__(self) -> str:
        return f"{self.name} is {'Ready' if self.ready else 'not Ready'}{'' if self.schedulable else ', takes no pods'}"


@dataclass(frozen=True)
class Event:
    """What the cluster reports of an object.

    - ``reason``: in one word: Scheduled, Started, BackOff, Unhealthy, ...
    - ``type``: Normal or Warning
    - ``message``: in a sentence
    - ``last``: when it was seen last
    - ``object``: the name of the pod, job or workload that it is about
    """

    reason: str
    type: str
    message: str
    last: datetime
    object: str = ""

    def __str__(self) -> str:
        return f"{self.type} {self.reason}: {self.message}"


@dataclass(frozen=True)
class LogLine:
    """A line of a log.

    - ``text``: what was written
    - ``time``: when it was written, as RFC 3339 in UTC
    - ``pod``: who wrote it
    - ``level``: DEBUG, INFO, WARNING, ERROR or CRITICAL; empty where the line names none
    """

    text: str
    time: str
    pod: str = ""

    @property
    def level(self) -> str:
        return level_of(self.text)

    def __str__(self) -> str:
        return f"{self.time} {self.text}"


@dataclass(frozen=True)
class PodMetrics:
    """What a pod uses, all its containers together, as the metrics API measured it last."""

    pod: str
    cpu_millicores: float
    memory_bytes: int

    def __str__(self) -> str:
        return f"{self.pod} uses {self.cpu_millicores:.0f} millicores and {self.memory_bytes / 2**20:.0f} MiB"


@dataclass(frozen=True)
class PodResources:
    """What a pod requests, may use and uses now, all its containers together.

    - ``pod``: its name
    - ``cpu_request``, ``cpu_limit``, ``cpu_used``: millicores
    - ``memory_request``, ``memory_limit``, ``memory_used``: sizes, compared with ``512 MiB``
    - ``cpu_percent``, ``memory_percent``: what it uses of its limit, compared with ``80 %``

    A request or limit is nothing where a container declares none; what is used is nothing until the metrics server has
    measured the pod.
    """

    pod: str
    cpu_request: float | None
    cpu_limit: float | None
    cpu_used: float | None
    memory_request: Bytes | None
    memory_limit: Bytes | None
    memory_used: Bytes | None

    @property
    def cpu_percent(self) -> Percent | None:
        return _share(self.cpu_used, self.cpu_limit)

    @property
    def memory_percent(self) -> Percent | None:
        return _share(self.memory_used, self.memory_limit)

    def __str__(self) -> str:
        return (
            f"{self.pod} uses {self.cpu_used} of {self.cpu_limit} millicores, {self.memory_used} of {self.memory_limit}"
        )


LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LEVELS = {
    **{name: name for name in LEVELS},
    "TRACE": "DEBUG",
    "WARN": "WARNING",
    "ERR": "ERROR",
    "FATAL": "CRITICAL",
    "PANIC": "CRITICAL",
    # MongoDB writes {"s":"E"}.
    "D": "DEBUG",
    "I": "INFO",
    "W": "WARNING",
    "E": "ERROR",
    "F": "CRITICAL",
}
# As a word in capitals, in brackets as RabbitMQ writes it, or in the structured lines of MongoDB.
_LEVEL = re.compile(
    r"\b(TRACE|DEBUG|INFO|WARN(?:ING)?|ERR(?:OR)?|CRITICAL|FATAL|PANIC)\b"
    r"|\[(debug|info|warning|error|critical)\]"
    r'|"s":\s*"([DIWEF])\d?"'
)
_TRACEBACK = "Traceback (most recent call last)"


def level_of(text: str) -> str:
    """The level that a line of a log names, one of ``LEVELS``; a stack trace that begins is an error."""
    found = _LEVEL.search(text)
    if found:
        return _LEVELS[(found[1] or found[2] or found[3]).upper()]
    return "ERROR" if _TRACEBACK in text else ""


def _share(used: float | None, limit: float | None) -> Percent | None:
    return Percent(100 * used / limit) if used is not None and limit else None
