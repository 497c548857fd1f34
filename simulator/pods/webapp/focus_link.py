"""What the web app asks the Focus Server: whether the fibre is measured, and where the streams of a view are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from simulator.pods.webapp import tokens

_ANSWER_S = 4.0
_PREFIX = "/focus-server"


class NoViewError(Exception):
    """There is no view that this user may read; ``status`` is the Focus Server's, 503 when it does not answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the Focus Server answered {status}")
        self.status = status


@dataclass(frozen=True)
class View:
    """An open view: where its streams are, and what their rows hold.

    frequencies in Hz, lines_dt in seconds a row.
    """

    address: str
    streams: int
    view_type: int
    channels: tuple[int, int]
    frequencies: list[float]
    lines_dt: float

    def as_json(self) -> dict[str, Any]:
        """Return what the page needs to know before the first row."""
        return {
            "viewType": self.view_type,
            "channels": list(self.channels),
            "frequencies": self.frequencies,
            "linesDt": self.lines_dt,
        }


class FocusLink:
    """Client of the Focus Server inside the cluster."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def fibre_state(self) -> dict[str, Any]:
        """Return ``{"state"}``: measured, waiting (for the fibre), lost (there is no source), unknown."""
        status, body = await self._get("/live_metadata", {})
        if status == 404:
            return {"state": "lost"}
        if status != 200:
            return {"state": "unknown"}
        return {"state": "measured" if (body.get("prr") or 0) > 0 else "waiting"}

    async def view(self, job_id: str, token: str) -> View:
        """Return the view of a job that the token's user owns; NoViewError for every other."""
        status, body = await self._get(f"/metadata/{quote(job_id, safe='')}", {tokens.FORWARDED: token})
        if status != 200:
            raise NoViewError(status)
        host = urlsplit(body["stream_url"]).hostname or body["stream_url"]
        channels = [int(one) for one in body["channel_to_stream_index"]]
        return View(
            address=f"{host}:{body['stream_port']}",
            streams=int(body["stream_amount"]),
            view_type=int(body["view_type"]),
            channels=(min(channels), max(channels)),
            frequencies=list(body["frequencies_list"]),
            lines_dt=float(body["lines_dt"]),
        )

    async def _get(self, path: str, headers: dict[str, str]) -> tuple[int, Any]:
        timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"{self._url}{_PREFIX}{path}", headers=headers) as answer,
            ):
                return answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return 503, {}
