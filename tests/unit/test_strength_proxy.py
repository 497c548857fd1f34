"""The proxy in front of a small loopback server, and the operations it tells apart."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from loopback import Answer, Server, http_server

from pipeline.strength import certificate, mutants
from pipeline.strength.mutants import Mutant
from pipeline.strength.operations import OTHER_METHOD, UNKNOWN_PATH, Operations
from pipeline.strength.proxy import Door, Proxy

DOCUMENT = {
    "paths": {
        "/fs/ack": {"get": {}},
        "/fs/ack/{id}": {"get": {}},
        "/fs/job/{id}": {"delete": {}},
        "/fs/configure": {"post": {}},
        "/fs/waterfall/{id}/{rows}": {"get": {}},
        "/fs/waterfall/{id}": {"get": {}},
    }
}
OPERATIONS = Operations(DOCUMENT, "/fs")


@pytest.fixture
def server() -> Iterator[Server]:
    answers = {"GET /fs/ack": Answer(200, {}), "GET /fs/ack/1-2": Answer(200, {"status": "running", "n": 1})}
    with http_server(answers) as running:
        yield running


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    running = Proxy([Door(f"{server.url}/fs", None)], OPERATIONS.find, {"GET /ack": 0.3})
    yield running
    running.close()


def get(url: str, **options: str | bool) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=10, **options)


@pytest.mark.parametrize(
    ("method", "target", "operation"),
    [
        ("GET", "/fs/ack", "GET /ack"),
        ("GET", "/fs/ack/7-1?x=1", "GET /ack/{id}"),
        ("GET", "/fs/waterfall/7-1/-10", "GET /waterfall/{id}/{rows}"),
        ("PUT", "/fs/ack", OTHER_METHOD),
        ("GET", "/fs/nothing", UNKNOWN_PATH),
        ("GET", "/elsewhere", UNKNOWN_PATH),
    ],
)
def test_operations_are_known_by_method_and_template(method: str, target: str, operation: str) -> None:
    assert OPERATIONS.find(method, target) == operation


def test_everything_passes_as_it_is_and_is_recorded(proxy: Proxy) -> None:
    proxy.record()
    answer = get(f"{proxy.urls[0]}/ack/1-2")
    assert (answer.status_code, answer.json()) == (200, {"status": "running", "n": 1})
    (exchange,) = proxy.recorded()
    assert exchange.kind == ("GET /ack/{id}", 200)
    assert exchange.json == {"status": "running", "n": 1}


def test_an_armed_mutant_changes_the_answers_of_its_kind_only(proxy: Proxy) -> None:
    mutant = Mutant(("GET /ack/{id}", 200), ("n",), "plus one")
    proxy.arm([mutant])
    assert get(f"{proxy.urls[0]}/ack").json() == {}
    assert not proxy.disarm()
    proxy.arm([mutant])
    assert get(f"{proxy.urls[0]}/ack/1-2").json()["n"] == 2
    assert list(proxy.disarm()) == [mutant]
    assert get(f"{proxy.urls[0]}/ack/1-2").json()["n"] == 1


def test_a_late_answer_takes_as_long_as_told(proxy: Proxy) -> None:
    proxy.arm([Mutant(("GET /ack", 200), None, mutants.LATE)])
    began = time.monotonic()
    get(f"{proxy.urls[0]}/ack")
    assert time.monotonic() - began >= 0.3


def test_a_stale_answer_is_the_one_before_where_it_differs(proxy: Proxy, server: Server) -> None:
    url = f"{proxy.urls[0]}/ack/1-2"
    get(url)
    proxy.arm([Mutant(("GET /ack/{id}", 200), None, mutants.STALE)])
    get(url)
    assert not proxy.disarm(), "the same answer is not stale"
    server.answers["GET /fs/ack/1-2"] = Answer(200, {"status": "completed"})
    proxy.arm([Mutant(("GET /ack/{id}", 200), None, mutants.STALE)])
    assert get(url).json()["status"] == "running"


def test_a_request_is_executed_twice(proxy: Proxy, server: Server) -> None:
    proxy.arm([Mutant(("GET /ack", 200), None, mutants.TWICE)])
    get(f"{proxy.urls[0]}/ack")
    assert [request.target for request in server.requests] == ["GET /fs/ack"] * 2


def test_clients_verify_the_certificate_of_the_proxy(server: Server, tmp_path: Path) -> None:
    context, bundle = certificate.server_context(tmp_path, None)
    proxy = Proxy([Door(f"{server.url}/fs", context)], OPERATIONS.find, {})
    port = proxy.urls[0].rpartition(":")[2]
    assert get(f"https://127.0.0.1:{port}/ack", verify=str(bundle)).status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        get(f"https://127.0.0.1:{port}/ack")
    proxy.close()


def test_chunked_answers_and_bodies_reach_the_other_side_byte_for_byte() -> None:
    request = b"POST /fs/configure HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as site:
        proxy = Proxy([Door(f"http://127.0.0.1:{site.getsockname()[1]}", None)], OPERATIONS.find, {})
        with socket.create_connection(("127.0.0.1", int(proxy.urls[0].rpartition(":")[2])), 5) as client:
            client.sendall(request)
            connection, _ = site.accept()
            with connection:
                connection.settimeout(5)
                got = b""
                while len(got) < len(request):
                    got += connection.recv(1000)
                connection.sendall(reply)
                answer = b""
                while len(answer) < len(reply):
                    answer += client.recv(1000)
        proxy.close()
    assert (got, answer) == (request, reply)
