"""``/openapi.json`` is true: every declared status has a real answer, every real answer fits what is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from support.focus_server import closed_port, serving, settings
from support.focus_views import LIVE, Views
from support.openapi_check import Checker
from support.site_commands import Site, eventually

from simulator.layout.ports import Ports
from simulator.layout.state import StateDir

PREFIX = "/focus-server"
FAR_AWAY = {"start_time": 1_000_000_000, "end_time": 1_000_000_060}
RANGE = {"start_time": 1, "end_time": 2}
BAD_ACCESS = {"X-Forwarded-Access-Token": "nonsense"}
TOO_LARGE = b" " * (2 << 20)

Answer = tuple[str, str, requests.Response]


@pytest.fixture(scope="module")
def views(simulated_site: Site) -> Views:
    return Views(simulated_site, user=6)


@pytest.fixture(scope="module")
def document(views: Views) -> dict[str, Any]:
    answer = views.get("openapi.json")
    described: dict[str, Any] = answer.json()
    return described


class Asker:
    """Asks one Focus Server, and keeps each answer with the declared path that it belongs to."""

    def __init__(self, url: str, headers: dict[str, Any]) -> None:
        self._url = url
        self._headers = headers
        self.answers: list[Answer] = []

    def ask(self, method: str, path: str, *, headers: Any = None, **request: Any) -> requests.Response:
        """Ask ``path|filled``: the declared path, and what its parameters are filled with in order."""
        declared, _, values = path.partition("|")
        filled = declared
        for value in values.split(",") if values else []:
            before, _, rest = filled.partition("{")
            filled = before + value + rest.partition("}")[2]
        answer = requests.request(method, self._url + filled, headers=headers or self._headers, timeout=30, **request)
        self.answers.append((method.lower(), PREFIX + declared, answer))
        return answer


def routes(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield method, path, operation


@pytest.fixture(scope="module")
def answers(views: Views) -> list[Answer]:
    """One answer at least for each declared status."""
    asker = Asker(views.url, dict(views.http.headers))
    ask = asker.ask
    for path in ("/ack", "/health", "/channels", "/sensors", "/live_metadata", "/get_recordings_timeline"):
        ask("get", path)
    view = ask("post", "/configure", json=LIVE).json()
    early = ask("get", f"/waterfall/{{job_id}}/{{rows}}|{view['job_id']},5")
    if early.status_code != 200:  # the job was quicker than this question
        asker.answers.pop()
    job = view["job_id"]
    views.running(job)
    eventually(lambda: ask("get", f"/waterfall/{{job_id}}/{{rows}}|{job},5").status_code == 201)
    for path in ("/metadata/{job_id}", "/ack/{job_id}", "/waterfall/{job_id}"):
        ask("get", f"{path}|{job}")
    ask("get", f"/waterfall/{{job_id}}/{{rows}}|{job},0")
    changed = {"channels": {"min": 1, "max": 3}}
    ask("post", f"/config/{{task_id}}|{job}", json=changed)
    ask("post", "/config_task", json={"task_id": job, **changed})
    stranger = requests.Session()
    for method, path, body in (
        ("post", f"/config/{{task_id}}|{job}", changed),
        ("post", "/config_task", {"task_id": job, **changed}),
        ("delete", f"/job/{{job_id}}|{job}", None),
    ):
        ask(method, path, json=body, headers=dict(stranger.headers))
    for path in (f"/metadata/{{job_id}}|{job}", f"/ack/{{job_id}}|{job}", f"/waterfall/{{job_id}}|{job}"):
        ask("get", path, headers=dict(stranger.headers))
    ask("get", f"/waterfall/{{job_id}}/{{rows}}|{job},1", headers=dict(stranger.headers))
    over = ask("post", "/configure", json={**LIVE, **views.historic(seconds=3)}).json()["job_id"]
    eventually(lambda: views.state(over) == "completed")
    ask("get", f"/waterfall/{{job_id}}/{{rows}}|{over},5")
    ask("post", f"/config/{{task_id}}|{over}", json=changed)
    ask("post", "/config_task", json={"task_id": over, **changed})
    ask("get", f"/metadata/{{job_id}}|{over}")
    ask("post", "/recordings_in_time_range", json=views.historic())
    _ask_what_is_refused(ask, changed)
    ask("delete", f"/job/{{job_id}}|{job}")
    views.close(over)
    fresh = ask("post", "/configure", json={**LIVE, "view_type": 1, "channels": {"min": 3, "max": 3}}).json()["job_id"]
    assert ask("get", f"/waterfall/{{job_id}}/{{rows}}|{fresh},5").status_code in (200, 201)
    ask("delete", f"/job/{{job_id}}|{fresh}")
    return asker.answers


def _ask_what_is_refused(ask: Callable[..., requests.Response], changed: dict[str, Any]) -> None:
    unknown = "999-999"
    for path in ("/metadata/{job_id}", "/ack/{job_id}", "/waterfall/{job_id}"):
        ask("get", f"{path}|{unknown}")
    ask("get", f"/waterfall/{{job_id}}/{{rows}}|{unknown},1")
    ask("delete", f"/job/{{job_id}}|{unknown}")
    bodies: dict[str, tuple[Any, ...]] = {
        "/configure": ({**LIVE, "view_type": 99}, {**LIVE, **FAR_AWAY}, {}),
        "/recordings_in_time_range": ({"start_time": -1, "end_time": 5}, {}),
        f"/config/{{task_id}}|{unknown}": (changed, {}),
        "/config/{task_id}|a%23b": (changed,),
        "/config_task": ({"task_id": unknown, **changed}, {"task_id": "", **changed}, {}),
    }
    for path, contents in bodies.items():
        for content in contents:
            ask("post", path, json=content)
        ask("post", path, data=TOO_LARGE)
    for method, path in (
        *(("get", name) for name in ("/channels", "/sensors", "/live_metadata", "/get_recordings_timeline")),
        *(("get", f"{name}|1") for name in ("/metadata/{job_id}", "/ack/{job_id}", "/waterfall/{job_id}")),
        ("get", "/waterfall/{job_id}/{rows}|1,1"),
        ("delete", "/job/{job_id}|1"),
    ):
        ask(method, path, headers=BAD_ACCESS)
    for path in ("/configure", "/recordings_in_time_range", "/config/{task_id}|1", "/config_task"):
        ask("post", path, headers=BAD_ACCESS, json=RANGE)


@pytest.fixture(scope="module")
def answers_without_help(lonely_servers: tuple[str, str]) -> list[Answer]:
    """Answers of a server without its dependencies, and of one whose cluster has no room."""
    alone, full = (Asker(url, {}) for url in lonely_servers)
    alone.ask("get", "/health")
    alone.ask("get", "/get_recordings_timeline")
    alone.ask("post", "/recordings_in_time_range", json=RANGE)
    alone.ask("post", "/configure", json=LIVE)
    full.ask("post", "/configure", json=LIVE)
    return alone.answers + full.answers


@pytest.fixture(scope="module")
def lonely_servers() -> Iterator[tuple[str, str]]:
    alone = settings(closed_port())
    with serving(alone) as without_help, serving(replace(alone, max_windows=0)) as full:
        yield without_help, full


def wrong(document: dict[str, Any], answer: Answer) -> list[str]:
    """Return what is wrong with an answer, measured by what the document declares for it."""
    method, path, response = answer
    declared = document["paths"][path][method]["responses"].get(str(response.status_code))
    name = f"{method} {path} {response.status_code}"
    if declared is None:
        return [f"{name} is not declared: {response.text[:200]}"]
    content = declared.get("content", {})
    media = response.headers.get("content-type", "").partition(";")[0]
    if not content:
        return [f"{name} has a body, none is declared"] if response.content else []
    if media not in content:
        return [f"{name} has the content type {media!r}, declared are {list(content)}"]
    found = [f"{name} has no {header}" for header in declared.get("headers", {}) if header not in response.headers]
    schema = content[media].get("schema", {})
    value = response.json() if media == "application/json" else response.text
    return found + [f"{name}: {text}" for text in Checker(document).problems(schema, value)]


@pytest.mark.nightly
def test_every_answer_is_as_declared(
    document: dict[str, Any], answers: list[Answer], answers_without_help: list[Answer]
) -> None:
    assert [text for answer in answers + answers_without_help for text in wrong(document, answer)] == []


def test_waiting_for_the_fiber_is_declared(document: dict[str, Any], views: Views, defect: Callable[..., None]) -> None:
    defect("waiting-for-fiber")
    asked = [
        ("post", f"{PREFIX}/configure", views.configure()),
        ("get", f"{PREFIX}/live_metadata", views.get("live_metadata")),
    ]
    assert [answer.status_code for _, _, answer in asked] == [503, 200]
    defect("no-live-source")
    asked += [("get", f"{PREFIX}/live_metadata", views.get("live_metadata"))]
    assert [text for answer in asked for text in wrong(document, answer)] == []


@pytest.mark.nightly
def test_every_declared_status_is_answered(
    document: dict[str, Any],
    answers: list[Answer],
    answers_without_help: list[Answer],
    views: Views,
    defect: Callable[..., None],
    simulated_site: Site,
) -> None:
    declared = {(method, path, status) for method, path, one in routes(document) for status in one["responses"]}
    seen = {(method, path, str(one.status_code)) for method, path, one in answers + answers_without_help}
    defect("job-never-starts")
    waiting = views.open()["job_id"]
    seen.add(("get", f"{PREFIX}/waterfall/{{job_id}}/{{rows}}", str(views.get(f"waterfall/{waiting}/1").status_code)))
    seen |= _without_cluster(views, simulated_site, waiting)
    defect("no-live-source")
    seen.add(("get", f"{PREFIX}/live_metadata", str(views.get("live_metadata").status_code)))
    views.close(waiting)
    # The limit of windows has a test of its own, which opens thirty: test_windows_of_a_client_are_limited.
    assert declared - seen == {("post", f"{PREFIX}/configure", "429")}


def _without_cluster(views: Views, site: Site, job_id: str) -> set[tuple[str, str, str]]:
    """Ask for what needs the cluster while its process is stopped: at the pod, for services are that process's."""
    base = StateDir(Path(site["state_dir"])).read().port_base
    assert base is not None
    pod = f"http://127.0.0.1:{Ports(base).focus_pod}{PREFIX}"
    (cluster,) = (
        one
        for one in psutil.process_iter(["cmdline"])
        if one.info["cmdline"]
        and "simulator.cluster" in one.info["cmdline"]
        and site["state_dir"] in one.info["cmdline"]
    )
    cluster.suspend()
    try:
        body = {"channels": {"min": 1, "max": 3}}
        asked = {
            ("post", "/config/{task_id}"): views.http.post(f"{pod}/config/{job_id}", json=body, timeout=30),
            ("post", "/config_task"): views.http.post(
                f"{pod}/config_task", json={"task_id": job_id, **body}, timeout=30
            ),
            ("delete", "/job/{job_id}"): views.http.delete(f"{pod}/job/{job_id}", timeout=30),
        }
    finally:
        cluster.resume()
    return {(method, PREFIX + path, str(answer.status_code)) for (method, path), answer in asked.items()}
