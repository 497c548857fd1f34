"""exec: a command inside a pod, over the WebSocket channel protocols v4 and v5."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from aiohttp import WSMsgType, web

from simulator.cluster.errors import bad_request
from simulator.cluster.resources import Object

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255


async def serve_exec(request: web.Request, env: Mapping[str, str], directory: Path) -> web.StreamResponse:
    """Runs the command of the query in the pod's directory with the container's variables."""
    command = request.query.getall("command", [])
    if not command:
        raise bad_request("you must specify at least one command for the container")
    socket = web.WebSocketResponse(protocols=PROTOCOLS, max_msg_size=0)
    if not socket.can_prepare(request):
        raise bad_request("exec needs a WebSocket upgrade; the simulated cluster does not speak SPDY")
    await socket.prepare(request)
    terminal = request.query.get("tty") in ("true", "1")
    wants_stdin = request.query.get("stdin") in ("true", "1")
    try:
        session = await _start(command, env, directory, terminal=terminal, stdin=wants_stdin)
    except OSError as error:
        await socket.send_bytes(bytes([STDERR]) + f'exec: "{command[0]}": {error.strerror}\n'.encode())
        await _send_status(socket, 127)
        await socket.close()
        return socket
    reader = asyncio.create_task(_read_client(socket, session, terminal=terminal))
    await asyncio.gather(*(_copy(socket, channel, stream) for channel, stream in session.outputs))
    code = await session.process.wait()
    reader.cancel()
    session.close()
    await _send_status(socket, 128 - code if code < 0 else code)
    await socket.close()
    return socket


class _Session:
    """A started command with the streams that belong to it."""

    def __init__(self, process: asyncio.subprocess.Process, outputs: list[tuple[int, asyncio.StreamReader]]) -> None:
        self.process = process
        self.outputs = outputs
        self.terminal: int | None = None
        self.transport: asyncio.ReadTransport | None = None

    def write(self, data: bytes) -> None:
        """Input from the client."""
        if self.terminal is not None:
            os.write(self.terminal, data)
        elif self.process.stdin is not None:
            self.process.stdin.write(data)

    def end_of_input(self) -> None:
        """The client has no more input."""
        if self.process.stdin is not None:
            self.process.stdin.close()

    def kill(self) -> None:
        """The client went away."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Gives the terminal back."""
        if self.transport is not None:
            self.transport.close()


async def _start(
    command: list[str], env: Mapping[str, str], directory: Path, *, terminal: bool, stdin: bool
) -> _Session:
    if not terminal:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=dict(env),
            cwd=directory,
            stdin=asyncio.subprocess.PIPE if stdin else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None and process.stderr is not None  # noqa: S101 - both are pipes
        return _Session(process, [(STDOUT, process.stdout), (STDERR, process.stderr)])
    ours, theirs = os.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *command, env=dict(env), cwd=directory, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    reader = asyncio.StreamReader()
    session = _Session(process, [(STDOUT, reader)])
    session.terminal = ours
    session.transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "r+b", buffering=0)
    )
    return session


async def _copy(socket: web.WebSocketResponse, channel: int, stream: asyncio.StreamReader) -> None:
    while not socket.closed:
        try:
            data = await stream.read(32768)
        except OSError:
            # Linux reports the end of a terminal as an input/output error.
            return
        if not data:
            return
        try:
            await socket.send_bytes(bytes([channel]) + data)
        except ConnectionError:
            return


async def _read_client(socket: web.WebSocketResponse, session: _Session, *, terminal: bool) -> None:
    async for message in socket:
        if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT):
            continue
        data: bytes = message.data if isinstance(message.data, bytes) else message.data.encode()
        if not data:
            continue
        if data[0] == STDIN:
            session.write(data[1:])
        elif data[0] == CLOSE and data[1:] == bytes([STDIN]):
            session.end_of_input()
        elif data[0] == RESIZE and terminal and session.terminal is not None:
            _resize(session.terminal, json.loads(data[1:]))
    session.kill()


def _resize(terminal: int, size: Object) -> None:
    if sys.platform != "win32":
        import termios  # not on Windows, where the cluster does not run but must import

        termios.tcsetwinsize(terminal, (size.get("Height", 24), size.get("Width", 80)))


async def _send_status(socket: web.WebSocketResponse, code: int) -> None:
    status: Object = {"metadata": {}, "status": "Success"}
    if code:
        status = {
            "metadata": {},
            "status": "Failure",
            "reason": "NonZeroExitCode",
            "message": f"command terminated with non-zero exit code: {code}",
            "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
        }
    if not socket.closed:
        await socket.send_bytes(bytes([ERROR]) + json.dumps(status).encode())
