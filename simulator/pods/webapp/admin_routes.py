"""Routes that change who may do what, and the regions: each needs the right of its own role (see ``accounts``)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from simulator.pods.webapp.accounts import PERMISSIONS
from simulator.pods.webapp.alerts import REGIONS
from simulator.pods.webapp.described import INTEGER, OBJECTS, TEXT, members, operation
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.queries import json_of
from simulator.pods.webapp.sessions import Sessions

Regions = dict[int, dict[str, Any]]
_MOST_REGIONS = 1000
_LONGEST_NAME = 100
_REFUSALS = (401, 403, 404)
_REGION = members({"id": INTEGER, "name": TEXT})


def admin_routes(sessions: Sessions, added: Regions) -> APIRouter:
    """Return the changing routes below ``/{site}/api``; ``added`` holds the regions that users added, by id."""
    routes = APIRouter(prefix="/{site}/api")

    @routes.post(
        "/user/validate-username",
        **operation(201, members({"isValid": {"type": "boolean"}}), *_REFUSALS, body=members({"username": TEXT})),
    )
    async def validate_username(site: str, request: Request) -> dict[str, bool]:
        sessions.writer(request, site, "users")
        (name,) = _texts(await request.body(), "username")
        return {"isValid": name not in sessions.accounts.users}

    @routes.post(
        "/user/add-permission-to-role",
        **operation(201, members({}), *_REFUSALS, body=members({"role": TEXT, "permission": TEXT})),
    )
    async def add_permission(site: str, request: Request) -> dict[str, str]:
        sessions.writer(request, site, "roles")
        role, permission = _texts(await request.body(), "role", "permission")
        if role not in PERMISSIONS or permission not in PERMISSIONS["super admin"]:
            raise invalid("There is no such role or permission.")
        if permission not in PERMISSIONS[role]:
            PERMISSIONS[role] = (*PERMISSIONS[role], permission)
        return {}

    @routes.post(
        "/region/add",
        **operation(201, _REGION, *_REFUSALS, body=members({"name": TEXT}, {"points": OBJECTS})),
    )
    async def add_region(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "regions")
        (name,) = _texts(await request.body(), "name")
        if len(added) >= _MOST_REGIONS:
            raise invalid("There are too many regions.")
        number = max((*added, *(region.id for region in REGIONS))) + 1
        added[number] = {"id": number, "name": name, "start_m": 0, "end_m": 0, "points": []}
        return added[number]

    @routes.delete("/region/{region}", **operation(200, members({"deleted": INTEGER}), *_REFUSALS))
    async def delete_region(site: str, region: str, request: Request) -> dict[str, int]:
        sessions.writer(request, site, "regions")
        number = int(region) if region.isascii() and region.isdecimal() and len(region) < 10 else 0
        if added.pop(number, None) is None:
            raise ApiError(404, "NotFoundError", "There is no such region.")
        return {"deleted": number}

    return routes


def _texts(body: bytes, *names: str) -> list[str]:
    """Return members of the body; 400 unless each is a short text that can be printed."""
    content = json_of(body)
    found = [content.get(name) for name in names] if isinstance(content, dict) else []
    for text in found or [None]:
        if not isinstance(text, str) or not 1 <= len(text) <= _LONGEST_NAME or not text.isprintable():
            raise invalid(f"The body needs {' and '.join(names)}: 1 to {_LONGEST_NAME} characters that can be printed.")
    return [str(text) for text in found]
