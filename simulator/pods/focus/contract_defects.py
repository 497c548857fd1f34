"""Edits of the contract that a release may bring, as switches: of answers, and of the server's own description."""

from __future__ import annotations

import copy
from typing import Any

from simulator import defects

OK, ACCEPTED = 200, 202


def renamed(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a view, one of its fields under another name where that is switched on."""
    if not defects.active("field-renamed"):
        return answer
    return {("streamPort" if name == "stream_port" else name): value for name, value in answer.items()}


def status_of_configure() -> int:
    """Return the status of a view that was opened."""
    return ACCEPTED if defects.active("configure-202") else OK


def described(document: dict[str, Any]) -> dict[str, Any]:
    """Return the server's own description, edited where that is switched on."""
    if not (defects.active("view-types-shrunk") or defects.active("nfft-default-changed")):
        return document
    edited = copy.deepcopy(document)
    request = edited["components"]["schemas"]["ConfigureRequest"]["properties"]
    if defects.active("view-types-shrunk"):
        request["view_type"] = {"type": "integer", "enum": [0, 1]}
    if defects.active("nfft-default-changed"):
        request["nfftSelection"] = {**request["nfftSelection"], "default": 512}
    return edited
