"""Error answers of the web app API: ``{type, statusCode, path, timestamp, message}``.

No answer repeats what the caller sent (a path is quoted), and none names what only attackers look for.
"""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import JSONResponse

from simulator.defects import active

_PATH_SHOWN = 200


class ApiError(Exception):
    """An answer other than success: HTTP status, error type of the API, message for the caller."""

    def __init__(self, status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.headers = headers


def invalid(message: str) -> ApiError:
    """Return the answer to input that breaks a rule (400)."""
    return ApiError(400, "ValidationError", message)


def forbidden(message: str) -> ApiError:
    """Return the answer to what this caller may not do (403)."""
    return ApiError(403, "OperationForbiddenError", message)


def error_body(status: int, kind: str, path: str, message: str) -> dict[str, Any]:
    """Return the one shape of all error bodies of the API."""
    return {
        "type": kind,
        "statusCode": status,
        "path": quote(path, safe="/:!-_.~")[:_PATH_SHOWN],
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "message": message,
    }


def error_answer(request: Request, error: ApiError) -> JSONResponse:
    """Put the error into the shape that every web app answer uses."""
    message = error.message
    if active("error-shows-internals"):
        message = "".join(traceback.format_exception(error))
    if active("error-shows-secret"):
        message += f" [{os.environ.get('RABBITMQ_URL', '')}]"
    body = error_body(error.status, error.kind, request.scope["path"], message)
    return JSONResponse(body, status_code=error.status, headers=error.headers)
