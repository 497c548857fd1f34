"""TLS of an address, and requests that go out as they are written."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from focus_core.base.errors import BenchError
from focus_core.server import raw_http, tls
from support.loopback import Answer, free_port, http_server, https_server

from simulator.layout import certificates

TIMEOUT_S = 5.0


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[str]:
    """The URL of a server with a certificate of the authority below ``tmp_path``."""
    with https_server(tmp_path) as url:
        yield f"{url}/focus-server"


def test_a_good_certificate_passes(secure: str, tmp_path: Path) -> None:
    done = tls.handshake(secure, ca_file=str(certificates.ca_file(tmp_path)), timeout=TIMEOUT_S, proxy=None)
    assert done.version in ("TLSv1.2", "TLSv1.3")
    assert done.good_until > datetime.now(UTC)


def test_a_certificate_of_nobody_is_named(secure: str) -> None:
    with pytest.raises(AssertionError, match=r"certificate of 127\.0\.0\.1:\d+ is not good"):
        tls.handshake(secure, ca_file=None, timeout=TIMEOUT_S, proxy=None)


def test_each_version_is_asked_for_alone(secure: str) -> None:
    assert tls.accepts(secure, ssl.TLSVersion.TLSv1_2, timeout=TIMEOUT_S, proxy=None)
    assert tls.accepts(secure, ssl.TLSVersion.TLSv1_3, timeout=TIMEOUT_S, proxy=None)


def test_without_tls_there_is_no_handshake_but_an_answer() -> None:
    with http_server({"GET /ack": Answer(200, {})}) as server:
        with pytest.raises(AssertionError, match="speaks no TLS"):
            tls.handshake(server.url, ca_file=None, timeout=TIMEOUT_S, proxy=None)
        assert not tls.accepts(server.url, ssl.TLSVersion.TLSv1_2, timeout=TIMEOUT_S, proxy=None)
        assert tls.plain_text_answer(server.url, "/ack", timeout=TIMEOUT_S, proxy=None).startswith("HTTP/1.0 200")


def test_nobody_there_is_the_bench() -> None:
    with pytest.raises(BenchError, match="Nothing listens at"):
        tls.handshake(f"https://127.0.0.1:{free_port()}", ca_file=None, timeout=TIMEOUT_S, proxy=None)
    with pytest.raises(BenchError, match="does not answer GET"):
        raw_http.send(f"http://127.0.0.1:{free_port()}", "GET", "/x", headers={}, ca_file=None, timeout=TIMEOUT_S)


@pytest.mark.parametrize("target", ["/metadata/../ack", "/a b", "/%00", "/שלום"])
def test_a_path_goes_out_as_it_is_written(target: str) -> None:
    with http_server({}) as server:
        answer = raw_http.send(server.url, "GET", target, headers={"X-A": "ש"}, ca_file=None, timeout=TIMEOUT_S)
        assert answer.status in (400, 404)
        assert answer.url == server.url + target
        if answer.status == 404:
            assert server.requests[0].target == f"GET {target.encode().decode('latin-1')}"
