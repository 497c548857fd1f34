"""The Focus Server over HTTP without its cluster: what it refuses, and how it answers."""

import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
import requests
from support.focus_server import KEY, closed_port, serving, settings

from simulator.pods.focus import recordings, request_log

VALID = (
    b'{"displayTimeAxisDuration": 10, "nfftSelection": 1024, "displayInfo": {"height": 1000},'
    b' "channels": {"min": 1, "max": 50}, "frequencyRange": {"min": 0, "max": 1000}, "view_type": 0}'
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A Focus Server whose cluster, database and broker are away."""
    with serving(settings(closed_port())) as url:
        yield url


def configure(url: str, body: bytes, media: str = "application/json") -> requests.Response:
    return requests.post(f"{url}/configure", data=body, headers={"Content-Type": media}, timeout=10)


def changed(old: bytes, new: bytes) -> bytes:
    assert old in VALID
    return VALID.replace(old, new)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b"not json",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        changed(b"1024", b"NaN"),
        changed(b": 10,", b": NaN,"),
        changed(b": 10,", b": -Infinity,"),
        changed(b": 10,", b": 1e999,"),
        changed(b": 10,", b": " + b"9" * 400 + b","),
        changed(b"1024", b"9" * 5000),
        changed(b"1024", b"1" + b"0" * 4000),
        changed(b"1024", b"true"),
        changed(b"1024", b'"1024"'),
        changed(b'"height": 1000', b'"height": ' + b"9" * 4000),
        changed(b'"max": 50', b'"max": ' + b"9" * 4000),
        changed(b'"max": 1000', b'"max": ' + b"9" * 4000),
        changed(b'"view_type": 0', b'"view_type": "\\ud800"'),
        changed(b'"view_type": 0', b'"view_type": ' + b"9" * 4000),
        changed(b'"view_type": 0', b'"view_type": 0, "start_time": 1, "end_time": ' + b"9" * 4000),
        changed(b'"view_type": 0', b'"view_type": null'),
        changed(b'"view_type": 0', b'"view_type": {"$gt": 0}'),
    ],
)
def test_no_body_breaks_the_server(url: str, body: bytes) -> None:
    answer = configure(url, body)
    assert answer.status_code in (400, 422), answer.text
    assert "traceback" not in answer.text.lower()
    refusal = answer.json()
    assert refusal.get("error") or refusal.get("detail")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "multipart/form-data", "application/json; charset=x"]
)
def test_other_content_types_are_refused_or_read_as_json(url: str, media: str) -> None:
    assert configure(url, b"{}", media).status_code in (400, 415, 422)


def test_a_body_above_the_limit_is_refused(url: str) -> None:
    declared = configure(url, b" " * (10 << 20))
    streamed = requests.post(f"{url}/configure", data=iter([b" " * (1 << 19)] * 8), timeout=10)
    assert (declared.status_code, streamed.status_code) == (413, 413)


def test_a_shape_error_names_place_message_and_type(url: str) -> None:
    answer = configure(url, changed(b'"displayInfo": {"height": 1000},', b""))
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem == {
        "loc": ["body", "displayInfo"],
        "msg": "Invalid field displayInfo: Field required",
        "type": "missing",
    }


def test_a_meaning_error_names_field_and_what_is_allowed(url: str) -> None:
    answer = configure(url, changed(b'"max": 50', b'"max": 2223'))
    assert answer.status_code == 400
    assert answer.json()["field"] == "channels.max"
    assert answer.json()["allowed"] == [1, 2222]


def test_input_never_comes_back(url: str) -> None:
    for answer in (
        configure(url, changed(b'"view_type": 0', b'"view_type": "<script>alert(1)</script>"')),
        requests.get(f"{url}/metadata/<script>", timeout=10),
        requests.get(f"{url}/nothing/<script>", timeout=10),
        requests.get(f"{url}/ack", headers={"User-Agent": "<script>", "Referer": "../../etc/passwd"}, timeout=10),
    ):
        assert "script" not in answer.text
        assert "passwd" not in answer.text


def test_without_its_cluster_nothing_is_started(url: str) -> None:
    answer = configure(url, VALID)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_without_mongodb_a_historic_view_is_refused_in_time(url: str) -> None:
    end = int(time.time()) - 60
    begun = time.monotonic()
    answer = configure(
        url, changed(b'"view_type": 0', b'"view_type": 0, "start_time": %d, "end_time": %d' % (end - 9, end))
    )
    assert answer.status_code == 503
    assert "MongoDB" in answer.json()["error"]
    assert int(answer.headers["Retry-After"]) > 0
    assert time.monotonic() - begun < 12  # the defect mongo-outage-slow takes longer


def test_health_names_what_is_down(url: str) -> None:
    answer = requests.get(f"{url}/health", timeout=10)
    assert answer.status_code == 503
    assert answer.json()["status"] == "degraded"
    assert answer.json()["dependencies"] == {"mongodb": "down", "rabbitmq": "down", "kubernetes": "down"}


def test_what_needs_nothing_else_is_served(url: str) -> None:
    assert requests.get(f"{url}/ack", timeout=10).json() == {}
    channels = requests.get(f"{url}/channels", timeout=10).json()
    assert (channels["lowest_channel"], channels["highest_channel"]) == (1, 2222)
    assert channels["channels"] == list(range(1, 2223))
    assert requests.get(f"{url}/live_metadata", timeout=10).json()["prr"] == 2000
    assert "/focus-server/configure" in requests.get(f"{url}/openapi.json", timeout=10).json()["paths"]
    assert requests.get(f"{url}/docs", timeout=10).status_code == 200


def test_unknown_jobs_routes_and_methods(url: str) -> None:
    for path in ("metadata/9-9", "ack/9-9", "waterfall/9-9", "waterfall/9-9/10"):
        answer = requests.get(f"{url}/{path}", timeout=10)
        assert (answer.status_code, answer.json()["error"].startswith("Invalid job_id")) == (404, True)
    assert requests.delete(f"{url}/job/9-9", timeout=10).status_code == 404
    assert requests.get(f"{url}/nothing", timeout=10).json() == {"detail": "Not Found"}
    assert {requests.request(method, f"{url}/ack", timeout=10).status_code for method in ("POST", "PUT", "DELETE")} == {
        405
    }


def token(**claims: object) -> str:
    return jwt.encode({"sub": "lane0", "role": "admin", "iss": "prisma", "exp": time.time() + 86_400, **claims}, KEY)


@pytest.mark.parametrize(
    ("passed_on", "status"),
    [
        (token(), 200),
        (token(exp=1), 401),
        (token(iss="other"), 401),
        (f"{token()}x", 401),
        ("", 401),
    ],
)
def test_tokens_that_the_ingress_passes_on(url: str, passed_on: str, status: int) -> None:
    answer = requests.get(f"{url}/channels", headers={"X-Forwarded-Access-Token": passed_on}, timeout=10)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["error"]


def test_the_port_inside_the_site_ignores_logins(url: str) -> None:
    for header in ("Bearer nonsense", "Basic bGFuZTA6eA==", ""):
        assert requests.get(f"{url}/channels", headers={"Authorization": header}, timeout=10).status_code == 200


def test_recordings_query_is_checked(url: str) -> None:
    headers = {"Content-Type": "application/json"}
    bad = [
        requests.post(f"{url}/recordings_in_time_range", data=body, headers=headers, timeout=10).status_code
        for body in ('{"start_time": -1, "end_time": 5}', '{"start_time": 5, "end_time": 5}', '{"start_time": 5}', "[]")
    ]
    assert bad == [400, 400, 422, 422]
    huge = '{"start_time": 0, "end_time": ' + "9" * 4000 + "}"
    assert requests.post(f"{url}/recordings_in_time_range", data=huge, headers=headers, timeout=10).status_code == 503


def test_defect_mongo_outage_slow(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "defects.json").write_text('["mongo-outage-slow"]', encoding="utf-8")
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    monkeypatch.setattr(recordings, "_SLOW_OUTAGE_S", 5.5)
    begun = time.monotonic()
    answer = requests.get(f"{url}/get_recordings_timeline", timeout=20)
    assert answer.status_code == 503
    assert time.monotonic() - begun > 5


def test_late_answers(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "_LATE_S", 0.5)
    (tmp_path / "defects.json").write_text('["answers-late"]', encoding="utf-8")
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    begun = time.monotonic()
    assert requests.get(f"{url}/ack", timeout=10).status_code == 200
    assert time.monotonic() - begun > 0.5


def test_a_route_that_is_not_described(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert requests.get(f"{url}/info", timeout=10).json() == {"detail": "Not Found"}
    (tmp_path / "defects.json").write_text('["info-undescribed"]', encoding="utf-8")
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    assert requests.get(f"{url}/info", timeout=10).json()["namespace"] == "panda"
    assert "/focus-server/info" not in requests.get(f"{url}/openapi.json", timeout=10).json()["paths"]
