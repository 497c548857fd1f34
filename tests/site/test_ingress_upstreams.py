"""The ingress before services that misbehave: an ingress of the test's own, without a site behind it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import requests
from aiohttp import web
from support.loopback import free_port
from support.site_commands import eventually

from simulator.layout import certificates
from simulator.pods.ingress.proxy import Ingress
from simulator.pods.ingress.server import serve, tls_context
from simulator.pods.ingress.settings import Settings

KEY = "k" * 32


async def upstream(request: web.BaseRequest) -> web.StreamResponse:
    """A service that does what its path names."""
    what = request.path.rpartition("/")[2]
    if what == "slow":
        await asyncio.sleep(3)
    elif what == "breaks":
        assert request.transport is not None
        request.transport.abort()
    elif what in ("stream", "half"):
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"first")
        if what == "half":
            assert request.transport is not None
            request.transport.abort()
        await asyncio.sleep(1)
        await response.write(b"second")
        return response
    elif what == "length":
        size = 0
        async for part in request.content.iter_any():
            size += len(part)
        return web.json_response({"size": size})
    elif what == "cookies":
        two = web.json_response({})
        two.headers.add("Set-Cookie", "a=1")
        two.headers.add("Set-Cookie", "b=2")
        return two
    port = request.transport.get_extra_info("peername")[1] if request.transport else 0
    return web.json_response({"port": port, "headers": dict(request.headers), "path": request.path_qs})


def accepts(port: int) -> bool:
    socket.create_connection(("127.0.0.1", port), timeout=1).close()
    return True


class Door:
    """An ingress and its client."""

    def __init__(self, settings: Settings, authority: Path) -> None:
        self.url = f"https://127.0.0.1:{settings.port}/prisma"
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = str(authority)

    def get(self, path: str, **options: object) -> requests.Response:
        return self.http.get(f"{self.url}/{path}", timeout=10, **options)  # type: ignore[arg-type]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """An ingress with short patience, small limits, a web app that misbehaves and a Focus Server that is not there."""
    certificate, key = certificates.issue(tmp_path, "ingress")
    ports = [free_port() for _ in range(3)]
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    settings = Settings(
        port=ports[0],
        certificate=certificate,
        expired_certificate=certificates.issue_expired(tmp_path, "ingress"),
        other_host_certificate=certificates.issue_for_another_host(tmp_path, "ingress"),
        key=key,
        focus_url=urls[1],
        webapp_url=urls[2],
        token_key=KEY,
        burst=1000,
        max_body=200_000,
        answer_s=1.5,
    )
    stops: list[Callable[[], object]] = []

    async def run() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        stops.append(lambda: loop.call_soon_threadsafe(stop.set))
        async with listening(upstream, ports[2]):
            await serve(Ingress(settings), ports[0], tls_context(settings), stop)

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    eventually(lambda: accepts(ports[0]))
    yield Door(settings, certificates.ca_file(tmp_path))
    stops[0]()
    thread.join(10)
    assert not thread.is_alive()


class listening:  # noqa: N801 - used like a function
    """A plain HTTP server for the time of a block."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], port: int) -> None:
        self._handler = handler
        self._port = port

    async def __aenter__(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._handler), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def __aexit__(self, *_error: object) -> None:
        await self._runner.cleanup()


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [("slow", 504, "GatewayTimeoutError"), ("breaks", 502, "BadGatewayError")],
)
def test_a_service_that_does_not_answer(door: Door, path: str, status: int, kind: str) -> None:
    answer = door.get(path)
    assert (answer.status_code, answer.json()["type"], answer.json()["statusCode"]) == (status, kind, status)
    assert "127.0.0.1" not in answer.text
    assert len(answer.json()["message"]) > 10


def test_a_service_that_is_not_there(door: Door) -> None:
    url = door.url.replace("/prisma", "/focus-server")
    answer = door.http.get(f"{url}/ack", timeout=10)
    assert (answer.status_code, list(answer.json()), answer.headers["Retry-After"]) == (503, ["error"], "5")


def test_half_an_answer_does_not_look_whole(door: Door) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        door.get("half")


def test_answers_are_streamed(door: Door) -> None:
    with door.get("stream", stream=True) as answer:
        parts = answer.iter_content(None)
        assert next(parts) == b"first"
        assert b"".join(parts) == b"second"


def test_bodies_are_streamed_and_counted(door: Door) -> None:
    def pieces(count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield b"x" * 1000

    whole = door.http.post(f"{door.url}/length", data=pieces(200), timeout=10)
    assert (whole.status_code, whole.json()) == (200, {"size": 200_000})
    assert door.http.post(f"{door.url}/length", data=b"x" * 150_000, timeout=10).json() == {"size": 150_000}
    for large in (b"x" * 200_001, pieces(201)):
        refused = door.http.post(f"{door.url}/length", data=large, timeout=10)
        assert (refused.status_code, refused.json()["type"]) == (413, "PayloadTooLargeError")


def test_a_client_that_waits_for_leave_to_send_gets_it(door: Door) -> None:
    answer = door.http.post(f"{door.url}/length", data=b"x" * 10, headers={"Expect": "100-continue"}, timeout=10)
    assert answer.json() == {"size": 10}


def test_connections_to_a_service_are_kept(door: Door) -> None:
    assert len({door.get("echo").json()["port"] for _ in range(5)}) == 1


def test_only_the_door_speaks_of_proxies(door: Door) -> None:
    claims = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=6.6.6.6",
        "X-Real-IP": "6.6.6.6",
        "X-Request-ID": "mine",
        "Host": "evil.example",
        "Connection": "X-Gone",
        "X-Gone": "1",
        "X-Kept": "1",
    }
    answer = door.get("echo?a=%2F%20b", headers=claims)
    seen = answer.json()["headers"]
    assert answer.json()["path"] == "/prisma/echo?a=%2F%20b"
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["X-Kept"]) == ("127.0.0.1", "https", "1")
    assert seen["X-Request-ID"] == answer.headers["X-Request-ID"]
    assert not {"X-Forwarded-Host", "Forwarded", "X-Real-IP", "X-Gone"} & set(seen)
    assert "evil" not in str(seen)


def test_every_cookie_of_an_answer_arrives(door: Door) -> None:
    answer = door.get("cookies")
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
