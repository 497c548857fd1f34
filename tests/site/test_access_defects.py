"""Each switch of logins, certificates and addresses changes what it names, and takes it back."""

from __future__ import annotations

import socket
import ssl
import time
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from focus_core.server import tls
from kubernetes import client, config
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from support.site_commands import Site, eventually, login, mongodb_login, switch, web


def may_read(site: Site, **login: str) -> bool:
    """Whether MongoDB lets somebody read who logs in like that."""
    place = site["mongodb"]
    options: dict[str, Any] = {"directConnection": True, "serverSelectionTimeoutMS": 5000, **login}
    with MongoClient(place["host"], place["port"], **options) as mongo:
        try:
            mongo[place["database"]].base_paths.find_one()
        except OperationFailure as refused:
            assert refused.code in (13, 18)
            return False
    return True


@pytest.mark.nightly
def test_mongodb_needs_a_login(simulated_site: Site) -> None:
    own = {key: value for key, value in mongodb_login(simulated_site).items() if key in ("username", "authSource")}
    assert not may_read(simulated_site)
    assert not may_read(simulated_site, **own, password="wrong")
    with MongoClient(**mongodb_login(simulated_site)) as mongo:
        assert mongo[simulated_site["mongodb"]["database"]].base_paths.find_one()
        with pytest.raises(OperationFailure):
            mongo.admin.command("createUser", "another", pwd="another", roles=[])


@pytest.mark.nightly
def test_mongodb_anonymous(simulated_site: Site) -> None:
    switch(simulated_site, "on", "mongodb-anonymous")
    anonymous = may_read(simulated_site)
    switch(simulated_site, "off", "mongodb-anonymous")
    assert anonymous
    assert not may_read(simulated_site)


@pytest.mark.nightly
def test_mongodb_default_login(simulated_site: Site, defect: Callable[..., None]) -> None:
    known = {"username": "admin", "password": "admin", "authSource": "admin"}
    assert not may_read(simulated_site, **known)
    defect("mongodb-default-login")
    assert may_read(simulated_site, **known)
    switch(simulated_site, "off", "mongodb-default-login")
    assert not may_read(simulated_site, **known)


@pytest.mark.nightly
def test_mongodb_secret_stale(simulated_site: Site, defect: Callable[..., None]) -> None:
    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])

    def login_works() -> bool:
        data = client.CoreV1Api().read_namespaced_secret("mongodb", "panda").data
        username, password = (b64decode(data[f"mongodb-{name}"]).decode() for name in ("username", "password"))
        assert password in b64decode(data["mongodb-uri"]).decode()
        return may_read(simulated_site, username=username, password=password, authSource="prisma")

    assert login_works()
    defect("mongodb-secret-stale")
    assert not login_works()
    switch(simulated_site, "off", "mongodb-secret-stale")
    assert login_works()


def test_mongodb_slow(simulated_site: Site, defect: Callable[..., None]) -> None:
    with MongoClient(**mongodb_login(simulated_site)) as mongo:
        mongo.admin.command("ping")
        defect("mongodb-slow")
        begun = time.monotonic()
        mongo.admin.command("ping")
        assert time.monotonic() - begun > 0.15


def certificate_error(site: Site) -> str:
    place = urlsplit(site["focus"]["url"])
    context = ssl.create_default_context(cafile=site["tls"]["ca_file"])
    with socket.create_connection((place.hostname, place.port), timeout=5) as plain:
        try:
            context.wrap_socket(plain, server_hostname=place.hostname).close()
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
    return ""


@pytest.mark.parametrize(
    ("name", "cause"), [("certificate-expired", "expired"), ("certificate-other-host", "IP address mismatch")]
)
def test_certificates(simulated_site: Site, defect: Callable[..., None], name: str, cause: str) -> None:
    assert certificate_error(simulated_site) == ""
    defect(name)
    assert cause in certificate_error(simulated_site)
    switch(simulated_site, "off", name)
    assert certificate_error(simulated_site) == ""


def test_ingress_old_tls(simulated_site: Site, defect: Callable[..., None]) -> None:
    url = simulated_site["focus"]["url"]
    assert not tls.accepts(url, ssl.TLSVersion.TLSv1, timeout=5, proxy=None)
    defect("ingress-old-tls")
    assert tls.accepts(url, ssl.TLSVersion.TLSv1, timeout=5, proxy=None)
    assert tls.accepts(url, ssl.TLSVersion.TLSv1_3, timeout=5, proxy=None)


def test_ingress_without_tls(simulated_site: Site, defect: Callable[..., None]) -> None:
    url = simulated_site["focus"]["url"]

    def is_plain() -> bool:
        return tls.plain_text_answer(url, "/ack", timeout=5, proxy=None).startswith("HTTP/1.1 200")

    assert not is_plain()
    defect("ingress-without-tls")
    eventually(is_plain)
    assert web(simulated_site).get(f"{url}/ack", timeout=10).status_code == 200
    switch(simulated_site, "off", "ingress-without-tls")
    eventually(lambda: not is_plain())


def test_ingress_502(simulated_site: Site, defect: Callable[..., None]) -> None:
    site, urls = web(simulated_site), (simulated_site["focus"]["url"] + "/ack", simulated_site["webapp"]["url"])
    defect("ingress-502")
    assert {site.get(url, timeout=10).status_code for url in urls} == {502}


def test_password_unchecked(simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("password-unchecked")
    assert login(simulated_site, "viewer", "wrong").status_code == 201
    assert login(simulated_site, "nobody", "wrong").status_code == 401


def test_login_configuration_login(simulated_site: Site, defect: Callable[..., None]) -> None:
    url = f"{simulated_site['webapp']['url']}/login-configuration"
    assert web(simulated_site).get(url, timeout=10).status_code == 200
    defect("login-configuration-login")
    assert web(simulated_site).get(url, timeout=10).status_code == 401


def test_login_without_retry_after(simulated_site: Site, defect: Callable[..., None]) -> None:
    def retry_after(name: str) -> str | None:
        answers = (login(simulated_site, name, "wrong") for _ in range(30))
        return next(one.headers.get("Retry-After") for one in answers if one.status_code == 429)

    assert int(retry_after("stranger-one") or 0) > 0
    defect("login-without-retry-after")
    assert retry_after("stranger-two") is None
