"""The table of the site's jobs: what was configured, and what the cluster reports of it.

The truth is in the cluster. Requests and answers stand in annotations of the Jobs, so a restarted Focus Server
finds its jobs again; state follows two watches, so no request polls the API server.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator import defects
from simulator.pods.analyzer.playback import Part, recorded_rows
from simulator.pods.focus import answers, job_objects
from simulator.pods.focus.command_link import BrokerDownError, CommandLink
from simulator.pods.focus.errors import ApiError
from simulator.pods.focus.job_objects import ANSWER, MANAGED_BY, ORIGIN, OWNER, RECORDED, REQUEST, View
from simulator.pods.focus.kubernetes_api import KubernetesApi, KubernetesDownError, Object
from simulator.pods.focus.models import ConfigureRequest
from simulator.pods.focus.settings import Settings

log = logging.getLogger("focus.jobs")

BATCH, CORE = "apis/batch/v1", "api/v1"
_STATE_MAP = "focus-server-state"
_JOB_NAME = re.compile(r"grpc-job-([0-9]+)-([0-9]+)")
_RETRY_AFTER_S = 10
_REWATCH_S = 0.5
_COARSE_S = 2.0
_FIRST_LIST_S = 2.0


@dataclass
class Record:
    """One job: its view, when its pod became ready (seconds since the epoch), and whether it is over.

    recorded: the parts of a historic window that are recorded, in seconds from its start.
    version: resource version of its Job when that was made; None while it is being made.
    """

    job_id: str
    slot: int
    owner: str
    request: ConfigureRequest
    answer: dict[str, Any]
    origin_ms: int
    created: float
    recorded: tuple[Part, ...] = ()
    version: int | None = None
    running_since: float | None = None
    finished: bool = False
    last_row_shown: bool = False

    @property
    def state(self) -> str:
        """``waiting`` until the pod is ready, ``running``, and ``completed`` once the job is over."""
        if self.finished:
            return "completed"
        return "waiting" if self.running_since is None else "running"

    @property
    def rows(self) -> list[range]:
        """Numbers of the rows that a historic window has; none for a live view, whose rows have no end."""
        return recorded_rows(self.recorded, self.answer["lines_dt"])


class JobTable:
    """Creates, finds and deletes jobs, and follows their state."""

    def __init__(self, api: KubernetesApi, settings: Settings) -> None:
        self._api = api
        self._settings = settings
        self._records: dict[str, Record] = {}
        self._pod_slots: dict[str, int] = {}
        self._starting: dict[int, str] = {}
        self._highest_slot = 0
        self._closed: Counter[str] = Counter()
        """How many views of each client were closed while closed views count (a defect only)."""
        self._sequence: int | None = None
        self._sequence_lock = asyncio.Lock()
        self._synced = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to follow the cluster; jobs that were there before are in the table once the first list came."""
        self._tasks = [
            asyncio.create_task(self._follow("jobs", BATCH, self._replace_jobs, self._apply_job)),
            asyncio.create_task(self._follow_pods()),
        ]
        with suppress(TimeoutError):
            await asyncio.wait_for(self._synced.wait(), timeout=_FIRST_LIST_S)

    async def stop(self) -> None:
        """Stop following the cluster. Jobs go on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def find(self, job_id: str) -> Record | None:
        """Return the job of that id, None when there is none."""
        return self._records.get(job_id)

    @property
    def live(self) -> int:
        """Number of jobs that are not over."""
        return sum(not record.finished for record in self._records.values())

    async def create(self, request: ConfigureRequest, owner: str, recorded: tuple[Part, ...] = ()) -> Record:
        """Start the job of an accepted request and return it.

        recorded: the parts of a historic window that can be played, in seconds from its start.
        Raises ApiError 429 (the client has its windows), 503 (the site is full, or the cluster does not do it; then
        nothing is left of the job).
        """
        full = self._refusal(owner)
        if full and not defects.active("refusal-leaves-job"):
            raise full
        slot = self._take_slot(owner)
        try:
            sequence = await self._next_sequence()
            job_id = f"{slot}-{sequence}"
            origin_ms = request.start_time * 1000 if request.historic and request.start_time else _now_ms()
            answer = answers.configure_answer(request, job_id, slot, self._settings)
            record = Record(job_id, slot, owner, request, answer, origin_ms, time.time(), recorded)
            # In the table before the cluster knows it, so that no event of its pod is missed.
            self._records[job_id] = record
            try:
                record.version = await self._make(View(job_id, slot, owner, request, answer, origin_ms, recorded))
            except KubernetesDownError:
                self._records.pop(job_id, None)
                raise
            log.info("job %s made for %s: %s", job_id, owner, request.summary())
            if full:
                raise full
            return record
        except KubernetesDownError as error:
            log.warning("no job for %s: %s", owner, error)
            raise ApiError(
                503, "The cluster did not start the job: try again later.", retry_after=_RETRY_AFTER_S
            ) from error
        finally:
            del self._starting[slot]

    async def change(self, record: Record, request: ConfigureRequest, link: CommandLink) -> None:
        """Change what a job shows: record it, send it to the job, then show it in the metadata.

        Raises ApiError 503 when the cluster or the broker does not do it; then nothing has changed.
        """
        answer = answers.changed_answer(request, record.answer)
        if defects.active("roi-changes-frequencies"):
            answer["frequencies_list"] = answer["frequencies_list"][::2]
            answer["frequencies_amount"] = len(answer["frequencies_list"])
        await self._note(record, job_objects.what_is_shown(request, answer))
        try:
            if not defects.active("config-ignored"):
                await link.publish(record.job_id, job_objects.region_command(request, answer))
        except BrokerDownError as error:
            await self._note(record, job_objects.what_is_shown(record.request, record.answer))
            log.warning("job %s is not changed: %s", record.job_id, error)
            raise ApiError(
                503, "RabbitMQ does not take the change: try again later.", retry_after=_RETRY_AFTER_S
            ) from error
        if not defects.active("stale-metadata"):
            record.request, record.answer = request, answer
        log.info("job %s changed by %s: %s", record.job_id, record.owner, request.summary())

    async def follow_region(self, record: Record, request: ConfigureRequest) -> None:
        """Take over what a command of somebody else made a job show."""
        record.request, record.answer = request, answers.changed_answer(request, record.answer)
        log.info("job %s changed by a command: %s", record.job_id, request.summary())
        with suppress(ApiError):  # noted at the next change
            await self._note(record, job_objects.what_is_shown(record.request, record.answer))

    def living(self, job_id: str | None) -> list[Record]:
        """Return the jobs that a command for that id (None: for all) is meant for."""
        return [one for one in self._records.values() if not one.finished and job_id in (None, one.job_id)]

    async def _note(self, record: Record, notes: dict[str, str]) -> None:
        """Write annotations of the job. Raises ApiError 503 when the cluster does not do it."""
        path = f"jobs/{job_objects.job_name(record.job_id)}"
        try:
            await self._api.merge(BATCH, path, {"metadata": {"annotations": notes}})
        except KubernetesDownError as error:
            log.warning("job %s is not changed: %s", record.job_id, error)
            raise ApiError(
                503, "The cluster did not note the change: try again later.", retry_after=_RETRY_AFTER_S
            ) from error

    async def delete(self, record: Record) -> None:
        """Delete a job; its service goes with it, its queue is removed by its cleanup-job, which sees it go.

        Raises ApiError 503 when the cluster does not do it.
        """
        try:
            await self._api.delete(BATCH, f"jobs/{job_objects.job_name(record.job_id)}")
        except KubernetesDownError as error:
            log.warning("job %s stays: %s", record.job_id, error)
            raise ApiError(
                503, "The cluster did not delete the job: try again later.", retry_after=_RETRY_AFTER_S
            ) from error
        self._records.pop(record.job_id, None)
        if defects.active("windows-leak"):
            self._closed[record.owner] += 1

    async def end_all(self) -> None:
        """Delete every job (a defect only: views outlive the server)."""
        for record in list(self._records.values()):
            await self.delete(record)

    # --- slots and numbers; nothing is awaited between asking for a refusal and taking the slot: each has its own

    @property
    def _active(self) -> list[Record]:
        """The jobs that are not over, without those that are being made: they are in the table already."""
        return [one for one in self._records.values() if not one.finished and one.slot not in self._starting]

    def _refusal(self, owner: str) -> ApiError | None:
        """Return why the client can have no further job now, None when it can."""
        if not self._synced.is_set():
            return ApiError(503, "The cluster does not answer: try again later.", retry_after=_RETRY_AFTER_S)
        active = self._active
        own = sum(record.owner == owner for record in active) + sum(who == owner for who in self._starting.values())
        if defects.active("windows-leak"):
            own += self._closed[owner]
        if own >= self._settings.max_windows and not defects.active("windows-unchecked"):
            return ApiError(
                429,
                f"The client has {own} open windows, the maximum: close one or try again later.",
                allowed=self._settings.max_windows,
                retry_after=_RETRY_AFTER_S,
            )
        if len(active) + len(self._starting) >= self._settings.capacity:
            return ApiError(
                503,
                f"The site has reached its capacity of {self._settings.capacity} jobs: try again later.",
                allowed=self._settings.capacity,
                retry_after=_RETRY_AFTER_S,
            )
        return None

    def _take_slot(self, owner: str) -> int:
        """Take the lowest free slot. It is a port: the pod of a deleted job holds it until it is gone."""
        taken = {record.slot for record in self._active} | set(self._pod_slots.values()) | self._starting.keys()
        slot = next(number for number in range(1, len(taken) + 2) if number not in taken)
        if defects.active("slot-never-freed"):
            slot = self._highest_slot + 1
        self._highest_slot = max(self._highest_slot, slot)
        self._starting[slot] = owner
        return slot

    async def _next_sequence(self) -> int:
        """Count one on, in the cluster first: a number is never used twice, also after a restart."""
        async with self._sequence_lock:
            if self._sequence is None:
                stored = await self._api.get(CORE, f"configmaps/{_STATE_MAP}")
                used = [int(job_id.partition("-")[2]) for job_id in self._records]
                self._sequence = max([int((stored or {}).get("data", {}).get("seq", "0")), *used])
            number = self._sequence + 1
            data = {"data": {"seq": str(number)}}
            if await self._api.merge(CORE, f"configmaps/{_STATE_MAP}", data) is None:
                body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": _STATE_MAP}, **data}
                await self._api.create(CORE, "configmaps", body)
            self._sequence = number
            return number

    # --- objects

    async def _make(self, view: View) -> int:
        """Create the objects of a view and return the Job's resource version; after a failure none of them is left.

        The cleanup-job comes first: whatever happens to this server in between, it clears up.
        """
        try:
            await self._api.create(BATCH, "jobs", job_objects.cleanup(view, self._settings))
            job = await self._api.create(BATCH, "jobs", job_objects.job(view, self._settings))
            service = job_objects.service(view, self._settings, job["metadata"]["uid"])
            await self._api.create(CORE, "services", service)
        except KubernetesDownError:
            await self._roll_back(view.job_id)
            raise
        return int(job["metadata"]["resourceVersion"])

    async def _roll_back(self, job_id: str) -> None:
        made = [
            (CORE, f"services/{job_objects.service_name(job_id)}"),
            (BATCH, f"jobs/{job_objects.job_name(job_id)}"),
            (BATCH, f"jobs/{job_objects.cleanup_name(job_id)}"),
        ]
        for group, path in made:
            try:
                await self._api.delete(group, path)
            except KubernetesDownError as error:
                log.warning("left behind: %s (%s)", path, error)

    # --- following the cluster

    async def _follow(
        self, kind: str, group: str, replace: Callable[[list[Object], int], None], apply: Callable[[str, Object], None]
    ) -> None:
        while True:
            try:
                listing = await self._api.get(group, f"{kind}?labelSelector={MANAGED_BY}")
                if listing is not None:
                    version = listing["metadata"]["resourceVersion"]
                    replace(listing["items"], int(version))
                    await self._watch(kind, group, version, apply)
            except KubernetesDownError as error:
                log.warning("lost sight of the %s: %s", kind, error)
            await asyncio.sleep(_REWATCH_S)

    async def _follow_pods(self) -> None:
        """Follow the pods once the jobs that they belong to are known."""
        await self._synced.wait()
        await self._follow("pods", CORE, self._replace_pods, self._apply_pod)

    async def _watch(self, kind: str, group: str, version: str, apply: Callable[[str, Object], None]) -> None:
        async for event in self._api.watch(group, kind, MANAGED_BY, version):
            if event["type"] == "ERROR":
                return
            if event["type"] != "BOOKMARK":
                apply(event["type"], event["object"])

    def _replace_jobs(self, items: list[Object], version: int) -> None:
        names = {item["metadata"]["name"] for item in items}
        for record in list(self._records.values()):
            # A job that was made after the list was taken is not in it.
            if job_objects.job_name(record.job_id) not in names and record.version and record.version <= version:
                del self._records[record.job_id]
        for item in items:
            self._apply_job("MODIFIED", item)
        self._synced.set()

    def _apply_job(self, event: str, job: Object) -> None:
        match = _JOB_NAME.fullmatch(job["metadata"]["name"])
        if not match:
            return
        job_id = f"{match[1]}-{match[2]}"
        if event == "DELETED" or job["metadata"].get("deletionTimestamp"):
            self._records.pop(job_id, None)
            return
        record = self._records.get(job_id)
        if record is None:
            record = _recovered(job_id, int(match[1]), job)
            if record is None:
                return
            self._records[job_id] = record
        status = job.get("status", {})
        if not record.finished and (status.get("succeeded") or status.get("failed")):
            record.finished = True
            log.info("job %s is over: %s", job_id, "succeeded" if status.get("succeeded") else "its pod broke off")

    def _replace_pods(self, items: list[Object], _version: int) -> None:
        self._pod_slots = {}
        for item in items:
            self._apply_pod("MODIFIED", item)

    def _apply_pod(self, event: str, pod: Object) -> None:
        name = pod["metadata"]["name"]
        match = _JOB_NAME.match(name)
        if not match:
            return
        status = pod.get("status", {})
        if event == "DELETED" or status.get("phase") in ("Succeeded", "Failed"):
            self._pod_slots.pop(name, None)
            return
        self._pod_slots[name] = int(match[1])
        record = self._records.get(f"{match[1]}-{match[2]}")
        if record is not None and record.running_since is None:
            record.running_since = _ready_since(status)
            if record.running_since is not None:
                log.info("job %s is running in pod %s", record.job_id, name)


def _ready_since(status: Object) -> float | None:
    """Return when the pod became ready (seconds since the epoch), None when it is not ready."""
    for condition in status.get("conditions", []):
        if condition["type"] == "Ready" and condition["status"] == "True":
            now = time.time()
            noted = condition.get("lastTransitionTime")
            since = datetime.fromisoformat(noted).timestamp() if noted else now
            # The cluster notes whole seconds: too coarse for a job that became ready before our eyes.
            return since if now - since > _COARSE_S else now
    return None


def _recovered(job_id: str, slot: int, job: Object) -> Record | None:
    """Read a job of an earlier life of this server; None when someone else made it."""
    notes = job["metadata"].get("annotations", {})
    if REQUEST not in notes or ANSWER not in notes:
        return None
    request = ConfigureRequest.model_validate_json(notes[REQUEST])
    answer = answers.restored(request, json.loads(notes[ANSWER]))
    created = datetime.fromisoformat(job["metadata"]["creationTimestamp"]).timestamp()
    recorded = tuple((float(start), float(end)) for start, end in json.loads(notes.get(RECORDED, "[]")))
    log.info("found job %s of %s again", job_id, notes.get(OWNER))
    owner = notes.get(OWNER, "anonymous")
    return Record(job_id, slot, owner, request, answer, int(notes[ORIGIN]), created, recorded)


def _now_ms() -> int:
    return int(time.time() * 1000)
