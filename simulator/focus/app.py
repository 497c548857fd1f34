"""The routes of the Focus Server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from simulator import defects
from simulator.focus import answers, rules, waterfall
from simulator.focus.auth import current_client
from simulator.focus.errors import ApiError, answer_api_error, answer_shape_error, unknown_job
from simulator.focus.fiber import live_metadata
from simulator.focus.health import health
from simulator.focus.jobs import JobTable, Record
from simulator.focus.kubernetes_api import KubernetesApi
from simulator.focus.models import ConfigureRequest, TimeRange
from simulator.focus.recordings import Recordings, timeline_page
from simulator.focus.request_log import BodyLimit, RequestLog
from simulator.focus.settings import Settings

PREFIX = "/focus-server"
_METADATA_RACE_S = 3.0
_TIMELINE_S = 28 * 86_400

Client = Annotated[str, Depends(current_client)]


def find_job(job_id: str, request: Request, _client: Client) -> Record:
    """Give a route its job. Raises ApiError 404 for an id that the site does not have."""
    record: Record | None = request.app.state.jobs.find(job_id)
    if record is None:
        raise unknown_job()
    request.state.job_id = record.job_id
    return record


Job = Annotated[Record, Depends(find_job)]

public = APIRouter(prefix=PREFIX)
routes = APIRouter(prefix=PREFIX, dependencies=[Depends(current_client)])


@public.get("/ack")
async def ack() -> dict[str, str]:
    """Liveness: the server runs."""
    return {}


@public.get("/health")
async def get_health(request: Request) -> Response:
    """Health of the server and of what it depends on."""
    state = request.app.state
    status, body = await health(state.settings, state.kubernetes, state.recordings)
    return JSONResponse(body, status_code=status)


@routes.get("/channels")
async def channels(request: Request) -> dict[str, Any]:
    """Channels of the fibre."""
    highest = request.app.state.settings.highest_channel
    return {"lowest_channel": 1, "highest_channel": highest, "channels": list(range(1, highest + 1))}


@routes.get("/sensors")
async def sensors(request: Request) -> dict[str, list[int]]:
    """Sensors of the fibre: the channels counted from 0."""
    return {"sensors": list(range(request.app.state.settings.highest_channel))}


@routes.get("/live_metadata")
async def get_live_metadata() -> dict[str, Any]:
    """Metadata of the live source."""
    return live_metadata()


@routes.post("/configure", responses={400: {"description": "a value that the site does not allow"}})
async def configure(body: ConfigureRequest, request: Request, client: Client) -> Response:
    """Open a view: check the request, look for recordings where it is historic, start its job."""
    state = request.app.state
    now = time.time()
    _refuse(rules.violations(body, state.settings.highest_channel, now))
    if body.historic and body.start_time is not None and body.end_time is not None:
        skipped = defects.active("future-time-accepted") and body.end_time > now
        if not skipped and not await state.recordings.overlapping(body.start_time, body.end_time):
            raise ApiError(
                404 if defects.active("history-404") else 400,
                "No recording found in given time range",
                field="start_time",
            )
    record = await state.jobs.create(body, client)
    request.state.job_id = record.job_id
    # The lists of a wide view are long: they are plain numbers and need none of the framework's conversion.
    return Response(waterfall.encode(record.answer), media_type="application/json")


@routes.get("/metadata/{job_id}")
async def metadata(job: Job) -> Response:
    """Metadata of a job: its configure answer and the values of its request."""
    if defects.active("metadata-race") and time.time() - job.created < _METADATA_RACE_S:
        raise unknown_job()
    return Response(waterfall.encode(answers.metadata_answer(job.request, job.answer)), media_type="application/json")


@routes.get("/ack/{job_id}")
async def job_state(job: Job) -> dict[str, str]:
    """State of a job: waiting, running or completed."""
    return {"status": job.state}


@routes.get("/waterfall/{job_id}/{rows}")
async def waterfall_rows(rows: str, job: Job, request: Request) -> Response:
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


@routes.get("/waterfall/{job_id}")
async def waterfall_all(job: Job, request: Request) -> Response:
    """Return all rows that fit the display of a job."""
    first, end = waterfall.available(job, time.time(), request.app.state.settings.time_scale)
    wanted = max(1, job.request.displayInfo.height)
    content = await run_in_threadpool(lambda: waterfall.encode({"data": waterfall.blocks(job, first, end, wanted)}))
    return Response(content, media_type="application/json")


@routes.post("/recordings_in_time_range")
async def recordings_in_time_range(body: TimeRange, request: Request) -> list[list[int]]:
    """List the recordings that share time with the range as [start, end]; the end of a running one is -1."""
    _refuse(rules.time_range_violations(body))
    found = await request.app.state.recordings.overlapping(body.start_time, body.end_time)
    return [[item.start, item.end] for item in found]


@routes.get("/get_recordings_timeline", response_class=HTMLResponse)
async def recordings_timeline(request: Request) -> str:
    """Show the recordings of the last four weeks as a page."""
    now = int(time.time())
    return timeline_page(await request.app.state.recordings.overlapping(now - _TIMELINE_S, now))


@routes.delete("/job/{job_id}")
async def delete_job(job: Job, client: Client, request: Request) -> dict[str, str]:
    """End a job and remove it. Only the client that opened it may."""
    if defects.active("delete-job-404"):
        raise HTTPException(404)
    if job.owner != client:
        raise ApiError(403, "The job belongs to another client: only its owner may delete it.")
    await request.app.state.jobs.delete(job)
    return {"status": "success", "job_id": job.job_id}


def _refuse(found: list[rules.Violation]) -> None:
    """Raise ApiError 400 for the first broken rule, with the sentences of all of them."""
    if found:
        text = " ".join(broken.error for broken in found)
        raise ApiError(400, text, field=found[0].field, allowed=found[0].allowed)


def _encoded_blocks(job: Record, first: int, end: int, wanted: int) -> bytes | None:
    content = waterfall.blocks(job, first, end, wanted)
    return waterfall.encode(content) if content else None


def create_app(settings: Settings) -> FastAPI:
    """Return the application; its connections are opened when it starts and closed when it ends."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.recordings = Recordings(settings)
        async with KubernetesApi(settings.kubernetes_api, settings.namespace) as api:
            app.state.kubernetes = api
            app.state.jobs = JobTable(api, settings)
            await app.state.jobs.start()
            yield
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
    app.add_exception_handler(RequestValidationError, answer_shape_error)
    app.include_router(public)
    app.include_router(routes)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestLog)
    return app
