"""Readiness and liveness probes."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from simulator.cluster import meta
from simulator.cluster.resources import Object

LOOPBACK = "127.0.0.1"


class ProbeError(Exception):
    """The probe's answer was not the wanted one; the text names it."""


async def probe_once(
    probe: Object, container: Object, http: aiohttp.ClientSession, env: Mapping[str, str], directory: Path
) -> None:
    """Asks once; raises ProbeError."""
    timeout = float(probe.get("timeoutSeconds", 1))
    try:
        async with asyncio.timeout(timeout):
            if "httpGet" in probe:
                await _http(probe["httpGet"], container, http)
            elif "tcpSocket" in probe:
                _, writer = await asyncio.open_connection(LOOPBACK, _port(probe["tcpSocket"]["port"], container))
                writer.close()
            else:
                await _exec(probe["exec"]["command"], env, directory)
    except TimeoutError as error:
        raise ProbeError(f"no answer within {timeout:g} s") from error
    except (OSError, aiohttp.ClientError) as error:
        raise ProbeError(str(error)) from error


async def _http(action: Object, container: Object, http: aiohttp.ClientSession) -> None:
    port = _port(action["port"], container)
    url = f"{action.get('scheme', 'HTTP').lower()}://{action.get('host', LOOPBACK)}:{port}{action.get('path', '/')}"
    headers = {one["name"]: one["value"] for one in action.get("httpHeaders") or []}
    async with http.get(url, headers=headers, allow_redirects=False) as answer:
        if not 200 <= answer.status < 400:
            raise ProbeError(f"HTTP probe failed with statuscode: {answer.status}")


async def _exec(command: list[str], env: Mapping[str, str], directory: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(env),
        cwd=directory,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    if process.returncode != 0:
        raise ProbeError(f"command ended with {process.returncode}: {output.decode(errors='replace').strip()}")


def _port(port: int | str, container: Object) -> int:
    if isinstance(port, int) or port.isdigit():
        return int(port)
    found = meta.open_port([container], port)
    if found is None:
        raise ProbeError(f'the container has no port named "{port}"')
    return found
