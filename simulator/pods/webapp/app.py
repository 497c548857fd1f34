"""The web app API below ``/prisma/api``, put together; errors in one shape, one log line for each request."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.defects import active
from simulator.pods.log import request_id
from simulator.pods.webapp.accounts import Accounts
from simulator.pods.webapp.alert_routes import alert_routes
from simulator.pods.webapp.alerts import FIBRE_METRES, Alert, AlertStore
from simulator.pods.webapp.described import describe
from simulator.pods.webapp.errors import ApiError, error_answer, invalid
from simulator.pods.webapp.focus_link import FocusLink
from simulator.pods.webapp.geo_channel_routes import geo_channel_routes
from simulator.pods.webapp.kept import Kept
from simulator.pods.webapp.messages import AlertLink
from simulator.pods.webapp.news import NewsRoom
from simulator.pods.webapp.operator_routes import operator_routes
from simulator.pods.webapp.operator_sockets import operator_sockets
from simulator.pods.webapp.page_files import page_routes
from simulator.pods.webapp.page_records import Records
from simulator.pods.webapp.region_routes import region_routes
from simulator.pods.webapp.sessions import Sessions, session_routes
from simulator.pods.webapp.site_routes import point_at, site_routes
from simulator.pods.webapp.user_routes import login_routes, user_routes
from simulator.pods.webapp.users import Users

PREFIX = "/prisma/api"
# What the operator's page calls: the same routes of a site below another path.
INTERNAL = f"{PREFIX}/internal/sites"
_KINDS = {404: "NotFoundError", 405: "MethodNotAllowedError"}
_MESSAGES = {404: "There is no such path.", 405: "The path does not take this method."}


def create_app(
    accounts: Accounts,
    link: AlertLink,
    store: AlertStore,
    site_id: str,
    kept: Kept,
    channels: int,
    news: NewsRoom,
    focus: FocusLink,
) -> FastAPI:
    """Build the application from its parts; the caller starts the link. The fibre has so many channels."""
    app = FastAPI(title="Prisma Web App API", version="1.0.0", openapi_url=f"{PREFIX}/openapi.json", docs_url=None)
    app.router.redirect_slashes = False  # a redirect would repeat what the caller sent
    sessions = Sessions(accounts, site_id)
    app.include_router(session_routes(sessions), prefix=PREFIX)
    users, records = Users(accounts, kept), Records(kept)
    for alert in records.alerts():
        store.add(alert, again=True)
    for routes in (
        alert_routes(sessions, link, store, records, news),
        site_routes(sessions, site_id, users, kept),
        user_routes(sessions, users),
        region_routes(sessions, kept),
    ):
        app.include_router(routes, prefix=PREFIX)
        app.include_router(routes, prefix=INTERNAL, include_in_schema=False)
    ends = [{"lat": one["lat"], "lng": one["lng"]} for one in (point_at(0), point_at(FIBRE_METRES))]
    app.include_router(login_routes(sessions, users, site_id), prefix=PREFIX)
    app.include_router(geo_channel_routes(sessions, kept, channels, ends), prefix=PREFIX)
    app.include_router(operator_routes(sessions, store, records, news, focus), prefix=PREFIX)
    app.include_router(operator_sockets(sessions, news, focus), prefix=PREFIX)
    app.include_router(page_routes(site_id))
    app.add_middleware(_RequestLog)
    _add_errors(app)

    describe(app, site_id)

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, object]:
        return {"status": "ok", "rabbitmq": link.connected}

    return app


def receive_into(store: AlertStore, news: NewsRoom, time_scale: float = 1.0) -> Callable[[object, bool], None]:
    """Return what the link calls with each message: keep the alert it describes, once if the broker sends it again."""

    def receive(message: object, again: bool) -> None:
        alert = Alert.from_message(message, time_scale)
        store.add(alert, again=again)
        news.announce("alert", alert.ext_id)
        if not active("alerts-unlogged"):
            print(f"Alert {alert.ext_id[:100]} arrived (class {alert.class_id}, {alert.distance_m} m)", flush=True)

    return receive


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(ApiError)
    async def api_error(request: Request, error: ApiError) -> JSONResponse:
        return error_answer(request, error)

    @app.exception_handler(HTTPException)
    async def no_such_route(request: Request, error: HTTPException) -> JSONResponse:
        status = error.status_code
        message = _MESSAGES.get(status, "The request is not valid.")
        kind = _KINDS.get(status, "ValidationError")
        return error_answer(request, ApiError(status, kind, message, dict(error.headers or {})))

    @app.exception_handler(RequestValidationError)
    async def wrong_shape(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_answer(request, invalid(str(error.errors()[0]["msg"])))

    @app.exception_handler(Exception)
    async def own_fault(request: Request, _error: Exception) -> JSONResponse:
        # The server writes the whole of it into the pod's log; the caller gets the uniform body.
        return error_answer(request, ApiError(500, "InternalError", "The server could not answer this request."))


class _RequestLog:
    """Writes one line for every request but the readiness probe's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/health":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            took = (time.monotonic() - began) * 1000
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            path = quote(scope["path"], safe="/-_.~")[:120]
            number = request_id(scope["headers"])
            mark = f" id={number}" if number else ""
            print(f"{now} {scope['method']} {path} -> {status} in {took:.0f} ms{mark}", flush=True)
