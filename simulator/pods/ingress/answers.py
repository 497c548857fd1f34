"""What the ingress itself answers: uniform error bodies, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from simulator.defects import active
from simulator.pods.webapp.errors import error_body

FOCUS, PRISMA = "/focus-server", "/prisma"
# The operator's page: one document at several paths, and its files.
PAGE, ASSETS = frozenset({"/", "/liveView", "/investigations", "/analysis"}), "/assets"
# What the page's document and files say of themselves.
_OF_THE_PAGE = ("Content-Security-Policy", "Cache-Control")

SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'; object-src 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_KINDS = {
    400: "ValidationError",
    401: "UnauthorizedError",
    403: "OperationForbiddenError",
    404: "NotFoundError",
    405: "MethodNotAllowedError",
    413: "PayloadTooLargeError",
    429: "TooManyRequestsError",
    500: "InternalError",
    502: "BadGatewayError",
    503: "ServiceUnavailableError",
    504: "GatewayTimeoutError",
}


class RefusedError(Exception):
    """The ingress answers itself. ``internals`` is for its log only (see the defect error-shows-internals)."""

    def __init__(self, status: int, message: str, *, retry_after: int | None = None, internals: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.internals = internals


def below(path: str, prefix: str) -> bool:
    """Return whether the path is the prefix or lies below it."""
    return path == prefix or path.startswith(prefix + "/")


def error_response(path: str, refused: RefusedError) -> web.Response:
    """Return the error as JSON, in the shape of the service that the path belongs to."""
    message = refused.message
    if refused.internals and active("error-shows-internals"):
        message = f"{message} {refused.internals}"
    body: dict[str, Any]
    if below(path, FOCUS):
        body = {"error": message}
    else:
        body = error_body(refused.status, _KINDS.get(refused.status, "ValidationError"), path, message)
    return web.json_response(body, status=refused.status, headers=refused.headers)


def of_the_page(path: str) -> bool:
    """Return whether the operator's page answers at the path."""
    return path in PAGE or path.startswith(ASSETS + "/")


def common_headers(request_id: str) -> Mapping[str, str]:
    """Return what every answer carries. ``Server`` names no product and no version."""
    headers = {"X-Request-ID": request_id, "Server": "ingress"}
    return headers if active("security-headers-missing") else {**headers, **SECURITY_HEADERS}


def headers_beside(path: str, request_id: str, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return what an answer of a service carries beside what the service has given it."""
    kept = [name for name in _OF_THE_PAGE if of_the_page(path) and name in given]
    return {name: value for name, value in common_headers(request_id).items() if name not in kept}
