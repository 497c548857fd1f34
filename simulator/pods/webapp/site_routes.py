"""Routes that describe the site to its users: roles, sites, users, regions, map. A viewer may not list users.

What changes them is in ``user_routes`` and ``region_routes``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from simulator.pods.webapp.accounts import PERMISSIONS
from simulator.pods.webapp.alerts import FIBRE_METRES, REGIONS
from simulator.pods.webapp.described import FLAG, OBJECT, OBJECTS, operation, query
from simulator.pods.webapp.kept import Kept
from simulator.pods.webapp.queries import flag
from simulator.pods.webapp.sessions import Sessions
from simulator.pods.webapp.users import INSTALLED, Users

_REFUSALS = (401, 403, 404)
# Where the fibre lies on the map: a straight line between two points (latitude, longitude).
_FROM, _TO = (32.10, 34.80), (32.19, 34.80)


def site_routes(sessions: Sessions, site_id: str, users: Users, kept: Kept) -> APIRouter:
    """Return the reading routes below ``/{site}/api``; ``kept`` has the regions that users added."""
    routes = APIRouter(prefix="/{site}/api")

    @routes.get("/role", **operation(200, OBJECTS, *_REFUSALS))
    async def roles(site: str, request: Request) -> list[dict[str, Any]]:
        sessions.reader(request, site)
        return [
            {**_row(number), "type": role, "region": None, "permissions": list(permissions)}
            for number, (role, permissions) in enumerate(PERMISSIONS.items(), 1)
        ]

    @routes.get("/site/get-sites", **operation(200, OBJECTS, *_REFUSALS))
    async def sites(site: str, request: Request) -> list[dict[str, Any]]:
        sessions.reader(request, site)
        return [{**_row(1), "siteId": site_id, "name": site_id}]

    @routes.get("/user/config", **operation(200, OBJECT, *_REFUSALS))
    async def own_config(site: str, request: Request) -> dict[str, Any]:
        user = sessions.reader(request, site)
        permissions = list(PERMISSIONS.get(user.role, ()))
        return {"username": user.name, "role": user.role, "permissions": permissions, "siteId": site_id}

    @routes.get("/user/get-all-users", **operation(200, OBJECTS, *_REFUSALS, parameters=query(getSetting=FLAG)))
    async def all_users(site: str, request: Request) -> list[dict[str, Any]]:
        sessions.reader(request, site, "users")
        rows = users.rows()
        return [{**row, "settings": {}} for row in rows] if flag(request, "getSetting") else rows

    @routes.get("/region", **operation(200, OBJECTS, *_REFUSALS, parameters=query(withGeneral=FLAG)))
    async def regions(site: str, request: Request) -> list[dict[str, Any]]:
        sessions.reader(request, site)
        shown = REGIONS if flag(request, "withGeneral") is not False else REGIONS[1:]
        own = [{**asdict(region), "points": [point_at(region.start_m), point_at(region.end_m)]} for region in shown]
        return [*own, *kept.regions.values()]

    @routes.get("/point/map-setup", **operation(200, OBJECT, *_REFUSALS))
    async def map_setup(site: str, request: Request) -> dict[str, Any]:
        sessions.reader(request, site)
        return {"zoom": 12, "center": point_at(FIBRE_METRES // 2), "points": [point_at(0), point_at(FIBRE_METRES)]}

    return routes


def _row(number: int) -> dict[str, Any]:
    return {"id": number, "createTime": INSTALLED, "updateTime": INSTALLED}


def point_at(metres: int) -> dict[str, float]:
    """Return the point of the map at a distance on the fibre."""
    part = metres / FIBRE_METRES
    latitude, longitude = (start + (end - start) * part for start, end in zip(_FROM, _TO, strict=True))
    return {"distance_m": metres, "lat": round(latitude, 6), "lng": round(longitude, 6)}
