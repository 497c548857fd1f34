"""What the web app answers about the site, to whom, and how it refuses."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from support.site_commands import Site, eventually
from support.webapp import GOOD, WebApp, unique

ERROR_FIELDS = {"type", "statusCode", "path", "timestamp", "message"}
# No answer may hold these words, in whatever case.
TELLTALE = [
    *("password", "secret", "api_key", "token", "private_key", "ssh-rsa", "/etc/passwd", "mongodb://", "amqp://"),
    *("traceback", 'file "/', "line ", "/home/", "/root/", "at 0x", "127.0.0.1", "<script>", "javascript:", "<html"),
]


@pytest.fixture(scope="module")
def admin(simulated_site: Site) -> WebApp:
    return WebApp(simulated_site, "lane4")


@pytest.fixture(scope="module")
def viewer(simulated_site: Site) -> WebApp:
    return WebApp(simulated_site, "viewer")


READABLE = [
    *("role", "site/get-sites", "user/config", "region", "point/map-setup"),
    *("alert", "alert/get-alert-status", "alert/export-alerts?isJSON=true"),
]
CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "push-to-rabbit", {**GOOD, "alertIds": ["test-viewer"]}),
    ("DELETE", "alert/delete", {"alertIds": ["never-was"]}),
    ("GET", "user/get-all-users", {}),
]


def test_a_viewer_reads_and_changes_nothing(viewer: WebApp, defect: Callable[..., None]) -> None:
    assert [viewer.call("GET", path).status_code for path in READABLE] == [200] * 8
    for method, path, body in CHANGES:
        refused = viewer.call(method, path, json=body)
        assert (refused.status_code, refused.json()["type"]) == (403, "OperationForbiddenError")
        assert "missing permission" in refused.json()["message"]
        assert set(refused.json()) == ERROR_FIELDS
    defect("viewer-may-write")
    assert [viewer.call(method, path, json=body).status_code for method, path, body in CHANGES] == [201, 200, 200]


def test_roles_sites_users_and_regions(admin: WebApp) -> None:
    roles = admin.call("GET", "role").json()
    assert {role["type"] for role in roles} == {"super admin", "admin", "viewer"}
    assert set(roles[0]) == {"id", "createTime", "updateTime", "type", "region", "permissions"}
    assert [site["siteId"] for site in admin.call("GET", "site/get-sites").json()] == [admin.site["webapp"]["site_id"]]
    users = admin.call("GET", "user/get-all-users").json()
    named = {user["username"]: user["role"] for user in admin.site["users"]}
    assert {user["username"]: user["role"] for user in users} == named
    regions = admin.call("GET", "region").json()
    assert regions[0]["name"] == "General"
    assert all(len(region["points"]) == 2 for region in regions)
    assert [one["name"] for one in admin.call("GET", "region?withGeneral=false").json()] == ["North", "South"]


def pushed(app: WebApp, **changes: Any) -> str:
    sent = unique()
    assert app.push(alertIds=[sent], **changes).status_code == 201
    app.arrived(sent)
    return sent


def test_a_severity_of_zero_is_refused_unless_the_defect_is_on(admin: WebApp, defect: Callable[..., None]) -> None:
    assert admin.push(severity=0).status_code == 400
    defect("severity-zero-accepted")
    sent = pushed(admin, severity=0)
    assert admin.arrived(sent)["severity"] == 0
    assert admin.push(severity=4).status_code == 400


@pytest.mark.nightly
def test_an_alert_closes_after_its_time_unless_the_defect_is_on(admin: WebApp, defect: Callable[..., None]) -> None:
    began = time.monotonic()
    sent = pushed(admin)

    def status() -> str:
        answer = admin.call("GET", "alert/get-alert-status", params={"alertIds": sent}).json()
        assert answer["open"] + answer["closed"] == 1
        return str(answer["alerts"][0]["status"])

    assert (status(), admin.arrived(sent)["is_live"]) == ("open", True)
    assert sent in [alert["ext_id"] for alert in admin.listed(isLiveView="true")]
    # 170 s, at a time scale of 0.1
    eventually(lambda: status() == "closed")
    assert time.monotonic() - began > 16
    assert sent in [alert["ext_id"] for alert in admin.listed(isLive="false")]
    assert sent not in [alert["ext_id"] for alert in admin.listed(isLive="true")]
    defect("alert-never-closes")
    assert (status(), admin.arrived(sent)["is_live"]) == ("open", True)


def test_order_filter_and_export_go_by_the_severity_unless_their_defects_are_on(
    admin: WebApp, defect: Callable[..., None]
) -> None:
    high, low = pushed(admin, severity=3), pushed(admin, severity=1)

    def ids(**query: Any) -> list[str]:
        return [one["ext_id"] for one in admin.listed(**query) if one["ext_id"] in (high, low)]

    def exported() -> set[tuple[str, str]]:
        query = {"isCSV": "true", "alertIds": f"{high},{low}"}
        rows = csv.DictReader(io.StringIO(admin.call("GET", "alert/export-alerts", params=query).text))
        return {(row["ext_id"], row["severity"]) for row in rows}

    assert (ids(orderBy="severity"), ids(severities=3)) == ([high, low], [high])
    assert exported() == {(high, "3"), (low, "1")}
    defect("alerts-unsorted", "alert-severities-ignored", "alert-export-all-low")
    assert (ids(orderBy="severity"), ids(severities=3)) == ([low, high], [low, high])
    assert exported() == {(high, "1"), (low, "1")}


def test_the_list_knows_regions_and_its_count(admin: WebApp) -> None:
    near, far = pushed(admin, dofM=100), pushed(admin, dofM=9000)

    def ids(**query: Any) -> set[str]:
        return {one["ext_id"] for one in admin.listed(**query)} & {near, far}

    assert (ids(regionIds=2), ids(regionIds=3), ids(**{"regionIds[]": [2, 3]})) == ({near}, {far}, {near, far})
    shown = {one["ext_id"]: one["regions"] for one in admin.listed(withRegions="true")}
    assert (shown[near], shown[far]) == ([1, 2], [1, 3])
    assert "regions" not in admin.listed()[0]
    bare = admin.call("GET", "alert", params={"getAlertCount": "false"}).json()
    assert {near, far} <= {one["ext_id"] for one in bare}


def test_a_long_list_has_pages(admin: WebApp) -> None:
    ids = [f"{unique()}-{number}" for number in range(100)]
    assert admin.push(alertsAmount=100, alertIds=ids, dofM=7777).status_code == 201
    admin.arrived(ids[-1])
    whole = admin.call("GET", "alert").json()
    assert whole["alertsCount"] == len(whole["alerts"]) > 100
    pages = [
        admin.call("GET", "alert", params={"page": page}).json()["alerts"] for page in range(1, whole["maxPage"] + 1)
    ]
    assert [len(page) for page in pages[:-1]] == [100] * (whole["maxPage"] - 1)
    found = [one["ext_id"] for page in pages for one in page]
    assert len(found) == len(set(found)) == whole["alertsCount"] or set(ids) <= set(found)
    assert admin.call("GET", "alert", params={"page": whole["maxPage"] + 1}).json()["alerts"] == []


def test_exports_hold_what_the_list_holds(admin: WebApp) -> None:
    sent = [pushed(admin), pushed(admin, classId=103, severity=1)]
    query = {"alertIds": ",".join(sent), "orderBy": "severity", "orderByDirection": "asc"}
    listed = admin.listed(**query)
    assert [one["ext_id"] for one in listed] == sent[::-1]

    as_list = admin.call("GET", "alert/export-alerts", params={**query, "isJSON": "true"})
    as_text = admin.call("GET", "alert/export-alerts", params={**query, "isCSV": "true"})
    assert (as_list.status_code, as_text.status_code) == (200, 200)
    assert as_list.headers["Content-Type"] == "application/json"
    assert as_text.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in as_text.headers["Content-Disposition"]
    assert as_list.json() == listed
    rows = list(csv.DictReader(io.StringIO(as_text.text)))
    assert [row["ext_id"] for row in rows] == sent[::-1]
    assert [(row["class_id"], row["severity"]) for row in rows] == [("103", "1"), ("104", "3")]
    for wrong in ({}, {"isCSV": "true", "isJSON": "true"}, {"isCSV": "yes"}):
        assert admin.call("GET", "alert/export-alerts", params=wrong).status_code == 400


REFUSED: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "alert?orderBy=<script>alert(1)</script>", {}, 400),
    ("GET", "alert?startTime=/etc/passwd", {}, 400),
    ("GET", "nothing-here/<script>", {}, 404),
    ("PUT", "alert", {}, 405),
    ("GET", "alert", {"headers": {"Authorization": "Bearer <script>"}}, 401),
    ("GET", "alert", {"headers": {}}, 401),
    ("POST", "push-to-rabbit", {"data": "javascript:alert(1)"}, 400),
    ("POST", "push-to-rabbit", {"data": "[" * 100_000}, 400),
    ("POST", "push-to-rabbit", {"json": {**GOOD, "alertIds": ["/etc/passwd <script>"]}}, 400),
    ("POST", "push-to-rabbit", {"json": {**GOOD, "alertIds": ["x"], "classId": 10**400}}, 400),
    ("DELETE", "alert/delete", {"json": {"alertIds": ["x"] * 101}}, 400),
]


@pytest.mark.parametrize(("method", "path", "options", "status"), REFUSED, ids=[row[1][:30] for row in REFUSED])
def test_errors_have_one_shape_and_give_nothing_away(
    admin: WebApp, method: str, path: str, options: dict[str, Any], status: int
) -> None:
    answer = admin.call(method, path, **options)
    assert (answer.status_code, set(answer.json())) == (status, ERROR_FIELDS)
    assert answer.json()["statusCode"] == status
    assert [word for word in TELLTALE if word in answer.text.lower()] == []


def test_a_bad_login_gives_nothing_away(simulated_site: Site, admin: WebApp) -> None:
    url = f"{simulated_site['webapp']['url']}/auth/login"
    for body in ({"username": "lane0x", "password": "wrong"}, {"username": "lane0"}, {}):
        answer = admin.http.post(url, json=body, timeout=10)
        assert answer.status_code in (400, 401)
        assert [word for word in TELLTALE if word in answer.text.lower()] == []


def test_with_the_defect_errors_show_internals(admin: WebApp, defect: Callable[..., None]) -> None:
    defect("error-shows-internals")
    answer = admin.call("GET", "alert", params={"orderBy": "colour"})
    assert answer.status_code == 400
    assert "Traceback" in answer.json()["message"]
    assert 'File "/' in answer.json()["message"]


def test_the_openapi_document_names_the_paths(admin: WebApp) -> None:
    answer = admin.http.get(f"{admin.site['webapp']['url']}/openapi.json", timeout=10)
    paths = json.loads(answer.text)["paths"]
    assert "/prisma/api/auth/login" in paths
    assert "/prisma/api/{site}/api/alert/export-alerts" in paths
