"""Program of a cleanup-job's pod: removes what a view leaves behind once it is over or nobody looks at it.

It waits for the first of three things: the job completed or broke off; the job was deleted; the job's pod used next
to no CPU in several samples in a row. A finished Job itself is left to its own time to live, so that its state and
log can still be read.
"""

from __future__ import annotations

import base64
import http.client
import json
import logging
import math
import os
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from simulator import defects
from simulator.pods.log import start_log

log = logging.getLogger("cleanup")

Object = dict[str, Any]

SAMPLE_S = 10.0
# So that all the views of a client, opened at once, are open together for a while: that takes 5 s on two cores.
SAMPLE_FLOOR_S = 3.0
_APPEAR_S = 10.0
_PODS_GONE_S = 15.0
_PAUSE_S = 0.2
_CALL_TIMEOUT_S = 5.0
_QUEUE_TRIES = 30
_QUEUE_PAUSE_S = 2.0
RUNNING, OVER, GONE = "running", "over", "gone"
_UNITS = {"n": 1e-6, "u": 1e-3, "m": 1.0, "": 1000.0}


class HttpClient:
    """Calls to one server with the standard library alone: two hundred of these processes must be small."""

    def __init__(self, url: str, authorization: str | None = None) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if authorization:
            self._headers["Authorization"] = authorization

    def call(self, method: str, path: str, body: Object | None = None) -> tuple[int, Object]:
        """Return status and JSON body ({} when empty). Raises OSError or HTTPException when the server is away."""
        connection = http.client.HTTPConnection(*self._address, timeout=_CALL_TIMEOUT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), self._headers)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content.startswith(b"{") else {}
        finally:
            connection.close()

    def events(self, path: str, seconds: float) -> list[Object]:
        """Return the first watch event that comes within the time, as a list of one; an empty list otherwise."""
        connection = http.client.HTTPConnection(*self._address, timeout=seconds)
        try:
            connection.request("GET", path, headers=self._headers)
            line = connection.getresponse().readline()
            return [json.loads(line)] if line else []
        except TimeoutError:
            return []
        finally:
            connection.close()


@dataclass(frozen=True)
class Task:
    """One view to clear up after: its id and queue, and when its pod counts as unused.

    interval_s: seconds between two samples of the CPU; threshold in millicores; number of samples in a row.
    """

    job_id: str
    queue: str
    namespace: str
    interval_s: float
    threshold: float
    samples: int
    check_cpu: bool

    @property
    def selector(self) -> str:
        """Label selector of the job and its pod, quoted for a query."""
        return "labelSelector=" + quote(f"app=grpc-job-{self.job_id}")

    def path(self, group: str, kind: str, name: str = "") -> str:
        """Return the path of a kind of object, or of one object."""
        return f"/{group}/namespaces/{self.namespace}/{kind}" + (f"/{name}" if name else "")


def read_task() -> Task:
    """Read the pod's environment."""
    env = os.environ
    return Task(
        job_id=env["JOB_ID"],
        queue=env["QUEUE_NAME"],
        namespace=env["POD_NAMESPACE"],
        interval_s=max(SAMPLE_FLOOR_S, SAMPLE_S * float(env.get("TIME_SCALE", "1"))),
        threshold=float(env.get("CPU_USAGE_THRESHOLD", "4")),
        samples=int(env.get("MAX_CPU_USAGE_COUNT", "5")),
        check_cpu=env.get("ENABLE_CPU_USAGE_CHECK", "true") == "true",
    )


def millicores(quantity: str) -> float:
    """Return a CPU quantity of the metrics API (``12m``, ``3500u``, ``200n``, ``0.5``) in millicores."""
    unit = quantity[-1] if quantity[-1] in _UNITS else ""
    return float(quantity.removesuffix(unit)) * _UNITS[unit]


def wait_for_trigger(task: Task, api: HttpClient) -> str:
    """Return why it is time to clear up: the job is ``over``, ``gone``, or still ``running`` but unused."""
    appear_until = time.monotonic() + _APPEAR_S
    low = 0
    next_sample = time.monotonic() + task.interval_s
    while True:
        try:
            state, version = look(task, api)
            if state == GONE and time.monotonic() < appear_until:
                time.sleep(_PAUSE_S)
                continue
            if state != RUNNING:
                return state
            appear_until = 0.0
            wait_for_change(task, api, version, next_sample - time.monotonic())
            if time.monotonic() < next_sample:
                continue
            next_sample = time.monotonic() + task.interval_s
            low = count_low(task, api, low)
            if low >= task.samples and not defects.active("idle-job-stays"):
                return RUNNING
        except (OSError, http.client.HTTPException, ValueError) as error:
            log.warning("the cluster does not answer (%s), asking again", type(error).__name__)
            time.sleep(_QUEUE_PAUSE_S)


def look(task: Task, api: HttpClient) -> tuple[str, str]:
    """Return the state of the job, and the resource version of what was seen."""
    status, listing = api.call("GET", f"{task.path('apis/batch/v1', 'jobs')}?{task.selector}")
    if status != 200:
        raise OSError(f"list of jobs answered {status}")
    version = listing["metadata"]["resourceVersion"]
    jobs = [item for item in listing["items"] if not item["metadata"].get("deletionTimestamp")]
    if not jobs:
        return GONE, version
    state = jobs[0].get("status", {})
    return (OVER if state.get("succeeded") or state.get("failed") else RUNNING), version


def wait_for_change(task: Task, api: HttpClient, version: str, seconds: float) -> None:
    """Wait until the job changes, at most the given seconds."""
    if seconds <= 0:
        return
    query = f"watch=true&resourceVersion={version}&timeoutSeconds={math.ceil(seconds)}&{task.selector}"
    begun = time.monotonic()
    events = api.events(f"{task.path('apis/batch/v1', 'jobs')}?{query}", seconds)
    # A server that ends the watch at once must not be asked without a pause.
    if not events and time.monotonic() - begun < min(seconds, _PAUSE_S):
        time.sleep(min(seconds, _PAUSE_S))


def count_low(task: Task, api: HttpClient, low: int) -> int:
    """Return the number of low samples in a row, this one included; a pod that is not measured does not count."""
    if not task.check_cpu:
        return 0
    status, listing = api.call("GET", f"{task.path('apis/metrics.k8s.io/v1beta1', 'pods')}?{task.selector}")
    containers = [one for pod in listing.get("items", []) for one in pod["containers"]] if status == 200 else []
    if not containers:
        return low
    used = sum(millicores(one["usage"]["cpu"]) for one in containers)
    low = low + 1 if used <= task.threshold or defects.active("watched-job-removed") else 0
    log.info("job %s uses %.0fm CPU, low %d of %d times", task.job_id, used, low, task.samples)
    return low


def remove_object(task: Task, api: HttpClient, group: str, kind: str, name: str) -> None:
    """Delete an object and what it owns; an object that is not there is fine."""
    options = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
    status, _ = api.call("DELETE", task.path(group, kind, name), options)
    log.info("%s %s %s", kind, name, "was gone already" if status == 404 else f"removed ({status})")


def wait_until_pods_gone(task: Task, api: HttpClient) -> None:
    """Wait for the job's pods to end: one that starts just now might still declare its queue."""
    deadline = time.monotonic() + _PODS_GONE_S
    while time.monotonic() < deadline:
        _, listing = api.call("GET", f"{task.path('api/v1', 'pods')}?{task.selector}")
        pods = listing.get("items", [])
        if all(pod.get("status", {}).get("phase") in ("Succeeded", "Failed") for pod in pods):
            return
        time.sleep(_PAUSE_S)


def remove_queues(task: Task) -> None:
    """Remove the job's queues through the broker's management API; an absent broker is asked again for a minute."""
    env = os.environ
    login = base64.b64encode(f"{env['RABBITMQ_USER']}:{env['RABBITMQ_PASSWORD']}".encode()).decode()
    broker = HttpClient(env["RABBITMQ_MANAGEMENT_URL"], f"Basic {login}")
    remove_queue(broker, env["COMMANDS_NAME"])
    if defects.active("orphan-queue"):
        log.info("queue %s stays", task.queue)
    else:
        remove_queue(broker, task.queue)


def remove_queue(broker: HttpClient, name: str) -> None:
    """Remove one queue; one that is not there is fine."""
    for _ in range(_QUEUE_TRIES):
        try:
            status, _ = broker.call("DELETE", f"/api/queues/%2F/{quote(name, safe='')}")
        except (OSError, http.client.HTTPException) as error:
            log.warning("queue %s: the broker does not answer (%s)", name, type(error).__name__)
        else:
            if status in (204, 404):
                log.info("queue %s %s", name, "removed" if status == 204 else "was gone already")
                return
            log.warning("queue %s: the broker answered %d", name, status)
        time.sleep(_QUEUE_PAUSE_S)
    log.error("queue %s is left behind: remove it by hand", name)


def clear_up(task: Task, api: HttpClient, trigger: str) -> None:
    """Remove job (an unused one), service, queue and, last, this cleanup-job itself."""
    if trigger == RUNNING:
        remove_object(task, api, "apis/batch/v1", "jobs", f"grpc-job-{task.job_id}")
    if not defects.active("port-bookkeeping"):
        remove_object(task, api, "api/v1", "services", f"grpc-service-{task.job_id}")
    wait_until_pods_gone(task, api)
    remove_queues(task)
    log.info("job %s is cleared up", task.job_id)
    if not defects.active("cleanup-job-stays"):
        remove_object(task, api, "apis/batch/v1", "jobs", f"cleanup-job-{task.job_id}")


def main() -> int | None:
    """Clear up after one view."""
    start_log()
    task = read_task()
    token = os.environ.get("KUBERNETES_TOKEN")
    api = HttpClient(os.environ["KUBERNETES_API"], f"Bearer {token}" if token else None)
    log.info("watching job %s, samples every %.1f s", task.job_id, task.interval_s)
    trigger = wait_for_trigger(task, api)
    reasons = {RUNNING: "is not used", OVER: "is over", GONE: "was deleted"}
    log.info("job %s %s", task.job_id, reasons[trigger])
    clear_up(task, api, trigger)
    return 0


if __name__ == "__main__":
    sys.exit(main())
