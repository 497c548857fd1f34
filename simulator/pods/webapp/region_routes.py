"""Routes that add, change and remove regions; those of the installation stay as they are."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from simulator.pods.webapp.alerts import REGIONS
from simulator.pods.webapp.bodies import ID, POINTS, WORDS, body_of
from simulator.pods.webapp.described import INTEGER, OBJECTS, TEXT, Json, members, operation
from simulator.pods.webapp.errors import ApiError, forbidden, invalid
from simulator.pods.webapp.kept import Kept
from simulator.pods.webapp.sessions import Sessions

_MOST_REGIONS = 1000
_REFUSALS = (401, 403, 404)
_REGION = members({"id": INTEGER, "name": TEXT, "points": OBJECTS})
_NEW: Json = {"name": WORDS}
_CHANGED: Json = {"id": ID, "name": WORDS}
_POINTS: Json = {"points": POINTS}
_OF_INSTALLATION = {str(region.id) for region in REGIONS}


def region_routes(sessions: Sessions, kept: Kept) -> APIRouter:
    """Return the changing routes below ``/{site}/api/region``."""
    routes = APIRouter(prefix="/{site}/api/region")

    @routes.post("/add", **operation(201, _REGION, *_REFUSALS, body=members(_NEW, _POINTS)))
    async def add(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "regions")
        body = await body_of(request, _NEW, _POINTS)
        if len(kept.regions) >= _MOST_REGIONS:
            raise invalid("There are too many regions.")
        number = max(map(int, (*kept.regions, *_OF_INSTALLATION))) + 1
        return _store(number, body)

    @routes.post("/update", **operation(201, _REGION, *_REFUSALS, body=members(_CHANGED, _POINTS)))
    async def update(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "regions")
        body = await body_of(request, _CHANGED, _POINTS)
        number = _added(str(body["id"]))
        return _store(int(number), {**kept.regions[number], **body})

    @routes.delete("/{region}", **operation(200, members({"deleted": INTEGER}), *_REFUSALS))
    async def delete(site: str, region: str, request: Request) -> dict[str, int]:
        sessions.writer(request, site, "regions")
        number = _added(region)
        del kept.regions[number]
        kept.save()
        return {"deleted": int(number)}

    def _store(number: int, body: dict[str, Any]) -> dict[str, Any]:
        points = [{"lat": one["lat"], "lng": one["lng"]} for one in body.get("points", [])]
        region = {"id": number, "name": body["name"], "start_m": 0, "end_m": 0, "points": points}
        kept.regions[str(number)] = region
        kept.save()
        return region

    def _added(number: str) -> str:
        if number in _OF_INSTALLATION:
            raise forbidden("Regions of the installation stay as they are.")
        if number not in kept.regions:
            raise ApiError(404, "NotFoundError", "There is no such region.")
        return number

    return routes
