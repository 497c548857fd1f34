"""What the pods concerned logged while a test failed. Fetched only then: the Kubernetes client is slow to import."""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from focus_core.base import run_identity
from focus_core.base.errors import BenchError
from focus_core.logs import journal
from focus_core.site import secrets
from focus_core.site.model import Site

if TYPE_CHECKING:
    from focus_core.cluster.client import ClusterClient
    from focus_core.cluster.objects import Pod

# The evidence must not take longer than the test: each request at most this many seconds.
_REQUEST_TIMEOUT_S = 3.0

# So many characters of a test's name are in the name of its file: the whole path has to fit into 260 on Windows.
_READABLE = 40

_jobs: list[str] = []
_test_starts: list[datetime] = []


@dataclass(frozen=True)
class PodLog:
    """The lines of one pod within the window, or the reason why there are none; the images that it runs."""

    pod: str
    text: str
    images: tuple[str, ...] = ()


def note_job(job_id: str) -> None:
    """Remembers a job of the running test, so that a failure shows its pods' log too."""
    _jobs.append(job_id)
    journal.note(
        "job",
        job=job_id,
        token=run_identity.test_token(),
        at=time.time(),
        run=run_identity.run_id(),
        lane=run_identity.lane(),
    )


def forget_jobs() -> None:
    """A new test begins: the jobs of the last one are no evidence for it."""
    _jobs.clear()
    _test_starts.clear()


def note_test_start(started: datetime) -> None:
    """Remembers when the running test began, a local time."""
    _test_starts[:] = [started.astimezone(UTC)]


def test_start() -> datetime | None:
    """When the running test began; None outside of tests."""
    return _test_starts[0] if _test_starts else None


def collect(site: Site, since: datetime) -> list[PodLog]:
    """The logs of Focus Server, web app and the test's job pods since a local time. Never raises."""
    if "kubernetes" not in site.capabilities:
        return []
    from focus_core.run import probes

    try:
        # A cluster that is gone must not cost every failed test a timeout.
        probes.require_alive(site, "kubernetes")
        return _collect(site, since.astimezone(UTC))
    except Exception as error:  # noqa: BLE001 - evidence is an extra; the test's own failure must stay the story
        reason = f"{type(error).__name__}: {error}".split("\n", 1)[0][:300]
        return [PodLog("cluster", f"The logs of the pods could not be read ({reason}).")]


def write(logs: list[PodLog], folder: Path, test_name: str, started: datetime) -> Path:
    """Writes the logs into one file of ``folder`` and returns its path. Raises ``OSError`` where it cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(test_name, started)
    path.write_text("\n".join(f"==> {log.pod} <==\n{log.text}" for log in logs), encoding="utf-8")
    return path


def file_name(test_name: str, started: datetime) -> str:
    """A short name that no other test has and every file system takes: the end of the test's full name, and a hash."""
    # Some file systems count bytes, some ignore case, some refuse what is no letter of their own.
    readable = re.sub(r"[^A-Za-z0-9]+", "_", test_name)[-_READABLE:].strip("_")
    digest = hashlib.sha256(f"{test_name} {started.isoformat()}".encode()).hexdigest()[:10]
    return f"{readable}-{digest}.log".removeprefix("-")


def _collect(site: Site, since: datetime) -> list[PodLog]:
    from focus_core.cluster.client import ClusterClient

    selectors = [site.workloads.focus_server.selector, site.workloads.webapp.selector]
    selectors += [f"app={site.job_prefix}{job_id}" for job_id in _jobs]
    cluster = ClusterClient.of_site(site, timeout=_REQUEST_TIMEOUT_S)
    images: dict[str, tuple[str, ...]] = {}
    with suppress(BenchError):  # the logs are worth having without
        images = cluster.images()
    return [
        PodLog(f"{pod.name} ({pod.phase})", secrets.blank(_account(cluster, pod, since)), images.get(pod.name, ()))
        for selector in selectors
        for pod in cluster.pods(selector)
    ]


def _account(cluster: ClusterClient, pod: Pod, since: datetime) -> str:
    """What the pod logged; for one that never started, why not."""
    if pod.phase == "Pending":
        events = map(str, cluster.events_of(pod.name))
        return "\n".join(["(it never started, so it has no log; its events:)", *events])
    try:
        lines = cluster.pod_log(pod.name, since=since)
    except BenchError as error:
        # The other pods' logs are worth having all the same.
        return f"(its log could not be read: {error})"
    return "\n".join(map(str, lines)) or "(no line in this time window)"
