"""A Kubernetes API of pods and their logs, in memory, that can do all that a real one does to whoever follows them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from focus_core.logs.api import LostError, RefusedError


@dataclass
class PodLogFile:
    """What a container has logged: stamps and bytes of each line, with newline. ``over`` once it has ended."""

    lines: list[tuple[str, bytes]] = field(default_factory=list)
    over: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, stamp: str, *texts: bytes) -> None:
        self.lines += [(stamp, text + b"\n") for text in texts]
        self.changed.set()

    def end(self) -> None:
        self.over = True
        self.changed.set()

    def rotate(self, kept: int) -> None:
        """Throws away all but so many of the last lines."""
        del self.lines[: max(0, len(self.lines) - kept)]


class PodApi:
    """Answers what the monitor asks.

    ``breaks`` are numbers of bytes: each follow gets so many and then breaks off, as a connection does; ``ends`` are
    the same, but the answer ends as if it were whole. ``piece`` is how many bytes come at once.
    """

    def __init__(self, *, piece: int = 7) -> None:
        self.clock: tuple[float, float] | None = None
        self.logs: dict[str, PodLogFile] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.breaks: list[int] = []
        self.ends: list[int] = []
        self.away = False
        self.pods: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.changes: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._piece = piece

    async def stream(self, path: str, query: Mapping[str, str], silence: float = 0) -> AsyncIterator[bytes]:  # noqa: ARG002
        self.asked.append((path, query))
        await asyncio.sleep(0)
        if self.away:
            raise LostError("ClientConnectorError")
        answer = self._log(path, query) if path.endswith("/log") else self._list(path, query)
        async for chunk in answer:
            yield chunk

    async def close(self) -> None:
        pass

    async def _list(self, path: str, query: Mapping[str, str]) -> AsyncIterator[bytes]:
        if "watch" not in query:
            items = self.pods if path.endswith("/pods") else self.events
            yield json.dumps({"metadata": {"resourceVersion": "1"}, "items": items}).encode()
            return
        while path.endswith("/pods"):
            yield json.dumps(await self.changes.get()).encode() + b"\n"
        await asyncio.Event().wait()

    async def _log(self, path: str, query: Mapping[str, str]) -> AsyncIterator[bytes]:
        name = path.split("/")[-2]
        log = self.logs.get(f"{name} previous" if "previous" in query else name)
        if log is None:
            raise RefusedError(404, f'pods "{name}" not found')
        since, sent, place = query.get("sinceTime", ""), 0, 0
        follow = "follow" in query
        breaks = self.breaks.pop(0) if follow and self.breaks else None
        ends = self.ends.pop(0) if follow and self.ends else None
        limit = breaks if breaks is not None else ends
        while True:
            log.changed.clear()
            whole = b"".join(
                f"{stamp} ".encode() + text for stamp, text in log.lines[place:] if stamp[:19] >= since[:19]
            )
            place = len(log.lines)
            for begin in range(0, len(whole), self._piece):
                chunk = whole[begin : begin + self._piece]
                if limit is not None and sent + len(chunk) >= limit:
                    yield chunk[: limit - sent]
                    if breaks is not None:
                        raise LostError("ClientPayloadError")
                    return
                sent += len(chunk)
                yield chunk
            if not follow or log.over:
                return
            await log.changed.wait()


def pod(name: str, *containers: Mapping[str, Any], uid: str = "", phase: str = "Running") -> dict[str, Any]:
    """A pod as the API describes it; ``containers`` are their statuses."""
    return {
        "metadata": {"name": name, "uid": uid or f"uid of {name}", "labels": {}, "resourceVersion": "2"},
        "spec": {"nodeName": "worker"},
        "status": {"phase": phase, "containerStatuses": list(containers)},
    }


def event(kind: str, name: str, reason: str, at: str, message: str = "") -> dict[str, Any]:
    """An event about an object, as the API describes it."""
    return {
        "metadata": {"uid": f"{reason} of {name}"},
        "involvedObject": {"kind": kind, "name": name},
        "reason": reason,
        "message": message,
        "lastTimestamp": at,
    }


def running(identifier: str, *, restarts: int = 0, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The status of a container that runs."""
    state = {"running": {"startedAt": "2026-12-01T05:00:00Z"}}
    last = {"terminated": before} if before else {}
    return {"name": "main", "containerID": identifier, "restartCount": restarts, "state": state, "lastState": last}


def ended(identifier: str, code: int = 0, reason: str = "Completed") -> dict[str, Any]:
    """The status of a container that has ended."""
    return {"name": "main", "containerID": identifier, "restartCount": 0, "state": {"terminated": end(code, reason)}}


def end(code: int, reason: str, identifier: str = "") -> dict[str, Any]:
    """How a container ended, as the API describes it."""
    times = {"startedAt": "2026-12-01T05:00:00Z", "finishedAt": "2026-12-01T05:00:09Z"}
    return {"exitCode": code, "reason": reason, "containerID": identifier, **times}
