"""The Kubernetes API of a site as endless answers: directly, or through kubectl on its SSH node.

Both give the same bytes for the same path, so that whoever follows a log need not know which way a site offers. Bare
aiohttp with the settings of the official client, which offers no sinceTime and ends every answer after five minutes.
"""

from __future__ import annotations

import asyncio
import json
import shlex
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from focus_core.base import http_session
from focus_core.base.errors import BenchError
from focus_core.cluster.kubectl import refusal_status
from focus_core.site import secrets

if TYPE_CHECKING:
    from focus_core.site.model import Site

# Seconds until a connection is there, and without a byte until an answer is asked for anew: a dead one never ends.
CONNECT_S, SILENCE_S = 5.0, 120.0
_PIECE = 1 << 16
# Logs that are followed wake us so often in a second, all together, and none is left alone for longer than this.
_WAKES_A_SECOND, _LONGEST_PAUSE_S = 500, 0.4
# sshd lets so many commands share one connection (MaxSessions).
_COMMANDS_A_CONNECTION = 8

Query = Mapping[str, str]


class RefusedError(Exception):
    """The API answered, with a status that is no success; the words are those of its answer."""

    def __init__(self, status: int, text: str) -> None:
        with suppress(ValueError, KeyError, TypeError):
            text = str(json.loads(text)["message"])
        super().__init__(f"{status} {' '.join(text.split())[:300]}")
        self.status = status


class LostError(Exception):
    """No answer, or one that broke off; the text is the kind of trouble."""


class Api(Protocol):
    """``clock`` is how far the API's clock is behind ours, in seconds, as far as answers show it: (least, most)."""

    clock: tuple[float, float] | None

    def stream(self, path: str, query: Query, silence: float = SILENCE_S) -> AsyncIterator[bytes]:
        """The chunks of an answer. Raises ``RefusedError`` and ``LostError``; whole answers just end."""

    async def close(self) -> None:
        """Ends all connections."""


async def read(api: Api, path: str, query: Query) -> Any:
    """The JSON of a whole answer. Raises ``RefusedError`` and ``LostError``."""
    whole = b"".join([chunk async for chunk in api.stream(path, query, silence=15.0)])
    try:
        return json.loads(whole)
    except ValueError:
        raise LostError("no JSON") from None


@asynccontextmanager
async def opened(site: Site) -> AsyncIterator[Api]:
    """The API of a site. Raises ``BenchError`` when its settings cannot be used."""
    api: Api = SshApi(site) if site.kubernetes.access == "kubectl_over_ssh" else await DirectApi.of_site(site)
    try:
        yield api
    finally:
        await api.close()


class DirectApi:
    """The API at its own address."""

    def __init__(self, settings: Any, *, proxy: str | None = None) -> None:
        import aiohttp
        from kubernetes.aio.client import rest

        self.clock: tuple[float, float] | None = None
        self._settings, self._proxy = settings, proxy
        self._follows = 0
        tls = rest.RESTClientObject(settings).ssl_context
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=tls),
            auto_decompress=True,
            # The environment's proxy is for the machine's way out, not for a lab.
            trust_env=False,
        )

    @classmethod
    async def of_site(cls, site: Site) -> DirectApi:
        """With the kubeconfig and the context of the site's file."""
        from kubernetes.aio import client, config

        place = site.kubernetes
        settings = client.Configuration()
        try:
            await config.load_kube_config(
                str(place.kubeconfig), context=place.context, client_configuration=settings, persist_config=False
            )
            return cls(settings, proxy=site.proxy)
        except (config.ConfigException, OSError) as error:
            raise BenchError(
                f"The kubeconfig {place.kubeconfig} (context {place.context}) cannot be used: {error}; correct "
                "kubernetes.* of the site file."
            ) from None

    async def stream(self, path: str, query: Query, silence: float = SILENCE_S) -> AsyncIterator[bytes]:
        import aiohttp

        headers = {one["key"]: one["value"] for one in (await self._settings.auth_settings()).values()}
        url = f"{self._settings.host}{path}?{urlencode(query)}"
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=silence)
        begun, is_follow = time.time(), "follow" in query
        self._follows += is_follow
        try:
            async with self._session.get(
                url,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy,
                server_hostname=self._settings.tls_server_name or None,
            ) as answer:
                self._note_clock(answer.headers.get("Date", ""), begun)
                if answer.status != 200:
                    raise RefusedError(answer.status, (await answer.read()).decode("utf-8", "replace"))
                async for chunk in answer.content.iter_any():
                    yield chunk
                    if is_follow:
                        await self._let_gather(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise LostError(type(error).__name__) from None
        finally:
            self._follows -= is_follow

    async def close(self) -> None:
        await self._session.close()

    async def _let_gather(self, answer: Any) -> None:
        """Nothing is read for a moment: to be woken for each line costs more than what is done with it."""
        transport = answer.connection and answer.connection.transport
        if transport is None:  # the answer has ended
            return
        transport.pause_reading()
        try:
            await asyncio.sleep(min(self._follows / _WAKES_A_SECOND, _LONGEST_PAUSE_S))
        finally:
            transport.resume_reading()

    def _note_clock(self, date: str, begun: float) -> None:
        """The header has whole seconds: the API's clock showed between this and the next one while we waited."""
        with suppress(ValueError, TypeError):
            stated = parsedate_to_datetime(date).timestamp()
            least, most = begun - stated - 1.0, time.time() - stated
            before = self.clock or (least, most)
            # Clocks that run apart leave nothing in common: then the newest counts.
            both = max(least, before[0]), min(most, before[1])
            self.clock = both if both[0] <= both[1] else (least, most)


class SshApi:
    """The API through ``kubectl get --raw`` on the node, which passes on what comes as it comes."""

    def __init__(self, site: Site) -> None:
        self.clock: tuple[float, float] | None = None
        self._site = site
        self._connections: list[_Connection] = []
        self._connecting = asyncio.Lock()

    async def stream(self, path: str, query: Query, silence: float = SILENCE_S) -> AsyncIterator[bytes]:
        import asyncssh

        command = f"{self._site.kubernetes.kubectl} get --raw {shlex.quote(f'{path}?{urlencode(query)}')}"
        connection = await self._free_connection()
        try:
            process = await connection.ssh.create_process(command, encoding=None, stdin=asyncssh.DEVNULL)
            complaints = asyncio.create_task(process.stderr.read())
            try:
                while chunk := await asyncio.wait_for(process.stdout.read(_PIECE), silence):
                    yield chunk
                await process.wait_closed()
                said = (await complaints).decode("utf-8", "replace")
            finally:
                complaints.cancel()
                # Not waited for: a node that does not close its end must not keep us.
                process.close()
            if process.exit_status:
                status = refusal_status(said)
                if status is None:
                    raise LostError(" ".join(said.split())[:100] or f"kubectl ended with {process.exit_status}")
                raise RefusedError(status, said)
        except (asyncssh.Error, TimeoutError, OSError) as error:
            raise LostError(type(error).__name__) from None
        finally:
            connection.commands -= 1

    async def close(self) -> None:
        for connection in self._connections:
            connection.ssh.abort()

    async def _free_connection(self) -> _Connection:
        """A connection that may carry one more command, which is counted already."""
        async with self._connecting:
            self._connections = [one for one in self._connections if not one.ssh.is_closed()]
            free = next((one for one in self._connections if one.commands < _COMMANDS_A_CONNECTION), None)
            if free is None:
                free = _Connection(await self._connect())
                self._connections.append(free)
            free.commands += 1
            return free

    async def _connect(self) -> Any:
        import asyncssh

        place = self._site.node
        try:
            reached = await asyncio.to_thread(
                http_session.connect, place.host, place.port, timeout=CONNECT_S, proxy=self._site.proxy
            )
            reached.setblocking(False)
            return await asyncssh.connect(
                sock=reached,
                username=place.username,
                password=secrets.reveal(place.password),
                # As the keywords of the node do.
                known_hosts=None,
                agent_path=None,
                client_keys=None,
                config=None,
                login_timeout=CONNECT_S * 4,
                keepalive_interval=30,
            )
        except (asyncssh.Error, OSError) as error:
            raise LostError(f"the node does not let '{place.username}' in ({type(error).__name__})") from None


class _Connection:
    """A connection to the node, and how many commands it carries."""

    def __init__(self, ssh: Any) -> None:
        self.ssh = ssh
        self.commands = 0
