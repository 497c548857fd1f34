"""The recording proxy before a small server that is no site."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, TCPConnector, web
from yarl import URL

from pipeline.compose.proxy import OriginProxy, own_tls
from pipeline.compose.recorded import Door, Recorded

Seen = list[tuple[str, dict[str, str], bytes]]


async def answering(request: web.Request, seen: Seen) -> web.Response:
    seen.append((request.raw_path, dict(request.headers), await request.read()))
    if request.path == "/focus-server/moved":
        return web.Response(status=302, headers={"Location": f"http://{request.host}/focus-server/there"})
    answer = web.json_response({"job_id": "1-1", "token": "abc"}, status=201)
    answer.headers.add("Set-Cookie", "a=1")
    answer.headers.add("Set-Cookie", "b=2")
    return answer


def through_a_proxy(
    folder: Path, ask: Callable[[ClientSession, OriginProxy], Awaitable[Any]], login: str = ""
) -> tuple[Seen, list[Recorded], Any]:
    """What the server got, what was recorded, and what `ask` returns."""
    seen: Seen = []
    recorded: list[Recorded] = []

    async def give(door: Door | None) -> str:
        return login if door == "rest" else ""

    async def main() -> Any:
        runners: list[web.AppRunner] = []

        def runner_of(application: web.Application) -> web.AppRunner:
            runners.append(web.AppRunner(application))
            return runners[-1]

        server = web.Application()

        async def answer(request: web.Request) -> web.Response:
            return await answering(request, seen)

        server.router.add_route("*", "/{path:.*}", answer)
        runner = runner_of(server)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        upstream = f"http://127.0.0.1:{runner.addresses[0][1]}"
        proxy = OriginProxy(upstream, {"/focus-server": "rest", "/prisma/api": "webapp"}, True, give, recorded.append)
        await proxy.start(runner_of, own_tls(folder / "ca.pem"))
        trust = ssl.create_default_context(cafile=folder / "ca.pem")
        try:
            async with ClientSession(connector=TCPConnector(ssl=trust)) as client:
                return await ask(client, proxy)
        finally:
            for one in runners:
                await one.cleanup()

    return seen, recorded, asyncio.run(main())


def test_a_request_passes_unchanged_and_is_recorded_without_secrets(tmp_path: Path) -> None:
    async def ask(client: ClientSession, proxy: OriginProxy) -> tuple[int, bytes, list[str]]:
        url = URL(f"{proxy.own}/focus-server/configure?a=%2F", encoded=True)
        async with client.post(url, json={"x": 1, "password": "p"}, headers={"Authorization": "Bearer own"}) as answer:
            return answer.status, await answer.read(), answer.headers.getall("Set-Cookie")

    seen, recorded, answered = through_a_proxy(tmp_path, ask, login="Bearer ours")
    path, headers, body = seen[0]
    assert (path, headers["Authorization"]) == ("/focus-server/configure?a=%2F", "Bearer own")
    assert body == b'{"x": 1, "password": "p"}'
    assert answered == (201, b'{"job_id": "1-1", "token": "abc"}', ["a=1", "b=2"])
    assert recorded == [
        Recorded(
            "rest",
            "POST",
            "/configure?a=%2F",
            {"x": 1, "password": "<secret>"},
            201,
            {"job_id": "1-1", "token": "<secret>"},
            "application/json; charset=utf-8",
        )
    ]


def test_a_request_without_a_login_gets_the_sites_at_the_focus_server_only(tmp_path: Path) -> None:
    async def ask(client: ClientSession, proxy: OriginProxy) -> None:
        for path in ("/focus-server/channels", "/prisma/api/alert", "/page.html"):
            async with client.get(proxy.own + path):
                pass

    seen, recorded, _ = through_a_proxy(tmp_path, ask, login="Bearer ours")
    assert [headers.get("Authorization") for _, headers, _ in seen] == ["Bearer ours", None, None]
    assert [(one.door, one.path) for one in recorded] == [("rest", "/channels"), ("webapp", "/alert")]


def test_a_redirect_leads_back_through_the_proxy(tmp_path: Path) -> None:
    async def ask(client: ClientSession, proxy: OriginProxy) -> tuple[str, str]:
        url = f"{proxy.own}/focus-server/moved"
        async with client.get(url, headers={"Origin": proxy.own}, allow_redirects=False) as answer:
            return answer.headers["Location"], f"{proxy.own}/focus-server/there"

    seen, _, (location, expected) = through_a_proxy(tmp_path, ask)
    assert location == expected
    assert seen[0][1]["Origin"] == f"http://{seen[0][1]['Host']}"


def test_a_site_that_is_gone_is_a_bad_gateway(tmp_path: Path) -> None:
    async def ask(client: ClientSession, proxy: OriginProxy) -> int:
        proxy.upstream = "http://127.0.0.1:9"
        async with client.get(f"{proxy.own}/focus-server/ack") as answer:
            return answer.status

    _, recorded, status = through_a_proxy(tmp_path, ask)
    assert (status, recorded) == (502, [])
