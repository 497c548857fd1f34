"""Routes that say where on the map the channels of the fibre lie."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from simulator.pods.webapp.bodies import ID, POINTS, body_of
from simulator.pods.webapp.described import INTEGER, Json, members, operation
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.kept import Kept
from simulator.pods.webapp.sessions import Sessions

_REFUSALS = (401, 403, 404, 409)
_COLLECTION = members({"id": INTEGER, "channels": INTEGER})
_GENERATED: Json = {"points": {**POINTS, "minItems": 2}, "channels": ID}


def geo_channel_routes(sessions: Sessions, kept: Kept, channels: int, ends: list[dict[str, float]]) -> APIRouter:
    """Return the routes below ``/sites/{site}``; the fibre has ``channels`` channels between two ``ends``."""
    routes = APIRouter(prefix="/sites/{site}")

    @routes.post(
        "/geo-channel-collections!generate",
        **operation(201, _COLLECTION, *_REFUSALS, body=members(_GENERATED)),
        deprecated=True,
    )
    async def generate(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "regions")
        body = await body_of(request, _GENERATED)
        if len(body["points"]) < 2:
            raise invalid("points must hold the two ends of the fibre at least.")
        if body["channels"] != channels:
            text = f"The fibre has {channels} channels: the collection must have as many."
            raise ApiError(409, "InconsistentGeoChannelsError", text)
        return _store(body["points"])

    @routes.post("/geo-channel-collections!infer-from-fiber", **operation(201, _COLLECTION, *_REFUSALS))
    async def infer(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "regions")
        return _store(ends)

    def _store(points: list[dict[str, float]]) -> dict[str, Any]:
        number = max(map(int, kept.geo_channels), default=0) + 1
        # One collection is in use, the last one: the earlier ones would only fill the file.
        kept.geo_channels.clear()
        kept.geo_channels[str(number)] = {"id": number, "channels": channels, "points": points}
        kept.save()
        return {"id": number, "channels": channels}

    return routes
