"""What each route can answer besides 200, as ``/openapi.json`` declares it."""

from __future__ import annotations

from typing import Any

from simulator.pods.focus.answer_models import Detail, Refusal, ShapeError, WaitingForFiber

Responses = dict[int | str, dict[str, Any]]

_RETRY_AFTER = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}

BAD_VALUE: Responses = {400: {"model": Refusal, "description": "a value that the site does not allow"}}
BAD_ACCESS: Responses = {401: {"model": Refusal, "description": "an access that is bad or has expired"}}
NOT_OWNER: Responses = {403: {"model": Refusal, "description": "the job belongs to another client"}}
NO_JOB: Responses = {404: {"model": Refusal, "description": "there is no such job"}}
ENDED: Responses = {409: {"model": Refusal, "description": "the job is over"}}
TOO_LARGE: Responses = {413: {"model": Detail, "description": "a body of more than 1 MiB"}}
BAD_SHAPE: Responses = {422: {"model": ShapeError, "description": "a body of the wrong shape"}}
TOO_MANY: Responses = {
    429: {"model": Refusal, "description": "the client has all its windows open", "headers": _RETRY_AFTER}
}
UNAVAILABLE: Responses = {
    503: {"model": Refusal, "description": "a dependency is down", "headers": _RETRY_AFTER},
}
NO_VIEW_NOW: Responses = {
    503: {
        "model": Refusal | WaitingForFiber,
        "description": "the site is full, has no live source, or a dependency is down",
        "headers": _RETRY_AFTER,
    }
}
BODY: Responses = {**TOO_LARGE, **BAD_SHAPE}
