"""Users, regions and geo channels of the web app: who may change them, and that a pod's end takes none of it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kubernetes import client, config
from support.site_commands import Site, eventually, login
from support.webapp import WebApp, unique

POINTS = [{"lat": 32.1, "lng": 34.8}, {"lat": 32.2, "lng": 34.8}]


@pytest.fixture(scope="module")
def admin(simulated_site: Site) -> WebApp:
    return WebApp(simulated_site, "lane4")


@pytest.fixture
def guest(admin: WebApp) -> Iterator[str]:
    """A user of the role viewer with the password `first`."""
    name = unique()
    made = admin.call("POST", "user/sign-up", json={"username": name, "password": "first", "role": "viewer"})
    assert made.status_code == 201, made.text
    yield name
    admin.call("POST", "user/delete", json={"username": name})


def of_site(admin: WebApp, path: str, **options: Any) -> Any:
    """A call outside of the paths of one site."""
    return admin.http.post(f"{admin.site['webapp']['url']}/{path}", headers=admin.headers, timeout=10, **options)


def row_of(admin: WebApp, name: str) -> dict[str, Any] | None:
    users = admin.call("GET", "user/get-all-users").json()
    return next((user for user in users if user["username"] == name), None)


def test_a_user_is_made_changed_and_removed(simulated_site: Site, admin: WebApp, guest: str) -> None:
    assert login(simulated_site, guest, "first").status_code == 201
    taken = admin.call("POST", "user/sign-up", json={"username": guest, "password": "x", "role": "viewer"})
    assert (taken.status_code, taken.json()["type"]) == (400, "ValidationError")
    assert admin.call("POST", "user/validate-username", json={"username": guest}).json() == {"isValid": False}
    changed = admin.call("POST", "user/update-other-user", json={"username": guest, "role": "admin"})
    assert (changed.status_code, changed.json()["role"]) == (201, "admin")
    assert login(simulated_site, guest, "first").status_code == 201
    assert admin.call("POST", "user/delete", json={"username": guest}).json() == {"deleted": guest}
    assert row_of(admin, guest) is None
    assert login(simulated_site, guest, "first").status_code == 401


def test_everybody_changes_their_own_user_only(simulated_site: Site, admin: WebApp, guest: str) -> None:
    answer = login(simulated_site, guest, "first")
    own = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    address = f"{guest}@site.example"
    body = {"password": "second", "email": address}
    assert admin.call("POST", "user/update", json=body, headers=own).status_code == 201
    assert login(simulated_site, guest, "second").status_code == 201
    assert admin.call("POST", "user/validate-email", json={"email": address}).json() == {"isValid": False}
    for path, wanted in (("update-other-user", {"username": "lane0"}), ("delete", {"username": "lane0"})):
        refused = admin.call("POST", f"user/{path}", json=wanted, headers=own)
        assert (refused.status_code, refused.json()["type"]) == (403, "OperationForbiddenError")


def test_a_login_is_switched_off_and_on(simulated_site: Site, admin: WebApp, guest: str) -> None:
    row = row_of(admin, guest)
    assert row is not None
    path = f"users/{row['id']}!toggle-login"
    assert of_site(admin, path).json()["isLoginEnabled"] is False
    assert login(simulated_site, guest, "first").status_code == 401
    without = of_site(admin, f"users/{row['id']}!delete-external-identities")
    assert (without.status_code, without.json()["type"]) == (409, "DependencyNotFoundError")
    assert of_site(admin, path).json()["isLoginEnabled"] is True
    assert login(simulated_site, guest, "first").status_code == 201
    own = row_of(admin, "lane4")
    assert own is not None
    assert of_site(admin, f"users/{own['id']}!toggle-login").status_code == 409
    assert of_site(admin, "users/999999!toggle-login").status_code == 404


def test_regions_are_added_changed_and_removed(admin: WebApp) -> None:
    added = admin.call("POST", "region/add", json={"name": "Gate", "points": POINTS})
    assert (added.status_code, added.json()["points"]) == (201, POINTS)
    number = added.json()["id"]
    assert admin.call("POST", "region/update", json={"id": number, "name": "Gate 2"}).status_code == 201
    shown = next(one for one in admin.call("GET", "region").json() if one["id"] == number)
    assert (shown["name"], shown["points"]) == ("Gate 2", POINTS)
    assert admin.call("POST", "region/update", json={"id": 1, "name": "x"}).status_code == 403
    assert admin.call("DELETE", f"region/{number}").json() == {"deleted": number}
    assert admin.call("DELETE", f"region/{number}").status_code == 404
    for wrong in ({}, {"name": ""}, {"name": "x", "points": [{"lat": 91, "lng": 0}]}, {"name": "x", "points": "all"}):
        assert admin.call("POST", "region/add", json=wrong).status_code == 400


def test_geo_channels_follow_the_fibre(admin: WebApp) -> None:
    path = f"sites/{admin.site['webapp']['site_id']}/geo-channel-collections"
    inferred = of_site(admin, f"{path}!infer-from-fiber")
    assert (inferred.status_code, inferred.json()["channels"]) == (201, 2222)
    made = of_site(admin, f"{path}!generate", json={"points": POINTS, "channels": 2222})
    assert (made.status_code, made.json()["id"]) == (201, inferred.json()["id"] + 1)
    unfit = of_site(admin, f"{path}!generate", json={"points": POINTS, "channels": 5})
    assert (unfit.status_code, unfit.json()["type"]) == (409, "InconsistentGeoChannelsError")
    assert of_site(admin, f"{path}!generate", json={"points": POINTS[:1], "channels": 2222}).status_code == 400


def test_the_pages_flavour_of_the_paths_answers_the_same(admin: WebApp) -> None:
    site = admin.site["webapp"]["site_id"]
    inner = f"{admin.site['webapp']['url']}/internal/sites/{site}/api/region"
    answer = admin.http.get(inner, headers=admin.headers, timeout=10)
    assert (answer.status_code, answer.json()) == (200, admin.call("GET", "region").json())
    assert admin.http.get(inner, timeout=10).status_code == 401


def test_what_was_changed_survives_the_pod(simulated_site: Site, admin: WebApp, guest: str) -> None:
    number = admin.call("POST", "region/add", json={"name": "Kept", "points": POINTS}).json()["id"]
    line = admin.call("POST", "reference-line", json={"name": unique(), "distance_m": 1200}).json()
    alert = unique()
    assert admin.push(alertIds=[alert], dofM=1200).status_code == 201

    def note() -> bool:
        return admin.call("POST", "note", json={"alertId": alert, "text": "seen"}).status_code == 201

    eventually(note)
    admin.call("POST", "alert/review", json={"alertId": alert, "review": "in review"})
    core = client.CoreV1Api(config.new_client_from_config(simulated_site["kubernetes"]["kubeconfig"]))
    pods = core.list_namespaced_pod("panda", label_selector="app.kubernetes.io/name=webapp").items
    core.delete_namespaced_pod(pods[0].metadata.name, "panda")

    def another() -> bool:
        found = core.list_namespaced_pod("panda", label_selector="app.kubernetes.io/name=webapp").items
        return all(one.metadata.uid != pods[0].metadata.uid for one in found)

    eventually(another)
    eventually(lambda: login(simulated_site, guest, "first").status_code == 201)
    regions = {one["id"]: one["name"] for one in admin.call("GET", "region").json()}
    assert regions[number] == "Kept"
    assert line in admin.call("GET", "reference-line").json()
    notes = admin.call("GET", "note", params={"alertId": alert}).json()["notes"]
    assert [one["text"] for one in notes] == ["seen"]
    (group,) = admin.call("GET", "alert/groups", params={"alertIds": alert}).json()["groups"]
    assert [(one["ext_id"], one["review"], one["notes"]) for one in group["alerts"]] == [(alert, "in review", 1)]
    admin.call("DELETE", f"region/{number}")
    admin.call("DELETE", f"reference-line/{line['id']}")
