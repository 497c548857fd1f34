"""Watches the pods and the events of a namespace, and follows the log of each container that runs."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from focus_core.logs.api import Api, LostError, RefusedError, read
from focus_core.logs.clocks import Clocks
from focus_core.logs.entries import Entry, Source
from focus_core.logs.follower import Follower
from focus_core.logs.recorder import Recorder
from focus_core.logs.stamped import epoch
from focus_core.logs.unseen import UnseenPods

if TYPE_CHECKING:
    from focus_core.site.model import Site

JOBS, CLEANUP_JOBS, OTHERS = "jobs", "cleanup_jobs", "others"
_EXPIRED = 410
# One watch; the API ends it then, and the next goes on where it ended.
_WATCH_S = 290
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0
# Ended well, or by SIGTERM, which Kubernetes sends to what it ends.
_ASKED_TO = (None, 0, 143)
_STARTING = ("ContainerCreating", "PodInitializing")


@dataclass
class _Container:
    """What is known of one container: its state in words, how often it restarted, the runs that are followed."""

    state: str = ""
    restarts: int = 0
    runs: dict[str, Follower] = field(default_factory=dict)


class Watcher:
    """The pods of a site's namespace since ``begun``, an epoch second of ours.

    ``trouble`` is why the cluster cannot be watched at the moment, in words, and nothing while it can; ``has_looked``:
    all pods were seen once.
    """

    def __init__(self, site: Site, api: Api, recorder: Recorder, clocks: Clocks, begun: float) -> None:
        self.trouble = "the cluster has not answered yet"
        self.has_looked = False
        self._site, self._api, self._recorder, self._clocks, self._begun = site, api, recorder, clocks, begun
        self._base = f"/api/v1/namespaces/{site.kubernetes.namespace}"
        self._containers: dict[tuple[str, str], _Container] = {}
        self._pods: dict[str, str] = {}
        self._seen_events: set[tuple[str, str]] = set()
        self._unseen = UnseenPods()
        self._selectors = [
            (name, dict(part.split("=", 1) for part in workload.selector.split(",") if "=" in part))
            for name, workload in vars(site.workloads).items()
            if workload is not None
        ]

    async def run(self) -> None:
        """Watches until it is cancelled."""
        await asyncio.gather(
            self._watch("pods", self._pods_listed, self._pod_changed),
            self._watch("events", self._events_listed, self._event_came),
        )

    async def finish(self, seconds: float) -> None:
        """Looks for pods that no change has named yet, and reads every log once more, up to now.

        A pod of which only events are known becomes a gap as long as its life.
        """
        with suppress(LostError, RefusedError, KeyError, TypeError):
            everything = await read(self._api, f"{self._base}/pods", {})
            self._pods_listed(everything.get("items") or [])
            for name, begin, end in self._unseen.lives(self._begun - self._clocks.skew("")):
                why = "the pod came and went before it was seen, nothing of its log was read"
                self._recorder.gap(self._source_by_name(name), begin, end, why)
        living = [run for one in self._containers.values() for run in one.runs.values() if not run.is_done]
        await asyncio.gather(*(follower.finish(seconds) for follower in living))

    async def _watch(self, what: str, listed: Callable[[list[Any]], None], changed: Callable[[str, Any], None]) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                everything = await read(self._api, f"{self._base}/{what}", {})
                listed(everything.get("items") or [])
                if what == "pods":
                    self._trouble_over()
                pause = _FIRST_PAUSE_S
                await self._follow_changes(what, str(everything["metadata"]["resourceVersion"]), changed)
            except RefusedError as refused:
                if refused.status != _EXPIRED:
                    self._has_trouble(what, f"it refuses the {what} ({refused})")
            except LostError as lost:
                self._has_trouble(what, f"it does not answer ({lost})")
            except (KeyError, TypeError, ValueError) as wrong:
                self._has_trouble(what, f"its answer for the {what} cannot be read ({type(wrong).__name__})")
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _follow_changes(self, what: str, version: str, changed: Callable[[str, Any], None]) -> None:
        """Each change since a version, until the API no longer knows what happened since."""
        while True:
            query = {"watch": "true", "resourceVersion": version, "timeoutSeconds": str(_WATCH_S)}
            rest = b""
            async for chunk in self._api.stream(
                f"{self._base}/{what}", query | {"allowWatchBookmarks": "true"}, silence=_WATCH_S + 30
            ):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in filter(None, lines):
                    change = json.loads(line)
                    found = change["object"]
                    if change["type"] == "ERROR":
                        if found.get("code") == _EXPIRED:
                            return
                        raise RefusedError(int(found.get("code") or 500), str(found.get("message")))
                    version = str(found["metadata"]["resourceVersion"])
                    if change["type"] != "BOOKMARK":
                        changed(change["type"], found)

    def _has_trouble(self, what: str, why: str) -> None:
        if what == "pods" and not self.trouble.endswith(why):
            self.trouble = f"the cluster cannot be watched: {why}"
            self._note_own(self.trouble)

    def _trouble_over(self) -> None:
        self.has_looked = True
        if self.trouble:
            self.trouble = ""
            self._note_own("the cluster is watched")

    def _note_own(self, text: str) -> None:
        self._recorder.note(Entry("monitor", time.time(), Source("cluster"), text))

    def _pods_listed(self, pods: list[Any]) -> None:
        self._unseen.looked(time.time() - self._clocks.skew(""))
        for pod in pods:
            self._pod_changed("LISTED", pod)
        living = {pod["metadata"]["uid"] for pod in pods}
        for uid in [uid for uid in self._pods if uid not in living]:
            self._pod_gone(uid)

    def _pod_changed(self, change: str, pod: Any) -> None:
        about, status = pod["metadata"], pod.get("status") or {}
        uid = about["uid"]
        self._unseen.saw(about["name"])
        source = self._source(pod)
        is_new = uid not in self._pods
        phase = str(status.get("phase") or "")
        if self._pods.get(uid) != phase and (not is_new or change != "LISTED"):
            self._state(source, f"pod is {phase}{_because(status)}")
        self._pods[uid] = phase
        for kind in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
            for one in status.get(kind) or ():
                self._container_changed(pod, source, one, quiet=is_new and change == "LISTED")
        if change == "DELETED":
            self._state(source, "pod was deleted")
            self._pod_gone(uid)

    def _pod_gone(self, uid: str) -> None:
        self._pods.pop(uid, None)
        for key in [key for key in self._containers if key[0] == uid]:
            for follower in self._containers.pop(key).runs.values():
                follower.end()

    def _container_changed(self, pod: Any, of_pod: Source, status: Any, *, quiet: bool) -> None:
        uid, name = pod["metadata"]["uid"], status["name"]
        source = Source(of_pod.service, of_pod.pod, name, of_pod.node, of_pod.job)
        known = self._containers.setdefault((uid, name), _Container())
        state = status.get("state") or {}
        words, severity = _in_words(state, is_removed="deletionTimestamp" in pod["metadata"])
        restarts = int(status.get("restartCount") or 0)
        before = (status.get("lastState") or {}).get("terminated") or {}
        if restarts > known.restarts and not quiet:
            ended, why = _in_words({"terminated": before}, is_removed=False)
            self._state(source, f"container {name} restarted ({restarts} times by now); it {ended}", why or "error")
        if words != known.state and not quiet:
            self._state(source, f"container {name} {words}", severity)
        known.state, known.restarts = words, restarts
        ended_now = state.get("terminated")
        identifier = str(status.get("containerID") or (ended_now or {}).get("containerID") or "")
        earlier = str(before.get("containerID") or "")
        if earlier and earlier not in known.runs and _at(before, "startedAt") >= self._begun - 1.0:
            # It came and went between two changes that were seen.
            self._follow(known, earlier, source, before).end(previous=True)
        if not identifier:
            return
        for other, follower in known.runs.items():
            if other != identifier:
                follower.end(previous=True)
        if identifier not in known.runs:
            if ended_now and _at(ended_now, "finishedAt") < self._begun - 1.0:
                return
            self._follow(known, identifier, source, state.get("running") or ended_now or {})
        if ended_now:
            known.runs[identifier].end()

    def _follow(self, known: _Container, identifier: str, source: Source, state: Any) -> Follower:
        started = _at(state, "startedAt")
        # What was logged before the run belongs to none of its tests.
        begin = self._begun - self._clocks.skew(source.node)
        since = "" if started >= begin - 1.0 else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begin))
        path = f"{self._base}/pods/{source.pod}/log"
        follower = Follower(self._api, self._recorder, self._clocks, source, path, since)
        known.runs[identifier] = follower
        follower.start()
        return follower

    def _events_listed(self, events: list[Any]) -> None:
        for event in events:
            self._event_came("LISTED", event)

    def _event_came(self, change: str, event: Any) -> None:
        key = event["metadata"]["uid"], str(event.get("count") or "")
        if change == "DELETED" or key in self._seen_events:
            return
        self._seen_events.add(key)
        last = event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp")
        at = _seconds(last)
        if at + self._clocks.skew("") < self._begun - 1.0:
            return
        about = event.get("involvedObject") or {}
        name = str(about.get("name") or "")
        text = f"{event.get('reason')}: {event.get('message')} ({about.get('kind')} {name})"
        warning = "warning" if event.get("type") == "Warning" else ""
        source = self._source_by_name(name)
        # The stamps of events have whole seconds; one that has just come is as old as it looks, or younger.
        now = time.time() - self._clocks.skew(source.node)
        at = now if change != "LISTED" and 0 <= now - at < 2.0 else at
        self._unseen.heard(event, at)
        self._recorder.note(
            Entry("event", at, source, text, f"event {event.get('reason')}" if warning else "", warning)
        )

    def _state(self, source: Source, text: str, severity: str = "") -> None:
        own = Source(source.service, source.pod, source.container, "", source.job)
        pattern = "container state" if severity else ""
        self._recorder.note(Entry("state", time.time(), own, text, pattern, severity))

    def _source(self, pod: Any) -> Source:
        name = pod["metadata"]["name"]
        labels = pod["metadata"].get("labels") or {}
        job = self._job_of(name)
        if job:
            service = CLEANUP_JOBS if name.startswith(self._site.cleanup_prefix) else JOBS
        else:
            named = (one for one, wanted in self._selectors if wanted and wanted.items() <= labels.items())
            service = next(named, OTHERS)
        return Source(service, name, "", str((pod.get("spec") or {}).get("nodeName") or "node"), job)

    def _source_by_name(self, name: str) -> Source:
        """Of what is known by its name alone."""
        return Source(self._service_by_name(name), name, "", "", self._job_of(name))

    def _service_by_name(self, name: str) -> str:
        if self._job_of(name):
            return CLEANUP_JOBS if name.startswith(self._site.cleanup_prefix) else JOBS
        names = ((one, workload.name) for one, workload in vars(self._site.workloads).items() if workload)
        return next((one for one, prefix in names if name == prefix or name.startswith(f"{prefix}-")), OTHERS)

    def _job_of(self, name: str) -> str:
        """The id of the job that a pod, job or service of this name belongs to; nothing for any other."""
        for prefix in (self._site.job_prefix, self._site.cleanup_prefix, self._site.service_prefix):
            if prefix and name.startswith(prefix):
                return "-".join(name.removeprefix(prefix).split("-")[:2])
        return ""


def _in_words(state: Any, *, is_removed: bool) -> tuple[str, str]:
    """A container's state in words, and its severity. What is removed may end as it likes."""
    waiting, ended = state.get("waiting"), state.get("terminated")
    if waiting:
        reason = str(waiting.get("reason") or "no reason")
        message = f" ({waiting['message']})" if waiting.get("message") else ""
        return f"waits: {reason}{message}", "" if reason in _STARTING else "error"
    if ended:
        reason, code = str(ended.get("reason") or ""), ended.get("exitCode")
        severity = "critical" if reason == "OOMKilled" else "error" if code not in _ASKED_TO and not is_removed else ""
        return f"ended: {', '.join(filter(None, [reason, f'exit code {code}']))}", severity
    return "runs" if state.get("running") else "is not there yet", ""


def _because(status: Any) -> str:
    words: Iterable[Any] = (status.get("reason"), status.get("message"))
    shown = ": ".join(str(one) for one in words if one)
    return f" ({shown})" if shown else ""


def _at(state: Any, name: str) -> float:
    return _seconds(state.get(name))


def _seconds(stamp: object) -> float:
    """Of a time of the API; 0 where it gives none."""
    try:
        return epoch(str(stamp)) if stamp else 0.0
    except ValueError:
        return 0.0
