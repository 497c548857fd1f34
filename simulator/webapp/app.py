"""Routes of the web app API below ``/prisma/api``: login, login configuration, alerts."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from simulator.webapp.accounts import (
    REFRESH_SECONDS,
    TOKEN_SECONDS,
    Accounts,
    User,
    check_csrf,
    check_may_change,
)
from simulator.webapp.alerts import Alert, AlertStore, Filter, check_request, messages_of, parse_time
from simulator.webapp.errors import ApiError, error_answer, invalid
from simulator.webapp.messages import AlertLink, BrokerDownError

PREFIX = "/prisma/api"
PUBLISH_SECONDS = 4.0
_KINDS = {404: "NotFoundError", 405: "MethodNotAllowedError"}


def create_app(accounts: Accounts, link: AlertLink, store: AlertStore, site_id: str) -> FastAPI:
    """Build the application from its parts; the caller starts the link."""
    app = FastAPI(title="Prisma Web App API", version="1.0.0", openapi_url=f"{PREFIX}/openapi.json", docs_url=None)
    _add_errors_and_log(app)

    def signed_in(request: Request) -> tuple[User, bool]:
        """Return the user and whether a cookie (not a bearer) proved who it is."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return accounts.user_of(bearer.strip()), False
        return accounts.user_of(request.cookies.get("access-token")), True

    def changing(request: Request, site: str) -> User:
        user, by_cookie = signed_in(request)
        if by_cookie:
            check_csrf(request.cookies.get("csrf-token"), request.headers.get("x-csrf-token"))
        check_site(site)
        check_may_change(user)
        return user

    def check_site(site: str) -> None:
        if site != site_id:
            raise ApiError(404, "NotFoundError", f"There is no site {site!r}.")

    @app.get("/health")
    async def health() -> dict[str, object]:
        return {"status": "ok", "rabbitmq": link.connected}

    @app.get(f"{PREFIX}/login-configuration")
    async def login_configuration() -> dict[str, object]:
        return {"externalLoginButtons": [], "isPasswordResetAvailable": False}

    @app.post(f"{PREFIX}/auth/login", status_code=201)
    async def login(request: Request, response: Response) -> dict[str, object]:
        name, password = _credentials(request.headers.get("content-type", ""), await request.body())
        user = accounts.login(name, password)
        token = accounts.token(user)
        refresh = accounts.token(user, REFRESH_SECONDS, use="refresh")
        # A browser never sends a Secure cookie back over plain HTTP.
        secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        cookies = (
            ("access-token", token, TOKEN_SECONDS, True),
            ("refresh-token", refresh, REFRESH_SECONDS, True),
            ("csrf-token", secrets.token_urlsafe(24), REFRESH_SECONDS, False),
        )
        for key, value, age, hidden in cookies:
            response.set_cookie(key, value, max_age=age, httponly=hidden, secure=secure, samesite="strict")
        print(f"{user.name} ({user.role}) logged in", flush=True)
        return {"access_token": token, "token_type": "bearer", "expires_in": TOKEN_SECONDS}

    @app.post(PREFIX + "/{site}/api/push-to-rabbit", status_code=201)
    async def push(site: str, request: Request) -> dict[str, object]:
        user = changing(request, site)
        wanted = check_request(_json(await request.body()))
        messages = messages_of(wanted, datetime.now(UTC))
        try:
            await asyncio.wait_for(asyncio.wrap_future(link.publish(messages)), PUBLISH_SECONDS)
        except (BrokerDownError, TimeoutError) as down:
            reason = str(down) or f"no confirmation within {PUBLISH_SECONDS:.0f} s"
            raise ApiError(
                503, "ServiceUnavailableError", f"RabbitMQ did not take the alert: {reason}.", {"Retry-After": "5"}
            ) from down
        print(
            f"{user.name} pushed {len(messages)} alert(s) of class {wanted.class_id}, severity {wanted.severity}, "
            f"at {wanted.distance_m} m: {', '.join(wanted.ids[:3])[:200]}",
            flush=True,
        )
        pushed = [_pushed(message) for message in messages]
        return {**pushed[0], "alerts": pushed}

    @app.get(PREFIX + "/{site}/api/alert")
    async def alerts(site: str, request: Request) -> dict[str, object]:
        signed_in(request)
        check_site(site)
        query = request.query_params
        return store.page(
            _filter(request),
            page=_page(query.get("page")),
            order_by=query.get("orderBy", "startTime"),
            descending=_descending(query.get("orderByDirection", "desc")),
        )

    @app.delete(PREFIX + "/{site}/api/alert/delete")
    async def delete(site: str, request: Request) -> dict[str, int]:
        user = changing(request, site)
        body = _json(await request.body())
        ids = body.get("alertIds") if isinstance(body, dict) else None
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise invalid("alertIds must be a list of alert ids.")
        removed = store.remove(set(ids))
        print(f"{user.name} deleted {removed} alert(s)", flush=True)
        return {"deleted": removed}

    return app


def receive_into(store: AlertStore) -> Callable[[object], None]:
    """Return what the link calls with each message: keep the alert it describes."""

    def receive(message: object) -> None:
        alert = Alert.from_message(message)
        store.add(alert)
        print(f"Alert {alert.ext_id[:100]} arrived (class {alert.class_id}, {alert.distance_m} m)", flush=True)

    return receive


def _add_errors_and_log(app: FastAPI) -> None:
    @app.exception_handler(ApiError)
    async def api_error(request: Request, error: ApiError) -> JSONResponse:
        return error_answer(request, error)

    @app.exception_handler(HTTPException)
    async def no_such_route(request: Request, error: HTTPException) -> JSONResponse:
        kind = _KINDS.get(error.status_code, "ValidationError")
        return error_answer(request, ApiError(error.status_code, kind, str(error.detail), dict(error.headers or {})))

    @app.exception_handler(RequestValidationError)
    async def wrong_shape(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_answer(request, invalid(str(error.errors()[0]["msg"])))

    @app.middleware("http")
    async def log(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        began = time.monotonic()
        response = await call_next(request)
        if request.url.path != "/health":
            took = (time.monotonic() - began) * 1000
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            print(f"{now} {request.method} {request.url.path} -> {response.status_code} in {took:.0f} ms", flush=True)
        return response


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError as wrong:
        raise invalid("The body is not JSON.") from wrong


def _credentials(content_type: str, body: bytes) -> tuple[str, str]:
    fields: object
    if content_type.startswith("application/x-www-form-urlencoded"):
        fields = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
    else:
        fields = _json(body)
    if not isinstance(fields, dict):
        raise invalid("The body must hold username and password.")
    name, password = fields.get("username"), fields.get("password")
    if not isinstance(name, str) or not isinstance(password, str) or not name or not password:
        raise invalid("username and password must be given as texts.")
    return name, password


def _pushed(message: dict[str, object]) -> dict[str, object]:
    return {
        "ext_id": message["alert_id"],
        "class_id": message["class_id"],
        "severity": message["severity"],
        "distance_m": message["distance_m"],
        "start_time": message["alert_time"],
    }


def _filter(request: Request) -> Filter:
    query = request.query_params
    start, end = (_time(name, query.get(name)) for name in ("startTime", "endTime"))
    if start and end and end < start:
        raise invalid("endTime is before startTime.")
    live = query.get("isLive")
    if live not in (None, "true", "false"):
        raise invalid("isLive must be true or false.")
    return Filter(
        start=start,
        end=end,
        classes=_numbers(request, "classIds"),
        severities=_numbers(request, "severities"),
        live=None if live is None else live == "true",
    )


def _time(name: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        # A plus sign of a zone that was not quoted arrives as a space.
        return parse_time(text.replace(" ", "+") if "T" in text else text)
    except ValueError as wrong:
        raise invalid(f"{name} must be an ISO 8601 time.") from wrong


def _numbers(request: Request, name: str) -> frozenset[int] | None:
    query = request.query_params
    given = [*query.getlist(name), *query.getlist(f"{name}[]")]
    texts = [part for text in given for part in text.split(",") if part]
    if not texts:
        return None
    try:
        return frozenset(int(text) for text in texts)
    except ValueError as wrong:
        raise invalid(f"{name} must be whole numbers.") from wrong


def _page(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise invalid("page must be a whole number from 1.")
    return int(text)


def _descending(direction: str) -> bool:
    if direction.lower() not in ("asc", "desc"):
        raise invalid("orderByDirection must be asc or desc.")
    return direction.lower() == "desc"
