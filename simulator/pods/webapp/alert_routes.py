"""Routes of the alerts: pushed through RabbitMQ, listed from what came back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from simulator.defects import active
from simulator.pods.webapp.alert_costs import AlertCosts
from simulator.pods.webapp.alerts import (
    CLASSES,
    FIBRE_METRES,
    MAX_IDS,
    SEVERITIES,
    AlertRequest,
    AlertStore,
    as_csv,
    as_exported_json,
    check_request,
    messages_of,
    page_of,
    unchecked_request,
)
from simulator.pods.webapp.described import FLAG, INTEGER, OBJECTS, TEXT, TEXTS, members, operation, query
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.messages import AlertLink, BrokerDownError
from simulator.pods.webapp.news import NewsRoom
from simulator.pods.webapp.page_records import REVIEWS, Records
from simulator.pods.webapp.queries import FILTER, filter_of, flag, json_of, order, page_number
from simulator.pods.webapp.sessions import Sessions

PUBLISH_SECONDS = 4.0
_LATE_SECONDS = 0.5
_ORDERED = query(orderBy=TEXT, orderByDirection={"type": "string", "enum": ["asc", "desc"]})
_PAGED = query(page=INTEGER, **dict.fromkeys(("withRegions", "withReview", "getAlertCount"), FLAG))
_PUSH = members(
    {
        "alertsAmount": {**INTEGER, "minimum": 1, "maximum": MAX_IDS},
        "dofM": {**INTEGER, "minimum": 0, "maximum": FIBRE_METRES},
        "classId": {**INTEGER, "enum": list(CLASSES)},
        "severity": {**INTEGER, "enum": list(SEVERITIES)},
        "alertIds": {**TEXTS, "items": {**TEXT, "pattern": r"^\S+$"}, "minItems": 1, "maxItems": MAX_IDS},
    },
)
_PUSH["examples"] = [{"alertsAmount": 1, "dofM": 4163, "classId": 104, "severity": 3, "alertIds": ["test-example"]}]
_PUSHED = members({"ext_id": TEXT, "class_id": INTEGER, "severity": INTEGER, "distance_m": INTEGER, "start_time": TEXT})
_LIST = {"anyOf": [OBJECTS, members({"alerts": OBJECTS, "alertsCount": INTEGER, "maxPage": INTEGER})]}


def alert_routes(sessions: Sessions, link: AlertLink, store: AlertStore, records: Records, news: NewsRoom) -> APIRouter:
    """Return the routes below ``/{site}/api`` that concern alerts."""
    routes = APIRouter(prefix="/{site}/api")

    costs = AlertCosts()

    async def publish(wanted: AlertRequest) -> list[dict[str, object]]:
        costs.charge(len(wanted.ids))
        messages = messages_of(wanted, datetime.now(UTC))
        if active("alerts-late"):
            await asyncio.sleep(_LATE_SECONDS)
        try:
            await asyncio.wait_for(asyncio.wrap_future(link.publish(messages)), PUBLISH_SECONDS)
        except (BrokerDownError, TimeoutError) as down:
            print(f"RabbitMQ did not take an alert: {down or 'no confirmation in time'}", flush=True)
            if not active("alerts-accepted-without-broker"):
                raise ApiError(
                    503,
                    "ServiceUnavailableError",
                    "RabbitMQ did not take the alert; try again later.",
                    {"Retry-After": "5"},
                ) from down
        return messages

    @routes.post("/push-to-rabbit", **operation(201, _PUSHED, 401, 403, 404, body=_PUSH))
    async def push(site: str, request: Request) -> dict[str, object]:
        user = sessions.writer(request, site, "alerts")
        body = json_of(await request.body())
        try:
            wanted = check_request(body)
        except ApiError:
            unchecked = unchecked_request(body)
            if unchecked and active("refused-alerts-published"):
                await publish(unchecked)
            raise
        messages = await publish(wanted)
        if not active("alerts-unlogged"):
            print(
                f"{user.name} pushed {len(messages)} alert(s) of class {wanted.class_id}, severity {wanted.severity}, "
                f"at {wanted.distance_m} m: {', '.join(wanted.ids[:3])[:200]}",
                flush=True,
            )
        pushed = [_pushed(message) for message in messages]
        return {**pushed[0], "alerts": pushed}

    @routes.get("/alert", **operation(200, _LIST, 401, 403, 404, parameters=[*FILTER, *_ORDERED, *_PAGED]))
    async def alerts(site: str, request: Request) -> Response:
        sessions.reader(request, site)
        order_by, descending = order(request)
        found = store.find(
            filter_of(request), order_by="startTime" if order_by == "review" else order_by, descending=descending
        )
        if order_by == "review":
            found.sort(key=lambda alert: REVIEWS.index(records.review(alert.ext_id)), reverse=descending)
        answer = page_of(found, page_number(request), with_regions=bool(flag(request, "withRegions")))
        if flag(request, "withReview"):
            for alert in answer["alerts"]:
                alert["review"] = records.review(alert["ext_id"])
                alert["notes"] = len(records.notes(alert["ext_id"]))
        return JSONResponse(answer["alerts"] if flag(request, "getAlertCount") is False else answer)

    @routes.get(
        "/alert/export-alerts",
        **operation(
            *(200, OBJECTS, 401, 403, 404),
            parameters=[*FILTER, *_ORDERED, *query(isCSV=FLAG, isJSON=FLAG)],
            media_types=("application/json", "text/csv"),
        ),
    )
    async def export(site: str, request: Request) -> Response:
        sessions.reader(request, site)
        as_text, as_list = bool(flag(request, "isCSV")), bool(flag(request, "isJSON"))
        if as_text == as_list:
            raise invalid("Exactly one of isCSV and isJSON must be true.")
        order_by, descending = order(request)
        found = store.find(filter_of(request), order_by=order_by, descending=descending)
        name = "alerts.csv" if as_text else "alerts.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if as_text:
            return Response(as_csv(found), media_type="text/csv", headers=headers)
        return JSONResponse(as_exported_json(found), headers=headers)

    @routes.get(
        "/alert/get-alert-status",
        **operation(
            *(200, members({"open": INTEGER, "closed": INTEGER, "alerts": OBJECTS}), 401, 403, 404), parameters=FILTER
        ),
    )
    async def status(site: str, request: Request) -> dict[str, object]:
        sessions.reader(request, site)
        found = [alert.as_json() for alert in store.find(filter_of(request))]
        shown = [{key: alert[key] for key in ("ext_id", "status", "end_time")} for alert in found]
        is_open = sum(alert["status"] == "open" for alert in shown)
        return {"open": is_open, "closed": len(shown) - is_open, "alerts": shown}

    @routes.delete(
        "/alert/delete",
        **operation(200, members({"deleted": INTEGER}), 401, 403, 404, body=members({"alertIds": TEXTS})),
    )
    async def delete(site: str, request: Request) -> dict[str, int]:
        user = sessions.writer(request, site, "alerts")
        body = json_of(await request.body())
        ids = body.get("alertIds") if isinstance(body, dict) else None
        if not isinstance(ids, list) or len(ids) > MAX_IDS or not all(isinstance(one, str) for one in ids):
            raise invalid(f"alertIds must be a list of at most {MAX_IDS} alert ids.")
        removed = store.remove(set(ids))
        records.forget(set(ids))
        news.announce("alert")
        print(f"{user.name} deleted {removed} alert(s)", flush=True)
        return {"deleted": removed}

    return routes


def _pushed(message: dict[str, object]) -> dict[str, object]:
    return {
        "ext_id": message["alert_id"],
        "class_id": message["class_id"],
        "severity": message["severity"],
        "distance_m": message["distance_m"],
        "start_time": message["alert_time"],
    }
