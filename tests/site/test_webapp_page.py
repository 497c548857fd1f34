"""The operator's page as a browser gets it: document, files, and what operators add to alerts and fibre."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
from support.operator_page import Page
from support.site_commands import Site, eventually, web
from support.webapp import WebApp, unique

PATHS = ["/", "/liveView", "/investigations", "/analysis"]
OF_THE_BROWSER = [
    *("page-severity-colour", "page-sort-wrong", "page-filter-dates-ignored", "page-bell-without-dot"),
    *("page-hebrew-mangled", "page-channels-swapped", "page-time-axis-shifted", "page-waterfall-frozen"),
    *("page-row-stale", "page-refusal-hidden", "page-role-may-change", "page-pixel-shift", "page-icon-missing"),
    *("page-move-closes-views", "page-alert-times-ignored", "page-alert-place-ignored", "page-balloon-misplaced"),
]


@pytest.fixture(scope="module")
def page(simulated_site: Site) -> Page:
    return Page(simulated_site)


@pytest.fixture(scope="module")
def viewer(simulated_site: Site) -> Page:
    return Page(simulated_site, "viewer")


@pytest.fixture(scope="module")
def alerts(simulated_site: Site) -> WebApp:
    return WebApp(simulated_site, "lane2")


@pytest.fixture
def alert(alerts: WebApp) -> str:
    sent = unique()
    assert alerts.push(alertIds=[sent]).status_code == 201
    alerts.arrived(sent)
    return sent


def test_every_path_of_the_page_gives_its_document_to_everybody(page: Page) -> None:
    stranger = web(page.site)
    answers = [stranger.get(page.origin + path, timeout=10) for path in PATHS]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.text for answer in answers}) == 1
    for answer in answers:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert f'data-site="{page.site["webapp"]["site_id"]}"' in answers[0].text
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", answers[0].text), "the policy forbids it"
    assert stranger.get(page.origin + "/liveview", timeout=10).status_code == 404


def test_files_are_cached_until_they_change_and_nothing_else_is_served(page: Page) -> None:
    first = page.call("GET", "/assets/vendor/preact.js")
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert first.headers["Cache-Control"] == "no-cache"
    again = page.call("GET", "/assets/vendor/preact.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert page.call("GET", "/assets/sounds/alert_sound.mp3", headers={"Range": "bytes=0-9"}).status_code == 206
    for path in ("/assets/", "/assets/none.js", "/assets/..%2findex.html", "/assets/%2e%2e/%2e%2e/page_files.py"):
        assert page.call("GET", path).status_code == 404


def test_the_defects_of_the_page_are_named_to_its_document(page: Page, defect: Callable[..., None]) -> None:
    """What they change is seen in a browser: suites/ui."""
    assert 'data-defects=""' in page.call("GET", "/").text
    defect(*OF_THE_BROWSER)
    found = re.search(r'data-defects="([^"]*)"', page.call("GET", "/").text)
    assert found
    assert sorted(found[1].split()) == sorted(OF_THE_BROWSER)


def test_every_module_that_is_imported_and_every_defect_that_is_asked_for_exists(page: Page) -> None:
    seen, todo, asked = set(), ["/assets/app.js", "/assets/style.css"], ""
    while todo:
        path = todo.pop()
        answer = page.call("GET", path)
        assert answer.status_code == 200, path
        seen.add(path)
        if "/vendor/" in path or path.endswith(".woff2"):
            continue
        asked += answer.text
        found = re.findall(r'(?:from |import |url\()"([^"]+)"', answer.text)
        targets = {urljoin(path, one) for one in found}
        todo += [one for one in targets if one not in seen and one not in todo]
    assert len(seen) > 30
    named = set(re.findall(r"page-[a-z]+(?:-[a-z]+)+", asked)) & {*OF_THE_BROWSER, "page-templates-shared"}
    assert named == {*OF_THE_BROWSER, "page-templates-shared"}


def test_notes_stay_at_their_alert_for_everybody(page: Page, viewer: Page, alert: str) -> None:
    texts = ["Seen at the gate.", "נבדק ליד השער", "x" * 1100]
    for text in texts:
        assert page.call("POST", "note", json={"alertId": alert, "text": text}).status_code == 201
    notes = viewer.call("GET", "note", params={"alertId": alert}).json()["notes"]
    assert [note["text"] for note in notes] == texts
    assert {note["author"] for note in notes} == {"lane1"}
    (row,) = viewer.call("GET", "alert", params={"alertIds": alert, "withReview": "true"}).json()["alerts"]
    assert (row["notes"], row["review"]) == (3, "new")
    assert "notes" not in viewer.call("GET", "alert", params={"alertIds": alert}).json()["alerts"][0]


@pytest.mark.parametrize("text", ["", " \n", "x" * 2001, "a\x00b", None, 5])
def test_a_note_that_says_nothing_or_too_much_is_refused(page: Page, alert: str, text: object) -> None:
    answer = page.call("POST", "note", json={"alertId": alert, "text": text})
    assert (answer.status_code, answer.json()["type"]) == (400, "ValidationError")
    assert page.call("GET", "note", params={"alertId": alert}).json()["notes"] == []


def test_a_viewer_may_not_change_and_an_unknown_alert_has_no_notes(page: Page, viewer: Page, alert: str) -> None:
    for path, body in (
        ("note", {"alertId": alert, "text": "no"}),
        ("alert/review", {"alertId": alert, "review": "confirmed"}),
        ("reference-line", {"name": "no", "distance_m": 1}),
    ):
        assert viewer.call("POST", path, json=body).status_code == 403
    assert viewer.call("DELETE", "reference-line/1").status_code == 403
    assert page.call("POST", "note", json={"alertId": "never-was", "text": "no"}).status_code == 404
    assert page.call("GET", "note", params={"alertId": "never-was"}).status_code == 404
    assert page.call("GET", "note").status_code == 400


def test_a_lost_note_is_confirmed_and_not_kept(page: Page, alert: str, defect: Callable[..., None]) -> None:
    defect("page-note-lost")
    assert page.call("POST", "note", json={"alertId": alert, "text": "lost"}).status_code == 201
    assert page.call("GET", "note", params={"alertId": alert}).json()["notes"] == []


def test_alerts_are_sorted_by_id_status_and_review(page: Page, alerts: WebApp) -> None:
    mark = unique()
    sent = [f"{mark}-{letter}" for letter in "bca"]
    for one in sent:
        assert alerts.push(alertIds=[one]).status_code == 201
        alerts.arrived(one)
    reviewed = {"alertId": sent[1], "review": "confirmed"}
    assert page.call("POST", "alert/review", json=reviewed).json() == reviewed
    assert page.call("POST", "alert/review", json={"alertId": sent[1], "review": "done"}).status_code == 400

    def order(by: str, direction: str) -> list[str]:
        query = {"orderBy": by, "orderByDirection": direction, "alertIds": ",".join(sent)}
        return [row["ext_id"] for row in page.call("GET", "alert", params=query).json()["alerts"]]

    assert order("alertId", "asc") == sorted(sent)
    assert order("alertId", "desc") == sorted(sent, reverse=True)
    assert order("review", "desc")[0] == sent[1] == order("review", "asc")[-1]
    assert set(order("status", "asc")) == set(sent)


def test_alerts_that_are_near_in_place_and_time_form_a_group(page: Page, alerts: WebApp) -> None:
    mark = unique()
    places: list[tuple[int, int]] = [(103, 3000), (103, 3040), (104, 3040), (103, 3200), (103, 3090)]
    sent = [f"{mark}-{number}" for number in range(len(places))]
    for one, (class_id, metres) in zip(sent, places, strict=True):
        assert alerts.push(alertIds=[one], classId=class_id, dofM=metres, severity=2).status_code == 201
        alerts.arrived(one)
    groups = page.call("GET", "alert/groups", params={"alertIds": ",".join(sent)}).json()["groups"]
    found: set[tuple[Any, ...]] = {(group["class_id"], *group["alertIds"]) for group in groups}
    assert found == {(103, sent[0], sent[1], sent[4]), (104, sent[2]), (103, sent[3])}
    assert {group["status"] for group in groups} == {"open"}
    whole = next(group for group in groups if len(group["alerts"]) == 3)
    assert [(row["ext_id"], row["review"]) for row in whole["alerts"]] == [(sent[at], "new") for at in (4, 1, 0)]


def test_reference_lines_have_names_of_their_own_and_places_on_the_fibre(page: Page, viewer: Page) -> None:
    name = unique()
    added = page.call("POST", "reference-line", json={"name": name, "distance_m": 10000}).json()
    assert added in viewer.call("GET", "reference-line").json()
    for bad in (
        {"name": name, "distance_m": 5},
        {"name": "far", "distance_m": 10001},
        {"name": "half", "distance_m": 0.5},
        {"name": "", "distance_m": 5},
    ):
        assert page.call("POST", "reference-line", json=bad).status_code == 400
    assert page.call("DELETE", f"reference-line/{added['id']}").json() == {"deleted": added["id"]}
    assert page.call("DELETE", f"reference-line/{added['id']}").status_code == 404
    assert added not in viewer.call("GET", "reference-line").json()


def test_the_state_of_the_fibre_follows_the_focus_server(viewer: Page, defect: Callable[..., None]) -> None:
    assert viewer.call("GET", "point/fibre-state").json() == {"state": "measured"}
    defect("waiting-for-fiber")
    assert viewer.call("GET", "point/fibre-state").json() == {"state": "waiting"}


def test_templates_are_kept_by_the_site_only_with_the_defect(page: Page, defect: Callable[..., None]) -> None:
    assert page.call("GET", "page-template").status_code == 404
    defect("page-templates-shared")
    eventually(lambda: page.call("POST", "page-template", json={"templates": [1]}).status_code == 201)
    assert page.call("GET", "page-template").json() == [1]
