"""A proxy of the environment is never used, one of the site file by every client that can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from focus_core.base import http_session
from focus_core.cluster.client import ClusterClient
from focus_core.node import shell
from focus_core.rabbitmq.client import RabbitClient
from focus_core.run import clients
from focus_core.server import raw_http
from focus_core.site import loader as site_loader
from focus_core.site.model import Site
from focus_core.webapp.client import WebAppClient
from focus_keywords.access.logins import Logins
from focus_keywords.access.tls import Tls
from support.loopback import Answer, connect_proxy, free_port, http_server, https_server
from support.site_content import site_content

from simulator.layout import certificates

ANSWERS = {
    "GET /focus-server/ack": Answer(200, {}),
    "GET /prisma/api/login-configuration": Answer(200, {}),
    "GET /api/overview": Answer(200, {"rabbitmq_version": "4.1"}),
    "GET /version/": Answer(200, {"major": "1", "minor": "34", "gitVersion": "v1.34.1", "gitCommit": "",
                                 "gitTreeState": "", "buildDate": "", "goVersion": "", "compiler": "",
                                 "platform": ""}),
}  # fmt: skip


def ask_rest(site: Site) -> None:
    without_login = replace(site, focus=replace(site.focus, auth="none"), capabilities=["rest"])
    assert clients.focus_client(without_login, site.users[0]).send("GET", "/ack").status == 200


def ask_raw(site: Site) -> None:
    answer = raw_http.send(site.focus.url, "GET", "/ack", headers={}, ca_file=None, timeout=5, proxy=site.proxy)
    assert answer.status == 200


CLIENTS: dict[str, Callable[[Site], object]] = {
    "rest": ask_rest,
    "raw": ask_raw,
    "webapp": lambda site: WebAppClient.of_site(site, site.users[0], liveness_check=None).login_configuration(),
    "management": lambda site: RabbitClient.of_site(site).management.version(),
    "kubernetes": lambda site: ClusterClient.of_site(site).version(),
}


@pytest.fixture(autouse=True)
def _a_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def site_at(url: str, folder: Path, proxy: str | None) -> Site:
    path = folder / "site.yaml"
    content = site_content(int(url.rpartition(":")[2]), folder) | {"proxy": proxy}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    site = site_loader.read(str(path))
    assert isinstance(site, Site)
    return site


@pytest.mark.parametrize("client", CLIENTS)
def test_the_environments_proxy_is_never_used(client: str, tmp_path: Path) -> None:
    with http_server(ANSWERS) as server:
        CLIENTS[client](site_at(server.url, tmp_path, None))
        assert server.requests


@pytest.mark.parametrize("client", [name for name in CLIENTS if name != "kubernetes"])
def test_the_proxy_of_the_site_file_is_used(client: str, tmp_path: Path) -> None:
    with http_server(ANSWERS) as server, connect_proxy() as (proxy, asked):
        CLIENTS[client](site_at(server.url, tmp_path, proxy))
        assert set(asked) == {server.url.removeprefix("http://")}


def test_the_official_kubernetes_client_uses_it_too_for_its_websockets_as_well(tmp_path: Path) -> None:
    with http_server({}) as server:
        site = site_at(server.url, tmp_path, "http://127.0.0.1:3128")
        through = ClusterClient.of_site(site)._settings()
        assert (through.proxy, through.no_proxy) == ("http://127.0.0.1:3128", None)
        straight = ClusterClient.of_site(replace(site, proxy=None))._settings()
        # The websockets heed "no proxy at all" only where there are headers for one.
        assert (straight.proxy, straight.no_proxy, bool(straight.proxy_headers)) == (None, "*", True)


def test_ssh_goes_through_it(tmp_path: Path) -> None:
    with http_server({}) as server, connect_proxy() as (proxy, asked):
        site = site_at(server.url, tmp_path, proxy)
        with pytest.raises(shell.BenchError), shell.connection(site, 1):
            pass  # what listens there speaks no SSH
        assert asked == [server.url.removeprefix("http://")]
        with http_session.connect("127.0.0.1", site.node.port, timeout=5, proxy=None):
            pass
        assert len(asked) == 1


TLS_CHECKS: dict[str, Callable[[], object]] = {
    "certificate of the ingress": lambda: Tls().tls_should_be_valid(),
    "old versions": lambda: Tls().old_tls_should_be_refused(),
    "no TLS": lambda: Tls().plain_http_should_not_be_served("/ack"),
    "certificate of the web app": lambda: Logins().certificate_should_be_valid("webapp"),
}


@pytest.mark.parametrize("check", TLS_CHECKS)
def test_the_checks_of_tls_go_through_it(check: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with https_server(tmp_path) as url, connect_proxy() as (proxy, asked):
        site = site_at(url, tmp_path, proxy)
        addresses = {"focus": replace(site.focus, url=url), "webapp": replace(site.webapp, url=url)}
        trusting = replace(site, tls=replace(site.tls, ca_file=certificates.ca_file(tmp_path)), **addresses)
        monkeypatch.setattr("focus_core.site.data.site", lambda: trusting)
        monkeypatch.setattr("focus_keywords.access.logins.site", lambda: trusting)
        TLS_CHECKS[check]()
        assert set(asked) == {url.removeprefix("https://")}
