"""Health of the Focus Server: itself and the three services it depends on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from simulator import defects
from simulator.pods.focus.kubernetes_api import KubernetesApi
from simulator.pods.focus.recordings import Recordings
from simulator.pods.focus.settings import Settings

_PROBE_S = 0.7
_AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
_AMQP_METHOD_FRAME = b"\x01"

_started = time.monotonic()


async def health(settings: Settings, api: KubernetesApi, recordings: Recordings) -> tuple[int, dict[str, Any]]:
    """Return status code and body: ``degraded`` names what is down; 503 only when everything is.

    Each probe takes 0.7 s at most and all run at once, so that the answer is there within a second.
    """
    mongodb, rabbitmq, kubernetes = await asyncio.gather(
        recordings.ping(), broker_answers(settings.broker_host, settings.broker_port), api.ready(_PROBE_S)
    )
    dependencies = {
        name: "ok" if up else "down"
        for name, up in (("mongodb", mongodb), ("rabbitmq", rabbitmq), ("kubernetes", kubernetes))
    }
    if defects.active("health-always-ok"):
        dependencies = dict.fromkeys(dependencies, "ok")
    down = [name for name, state in dependencies.items() if state == "down"]
    body: dict[str, Any] = {
        "status": "degraded" if down else "ok",
        "version": settings.version,
        "uptime": round(time.monotonic() - _started, 3),
        "dependencies": dependencies,
    }
    if down:
        body["message"] = f"down: {', '.join(down)}"
    return (503 if len(down) == len(dependencies) else 200), body


async def broker_answers(host: str, port: int) -> bool:
    """Return whether an AMQP broker answers at the address: it greets a client that sends the protocol header."""
    try:
        async with asyncio.timeout(_PROBE_S):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(_AMQP_HEADER)
                return await reader.readexactly(1) == _AMQP_METHOD_FRAME
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
