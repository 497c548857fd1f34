"""How the browser is started: the site's hosts only, and the key of the verified door."""

from __future__ import annotations

import base64
import hashlib
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from focus_core.base.errors import BenchError
from focus_core.ui import launch, tls_pin


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("127.0.0.1")


@pytest.fixture(scope="module")
def door(certificate: trustme.LeafCert) -> Iterator[str]:
    """A server that speaks TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def ca_file(authority: trustme.CA, folder: Path) -> str:
    path = folder / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def test_the_pin_is_that_of_the_key_of_the_verified_certificate(
    authority: trustme.CA, certificate: trustme.LeafCert, door: str, tmp_path: Path
) -> None:
    leaf = x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes())
    key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    expected = base64.b64encode(hashlib.sha256(key).digest()).decode()
    assert tls_pin.pin(door, ca_file(authority, tmp_path)) == expected


def test_a_certificate_that_is_not_good_gets_no_pin(door: str, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"The certificate of the page at 127\.0\.0\.1:.* is not good"):
        tls_pin.pin(door, ca_file(trustme.CA(), tmp_path))


def test_a_door_that_is_closed_is_named() -> None:
    with pytest.raises(BenchError, match=r"The page at 127\.0\.0\.1:1 does not answer"):
        tls_pin.pin("https://127.0.0.1:1", None)


def site(url: str, ca: str | None = None) -> Any:
    return SimpleNamespace(ui=SimpleNamespace(url=url), tls=SimpleNamespace(ca_file=ca))


def test_only_the_hosts_of_the_site_are_found() -> None:
    rules = launch.resolver_rules(site("https://10.1.2.3"))
    assert rules == "MAP * ~NOTFOUND, EXCLUDE 10.1.2.3, EXCLUDE 127.0.0.1"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "chromium-headless-shell"
    path.write_text('#!/bin/sh\ncase "$*" in *--no-sandbox*) exit 0 ;; esac\necho "No usable sandbox!" >&2\nexit 1\n')
    path.chmod(0o755)
    monkeypatch.setenv("FOCUS_BROWSER", str(path))
    return path


def test_the_door_is_pinned_and_nothing_is_ignored(
    authority: trustme.CA, door: str, shell: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch.os, "geteuid", lambda: 0, raising=False)
    start = launch.of_site(site(door, ca_file(authority, tmp_path)))
    pin = tls_pin.pin(door, ca_file(authority, tmp_path))
    assert f"--ignore-certificate-errors-spki-list={pin}" in start.arguments
    assert "--ignore-certificate-errors" not in start.arguments
    assert start.of_browser_library()["executablePath"] == str(shell)
    assert not start.sandbox
    assert not start.warning


@pytest.mark.usefixtures("shell")
def test_a_normal_user_without_a_sandbox_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch.os, "geteuid", lambda: 1000, raising=False)
    start = launch.of_site(site("http://127.0.0.1:1"))
    assert not start.sandbox
    assert start.warning == "The browser has no sandbox on this machine: it runs without one."
