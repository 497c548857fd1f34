"""All pods of a namespace: found by list and watch, each container followed once, what happens to them noted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.logs import entries, follower, watcher
from focus_core.logs.clocks import Clocks
from focus_core.logs.entries import Entry
from focus_core.logs.patterns import Patterns
from focus_core.logs.recorder import Recorder
from focus_core.logs.stamped import epoch
from focus_core.logs.unseen import UnseenPods
from focus_core.logs.watcher import Watcher
from focus_core.site import loader as site_loader
from support.pod_api import PodApi, PodLogFile, end, ended, event, pod, running

BEGUN = epoch("2026-12-01T05:00:00Z")
JOB, WEB = "grpc-job-7-12-abcde", "webapp-77-abcde"


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Entry]]:
    for module in (follower, watcher):
        monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.002)
        monkeypatch.setattr(module, "_LONGEST_PAUSE_S", 0.01)
    staging = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(staging | {"name": "small"}), encoding="utf-8")
    site = site_loader.read(str(tmp_path / "site.yaml"))

    def run(api: PodApi, *changes: Any) -> list[Entry]:
        """``changes`` are sent one after the other; a function among them is called, a number awaits so many lines."""

        async def whole() -> None:
            recorder = Recorder(tmp_path, Patterns.of_site())
            watching = Watcher(site, api, recorder, Clocks(), BEGUN)  # type: ignore[arg-type]
            task = asyncio.create_task(watching.run())
            async with asyncio.timeout(20):
                for change in changes:
                    if callable(change):
                        change()
                    elif isinstance(change, int):
                        while recorder.figures.lines < change:
                            await asyncio.sleep(0.001)
                    else:
                        api.changes.put_nowait(change)
                        while not api.changes.empty():
                            await asyncio.sleep(0.001)
                await watching.finish(5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            recorder.close()

        asyncio.run(whole())
        return list(entries.read(tmp_path))

    return run


def logged(api: PodApi, name: str, *texts: str) -> PodLogFile:
    log = api.logs[name] = PodLogFile()
    for number, text in enumerate(texts):
        log.write(f"2026-12-01T05:00:{number + 1:02d}Z", text.encode())
    return log


def change(kind: str, about: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "object": about}


def test_pods_that_are_there_and_pods_that_come(watch: Callable[..., list[Entry]]) -> None:
    api = PodApi(piece=1 << 16)
    api.pods = [pod(WEB, running("a"))]
    logged(api, WEB, "web one", "web two")
    job_log = logged(api, JOB, "first of the job", "last of the job")
    job_log.end()
    changes = [
        2,
        change("ADDED", pod(JOB, phase="Pending")),
        change("MODIFIED", pod(JOB, running("j"))),
        4,
        change("MODIFIED", pod(JOB, ended("j"), phase="Succeeded")),
        change("DELETED", pod(JOB, ended("j"), phase="Succeeded")),
    ]
    found = watch(api, *changes)
    lines = [(entry.source.service, entry.source.job, entry.text) for entry in found if entry.kind == "line"]
    assert lines == [
        ("others", "", "web one"),
        ("others", "", "web two"),
        ("jobs", "7-12", "first of the job"),
        ("jobs", "7-12", "last of the job"),
    ]
    states = [entry.text for entry in found if entry.kind == "state"]
    assert states == [
        "pod is Pending",
        "pod is Running",
        "container main runs",
        "pod is Succeeded",
        "container main ended: Completed, exit code 0",
        "pod was deleted",
    ]


def test_a_restart_is_noted_with_its_reason_and_both_runs_are_read(watch: Callable[..., list[Entry]]) -> None:
    api = PodApi(piece=1 << 16)
    api.pods = [pod(WEB, running("a"))]
    old = logged(api, WEB, "before")

    def restart() -> None:
        old.end()
        api.logs[f"{WEB} previous"] = old
        logged(api, WEB, "after")

    again = pod(WEB, running("b", restarts=1, before=end(137, "OOMKilled", "a")))
    found = watch(api, 1, restart, change("MODIFIED", again), 2)
    assert [entry.text for entry in found if entry.kind == "line"] == ["before", "after"]
    restarted = next(entry for entry in found if "restarted" in entry.text)
    assert restarted.text == "container main restarted (1 times by now); it ended: OOMKilled, exit code 137"
    assert restarted.severity == "critical"


def test_a_run_that_came_and_went_unseen_is_read_afterwards(watch: Callable[..., list[Entry]]) -> None:
    api = PodApi(piece=1 << 16)
    api.pods = [pod(WEB, running("a"))]
    logged(api, WEB, "first run").end()
    logged(api, f"{WEB} previous", "second run").end()

    def third() -> None:
        logged(api, WEB, "third run")

    again = pod(WEB, running("c", restarts=2, before=end(1, "Error", "b")))
    found = watch(api, 1, third, change("MODIFIED", again), 3)
    assert {entry.text for entry in found if entry.kind == "line"} >= {"second run", "third run"}


def test_a_version_that_has_expired_is_listed_anew(watch: Callable[..., list[Entry]]) -> None:
    api = PodApi(piece=1 << 16)
    api.pods = [pod(WEB, running("a"))]
    logged(api, WEB, "one")
    job_log = logged(api, JOB, "made while nobody watched")
    job_log.end()

    def made() -> None:
        api.pods.append(pod(JOB, running("j")))

    found = watch(api, 1, made, change("ERROR", {"code": 410, "message": "too old"}), 2)
    assert [entry.text for entry in found if entry.kind == "line"] == ["one", "made while nobody watched"]
    assert not [entry for entry in found if "cannot be watched" in entry.text]


def test_a_cluster_that_is_away_is_said_once(watch: Callable[..., list[Entry]]) -> None:
    api = PodApi()
    api.away = True
    api.pods = [pod(WEB, running("a"))]
    logged(api, WEB, "one")
    asked = []

    def back() -> None:
        asked.extend(api.asked)
        api.away = False

    def wait_for_tries() -> None:
        asyncio.get_running_loop().call_later(0.05, back)

    found = watch(api, wait_for_tries, 1)
    own = [entry.text for entry in found if entry.kind == "monitor"]
    assert own == ["the cluster cannot be watched: it does not answer (ClientConnectorError)", "the cluster is watched"]
    assert [entry.text for entry in found if entry.kind == "line"] == ["one"]


def test_the_last_look_finds_pods_that_no_change_has_told_of(watch: Callable[..., list[Entry]]) -> None:
    api = PodApi(piece=1 << 16)
    api.pods = [pod(WEB, running("a"))]
    logged(api, WEB, "one")
    logged(api, JOB, "came at the very end").end()

    def made() -> None:
        status = ended("j")
        # Some name the container in its end only.
        status["state"]["terminated"]["containerID"] = status.pop("containerID")
        api.pods.append(pod(JOB, status, phase="Succeeded"))

    found = watch(api, 1, made)
    assert [entry.text for entry in found if entry.kind == "line"] == ["one", "came at the very end"]


def test_a_pod_that_only_events_know_is_a_gap_as_long_as_its_life(watch: Callable[..., list[Entry]]) -> None:
    api = PodApi(piece=1 << 16)
    api.pods = [pod(WEB, running("a"))]
    logged(api, WEB, "web one")
    api.events = [
        event("Pod", WEB, "Started", "2026-12-01T05:00:01Z"),
        event("Job", "grpc-job-7-12", "SuccessfulCreate", "2026-12-01T05:00:02Z", f"Created pod: {JOB}"),
        event("Pod", JOB, "Started", "2026-12-01T05:00:03Z"),
        event("Pod", JOB, "Killing", "2026-12-01T05:00:09Z", "Stopping container main"),
        event("Pod", "webapp-76-gone", "Killing", "2026-12-01T04:59:59Z"),
    ]
    gaps = [entry for entry in watch(api, 1) if entry.kind == "gap"]
    assert [(gap.source.pod, gap.source.job, gap.at, gap.seconds) for gap in gaps] == [(JOB, "7-12", BEGUN + 2, 7.0)]
    assert gaps[0].text == "gap of 7.000 s: the pod came and went before it was seen, nothing of its log was read"


def test_a_pod_with_a_single_event_was_gone_at_the_next_look() -> None:
    unseen = UnseenPods()
    unseen.heard(event("Pod", JOB, "Started", ""), 100.0)
    for look in (99.0, 104.5, 110.0):
        unseen.looked(look)
    assert list(unseen.lives(90.0)) == [(JOB, 100.0, 104.5)]
    unseen.saw(JOB)
    assert not list(unseen.lives(90.0))
