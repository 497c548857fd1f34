"""Error answers: one exception for meaning, and a 422 body for shape that never repeats what the client sent.

Pydantic's own errors hold the offending input; a NaN or a lone surrogate in it could not be written as JSON, and
hostile text must not come back.
"""

from __future__ import annotations

import json
import traceback
from typing import Any

from fastapi import Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from simulator import defects


class ApiError(Exception):
    """An answer of the form ``{"error", "field", "allowed"}`` (the last two only where they help).

    more: further members of the body.
    """

    def __init__(
        self,
        status: int,
        error: str,
        *,
        field: str | None = None,
        allowed: Any = None,
        retry_after: int | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.field = field
        self.allowed = allowed
        self.more = more or {}
        self.headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}


def unknown_job() -> ApiError:
    """Return the answer for a job id that the site does not have (the id itself is not repeated)."""
    return ApiError(404, "Invalid job_id: there is no such job.")


async def answer_api_error(request: Request, error: Exception) -> Response:
    """Turn an ApiError into its JSON answer; the request log gets the reason."""
    assert isinstance(error, ApiError)  # noqa: S101 - registered for this type only
    request.state.reason = error.error
    body: dict[str, Any] = {"error": error.error, **error.more}
    if defects.active("error-with-traceback"):
        body["error"] += "\n" + "".join(traceback.format_exception(error))
    if error.field is not None:
        body["field"] = error.field
    if error.allowed is not None:
        body["allowed"] = error.allowed
    return JSONResponse(body, status_code=error.status, headers=error.headers)


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Answer as the framework does, but for a body that it cannot read: that is 400 in the shape of every 400."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    if error.status_code == 400:
        return await answer_api_error(request, ApiError(400, f"{error.detail}."))
    return await http_exception_handler(request, error)


async def answer_shape_error(request: Request, error: Exception) -> Response:
    """Turn a failed validation into 422 ``{"detail": [{"loc", "msg", "type"}]}``."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
    problems = [_problem(entry) for entry in error.errors()]
    if defects.active("query-breaks-server") and "'" in json.dumps(error.body, default=str):
        return JSONResponse({"error": "The server could not answer this request."}, status_code=500)
    request.state.reason = "; ".join(problem["msg"] for problem in problems)
    if request.url.path.endswith("/configure") and any(_crashes(problem) for problem in problems):
        return JSONResponse({"error": "Error parsing configuration"}, status_code=500)
    return JSONResponse({"detail": problems}, status_code=422)


def _problem(entry: dict[str, Any]) -> dict[str, Any]:
    loc = [part if isinstance(part, int) or part.isprintable() else "?" for part in entry["loc"]]
    name = entry.get("ctx", {}).get("name")
    if name is not None:
        loc = [*loc, name]
    where = ".".join(str(part) for part in loc[1:]) or "body"
    repeated = f", not {entry.get('input')!r}" if defects.active("input-repeated") else ""
    return {"loc": loc, "msg": f"Invalid field {where}: {entry['msg']}{repeated}", "type": entry["type"]}


def _crashes(problem: dict[str, Any]) -> bool:
    """Return whether the configure of a deployed build would have crashed here (defects only)."""
    if problem["type"] != "missing":
        return False
    if problem["loc"][-1] == "frequencyRange":
        return defects.active("frequency-null-500")
    return defects.active("missing-field-500")
