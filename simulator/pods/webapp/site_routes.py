"""Routes that describe the site to its users: roles, sites, users, regions, map. A viewer may not list users.

What changes them is in ``admin_routes``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from simulator.pods.webapp.accounts import PERMISSIONS
from simulator.pods.webapp.admin_routes import Regions
from simulator.pods.webapp.alerts import FIBRE_METRES, REGIONS
from simulator.pods.webapp.described import FLAG, OBJECT, OBJECTS, operation, query
from simulator.pods.webapp.queries import flag
from simulator.pods.webapp.sessions import Sessions

# The site was installed then; nothing here changes afterwards.
_INSTALLED = "2025-01-01T00:00:00.000+00:00"
_REFUSALS = (401, 403, 404)
# Where the fibre lies on the map: a straight line between two points (latitude, longitude).
_FROM, _TO = (32.10, 34.80), (32.19, 34.80)


def site_routes(sessions: Sessions, site_id: str, added: Regions) -> APIRouter:
    """Return the reading routes below ``/{site}/api``; ``added`` are the regions that users added."""
    routes = APIRouter(prefix="/{site}/api")
    names = sorted(sessions.accounts.users)

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
        users = sessions.accounts.users
        rows = [{**_row(number), "username": name, "role": users[name][1]} for number, name in enumerate(names, 1)]
        return [{**row, "settings": {}} for row in rows] if flag(request, "getSetting") else rows

    @routes.get("/region", **operation(200, OBJECTS, *_REFUSALS, parameters=query(withGeneral=FLAG)))
    async def regions(site: str, request: Request) -> list[dict[str, Any]]:
        sessions.reader(request, site)
        shown = REGIONS if flag(request, "withGeneral") is not False else REGIONS[1:]
        own = [{**asdict(region), "points": [_point(region.start_m), _point(region.end_m)]} for region in shown]
        return [*own, *added.values()]

    @routes.get("/point/map-setup", **operation(200, OBJECT, *_REFUSALS))
    async def map_setup(site: str, request: Request) -> dict[str, Any]:
        sessions.reader(request, site)
        return {"zoom": 12, "center": _point(FIBRE_METRES // 2), "points": [_point(0), _point(FIBRE_METRES)]}

    return routes


def _row(number: int) -> dict[str, Any]:
    return {"id": number, "createTime": _INSTALLED, "updateTime": _INSTALLED}


def _point(metres: int) -> dict[str, float]:
    """Return the point of the map at a distance on the fibre."""
    part = metres / FIBRE_METRES
    latitude, longitude = (start + (end - start) * part for start, end in zip(_FROM, _TO, strict=True))
    return {"distance_m": metres, "lat": round(latitude, 6), "lng": round(longitude, 6)}
