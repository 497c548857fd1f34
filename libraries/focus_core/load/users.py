"""The users of a load: they take turns, each with a login that is renewed before it expires."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from focus_core.base.errors import BenchError
from focus_core.site.model import Site

if TYPE_CHECKING:
    from focus_core.webapp.client import WebAppClient

_LOGINS_AT_ONCE = 8
_RENEWED_EVERY_S = 5.0


class Users:
    """What each user sends to be known. ``version`` changes when that does."""

    def __init__(self, clients: Sequence[WebAppClient] = ()) -> None:
        self._clients = clients
        self._headers = [""] * max(1, len(clients))
        self.version = 0

    @classmethod
    def of_site(cls, site: Site, names: Sequence[str]) -> Users:
        """Users of a site by their names. Raises ``BenchError`` for one that it does not have."""
        known = {user.username: user for user in site.users}
        strange = next((name for name in names if name not in known), None)
        if strange is not None:
            raise BenchError(f"The site '{site.name}' has no user '{strange}'; add it to the users of its file.")
        # Imported here: a load of a product without this login has no such client.
        from focus_core.webapp.client import WebAppClient

        return cls([WebAppClient.of_site(site, known[name], liveness_check=None) for name in names])

    def __len__(self) -> int:
        return len(self._headers)

    def name(self, number: int) -> str:
        """The user who does the action of that number."""
        return self._clients[number % len(self)].username if self._clients else "anonymous"

    def header(self, number: int) -> str:
        """A header line of that user, empty for one who is not logged in."""
        return self._headers[number % len(self)]

    async def log_in(self) -> None:
        """Logs all of them in, or renews what is about to expire. Raises ``BenchError`` when one is refused."""
        limit = asyncio.Semaphore(_LOGINS_AT_ONCE)

        async def token(client: WebAppClient) -> str:
            async with limit:
                return (await asyncio.to_thread(client.login)).value

        tokens = await asyncio.gather(*map(token, self._clients))
        headers = [f"Authorization: Bearer {value}\r\n" for value in tokens] or [""]
        if headers != self._headers:
            self._headers = headers
            self.version += 1

    async def keep_logged_in(self) -> None:
        """Renews logins until it is cancelled."""
        while self._clients:
            await asyncio.sleep(_RENEWED_EVERY_S)
            # A site that is overloaded lets nobody in; the answers to the requests show that.
            with suppress(AssertionError, BenchError):
                await self.log_in()
