"""Routes of what operators add and ask on their page: notes, reviews, groups, reference lines, the fibre's state."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from simulator.defects import active
from simulator.pods.webapp.alerts import PAGE_SIZE, Alert, AlertStore, Filter
from simulator.pods.webapp.described import INTEGER, OBJECT, OBJECTS, TEXT, members, operation, query
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.focus_link import FocusLink
from simulator.pods.webapp.groups import grouped
from simulator.pods.webapp.news import NewsRoom
from simulator.pods.webapp.page_records import Records
from simulator.pods.webapp.queries import FILTER, filter_of, json_of, page_number
from simulator.pods.webapp.sessions import Sessions

_REFUSALS = (401, 403, 404)


def operator_routes(
    sessions: Sessions, store: AlertStore, records: Records, news: NewsRoom, focus: FocusLink
) -> APIRouter:
    """Return the routes below ``/{site}/api``."""
    routes = APIRouter(prefix="/{site}/api")
    shared: dict[str, Any] = {"templates": []}

    def known_alerts(alert_id: object) -> list[Alert]:
        """Return the alerts of this id: a client may have sent it more than once."""
        if not isinstance(alert_id, str) or not alert_id:
            raise invalid("alertId must be the id of an alert.")
        found = store.find(Filter(ids=frozenset({alert_id})))
        if not found:
            raise ApiError(404, "NotFoundError", "There is no such alert.")
        return found

    async def body_of(request: Request) -> dict[str, Any]:
        body = json_of(await request.body())
        if not isinstance(body, dict):
            raise invalid("The body must be a JSON object.")
        return body

    @routes.get("/note", **operation(200, members({"notes": OBJECTS}), *_REFUSALS, parameters=query(alertId=TEXT)))
    async def notes(site: str, request: Request) -> dict[str, Any]:
        sessions.reader(request, site)
        alert = known_alerts(request.query_params.get("alertId"))[0]
        return {"notes": [asdict(note) for note in records.notes(alert.ext_id)]}

    @routes.post("/note", **operation(201, OBJECT, *_REFUSALS, body=members({"alertId": TEXT, "text": TEXT})))
    async def add_note(site: str, request: Request) -> dict[str, Any]:
        user = sessions.writer(request, site, "alerts")
        body = await body_of(request)
        note = records.add_note(known_alerts(body.get("alertId")), user.name, body.get("text"))
        news.announce("note", note.alertId)
        return asdict(note)

    @routes.post(
        "/alert/review",
        **operation(
            *(201, members({"alertId": TEXT, "review": TEXT})),
            *_REFUSALS,
            body=members({"alertId": TEXT, "review": TEXT}),
        ),
    )
    async def review(site: str, request: Request) -> dict[str, str]:
        sessions.writer(request, site, "alerts")
        body = await body_of(request)
        alerts = known_alerts(body.get("alertId"))
        now = records.set_review(alerts, body.get("review"))
        news.announce("review", alerts[0].ext_id)
        return {"alertId": alerts[0].ext_id, "review": now}

    @routes.get(
        "/alert/groups",
        **operation(
            *(200, members({"groups": OBJECTS, "groupsCount": INTEGER, "maxPage": INTEGER})),
            *_REFUSALS,
            parameters=[*FILTER, *query(page=INTEGER)],
        ),
    )
    async def groups(site: str, request: Request) -> dict[str, Any]:
        sessions.reader(request, site)
        page = page_number(request) or 1
        found = grouped(store.find(filter_of(request)))
        shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return {
            "groups": [
                {**group.as_json(), "alerts": [records.reviewed(alert) for alert in reversed(group.alerts)]}
                for group in shown
            ],
            "groupsCount": len(found),
            "maxPage": max(1, math.ceil(len(found) / PAGE_SIZE)),
        }

    @routes.get("/reference-line", **operation(200, OBJECTS, *_REFUSALS))
    async def lines(site: str, request: Request) -> list[dict[str, Any]]:
        sessions.reader(request, site)
        return [asdict(line) for line in records.lines()]

    @routes.post(
        "/reference-line", **operation(201, OBJECT, *_REFUSALS, body=members({"name": TEXT, "distance_m": INTEGER}))
    )
    async def add_line(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "regions")
        body = await body_of(request)
        line = records.add_line(body.get("name"), body.get("distance_m"))
        news.announce("lines")
        return asdict(line)

    @routes.delete("/reference-line/{line}", **operation(200, members({"deleted": INTEGER}), *_REFUSALS))
    async def remove_line(site: str, line: str, request: Request) -> dict[str, int]:
        sessions.writer(request, site, "regions")
        number = int(line) if line.isascii() and line.isdecimal() and len(line) < 10 else 0
        records.remove_line(number)
        news.announce("lines")
        return {"deleted": number}

    @routes.get("/point/fibre-state", **operation(200, members({"state": TEXT}), *_REFUSALS))
    async def fibre_state(site: str, request: Request) -> dict[str, Any]:
        sessions.reader(request, site)
        return await focus.fibre_state()

    @routes.get("/page-template", include_in_schema=False)
    async def shared_templates(site: str, request: Request) -> list[Any]:
        sessions.reader(request, site)
        _only_with_defect()
        found: list[Any] = shared["templates"]
        return found

    @routes.post("/page-template", include_in_schema=False, status_code=201)
    async def share_templates(site: str, request: Request) -> dict[str, Any]:
        sessions.reader(request, site)
        _only_with_defect()
        shared["templates"] = (await body_of(request)).get("templates", [])
        return {}

    return routes


def _only_with_defect() -> None:
    """Templates stay in the browser: that there is a place for them here is a defect."""
    if not active("page-templates-shared"):
        raise ApiError(404, "NotFoundError", "There is no such path.")
