"""What the pods concerned said while a test failed. Fetched only then: the Kubernetes client is slow to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from focus_core import secrets
from focus_core.site_model import Site

if TYPE_CHECKING:
    from focus_core.cluster_client import ClusterClient

# The evidence must not take longer than the test: each request at most this many seconds.
_REQUEST_TIMEOUT_S = 3.0
_MOST_BYTES = 200_000

_jobs: list[str] = []


@dataclass(frozen=True)
class PodLog:
    """The lines of one pod within the window, or the reason why there are none."""

    pod: str
    text: str


def note_job(job_id: str) -> None:
    """Remembers a job of the running test, so that a failure shows its pods' log too."""
    _jobs.append(job_id)


def forget_jobs() -> None:
    """A new test begins: the jobs of the last one are no evidence for it."""
    _jobs.clear()


def collect(site: Site, since: datetime) -> list[PodLog]:
    """The logs of Focus Server, web app and the test's job pods since a local time. Never raises."""
    if "kubernetes" not in site.capabilities:
        return []
    from focus_core import probes

    try:
        # A cluster that is gone must not cost every failed test a timeout.
        probes.demand(site, "kubernetes")
        return _collect(site, since.astimezone(UTC))
    except Exception as error:  # noqa: BLE001 - evidence is an extra; the test's own failure must stay the story
        reason = f"{type(error).__name__}: {error}".split("\n", 1)[0][:300]
        return [PodLog("cluster", f"The logs of the pods could not be read ({reason}).")]


def write(logs: list[PodLog], folder: Path, test_name: str) -> Path:
    """Writes the logs into one file of ``folder`` and returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (re.sub(r"[^\w.-]+", "_", test_name)[:120] + ".log")
    path.write_text("\n".join(f"==> {log.pod} <==\n{log.text}" for log in logs), encoding="utf-8")
    return path


def _collect(site: Site, since: datetime) -> list[PodLog]:
    from focus_core.cluster_client import ClusterClient

    selectors = [site.workloads.focus_server.selector, site.workloads.webapp.selector]
    selectors += [f"app={site.job_prefix}{job_id}" for job_id in _jobs]
    cluster = ClusterClient.of_site(site)
    return [
        PodLog(f"{pod.metadata.name} ({pod.status.phase})", secrets.blank(_account(cluster, pod, since)))
        for selector in selectors
        for pod in cluster.core.list_namespaced_pod(
            site.kubernetes.namespace, label_selector=selector, _request_timeout=_REQUEST_TIMEOUT_S
        ).items
    ]


def _account(cluster: ClusterClient, pod: Any, since: datetime) -> str:
    """What the pod logged; for one that never started, why not."""
    if pod.status.phase == "Pending":
        events = [f"{event.type} {event.reason}: {event.message}" for event in cluster.events(pod.metadata.name)]
        return "\n".join(["(it never started, so it has no log; its events:)", *events])
    from kubernetes.client.exceptions import ApiException

    try:
        return _lines(cluster.core, pod, since)
    except ApiException as error:
        # The other pods' logs are worth having all the same.
        return f"(its log could not be read: {error.status} {error.reason})"


def _lines(api: Any, pod: Any, since: datetime) -> str:
    text = api.read_namespaced_pod_log(
        pod.metadata.name,
        pod.metadata.namespace,
        # The client offers no sinceTime; a second more covers the rounding.
        since_seconds=int((datetime.now(UTC) - since).total_seconds()) + 1,
        timestamps=True,
        limit_bytes=_MOST_BYTES,
        _request_timeout=_REQUEST_TIMEOUT_S,
    )
    # Both are RFC 3339 in UTC and compare as texts; to the second, since Kubernetes writes nanoseconds.
    begin = f"{since:%Y-%m-%dT%H:%M:%S}"
    lines = [line for line in (text or "").splitlines() if line[: len(begin)] >= begin]
    return "\n".join(lines) or "(no line in this time window)"
