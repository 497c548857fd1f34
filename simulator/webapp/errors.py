"""Error answers of the web app API: ``{type, statusCode, path, timestamp, message}``."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import JSONResponse


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


def error_answer(request: Request, error: ApiError) -> JSONResponse:
    """Put the error into the shape that every web app answer uses."""
    body = {
        "type": error.kind,
        "statusCode": error.status,
        "path": request.url.path,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "message": error.message,
    }
    return JSONResponse(body, status_code=error.status, headers=error.headers)
