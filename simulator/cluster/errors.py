"""Answers of the API server that report a failure: HTTP code, reason, message (Kubernetes `Status`)."""

from __future__ import annotations

from typing import Any

from simulator.cluster.resources import Kind

_REASONS = {
    "Required value": "FieldValueRequired",
    "Unsupported value": "FieldValueNotSupported",
    "Duplicate value": "FieldValueDuplicate",
    "Not found": "FieldValueNotFound",
    "Forbidden": "FieldValueForbidden",
    "Too many": "FieldValueTooMany",
}


class ApiError(Exception):
    """A request that cannot be done; `status()` is the body that clients expect."""

    def __init__(self, code: int, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details or {}

    def status(self) -> dict[str, Any]:
        """The body of the answer."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "details": self.details,
            "code": self.code,
        }


def not_found(kind: Kind, name: str) -> ApiError:
    """404 for an object that is not there."""
    return ApiError(404, "NotFound", f'{kind.resource} "{name}" not found', _about(kind, name))


def already_exists(kind: Kind, name: str) -> ApiError:
    """409 for a name that is taken."""
    return ApiError(409, "AlreadyExists", f'{kind.resource} "{name}" already exists', _about(kind, name))


def conflict(kind: Kind, name: str, why: str) -> ApiError:
    """409 for a write that was based on something else than what is stored."""
    message = f'Operation cannot be fulfilled on {kind.resource} "{name}": {why}'
    return ApiError(409, "Conflict", message, _about(kind, name))


def _about(kind: Kind, name: str) -> dict[str, Any]:
    return {"name": name, "group": kind.group, "kind": kind.plural}


def bad_request(message: str) -> ApiError:
    """400 for a request that cannot be understood."""
    return ApiError(400, "BadRequest", message)


def invalid(kind: Kind, name: str, causes: list[tuple[str, str]]) -> ApiError:
    """422 for an object that breaks the rules; causes are (field, message) pairs."""
    texts = [f"{field}: {text}" for field, text in causes]
    listed = texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    singular = f"{kind.name}.{kind.group}" if kind.group else kind.name
    details = {
        "name": name,
        "group": kind.group,
        "kind": kind.name,
        "causes": [{"reason": _reason(text), "message": text, "field": field} for field, text in causes],
    }
    return ApiError(422, "Invalid", f'{singular} "{name}" is invalid: {listed}', details)


def _reason(text: str) -> str:
    """The machine-readable word for what the text of a cause begins with."""
    return next((reason for begin, reason in _REASONS.items() if text.startswith(begin)), "FieldValueInvalid")


def method_not_allowed(method: str, what: str) -> ApiError:
    """405 for a verb that the resource does not have."""
    return ApiError(405, "MethodNotAllowed", f"{method} is not supported on {what} by the simulated cluster")
