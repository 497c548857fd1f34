"""Changes of an open view: who may change what, and what the changed view must mean."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime

from pydantic import ValidationError

from simulator.pods.analyzer import commands as analyzer_commands
from simulator.pods.analyzer.calculations import SINGLECHANNEL
from simulator.pods.analyzer.commands import CommandError
from simulator.pods.focus import rules
from simulator.pods.focus.errors import ApiError, unknown_job
from simulator.pods.focus.jobs import JobTable, Record
from simulator.pods.focus.models import Change, ConfigureRequest

_TASK_ID = re.compile(r"[a-zA-Z0-9_-]{1,256}")
_CLOCK = "%y%m%d%H%M%S"


def find_own_job(jobs: JobTable, task_id: str, client: str) -> Record:
    """Return the living job that a client wants to change.

    Raises ApiError 400 (no possible id), 404 (no such job), 403 (another client's), 409 (the job is over).
    """
    if not _TASK_ID.fullmatch(task_id):
        raise ApiError(
            400,
            "The task_id is invalid: it has 1 to 256 letters, digits, hyphens and underscores.",
            field="task_id",
            allowed="^[a-zA-Z0-9_-]{1,256}$",
        )
    record = jobs.find(task_id)
    if record is None:
        raise unknown_job()
    if record.owner != client:
        raise ApiError(403, "The job belongs to another client: only its owner may change it.")
    if record.finished:
        raise ApiError(409, "The job is over and cannot be changed: open a new view.")
    return record


def changed_request(record: Record, change: Change, highest_channel: int) -> ConfigureRequest:
    """Return the request that the changed view would have been opened with. Raises ApiError 400 for a bad value."""
    _check_times(record.request, change)
    _check_region(record.request, change)
    try:
        request = ConfigureRequest.model_validate(change.applied_to(record.request))
    except ValidationError as error:
        problem = error.errors()[0]
        raise ApiError(400, f"Invalid change: {problem['msg']}.", field=_field_of(problem["ctx"], change)) from None
    rules.refuse(rules.violations(request, highest_channel, time.time()), channel_field=change.channel_field)
    return request


def _field_of(context: dict[str, str], change: Change) -> str:
    return context.get("name", change.channel_field)


def _check_region(request: ConfigureRequest, change: Change) -> None:
    """A region has an extent; only the region of a single channel view is one channel."""
    if change.roi is None:
        return
    start, end = change.roi
    if start < 0 or end < start or (end == start and request.view_type != SINGLECHANNEL):
        raise ApiError(
            400, "roi is invalid: its end must be above its start, and neither is negative.", field="roi",
            allowed="0 <= start < end",
        )  # fmt: skip


def _check_times(request: ConfigureRequest, change: Change) -> None:
    """The times of a view stay: other times need another view."""
    if change.start_time is None and change.end_time is None:
        return
    if change.start_time is None or change.end_time is None:
        raise ApiError(
            400, "The change is ambiguous: give both start_time and end_time, or neither.", field="start_time"
        )
    start, end = _epoch(change.start_time, "start_time"), _epoch(change.end_time, "end_time")
    if end <= start:
        raise ApiError(400, "end_time must be after start_time.", field="end_time", allowed="> start_time")
    if (start, end) != (request.start_time, request.end_time):
        raise ApiError(
            400, "The times of an open view cannot be changed: open another view.", field="start_time",
            allowed="the times of the view",
        )  # fmt: skip


def _epoch(text: str, field: str) -> int:
    try:
        return int(datetime.strptime(text, _CLOCK).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise ApiError(400, f"{field} is invalid: it is no yymmddHHMMSS.", field=field) from None


class RegionFollower:
    """Makes metadata follow the regions that others command to jobs."""

    def __init__(self, jobs: JobTable, highest_channel: int) -> None:
        self._jobs = jobs
        self._highest = highest_channel
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, job_id: str | None, value: dict[str, int]) -> None:
        """Take over a region for one job, or for all; jobs that cannot show it stay as they are."""
        try:
            low, high = analyzer_commands.region(value, self._highest)
        except CommandError:
            return
        for record in self._jobs.living(job_id):
            if record.request.view_type == SINGLECHANNEL and low != high:
                continue
            body = {**record.request.model_dump(), "channels": {"min": low, "max": high}}
            task = asyncio.create_task(self._jobs.follow_region(record, ConfigureRequest.model_validate(body)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
