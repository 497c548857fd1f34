"""The proxy in front of a small loopback server, and the operations it distinguishes."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from support.loopback import Answer, Server, http_server

from strength.mutants import operators
from strength.mutants.mutants import Mutant
from strength.mutants.operations import OTHER_METHOD, UNKNOWN_PATH, Operations, of_kubernetes, of_management
from strength.proxies import certificate
from strength.proxies.http import HttpProxy, Upstream
from strength.proxies.http_messages import MessageReader
from strength.proxies.interceptor import Interceptor

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
def interceptor() -> Interceptor:
    return Interceptor({"GET /ack": 0.3})


@pytest.fixture
def proxy(server: Server, interceptor: Interceptor) -> Iterator[HttpProxy]:
    running = HttpProxy(Upstream(f"{server.url}/fs", OPERATIONS.find), interceptor)
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


@pytest.mark.parametrize(
    ("target", "operation"),
    [
        ("/api/v1/namespaces/panda/pods?labelSelector=app%3Dx", "kubernetes: GET pods"),
        ("/api/v1/namespaces/panda/pods/grpc-job-7/log?tail=5", "kubernetes: GET pods/{name}/log"),
        ("/apis/apps/v1/namespaces/panda/deployments/mongodb", "kubernetes: GET deployments/{name}"),
        ("/api/v1/nodes", "kubernetes: GET nodes"),
        ("/api/v1/namespaces/panda", "kubernetes: GET namespaces/{name}"),
        ("/apis/metrics.k8s.io/v1beta1/namespaces/panda/pods", "kubernetes: GET pods"),
        ("/apis", "kubernetes: GET (description)"),
    ],
)
def test_operations_of_kubernetes_do_not_name_objects(target: str, operation: str) -> None:
    assert of_kubernetes("GET", target) == operation


@pytest.mark.parametrize(
    ("target", "operation"),
    [
        ("/api/overview", "rabbitmq: GET overview"),
        ("/api/queues/%2F/grpc-job-7", "rabbitmq: GET queues/{vhost}/{name}"),
        ("/api/exchanges/%2F/prisma/bindings/source", "rabbitmq: GET exchanges/{vhost}/{name}/bindings/source"),
    ],
)
def test_operations_of_the_management_api_do_not_name_objects(target: str, operation: str) -> None:
    assert of_management("GET", target) == operation


def test_everything_passes_as_it_is_and_is_recorded(proxy: HttpProxy, interceptor: Interceptor) -> None:
    interceptor.record()
    answer = get(f"{proxy.url}/ack/1-2")
    assert (answer.status_code, answer.json()) == (200, {"status": "running", "n": 1})
    (exchange,) = interceptor.recorded()
    assert exchange.kind == ("GET /ack/{id}", 200)
    assert exchange.json == {"status": "running", "n": 1}


def test_an_armed_mutant_changes_the_answers_of_its_kind_only(proxy: HttpProxy, interceptor: Interceptor) -> None:
    mutant = Mutant(("GET /ack/{id}", 200), ("n",), "plus one")
    interceptor.arm([mutant])
    assert get(f"{proxy.url}/ack").json() == {}
    assert not interceptor.disarm()
    interceptor.arm([mutant])
    assert get(f"{proxy.url}/ack/1-2").json()["n"] == 2
    assert list(interceptor.disarm()) == [mutant]
    assert get(f"{proxy.url}/ack/1-2").json()["n"] == 1


def test_a_late_answer_takes_as_long_as_its_limit(proxy: HttpProxy, interceptor: Interceptor) -> None:
    interceptor.arm([Mutant(("GET /ack", 200), None, operators.LATE)])
    began = time.monotonic()
    get(f"{proxy.url}/ack")
    assert time.monotonic() - began >= 0.3


def test_a_stale_answer_is_the_one_before_where_it_differs(
    proxy: HttpProxy, interceptor: Interceptor, server: Server
) -> None:
    url = f"{proxy.url}/ack/1-2"
    get(url)
    interceptor.arm([Mutant(("GET /ack/{id}", 200), None, operators.STALE)])
    get(url)
    assert not interceptor.disarm(), "the same answer is not stale"
    server.answers["GET /fs/ack/1-2"] = Answer(200, {"status": "completed"})
    interceptor.arm([Mutant(("GET /ack/{id}", 200), None, operators.STALE)])
    assert get(url).json()["status"] == "running"


def test_a_request_is_executed_twice(proxy: HttpProxy, interceptor: Interceptor, server: Server) -> None:
    interceptor.arm([Mutant(("GET /ack", 200), None, operators.TWICE)])
    get(f"{proxy.url}/ack")
    assert [request.target for request in server.requests] == ["GET /fs/ack"] * 2


def test_clients_verify_the_certificate_of_the_proxy(server: Server, tmp_path: Path) -> None:
    context, bundle = certificate.server_context(tmp_path, None)
    proxy = HttpProxy(Upstream(f"{server.url}/fs", OPERATIONS.find, context), Interceptor({}))
    port = proxy.url.rpartition(":")[2]
    assert get(f"https://127.0.0.1:{port}/ack", verify=str(bundle)).status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        get(f"https://127.0.0.1:{port}/ack")
    proxy.close()


def test_chunked_answers_and_bodies_reach_the_other_side_byte_for_byte() -> None:
    request = b"POST /fs/configure HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as site:
        proxy = HttpProxy(Upstream(f"http://127.0.0.1:{site.getsockname()[1]}", OPERATIONS.find), Interceptor({}))
        with socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2])), 5) as client:
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


@pytest.mark.parametrize("head", [b"GET /fs/pods?watch=true HTTP/1.1", b"GET /fs/exec HTTP/1.1\r\nUpgrade: websocket"])
def test_what_has_no_end_is_passed_on_as_it_comes_in_both_directions(head: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as site:
        proxy = HttpProxy(Upstream(f"http://127.0.0.1:{site.getsockname()[1]}", OPERATIONS.find), Interceptor({}))
        with socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2])), 5) as client:
            client.sendall(head + b"\r\n\r\n")
            connection, _ = site.accept()
            with connection:
                connection.settimeout(5)
                assert connection.recv(1000) == head + b"\r\n\r\n"
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.sendall(b"2\r\n{}\r\n")
                got = b""
                while not got.endswith(b"{}\r\n"):
                    got += client.recv(1000)
                client.sendall(b"from the client")
                assert connection.recv(1000) == b"from the client"
            assert client.recv(1000) == b"", "the end of one side is the end of the other"
        proxy.close()


def test_a_malformed_request_is_refused_by_the_site_itself() -> None:
    request, reply = b"GET /fs/ack HTTP/1.1\r\nno header\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as site:
        proxy = HttpProxy(Upstream(f"http://127.0.0.1:{site.getsockname()[1]}", OPERATIONS.find), Interceptor({}))
        with socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2])), 5) as client:
            client.sendall(request)
            connection, _ = site.accept()
            with connection:
                connection.settimeout(5)
                assert connection.recv(1000) == request
                connection.sendall(reply)
            with client.makefile("rb") as answer:
                assert answer.read() == reply
        proxy.close()


@pytest.mark.parametrize(
    ("method", "answer", "body", "closes"),
    [
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"{}", False),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", b"{}", True),
        ("GET", b"HTTP/1.1 200 OK\r\n\r\nto the end", b"to the end", True),
        ("GET", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"{}", True),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"", False),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\n", b"", False),
        ("PUT", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"", False),
    ],
)
def test_an_answer_ends_where_its_head_says(method: str, answer: bytes, body: bytes, closes: bool) -> None:
    near, far = socket.socketpair()
    with near:
        with far:
            far.sendall(answer)
        read = MessageReader(near).answer(method)
    assert (read.raw, read.body, read.closes) == (answer, body, closes)


def test_what_is_received_beyond_a_message_belongs_to_the_next() -> None:
    one, two = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb"
    near, far = socket.socketpair()
    with near:
        with far:
            far.sendall(one + two)
        requests = MessageReader(near)
        read = [requests.request(), requests.request()]
        assert [request and request.raw for request in read] == [one, two]
        assert requests.request() is None
