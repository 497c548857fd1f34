"""The routes of the Focus Server."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException

from simulator import defects
from simulator.pods.analyzer.calculations import WATERFALL
from simulator.pods.analyzer.playback import Part, recorded_rows
from simulator.pods.focus import answer_models as models
from simulator.pods.focus import answers, changes, contract_defects, fiber, responses, rules, waterfall
from simulator.pods.focus.auth import current_client
from simulator.pods.focus.command_link import CommandLink
from simulator.pods.focus.errors import (
    ApiError,
    answer_api_error,
    answer_http_error,
    answer_shape_error,
    unknown_job,
)
from simulator.pods.focus.health import broker_answers, health
from simulator.pods.focus.jobs import JobTable, Record
from simulator.pods.focus.kubernetes_api import KubernetesApi
from simulator.pods.focus.models import Change, ConfigureRequest, TaskChange, TimeRange
from simulator.pods.focus.recordings import Recordings, recorded_parts, timeline_page
from simulator.pods.focus.request_log import BodyLimit, RequestLog
from simulator.pods.focus.settings import Settings
from simulator.pods.focus.swapped_answers import SwappedAnswers
from simulator.pods.focus.switched_routes import SwitchedRoute, missing_with
from simulator.pods.focus.wear import Wear, wear_out

PREFIX = "/focus-server"
_METADATA_RACE_S = 3.0
_TIMELINE_S = 28 * 86_400
# A defect only.
_COLD_START_S = 3.0
# What the deployed server does when it is full: it breaks down early, late, and never twice in the same way.
_COLLAPSE_JOBS, _COLLAPSE_S, _COLLAPSE_FLOOR_S = 40, 20.0, 2.0
_COLLAPSE_STATUS = itertools.cycle((500, 502, 504))
_SLOW_S = 2.0
_LATE_S = 0.9
_asked = itertools.count()

Client = Annotated[str, Depends(current_client)]


def find_job(job_id: str, request: Request, _client: Client) -> Record:
    """Give a route its job. Raises ApiError 404 for an id that the site does not have."""
    record: Record | None = request.app.state.jobs.find(job_id)
    if record is None:
        raise unknown_job()
    request.state.job_id = record.job_id
    return record


def find_own_job(job: Annotated[Record, Depends(find_job)], client: Client) -> Record:
    """Give a route the job of the client that asks. Raises ApiError 403 for another client's."""
    if job.owner != client and not defects.active("foreign-view-readable"):
        raise ApiError(403, "The job belongs to another client: only its owner may read it.")
    return job


Job = Annotated[Record, Depends(find_job)]
OwnJob = Annotated[Record, Depends(find_own_job)]


def answering(model: Any, *others: responses.Responses) -> responses.Responses:
    """Return what a route answers: the shape of its 200, and the other answers that it declares."""
    declared: responses.Responses = {200: {"model": model}}
    for other in others:
        declared |= other
    return declared


public = APIRouter(prefix=PREFIX, route_class=SwitchedRoute)
routes = APIRouter(
    prefix=PREFIX,
    route_class=SwitchedRoute,
    dependencies=[Depends(current_client)],
    responses=responses.BAD_ACCESS,
)


@public.get("/ack", responses=answering(models.Nothing), response_model=None)
async def ack() -> dict[str, str]:
    """Liveness: the server runs."""
    return {}


@public.get(
    "/health",
    responses=answering(models.Health, {503: {"model": models.Health, "description": "nothing can be served"}}),
)
@missing_with("health-missing")
async def get_health(request: Request) -> Response:
    """Health of the server and of what it depends on."""
    state = request.app.state
    status, body = await health(state.settings, state.kubernetes, state.recordings)
    return JSONResponse(body, status_code=status)


@routes.get("/channels", responses=answering(models.Channels), response_model=None)
async def channels(request: Request) -> dict[str, Any]:
    """Channels of the fibre."""
    highest = 2337 if defects.active("channel-count-2337") else request.app.state.settings.highest_channel
    ends = {"lowest_channel": 1, "highest_channel": highest}
    if defects.active("channels-unlisted"):
        return ends
    listed = list(range(1, highest + 1))
    if defects.active("channels-flicker") and next(_asked) % 2:
        listed[highest // 2] -= 1
    return {**ends, "channels": listed}


@routes.get(
    "/sensors",
    responses=answering(models.Sensors),
    response_model=None,
)
@missing_with("sensors-missing")
async def sensors(request: Request) -> dict[str, list[int]]:
    """Sensors of the fibre: the channels counted from 0."""
    return {"sensors": list(range(request.app.state.settings.highest_channel))}


@routes.get(
    "/live_metadata",
    responses=answering(
        models.LiveMetadata, {404: {"model": models.Refusal, "description": "there is no live source"}}
    ),
    response_model=None,
)
async def get_live_metadata(request: Request) -> dict[str, Any]:
    """Metadata of the live source."""
    outlives = defects.active("live-metadata-outlive-source")
    if not outlives and not await fiber.has_live_source(request.app.state.kubernetes):
        raise ApiError(404, "There is no live source: start the preprocessor.")
    return fiber.live_metadata()


@routes.post(
    "/configure",
    responses=answering(
        models.ConfigureAnswer, responses.BAD_VALUE, responses.BODY, responses.TOO_MANY, responses.NO_VIEW_NOW
    ),
)
async def configure(body: ConfigureRequest, request: Request, client: Client) -> Response:
    """Open a view: check the request, look for what it shows, start its job."""
    state = request.app.state
    if defects.active("waterfall-500") and _left_out_in_waterfall(body):
        raise ApiError(500, "Error parsing configuration")
    violations = rules.violations(body, state.settings.highest_channel, time.time())
    if not defects.active("refusal-leaves-job"):
        rules.refuse(violations)
    if defects.active("configure-slow"):
        await asyncio.sleep(_SLOW_S)
    if defects.active("configure-late"):
        await asyncio.sleep(_LATE_S)
    await wear_out(state.settings.rabbitmq_url)
    if defects.active("cold-start-500") and time.monotonic() - state.begun < _COLD_START_S:
        raise ApiError(500, "Internal Server Error")
    if defects.active("live-needs-mongodb") and not body.historic:
        await state.recordings.overlapping(int(time.time()), int(time.time()) + 1)
    if defects.active("broker-outage-500"):
        await _broken_without_broker(state.settings)
    try:
        recorded = await _recorded(body, state.recordings) if body.historic else ()
    except ApiError as refusal:
        if refusal.status == 503 and defects.active("outage-leaves-job"):
            await state.jobs.create(body, client, _whole_window(body))
        raise
    waiting = None if body.historic else await _no_live_view(state.kubernetes)
    if waiting and not defects.active("no-metadata-prevalidation"):
        raise waiting
    if defects.active("capacity-collapse") and state.jobs.live >= _COLLAPSE_JOBS:
        await _collapse(state.settings.time_scale)
    record = await state.jobs.create(body, client, recorded)
    rules.refuse(violations)
    if waiting:
        raise waiting
    request.state.job_id = record.job_id
    # The lists of a wide view are long: they are plain numbers and need none of the framework's conversion.
    answer = _encoded(answers.on_the_wire(record.answer, state.settings))
    answer.status_code = contract_defects.status_of_configure()
    return answer


_OF_A_CHANGE = answering(
    models.ConfigAccepted,
    responses.BAD_VALUE,
    responses.NOT_OWNER,
    responses.NO_JOB,
    responses.ENDED,
    responses.BODY,
    responses.UNAVAILABLE,
)


@routes.post(
    "/config_task",
    responses=_OF_A_CHANGE,
    response_model=None,
)
@missing_with("config-task-missing")
async def config_task(body: TaskChange, request: Request, client: Client) -> dict[str, str]:
    """Change an open view: its metadata and its stream follow. Only the client that opened it may."""
    return await _change(body.task_id, body, request, client)


@routes.post(
    "/config/{task_id:path}",
    responses=_OF_A_CHANGE,
    response_model=None,
)
@missing_with("config-task-missing")
async def config(task_id: str, body: Change, request: Request, client: Client) -> dict[str, str]:
    """Change an open view: its metadata and its stream follow. Only the client that opened it may."""
    return await _change(task_id, body, request, client)


@routes.get("/metadata/{job_id}", responses=answering(models.Metadata, responses.NOT_OWNER, responses.NO_JOB))
async def metadata(job: OwnJob, request: Request) -> Response:
    """Metadata of a job: its configure answer and the values of its request."""
    if defects.active("metadata-race") and time.time() - job.created < _METADATA_RACE_S:
        raise unknown_job()
    answer = answers.on_the_wire(job.answer, request.app.state.settings)
    return _encoded(answers.metadata_answer(job.request, answer))


@routes.get(
    "/ack/{job_id}",
    responses=answering(models.JobState, responses.NOT_OWNER, responses.NO_JOB),
    response_model=None,
)
@missing_with("job-state-missing")
async def job_state(job: OwnJob) -> dict[str, str]:
    """State of a job: waiting, running or completed."""
    return {"status": "waiting" if defects.active("ack-status-stuck") else job.state}


@routes.get(
    "/waterfall/{job_id}/{rows}",
    response_class=Response,
    responses={
        200: {"description": "there are no rows yet; the body is empty"},
        201: {"model": list[models.Block], "description": "the newest rows"},
        208: {"description": "the playback is over; the body is empty"},
        **responses.BAD_VALUE,
        **responses.NOT_OWNER,
        **responses.NO_JOB,
    },
)
@missing_with("waterfall-missing")
async def waterfall_rows(rows: str, job: OwnJob, request: Request) -> Response:
    """Return the newest rows of a job: 201 with rows, 200 while there are none yet, 208 when its playback is over."""
    wanted = waterfall.row_count(rows)
    if job.finished:
        return Response(status_code=208)
    first, end = waterfall.available(job, time.time(), request.app.state.settings.time_scale)
    over = job.request.historic and job.running_since is not None and end >= waterfall.window_rows(job)
    if over and job.last_row_shown:
        return Response(status_code=208)
    content = await run_in_threadpool(_encoded_blocks, job, first, end, wanted)
    if content is None:
        return Response(status_code=208 if over else 200)
    job.last_row_shown = over
    return Response(content, status_code=201, media_type="application/json")


@routes.get(
    "/waterfall/{job_id}",
    responses=answering(models.WaterfallData, responses.NOT_OWNER, responses.NO_JOB),
)
@missing_with("waterfall-missing")
async def waterfall_all(job: OwnJob, request: Request) -> Response:
    """Return all rows that fit the display of a job."""
    first, end = waterfall.available(job, time.time(), request.app.state.settings.time_scale)
    wanted = max(1, job.request.displayInfo.height)
    content = await run_in_threadpool(lambda: waterfall.encode({"data": waterfall.blocks(job, first, end, wanted)}))
    return Response(content, media_type="application/json")


@routes.post(
    "/recordings_in_time_range",
    responses=answering(list[list[int]], responses.BAD_VALUE, responses.BODY, responses.UNAVAILABLE),
    response_model=None,
)
async def recordings_in_time_range(body: TimeRange, request: Request) -> list[list[int]]:
    """List the recordings that share time with the range as [start, end]; the end of a running one is -1."""
    rules.refuse(rules.time_range_violations(body))
    found = await request.app.state.recordings.overlapping(body.start_time, body.end_time)
    return [[item.start, item.end] for item in found]


@routes.get(
    "/get_recordings_timeline",
    response_class=Response,
    responses={
        200: {"description": "a page", "content": {"text/html": {"schema": {"type": "string"}}}},
        **responses.UNAVAILABLE,
    },
)
@missing_with("timeline-404")
async def recordings_timeline(request: Request) -> Response:
    """Show the recordings of the last four weeks as a page."""
    now = int(time.time())
    return HTMLResponse(timeline_page(await request.app.state.recordings.overlapping(now - _TIMELINE_S, now)))


@routes.get("/info", include_in_schema=False)
async def info(request: Request) -> dict[str, str]:
    """Show the settings: a defect only, the contract has no such route."""
    if not defects.active("info-undescribed"):
        raise HTTPException(404)
    settings = request.app.state.settings
    return {"version": settings.version, "job_image": settings.job_image, "namespace": settings.namespace}


@routes.delete(
    "/job/{job_id}",
    responses=answering(models.Deleted, responses.NOT_OWNER, responses.NO_JOB, responses.UNAVAILABLE),
    response_model=None,
)
@missing_with("delete-job-404")
async def delete_job(job: Job, client: Client, request: Request) -> dict[str, str]:
    """End a job and remove it. Only the client that opened it may."""
    if job.owner != client and not defects.active("foreign-view-removable"):
        raise ApiError(403, "The job belongs to another client: only its owner may delete it.")
    if not defects.active("job-outlives-delete"):
        await request.app.state.jobs.delete(job)
    return {"status": "success", "job_id": job.job_id}


async def _recorded(body: ConfigureRequest, recordings: Recordings) -> tuple[Part, ...]:
    """Return the parts of a historic window that can be played. Raises ApiError 400 when there are none."""
    start, end = body.start_time or 0, body.end_time or 0
    if defects.active("future-time-accepted") and end > time.time():
        return _whole_window(body)
    if defects.active("history-without-mongodb") and not await recordings.ping():
        return _whole_window(body)
    found = await recordings.overlapping(start, end)
    parts = recorded_parts(found[:1] if defects.active("first-recording-only") else found, start, end)
    fields = answers.calculated(body, spec_formulas=defects.active("spec-formulas"))
    if not recorded_rows(parts, fields.lines_dt):
        if defects.active("history-404") or defects.active("mapper-base-path-404"):
            raise ApiError(404, "No recording found in given time range")
        raise ApiError(400, "No recording found in given time range", field="start_time")
    return parts


def _whole_window(body: ConfigureRequest) -> tuple[Part, ...]:
    """Return a historic window as if all of it were recorded (defects only)."""
    return ((0.0, float((body.end_time or 0) - (body.start_time or 0))),)


async def _broken_without_broker(settings: Settings) -> None:
    """Break off as a server does that expected its broker to be there (a defect only)."""
    if not await broker_answers(settings.broker_host, settings.broker_port):
        raise ApiError(500, "Internal Server Error")


async def _no_live_view(api: KubernetesApi) -> ApiError | None:
    """Return why there can be no live view now, None when there can."""
    waiting = fiber.waiting_for_fiber()
    if waiting is None and not await fiber.has_live_source(api):
        waiting = ApiError(503, "There is no live source: start the preprocessor.", retry_after=fiber.RETRY_AFTER_S)
    return waiting


def _left_out_in_waterfall(body: ConfigureRequest) -> bool:
    spectral = {"displayTimeAxisDuration", "nfftSelection", "frequencyRange"}
    return body.view_type == WATERFALL and not spectral <= body.model_fields_set


async def _collapse(time_scale: float) -> None:
    """Answer as the deployed server does when it has too many jobs (a defect only)."""
    await asyncio.sleep(max(_COLLAPSE_FLOOR_S, _COLLAPSE_S * time_scale))
    raise ApiError(next(_COLLAPSE_STATUS), "The server did not answer in time.")


async def _change(task_id: str, body: Change, request: Request, client: str) -> dict[str, str]:
    state = request.app.state
    job = changes.find_own_job(state.jobs, task_id, client)
    request.state.job_id = job.job_id
    wanted = changes.changed_request(job, body, state.settings.highest_channel)
    await state.jobs.change(job, wanted, state.commands)
    return {"status": "Config received successfully", "task_id": job.job_id}


def _encoded(content: Any) -> Response:
    return Response(waterfall.encode(content), media_type="application/json")


def _encoded_blocks(job: Record, first: int, end: int, wanted: int) -> bytes | None:
    content = waterfall.blocks(job, first, end, wanted)
    return waterfall.encode(content) if content else None


def _described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what describes the routes that the site has now.

    The 422 that the framework declares for every route with a parameter is left out: only bodies have a shape here.
    """
    describe = app.openapi

    def described() -> dict[str, Any]:
        document = describe()
        for path in document["paths"].values():
            for operation in path.values():
                declared = operation["responses"].get("422", {}).get("content", {})
                if "HTTPValidationError" in str(declared):
                    del operation["responses"]["422"]
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
        all_routes = [*public.routes, *routes.routes]
        present = {route.path_format for route in all_routes if isinstance(route, SwitchedRoute) and route.present}
        paths = {path: what for path, what in document["paths"].items() if path in present}
        return contract_defects.described({**document, "paths": paths})

    return described


def create_app(settings: Settings) -> FastAPI:
    """Return the application; its connections are opened when it starts and closed when it ends."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.begun = time.monotonic()
        app.state.recordings = Recordings(settings)
        async with KubernetesApi(settings.kubernetes_api, settings.namespace, settings.kubernetes_token) as api:
            app.state.kubernetes = api
            app.state.jobs = JobTable(api, settings)
            await app.state.jobs.start()
            app.state.commands = CommandLink(
                settings.rabbitmq_url, changes.RegionFollower(app.state.jobs, settings.highest_channel)
            )
            app.state.commands.start()
            yield
            if defects.active("streams-end-with-server"):
                await app.state.jobs.end_all()
            app.state.commands.stop()
            await app.state.jobs.stop()
        await app.state.recordings.close()

    app = FastAPI(
        title="Focus Server",
        version=settings.version,
        lifespan=running,
        docs_url=f"{PREFIX}/docs",
        openapi_url=f"{PREFIX}/openapi.json",
        redoc_url=None,
    )
    app.add_exception_handler(ApiError, answer_api_error)
    app.add_exception_handler(StarletteHTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_shape_error)
    app.include_router(public)
    app.include_router(routes)
    app.openapi = _described(app)  # type: ignore[method-assign]
    app.add_middleware(BodyLimit)
    app.add_middleware(SwappedAnswers)
    app.add_middleware(Wear)
    app.add_middleware(RequestLog)
    return app
