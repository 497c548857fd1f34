"""The pod monitor beside a cluster whose API, pods and logs are taken away: not a line twice, none lost in silence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.logs import accounts, entries, monitor, process
from focus_core.logs.entries import Entry
from focus_core.logs.process import Monitor
from focus_core.site import loader as site_loader
from support.cluster_fixtures import NAMESPACE, ROOT, Cluster, eventually, free_port, job, pid_of, pod, pod_spec
from support.limited_rights import PODS_AND_EVENTS, limited_kubeconfig

STAGING = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
# Hebrew, bytes that are no UTF-8, and an error.
WORDS = (
    r"i=0; while [ $i -lt 20 ]; do printf 'line %s שלום \377\376 of a job\n' $i; i=$((i+1)); sleep 0.02; done; "
    "echo ERROR last"
)


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield started
    finally:
        if started.process.poll() is not None:
            started.start()
        started.stop()


@pytest.fixture
def watching(cluster: Cluster, tmp_path: Path) -> Iterator[Monitor]:
    """A monitor of the cluster, whose files are in `tmp_path / "pod_logs"`."""
    site = STAGING | {
        "name": "small",
        "focus": {"url": "http://127.0.0.1:9", "auth": "none"},
        "kubernetes": {"kubeconfig": str(cluster.kubeconfig), "context": "c", "namespace": NAMESPACE},
        "capabilities": ["rest", "kubernetes"],
        "state_dir": str(tmp_path),
        "simulated": True,
        "reserve": None,
    }
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(site), encoding="utf-8")
    started = Monitor(tmp_path / process.FOLDER, str(tmp_path / "site.yaml"), "run")
    eventually(lambda: has(tmp_path, "the cluster is watched"), "the monitor's first look")
    yield started
    started.stop()


def found(folder: Path, kind: str = "line") -> list[Entry]:
    return [entry for entry in entries.read(folder / process.FOLDER) if entry.kind == kind]


def written(folder: Path) -> bytes:
    path = folder / process.FOLDER / entries.FILE
    return path.read_bytes() if path.exists() else b""


def has(folder: Path, words: str) -> bool:
    return words.encode() in written(folder)


def texts(folder: Path, name: str) -> list[str]:
    return [
        entry.text for entry in found(folder) if entry.source.pod.startswith(f"{name}-") or entry.source.pod == name
    ]


def shell(words: str, **more: Any) -> dict[str, Any]:
    return pod_spec(image="test/started", container_command=["sh", "-c", words], **more)


class OwnFiles:
    """The files that pods write their logs to, kept under a second name: the cluster removes a pod's folder with it."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._pods, self._folder = cluster.directory / "pods", folder
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        folder.mkdir()
        self._thread.start()

    def lines(self) -> Counter[tuple[str, bytes]]:
        """Each line of each pod, by the pod's name."""
        self._over.set()
        self._thread.join()
        return Counter(
            (path.name.partition("#")[0], line)
            for path in self._folder.iterdir()
            for line in path.read_bytes().split(b"\n")[:-1]
        )

    def _keep(self) -> None:
        while not self._over.wait(0.01):
            for path in self._pods.glob("*/main.log"):
                with suppress(OSError):
                    # A container that starts again has a new file of the same name.
                    os.link(path, self._folder / f"{path.parent.name.split('_')[1]}#{path.stat().st_ino}")


@pytest.mark.nightly
def test_fifty_short_jobs_lose_no_line_though_the_api_is_killed(
    cluster: Cluster, watching: Monitor, tmp_path: Path
) -> None:
    own = OwnFiles(cluster, tmp_path / "own")
    names = [f"short-{number}" for number in range(50)]
    for number, name in enumerate(names):
        cluster.batch.create_namespaced_job(NAMESPACE, job(name, shell(WORDS)))
        if number == 25:
            cluster.kill()
            cluster.start()
    eventually(lambda: all(map(cluster.job_end, names)), "the end of all jobs")
    watching.stop()
    expected = Counter({(pod, line.decode("utf-8", "replace")): count for (pod, line), count in own.lines().items()})
    seen = Counter((entry.source.pod, entry.text) for entry in found(tmp_path))
    assert len({pod for pod, _ in seen if pod.startswith("short-")}) == 50
    assert seen == expected
    assert not found(tmp_path, "gap")
    summary = accounts.read(tmp_path / process.FOLDER)
    errors = sum(text == "ERROR last" for _, text in seen)
    assert errors >= 24  # those that began after the kill; what ran then may have ended with it, without a last word
    assert {"service": "others", "pattern": "error", "lines": errors} in summary["errors"]
    assert summary["banner"] == ""


def test_a_killed_pod_is_read_to_its_last_line_and_on(cluster: Cluster, watching: Monitor, tmp_path: Path) -> None:
    cluster.core.create_namespaced_pod(
        NAMESPACE, pod("killed", pod_spec("lines", "100000", "0.01", image="test/started"))
    )
    victim = cluster.running("killed")
    eventually(lambda: len(texts(tmp_path, "killed")) > 20, "lines of the pod")
    os.kill(pid_of(victim), signal.SIGKILL)
    eventually(lambda: texts(tmp_path, "killed").count("line 3") == 2, "lines of the next run")
    watching.stop()
    states = [entry.text for entry in found(tmp_path, "state") if entry.source.pod == "killed"]
    assert [one for one in states if "restarted (1 times by now); it ended: Error, exit code 137" in one]
    runs = "\n".join(texts(tmp_path, "killed")).split("lines of killed\n")[1:]
    assert len(runs) == 2
    for run in runs:
        lines = run.split()[1::2]
        assert lines == [str(number) for number in range(len(lines))]
    cluster.core.delete_namespaced_pod("killed", NAMESPACE)


def test_a_killed_monitor_is_a_banner_and_its_files_are_made(
    cluster: Cluster, watching: Monitor, tmp_path: Path
) -> None:
    cluster.core.create_namespaced_pod(NAMESPACE, pod("short", shell("echo ERROR once; sleep 60")))
    eventually(lambda: texts(tmp_path, "short"), "the pod's line")
    os.kill(watching.pid, signal.SIGKILL)
    watching.stop()
    summary = accounts.read(tmp_path / process.FOLDER)
    assert summary["banner"].startswith("The pod monitor was killed before the run ended")
    assert summary["errors"] == [{"service": "others", "pattern": "error", "lines": 1}]
    assert (tmp_path / process.FOLDER / accounts.TESTS / "index.html").exists()
    cluster.core.delete_namespaced_pod("short", NAMESPACE)


@pytest.mark.nightly
def test_a_log_that_was_rotated_away_is_a_gap(cluster: Cluster, watching: Monitor, tmp_path: Path) -> None:
    cluster.core.create_namespaced_pod(
        NAMESPACE, pod("rotated", pod_spec("lines", "100000", "0.02", image="test/started"))
    )
    cluster.running("rotated")
    eventually(lambda: len(texts(tmp_path, "rotated")) > 5, "lines of the pod")
    folder = cluster.pod_directory("rotated")
    cluster.kill()
    for name in ("main.log", "main.times"):
        os.truncate(folder / name, 0)
    cluster.start()
    eventually(lambda: [one for one in found(tmp_path, "gap") if one.source.pod == "rotated"], "the gap")
    watching.stop()
    gap = next(one for one in found(tmp_path, "gap") if one.source.pod == "rotated")
    assert gap.seconds > 0
    assert "rotated away" in gap.text
    assert "1 gaps of" in accounts.read(tmp_path / process.FOLDER)["banner"]
    cluster.core.delete_namespaced_pod("rotated", NAMESPACE)


@pytest.fixture
def node(cluster: Cluster) -> Iterator[dict[str, Any]]:
    """An SSH node with kubectl: its section of a site file."""
    secret, port = cluster.directory / "secrets" / "node", free_port()
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("secret of the node")
    secret.chmod(0o600)
    command = [sys.executable, "-m", "simulator.node", "--state-dir", str(cluster.directory), "--port", str(port)]
    environment = os.environ | {"FOCUS_SIMULATOR_STATE": str(cluster.directory), "PYTHONPATH": str(ROOT)}
    with (cluster.directory / "node.log").open("ab") as log:
        started = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield {"host": "127.0.0.1", "port": port, "username": "operator", "password": {"file": str(secret)}}
    finally:
        started.terminate()
        started.wait()


@pytest.mark.nightly
def test_the_same_lines_come_by_kubectl_over_ssh(
    cluster: Cluster, watching: Monitor, node: dict[str, Any], tmp_path: Path, write_site: Callable[..., str]
) -> None:
    (tmp_path / "ssh").mkdir()
    site = write_site({"namespace": NAMESPACE, "access": "kubectl_over_ssh"}, node=node, state_dir=str(tmp_path))
    beside = Monitor(tmp_path / "ssh" / process.FOLDER, site, "run")
    eventually(lambda: has(tmp_path / "ssh", "the cluster is watched"), "the first look over SSH")
    cluster.batch.create_namespaced_job(NAMESPACE, job("twice", shell(WORDS)))
    eventually(lambda: cluster.job_end("twice"), "the end of the job")
    watching.stop()
    beside.stop()
    direct, by_ssh = texts(tmp_path, "twice"), texts(tmp_path / "ssh", "twice")
    assert direct == by_ssh
    assert direct[-1] == "ERROR last"
    assert len(direct) == 21


@pytest.mark.nightly
def test_a_flood_is_borne_in_bounded_memory(cluster: Cluster, watching: Monitor, tmp_path: Path) -> None:
    flood = "seq -f 'a line of a flood that is as long as lines are %.0f' 300000"
    cluster.core.create_namespaced_pod(NAMESPACE, pod("flood", shell(f"{flood}; echo last of it; sleep 300")))
    eventually(lambda: has(tmp_path, "last of it") or has(tmp_path, '"gap"'), "the end of the flood")
    watching.stop()
    state = monitor.state_of(tmp_path / process.FOLDER)
    missing = 300_001 - len(texts(tmp_path, "flood"))
    assert missing == state["dropped"] or found(tmp_path, "gap")
    assert state["memory_mb"] < 150
    cluster.core.delete_namespaced_pod("flood", NAMESPACE)


@pytest.mark.parametrize("trouble", ["no such file", "no cluster"])
def test_a_monitor_that_cannot_work_says_why_and_ends(
    cluster: Cluster, tmp_path: Path, trouble: str, write_site: Callable[..., str]
) -> None:
    kubeconfig = tmp_path / "gone" if trouble == "no such file" else cluster.kubeconfig
    context = "c" if trouble == "no such file" else "other"
    site = write_site({"kubeconfig": str(kubeconfig), "context": context, "namespace": NAMESPACE})
    started = Monitor(tmp_path / process.FOLDER, site, "run")
    started.stop()
    banner = accounts.read(tmp_path / process.FOLDER)["banner"]
    assert banner.startswith("The pod monitor did not run: The kubeconfig ")
    assert banner.endswith("correct kubernetes.* of the site file.")


def test_a_monitor_begins_with_the_moment_it_was_started_at(
    cluster: Cluster, tmp_path: Path, write_site: Callable[..., str]
) -> None:
    site = write_site(
        {"kubeconfig": str(cluster.kubeconfig), "context": "c", "namespace": NAMESPACE}, state_dir=str(tmp_path)
    )
    started = Monitor(tmp_path / process.FOLDER, site, "run")
    by_then = time.time()
    eventually(lambda: monitor.state_of(tmp_path / process.FOLDER).get("looked"), "its first look")
    started.stop()
    assert monitor.state_of(tmp_path / process.FOLDER)["begun"] <= by_then


@pytest.mark.parametrize(
    ("rights", "banner"),
    [
        (PODS_AND_EVENTS, "The cluster refused 1 logs: its user needs the right to get pods/log. 1 gaps of "),
        ((), "At the end of the run the cluster cannot be watched: it refuses the pods (403 pods is forbidden: User "),
    ],
    ids=["no logs", "nothing"],
)
def test_a_monitor_without_rights_says_what_was_refused(
    cluster: Cluster, tmp_path: Path, write_site: Callable[..., str], rights: tuple[str, ...], banner: str
) -> None:
    limited = limited_kubeconfig(tmp_path, cluster.kubeconfig, NAMESPACE, rights)
    # A name of its own: the one before goes in its own time.
    name = f"hidden-{len(rights)}"
    cluster.core.create_namespaced_pod(NAMESPACE, pod(name, shell("echo ERROR once; sleep 60")))
    cluster.running(name)
    site = write_site({"kubeconfig": str(limited), "context": "c", "namespace": NAMESPACE}, state_dir=str(tmp_path))
    started = Monitor(tmp_path / process.FOLDER, site, "run")
    eventually(lambda: has(tmp_path, "403"), "the refusal")
    started.stop()
    assert accounts.read(tmp_path / process.FOLDER)["banner"].startswith(banner)
    assert [one.text for one in found(tmp_path, "gap") if "the cluster refused the log (403 " in one.text] or not rights
    assert not found(tmp_path)
    cluster.core.delete_namespaced_pod(name, NAMESPACE)


@pytest.fixture
def write_site(tmp_path: Path) -> Callable[..., str]:
    def write(kubernetes: dict[str, Any], **more: Any) -> str:
        site = STAGING | {"kubernetes": kubernetes, "capabilities": ["rest", "kubernetes"], "reserve": None, **more}
        (tmp_path / "other.yaml").write_text(yaml.safe_dump(site), encoding="utf-8")
        return str(tmp_path / "other.yaml")

    return write
