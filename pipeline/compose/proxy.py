"""A reverse proxy on loopback before the HTTP doors of a site: passes everything on, and reports what it passed."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import trustme
from aiohttp import ClientError, ClientSession, TCPConnector, web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from pipeline.compose.recorded import Door, Recorded, parsed

# They belong to one connection, or are made anew for the other one.
_OF_CONNECTION = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "host", "expect"}
    | {"proxy-connection", "proxy-authorization", "proxy-authenticate", "accept-encoding"}
)
_LARGEST_BODY = 64 << 20
_BAD_GATEWAY = 502

# The Authorization header for a request that brings no login; empty: it goes as it is.
Login = Callable[[Door | None], Awaitable[str]]


def origin(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass
class OriginProxy:
    """A port before one origin of the site. `doors`: addresses below the origin's, each with the door it is."""

    upstream: str
    doors: Mapping[str, Door]
    verify: ssl.SSLContext | bool
    login: Login
    report: Callable[[Recorded], None]
    # An HTTP proxy that leads to the site.
    by_way_of: str | None = None
    own: str = ""

    async def start(self, runner_of: Callable[[web.Application], web.AppRunner], tls: ssl.SSLContext) -> None:
        """Listens on a free port; `own` is the address from then on."""
        application = web.Application(client_max_size=_LARGEST_BODY)
        application.router.add_route("*", "/{path:.*}", self._pass_on)
        runner = runner_of(application)
        await runner.setup()
        place = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await place.start()
        self.own = f"https://127.0.0.1:{runner.addresses[0][1]}"

    def through(self, url: str) -> str:
        """The address that leads to `url` by way of the proxy."""
        return self.own + url.removeprefix(self.upstream)

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        door, path = self._door_of(request.raw_path)
        headers = CIMultiDict(self._to_site(request.headers))
        if "Authorization" not in headers and "Cookie" not in headers and (given := await self.login(door)):
            headers["Authorization"] = given
        target = URL(self.upstream + request.raw_path, encoded=True)
        connector = TCPConnector(ssl=self.verify)
        try:
            async with (
                ClientSession(connector=connector, auto_decompress=False) as session,
                session.request(
                    request.method,
                    target,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                    proxy=self.by_way_of,
                ) as answer,
            ):
                content = await answer.read()
        except ClientError as error:
            return web.Response(status=_BAD_GATEWAY, text=f"The site does not answer ({error}).")
        if door:
            kind = answer.headers.get("Content-Type", "")
            self.report(Recorded(door, request.method, path, parsed(body), answer.status, parsed(content), kind))
        back = CIMultiDict(self._to_client(answer.headers))
        return web.Response(status=answer.status, reason=answer.reason, headers=back, body=content)

    def _door_of(self, raw_path: str) -> tuple[Door | None, str]:
        for base, door in self.doors.items():
            if raw_path.startswith(f"{base}/"):
                return door, raw_path.removeprefix(base)
        return None, raw_path

    def _to_site(self, headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in headers.items():
            if name.lower() not in _OF_CONNECTION:
                yield name, value.replace(self.own, self.upstream) if name.lower() in ("origin", "referer") else value

    def _to_client(self, headers: CIMultiDictProxy[str]) -> Iterator[tuple[str, str]]:
        for name, value in headers.items():
            if name.lower() not in _OF_CONNECTION:
                yield name, value.replace(self.upstream, self.own) if name.lower() == "location" else value


def own_tls(certificate: Path) -> ssl.SSLContext:
    """A certificate for loopback by an authority of its own, which is written to `certificate` for clients."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(certificate))
    return context
