"""The HTTPS door of the site with requests: who may pass, how often, what every answer carries."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from kubernetes import client, config
from support.focus_views import LIVE
from support.site_commands import Site, bearer, eventually, login, web

SECURITY = {
    "Strict-Transport-Security": re.compile(r"max-age=\d{7,}"),
    "X-Content-Type-Options": re.compile("nosniff"),
    "X-Frame-Options": re.compile("DENY"),
    "Content-Security-Policy": re.compile("frame-ancestors 'none'"),
    "Referrer-Policy": re.compile("no-referrer"),
    "Cache-Control": re.compile("no-store"),
}


@pytest.fixture(scope="module")
def headers(simulated_site: Site) -> dict[str, str]:
    return bearer(simulated_site, "lane5")


def port_of(site: Site) -> int:
    return urlsplit(site["focus"]["url"]).port or 443


def root_of(site: Site) -> str:
    return f"https://127.0.0.1:{port_of(site)}"


def handshake(site: Site, version: ssl.TLSVersion) -> str | None:
    context = ssl.create_default_context(cafile=site["tls"]["ca_file"])
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # old versions need old ciphers, so that only the server can refuse
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", port_of(site)), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        return secured.version()


def test_tls_is_1_2_or_newer(simulated_site: Site) -> None:
    assert handshake(simulated_site, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert handshake(simulated_site, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.warns(DeprecationWarning), pytest.raises((ssl.SSLError, OSError)):
            handshake(simulated_site, old)


def test_the_certificate_is_of_the_sites_own_authority(simulated_site: Site) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{simulated_site['focus']['url']}/ack", timeout=5, verify=True)
    assert web(simulated_site).get(f"{simulated_site['focus']['url']}/ack", timeout=5).status_code == 200
    folder = Path(simulated_site["tls"]["ca_file"]).parent
    for key in ("ca.key", "ingress.key"):
        assert (folder / key).stat().st_mode & 0o777 == 0o600


def test_plain_http_is_not_answered_at_the_door(simulated_site: Site) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"http://127.0.0.1:{port_of(simulated_site)}/focus-server/ack", timeout=5)


OPERATIONS = [
    *(("GET", "channels"), ("GET", "live_metadata"), ("GET", "ack/1-1"), ("GET", "sensors"), ("GET", "metadata/1-1")),
    *(("POST", "configure"), ("DELETE", "job/1-1"), ("GET", "nothing-here")),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_focus_operations_need_a_login(simulated_site: Site, method: str, path: str) -> None:
    url = f"{simulated_site['focus']['url']}/{path}"
    for bad in (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic bGFuZTA6eA=="},
        {"Cookie": "access-token=x"},
    ):
        answer = web(simulated_site).request(method, url, headers=bad, json={}, timeout=10)
        assert (answer.status_code, list(answer.json())) == (401, ["error"])


@pytest.mark.parametrize("path", ["/focus-server/%61ck", "/focus-server/ack", "/focus-server/health"])
def test_liveness_and_health_are_open(simulated_site: Site, path: str) -> None:
    assert web(simulated_site).get(root_of(simulated_site) + path, timeout=10).status_code == 200


def raw_get(site: Site, path: str, *lines: str) -> str:
    """Send a request as it is, which a client library would tidy up, and return the whole answer."""
    context = ssl.create_default_context(cafile=site["tls"]["ca_file"])
    with (
        socket.create_connection(("127.0.0.1", port_of(site)), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        text = "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *lines, "Connection: close", "", ""])
        secured.sendall(text.encode("latin-1"))
        received = b""
        while part := secured.recv(65536):
            received += part
    return received.decode("latin-1")


@pytest.mark.parametrize(
    "path",
    ["/focus-server/ack/../channels", "/focus-server/ack/%2e%2e/channels", "/prisma/../focus-server/channels",
     "/focus-server//channels", "/focus-server/ack?/../channels", "http://evil.example/focus-server/channels"],
)  # fmt: skip
def test_no_spelling_of_a_path_gets_around_the_login(simulated_site: Site, path: str) -> None:
    answer = raw_get(simulated_site, path)
    assert "highest_channel" not in answer
    assert "lowest_channel" not in answer


def test_without_the_check_of_logins_everybody_passes(simulated_site: Site, defect: Callable[..., None]) -> None:
    url = f"{simulated_site['focus']['url']}/channels"
    assert web(simulated_site).get(url, timeout=10).status_code == 401
    defect("auth-unchecked")
    assert web(simulated_site).get(url, timeout=10).status_code == 200
    assert web(simulated_site).get(url, headers={"Authorization": "Bearer x"}, timeout=10).status_code == 200


def test_a_view_by_cookie_needs_the_csrf_header(simulated_site: Site, defect: Callable[..., None]) -> None:
    cookies = login(simulated_site, "lane6").cookies
    http, url = web(simulated_site), simulated_site["focus"]["url"]
    http.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    assert http.get(f"{url}/channels", timeout=10).status_code == 200
    for headers in ({}, {"X-CSRF-Token": "x"}):
        assert http.post(f"{url}/configure", json=LIVE, headers=headers, timeout=10).status_code == 403
    opened = http.post(f"{url}/configure", json=LIVE, headers={"X-CSRF-Token": cookies["csrf-token"]}, timeout=10)
    assert opened.status_code == 200
    job = f"{url}/job/{opened.json()['job_id']}"
    # The job belongs to the user of the cookie, not to whoever asks.
    other = bearer(simulated_site, "lane5")
    assert web(simulated_site).delete(job, headers=other, timeout=10).status_code == 403
    assert http.delete(job, timeout=10).status_code == 403
    defect("csrf-unchecked")
    assert http.delete(job, timeout=10).status_code == 200


@pytest.mark.parametrize(
    "path", ["/liveview", "/focus-serverx/ack", "/assets", "/api", "/prism", "/favicon.ico", "/health"]
)
def test_only_the_two_services_are_there(simulated_site: Site, path: str) -> None:
    answer = web(simulated_site).get(root_of(simulated_site) + path, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (404, "application/json")
    assert answer.json()["type"] == "NotFoundError"


PATHS = [("/focus-server/ack", 200), ("/focus-server/channels", 401), ("/nothing", 404), ("/prisma/api/x", 404)]


def test_every_answer_carries_the_security_headers(simulated_site: Site, defect: Callable[..., None]) -> None:
    def answers() -> list[requests.Response]:
        return [web(simulated_site).get(root_of(simulated_site) + path, timeout=10) for path, _ in PATHS]

    for answer, (_, status) in zip(answers(), PATHS, strict=True):
        assert answer.status_code == status
        for name, form in SECURITY.items():
            assert form.search(answer.headers.get(name, "")), (name, answer.url)
        assert not re.search("uvicorn|aiohttp|python", answer.headers["Server"], re.IGNORECASE)
    defect("security-headers-missing")
    for answer in answers():
        assert not set(SECURITY) & set(answer.headers)


def test_every_request_has_an_id_of_the_doors_own(simulated_site: Site) -> None:
    http, url = web(simulated_site), f"{simulated_site['focus']['url']}/ack"
    ids = {http.get(url, headers={"X-Request-ID": "mine"}, timeout=10).headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


HOSTILE = ["<script>alert(1)</script>", "' OR '1'='1", "../../etc/passwd", "${jndi:ldap://x}", "x" * 4000]


@pytest.mark.parametrize("name", ["User-Agent", "Referer", "X-Forwarded-For", "X-Forwarded-Host", "Host", "Accept"])
def test_hostile_headers_do_not_come_back(simulated_site: Site, name: str) -> None:
    for value in HOSTILE:
        for path in ("/focus-server/ack", "/focus-server/ack/", "/prisma/api/login-configuration", "/nothing"):
            answer = web(simulated_site).get(
                root_of(simulated_site) + path, headers={name: value}, timeout=10, allow_redirects=False
            )
            assert answer.status_code < 500
            assert value not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "lines",
    [["X: \xff\xfe"], ["Broken"], ["Content-Length: x"], ["X: " + "y" * 9000], ["Transfer-Encoding: x"]],
    ids=repr,
)
def test_what_is_not_http_is_refused_in_the_uniform_shape(simulated_site: Site, lines: list[str]) -> None:
    answer = raw_get(simulated_site, "/prisma/api/login-configuration", *lines)
    head, _, body = answer.partition("\r\n\r\n")
    assert re.match(r"HTTP/1.[01] 400 ", head)
    assert "x-content-type-options: nosniff" in head.lower()
    assert body.startswith('{"type": "ValidationError", "statusCode": 400')


def test_a_body_that_is_too_large_is_refused(simulated_site: Site, headers: dict[str, str]) -> None:
    url = f"{simulated_site['focus']['url']}/configure"
    large = b" " * ((10 << 20) + 1)
    declared = web(simulated_site).post(url, data=large, headers=headers, timeout=10)
    assert (declared.status_code, list(declared.json())) == (413, ["error"])
    chunks = (large[:100_000] for _ in range(200))
    try:
        counted = web(simulated_site).post(url, data=chunks, headers=headers, timeout=10).status_code
    except requests.exceptions.ConnectionError:
        counted = 413  # Focus Server's own limit was met first and ended the connection under the sender
    assert counted == 413


def statuses_of_a_flood(site: Site, authorization: str) -> list[str]:
    """Send 1500 requests down one connection without waiting for answers; a client library is not fast enough."""
    context = ssl.create_default_context(cafile=site["tls"]["ca_file"])
    one = f"GET /nothing HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\n".encode()
    received = b""
    with (
        socket.create_connection(("127.0.0.1", port_of(site)), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        for _ in range(15):
            secured.sendall((one + b"\r\n") * 100)
        secured.sendall(one + b"Connection: close\r\n\r\n")
        while part := secured.recv(65536):
            received += part
    refused = received.partition(b"HTTP/1.1 429 ")[2].partition(b"\r\n\r\n")[0]
    assert not refused or b"Retry-After: 1" in refused
    return re.findall(r"HTTP/1.1 (\d{3}) ", received.decode())


# A busy machine does not reach the rate.
@pytest.mark.nightly
def test_a_client_that_asks_too_fast_has_to_wait(simulated_site: Site, defect: Callable[..., None]) -> None:
    limits = simulated_site["limits"]
    assert (limits["rate_limit_per_s"], limits["rate_limit_burst"]) == (200, 400)
    fast, calm = (bearer(simulated_site, name)["Authorization"] for name in ("lane6", "lane5"))
    found = statuses_of_a_flood(simulated_site, fast)
    assert found[:400] == ["404"] * 400
    assert found.count("429") > 50
    url = f"{root_of(simulated_site)}/nothing"
    # Limits are each client's own.
    assert web(simulated_site).get(url, headers={"Authorization": calm}, timeout=10).status_code == 404
    defect("rate-limit-missing")
    assert set(statuses_of_a_flood(simulated_site, fast)) == {"404"}


# Milliseconds are for a machine that does nothing else.
@pytest.mark.nightly
def test_the_hop_is_cheap(simulated_site: Site, headers: dict[str, str]) -> None:
    def best(url: str) -> float:
        """Return the seconds of the fastest of many requests: what the work costs when nothing else runs."""
        http = web(simulated_site)
        http.headers.update(headers)
        times = []
        for _ in range(60):
            began = time.perf_counter()
            assert http.get(url, timeout=10).status_code == 200
            times.append(time.perf_counter() - began)
        return min(times)

    focus = simulated_site["focus"]
    added = best(f"{focus['url']}/live_metadata") - best(f"{focus['plain_url']}/live_metadata")
    assert added < 0.005


def test_a_service_that_is_gone_is_503_and_comes_back(simulated_site: Site) -> None:
    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])
    apps = client.AppsV1Api()
    url = f"{simulated_site['webapp']['url']}/login-configuration"
    apps.patch_namespaced_deployment_scale("webapp", "panda", {"spec": {"replicas": 0}})
    try:
        eventually(lambda: web(simulated_site).get(url, timeout=10).status_code == 503)
        answer = web(simulated_site).get(url, timeout=10)
        assert (answer.json()["type"], answer.headers["Retry-After"]) == ("ServiceUnavailableError", "5")
        assert "127.0.0.1" not in answer.text
        assert web(simulated_site).get(f"{simulated_site['focus']['url']}/ack", timeout=10).status_code == 200
    finally:
        apps.patch_namespaced_deployment_scale("webapp", "panda", {"spec": {"replicas": 1}})
    eventually(lambda: web(simulated_site).get(url, timeout=10).status_code == 200)


def test_a_killed_ingress_is_started_again(simulated_site: Site) -> None:
    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])
    pods = client.CoreV1Api()

    def names() -> set[str]:
        found = pods.list_namespaced_pod("kube-system", label_selector="app.kubernetes.io/name=ingress").items
        return {pod.metadata.name for pod in found}

    (old,) = names()
    pods.delete_namespaced_pod(old, "kube-system", grace_period_seconds=0)
    eventually(lambda: names() and old not in names())
    url = f"{simulated_site['focus']['url']}/ack"
    eventually(lambda: web(simulated_site).get(url, timeout=10).status_code == 200)
