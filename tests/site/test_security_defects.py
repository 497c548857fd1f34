"""Each switch of logins, rights, limits and exposure changes what it names, and takes it back."""

from __future__ import annotations

import re
import socket
import ssl
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from kubernetes import client, config
from support.focus_views import LIVE, Views
from support.site_commands import Site, bearer, eventually, login, secret, switch, web

# A machine that is busy with other things answers hardly faster than a client may ask.
MOST_REQUESTS = 10_000
FORGED = {"sub": "lane0", "role": "admin", "iss": "prisma", "use": "access", "jti": "1"}


def statuses(site: Site, token: str) -> list[int]:
    """The answers of the ingress, of Focus Server to what an ingress passes on, and of the web app to a token."""
    urls = (
        f"{site['focus']['url']}/channels",
        f"{site['focus']['plain_url']}/channels",
        f"{site['webapp']['url']}/{site['webapp']['site_id']}/api/alert",
    )
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-Access-Token": token}
    return [web(site).get(url, headers=headers, timeout=10).status_code for url in urls]


def tokens(site: Site) -> dict[str, str]:
    later = time.time() + 99
    return {
        "expired-token-accepted": secret(site["webapp"]["expired_token"]),
        "unsigned-token-accepted": jwt.encode({**FORGED, "exp": later}, "", algorithm="none"),
        "foreign-token-accepted": jwt.encode({**FORGED, "exp": later}, "x" * 32),
    }


def test_a_bad_token_is_accepted_only_with_its_defect(simulated_site: Site, defect: Callable[..., None]) -> None:
    bad = tokens(simulated_site)
    for name, token in bad.items():
        assert statuses(simulated_site, token) == [401] * 3, name
    for name in bad:
        defect(name)
        assert {other: statuses(simulated_site, token) for other, token in bad.items()} == {
            other: [200 if other == name else 401] * 3 for other in bad
        }
        switch(simulated_site, "off", name)


def test_a_session_that_survives(simulated_site: Site, defect: Callable[..., None]) -> None:
    headers = bearer(simulated_site, "lane3")
    url = f"{simulated_site['webapp']['url']}/auth/logout"
    assert web(simulated_site).post(url, headers=headers, timeout=10).status_code == 201
    token = headers["Authorization"].split()[1]
    # Focus Server knows signatures only.
    assert statuses(simulated_site, token) == [401, 200, 401]
    defect("session-survives-logout")
    assert statuses(simulated_site, token) == [200, 200, 200]


def renewed(site: Site, given: requests.Response) -> int:
    cookies = f"refresh-token={given.cookies['refresh-token']}; csrf-token=x"
    headers = {"Cookie": cookies, "X-CSRF-Token": "x"}
    return web(site).post(f"{site['webapp']['url']}/auth/refresh", headers=headers, timeout=10).status_code


def test_a_refresh_token_that_works_again(simulated_site: Site, defect: Callable[..., None]) -> None:
    given = login(simulated_site, "lane3")
    assert [renewed(simulated_site, given) for _ in range(2)] == [201, 401]
    defect("refresh-token-reusable")
    given = login(simulated_site, "lane3")
    assert [renewed(simulated_site, given) for _ in range(2)] == [201, 201]


def test_csrf_token_kept(simulated_site: Site, defect: Callable[..., None]) -> None:
    def given() -> str | None:
        user = simulated_site["users"][3]
        body = {"username": user["username"], "password": secret(user["password"])}
        url = f"{simulated_site['webapp']['url']}/auth/login"
        answer = web(simulated_site).post(url, json=body, headers={"Cookie": "csrf-token=planted"}, timeout=10)
        return answer.cookies["csrf-token"]

    assert given() != "planted"
    defect("csrf-token-kept")
    assert given() == "planted"


def webapp_log(site: Site) -> str:
    config.load_kube_config(site["kubernetes"]["kubeconfig"])
    core = client.CoreV1Api()
    pod = core.list_namespaced_pod("panda", label_selector="app.kubernetes.io/name=webapp").items[0]
    return str(core.read_namespaced_pod_log(pod.metadata.name, "panda"))


def test_what_the_log_of_the_web_app_shows(simulated_site: Site, defect: Callable[..., None]) -> None:
    sign, word = uuid.uuid4().hex, secret(simulated_site["users"][4]["password"])
    defect("login-logged", "log-lines-injected")
    login(simulated_site, f"x\nINFO {sign}", "wrong")
    login(simulated_site, "lane4")
    eventually(lambda: f"\nINFO {sign}" in webapp_log(simulated_site))
    eventually(lambda: word in webapp_log(simulated_site))
    switch(simulated_site, "off", "login-logged", "log-lines-injected")
    login(simulated_site, f"x\nINFO again-{sign}", "wrong")
    login(simulated_site, "lane4")
    assert f"again-{sign}" not in webapp_log(simulated_site)
    assert webapp_log(simulated_site).count(word) == 1


def test_input_repeated(simulated_site: Site, views: Views, defect: Callable[..., None]) -> None:
    def answers() -> list[str]:
        url = f"{simulated_site['webapp']['url']}/auth/login"
        focus = views.configure(nfftSelection="<b>mark</b>")
        webapp = web(simulated_site).post(url, data="<b>mark</b>", timeout=10)
        assert (focus.status_code, webapp.status_code) == (422, 400)
        return [focus.text, webapp.text]

    assert [text.count("mark") for text in answers()] == [0, 0]
    defect("input-repeated")
    assert [text.count("mark") for text in answers()] == [1, 1]


def test_query_breaks_server(views: Views, defect: Callable[..., None]) -> None:
    assert views.configure(nfftSelection="' OR '1'='1").status_code == 422
    defect("query-breaks-server")
    assert views.configure(nfftSelection="' OR '1'='1").status_code == 500
    assert views.configure(nfftSelection="1").status_code == 422


def test_error_shows_secret(simulated_site: Site, defect: Callable[..., None]) -> None:
    word = secret(simulated_site["rabbitmq"]["password"])
    assert word not in login(simulated_site, "nobody", "wrong").text
    defect("error-shows-secret")
    assert word in login(simulated_site, f"nobody-{uuid.uuid4().hex}", "wrong").text


def test_a_view_belongs_to_who_opened_it(simulated_site: Site, defect: Callable[..., None]) -> None:
    mine, other = Views(simulated_site, user=1), Views(simulated_site, user=2)
    job = mine.open()["job_id"]
    paths = (f"metadata/{job}", f"ack/{job}", f"waterfall/{job}", f"waterfall/{job}/1")
    assert {other.get(path).status_code for path in paths} == {403}
    assert {mine.get(path).status_code < 300 for path in paths} == {True}
    defect("foreign-view-readable")
    assert {other.get(path).status_code < 300 for path in paths} == {True}
    assert other.close(job).status_code == 403
    defect("foreign-view-removable")
    assert other.close(job).status_code == 200


def flood(site: Site, fast: str, calm: str) -> tuple[list[str], str]:
    """More and more requests of a client on one connection, each hundredth of another one, until many are refused.

    Returns the refusals of the last hundred, and the answer to the other client there.
    """
    place = urlsplit(site["focus"]["url"])
    context = ssl.create_default_context(cafile=site["tls"]["ca_file"])
    one, other = (f"GET /nothing HTTP/1.1\r\nHost: x\r\nAuthorization: {who}\r\n\r\n".encode() for who in (fast, calm))
    sent, refused = 0, list[str]()
    with (
        socket.create_connection(("127.0.0.1", place.port or 443), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        while sent < MOST_REQUESTS and len(refused) < 20:
            secured.sendall(one * 99 + other)
            sent += 100
            received = b""
            while received.count(b"HTTP/1.1 ") < 100:
                received += secured.recv(65536)
            answers = received.decode().split("HTTP/1.1 ")[1:]
            refused = [answer for answer in answers[:-1] if answer.startswith("429")]
    return refused, answers[-1][:3]


# A busy machine does not reach the rate.
@pytest.mark.nightly
def test_a_rate_limit_without_its_word_or_shared(simulated_site: Site, defect: Callable[..., None]) -> None:
    fast, calm = (bearer(simulated_site, name)["Authorization"] for name in ("lane6", "lane5"))
    refused, other = flood(simulated_site, fast, calm)
    assert all(re.search(r"Retry-After: \d", answer) for answer in refused)
    assert (len(refused) >= 20, other) == (True, "404")
    defect("rate-limit-without-retry-after", "rate-limit-shared")
    refused, other = flood(simulated_site, fast, calm)
    assert not any("Retry-After" in answer for answer in refused)
    assert (len(refused) >= 20, other) == (True, "429")


def test_cors_open(simulated_site: Site, defect: Callable[..., None]) -> None:
    def allowed() -> set[str]:
        url, headers = f"{simulated_site['focus']['url']}/ack", {"Origin": "https://evil.example"}
        answer = web(simulated_site).get(url, headers=headers, timeout=10)
        return {name for name in answer.headers if name.lower().startswith("access-control")}

    assert allowed() == set()
    defect("cors-open")
    assert len(allowed()) == 2


def test_method_override_followed(simulated_site: Site, defect: Callable[..., None]) -> None:
    headers = bearer(simulated_site, "lane1")
    url = simulated_site["focus"]["url"]
    job = web(simulated_site).post(f"{url}/configure", json=LIVE, headers=headers, timeout=30).json()["job_id"]
    override = {**headers, "X-HTTP-Method-Override": "DELETE"}
    asked = [web(simulated_site).get(f"{url}/job/{job}", headers=override, timeout=30).status_code]
    defect("method-override-followed")
    asked.append(web(simulated_site).get(f"{url}/job/{job}", headers=override, timeout=30).status_code)
    assert asked == [405, 200]


def test_ingress_weak_ciphers(simulated_site: Site, defect: Callable[..., None]) -> None:
    place = urlsplit(simulated_site["focus"]["url"])

    def agreed() -> bool:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
        try:
            with (
                socket.create_connection(("127.0.0.1", place.port or 443), timeout=5) as plain,
                context.wrap_socket(plain),
            ):
                return True
        except (ssl.SSLError, OSError):
            return False

    assert not agreed()
    defect("ingress-weak-ciphers")
    assert agreed()


@pytest.mark.parametrize("name", ["expired-token", "token-key"])
def test_secrets_of_the_site_are_files_of_its_owner(simulated_site: Site, name: str) -> None:
    assert (Path(simulated_site["state_dir"]) / "secrets" / name).stat().st_mode & 0o777 == 0o600


def test_rights_that_only_a_role_has(simulated_site: Site) -> None:
    api = f"{simulated_site['webapp']['url']}/{simulated_site['webapp']['site_id']}/api"
    found = {}
    for name in ("superadmin", "lane0", "viewer"):
        headers, http = bearer(simulated_site, name), web(simulated_site)
        grant = {"role": "viewer", "permission": "read"}
        region = http.post(f"{api}/region/add", json={"name": "tests"}, headers=headers, timeout=10)
        number = region.json().get("id", 0)
        found[name] = (
            http.post(f"{api}/user/add-permission-to-role", json=grant, headers=headers, timeout=10).status_code,
            http.post(f"{api}/user/validate-username", json={"username": "x"}, headers=headers, timeout=10).status_code,
            region.status_code,
            http.delete(f"{api}/region/{number}", headers=headers, timeout=10).status_code,
        )
        assert "tests" not in http.get(f"{api}/region", headers=headers, timeout=10).text
    assert found == {"superadmin": (201, 201, 201, 200), "lane0": (403, 201, 201, 200), "viewer": (403,) * 4}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("user/validate-username", {"username": ""}),
        ("user/validate-username", []),
        ("user/add-permission-to-role", {"role": "guest", "permission": "read"}),
        ("region/add", {"name": "a\nb"}),
        ("region/add", {"name": 7}),
    ],
)
def test_a_change_of_rights_or_regions_that_is_wrong_is_refused(simulated_site: Site, path: str, body: object) -> None:
    api = f"{simulated_site['webapp']['url']}/{simulated_site['webapp']['site_id']}/api"
    headers = bearer(simulated_site, "superadmin")
    answer = web(simulated_site).post(f"{api}/{path}", json=body, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["type"]) == (400, "ValidationError")
