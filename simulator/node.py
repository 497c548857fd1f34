"""The worker node as an operator sees it over SSH: password and key login, shell, commands, SFTP, scp, kubectl.

``python -m simulator.node --state-dir DIR --port PORT --username NAME`` listens on 127.0.0.1. It reads from DIR:
``secrets/node`` (password) and ``kubeconfig``. It makes ``secrets/node_host_key`` and, for logins by key,
``secrets/node_key`` with ``secrets/node_authorized_keys``, where they are missing.
Commands run as the user who started the site, in ``DIR/node``.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import hmac
import os
import pty
import shutil
import signal
import struct
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh

from simulator.defects import active
from simulator.layout.state import StateDir, write_atomically

_CHUNK = 65536
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Login(asyncssh.SSHServer):  # type: ignore[misc] # asyncssh is not typed for strict mode
    """Accepts one user, by password or by a key of the site."""

    def __init__(self, username: str, password: str, keys: Path) -> None:
        self._username = username
        self._password = password
        self._keys = keys
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        if username == self._username and self._keys.exists() and self._connection:
            self._connection.set_authorized_keys(asyncssh.read_authorized_keys(str(self._keys)))
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        right = username == self._username and hmac.compare_digest(password.encode(), self._password.encode())
        right = right and not active("node-login-refused")
        print(f"{_now()} login of {username!r} by password: {'accepted' if right else 'refused'}", flush=True)
        return right

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        """Open what a client reaches through the node (`ssh -J`, `-L`, `-W`): services of the site, on loopback."""
        if dest_host not in _LOOPBACK:
            text = f"The simulated node reaches 127.0.0.1 only, not {dest_host}."
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, text)
        print(f"{_now()} {orig_host}:{orig_port} is forwarded to {dest_host}:{dest_port}", flush=True)
        return True


class Files(asyncssh.SFTPServer):  # type: ignore[misc] # asyncssh is not typed for strict mode
    """The files of the node."""

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        if active("node-disk-full"):
            raise asyncssh.SFTPFailure("No space left on device")
        return int(super().write(file_obj, offset, data))

    def exit(self) -> None:
        # Without a status `scp` takes a copy that went well for one that failed.
        self.channel.exit(0)


class Sessions:
    """Runs what a client asks for, each in a process group of its own that ends with the connection."""

    def __init__(self, home: Path, kubeconfig: Path) -> None:
        self._home = home
        self._shell = shutil.which("bash") or "/bin/sh"
        self._environment = {
            **os.environ,
            "HOME": str(home),
            "KUBECONFIG": str(kubeconfig),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "PS1": "operator@worker-node:\\w$ ",
            "SHELL": self._shell,
        }

    async def serve(self, client: asyncssh.SSHServerProcess) -> None:
        """Run the client's command, or a shell, with a terminal when the client asked for one."""
        began = time.monotonic()
        arguments = [self._shell, "-c", client.command] if client.command else [self._shell, "--norc"]
        if client.command is None and client.term_type:
            arguments.append("-i")
        run = self._on_terminal if client.term_type else self._on_pipes
        code = await run(client, arguments)
        seconds = time.monotonic() - began
        print(f"{_now()} {client.command or 'shell'}: exit {code}, {seconds:.2f} s", flush=True)
        if code < 0:
            client.exit_with_signal(signal.Signals(-code).name.removeprefix("SIG"))
        else:
            client.exit(code)

    async def _on_pipes(self, client: asyncssh.SSHServerProcess, arguments: list[str]) -> int:
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=self._home,
            env=self._environment,
            start_new_session=True,
        )
        assert child.stdin and child.stdout and child.stderr  # noqa: S101 - pipes were asked for above
        to_child = asyncio.create_task(self._feed(client, child, child.stdin))
        outputs = asyncio.gather(_copy(child.stdout, client.stdout), _copy(child.stderr, client.stderr))
        return await _until_done(client, child, outputs, to_child)

    async def _on_terminal(self, client: asyncssh.SSHServerProcess, arguments: list[str]) -> int:
        master, slave = pty.openpty()
        _resize(master, client.term_size)
        child = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=self._home,
            env={**self._environment, "TERM": client.term_type},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(os.dup(master), "rb", 0))
        transport, protocol = await loop.connect_write_pipe(
            asyncio.streams.FlowControlMixin, os.fdopen(master, "wb", 0)
        )
        writer = asyncio.StreamWriter(transport, protocol, None, loop)
        to_child = asyncio.create_task(self._feed(client, child, writer, master))
        outputs = asyncio.gather(_copy(reader, client.stdout))
        try:
            return await _until_done(client, child, outputs, to_child)
        finally:
            writer.close()

    async def _feed(
        self,
        client: asyncssh.SSHServerProcess,
        child: asyncio.subprocess.Process,
        writer: asyncio.StreamWriter,
        terminal: int | None = None,
    ) -> None:
        """Carry the client's input, window sizes and signals to the child until the client's input ends."""
        while True:
            try:
                data = await client.stdin.read(_CHUNK)
            except asyncssh.TerminalSizeChanged as change:
                if terminal is not None:
                    _resize(terminal, change.term_size)
                continue
            except asyncssh.SignalReceived as received:
                _signal_group(child.pid, getattr(signal, f"SIG{received.signal}", signal.SIGTERM))
                continue
            except asyncssh.BreakReceived:
                _signal_group(child.pid, signal.SIGINT)
                continue
            if not data:
                break
            writer.write(data)
            with suppress(ConnectionError):  # the child closed its input; its exit code names the reason
                await writer.drain()
        if terminal is None:
            writer.close()


async def _until_done(
    client: asyncssh.SSHServerProcess,
    child: asyncio.subprocess.Process,
    outputs: asyncio.Future[Any],
    to_child: asyncio.Task[None],
) -> int:
    """Wait until the child ended and its output is sent, or the client went away; then end the whole group."""
    gone = asyncio.create_task(client.wait_closed())
    finished = asyncio.create_task(child.wait())
    await asyncio.wait({gone, finished}, return_when=asyncio.FIRST_COMPLETED)
    if not gone.done():
        # The last output of a terminal is there within a moment of its program's end.
        await asyncio.wait({outputs, gone}, timeout=2.0, return_when=asyncio.FIRST_COMPLETED)
    _signal_group(child.pid, signal.SIGKILL)
    for task in (to_child, gone, outputs):
        task.cancel()
    await asyncio.gather(to_child, gone, outputs, return_exceptions=True)
    return await finished


async def _copy(reader: asyncio.StreamReader, writer: asyncssh.SSHWriter[bytes]) -> None:
    # A terminal whose last user left answers EIO instead of an end of file.
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _resize(terminal: int, size: tuple[int, int, int, int]) -> None:
    columns, rows, width, height = size
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows or 24, columns or 80, width, height))


def _signal_group(leader: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # the group has ended
        os.killpg(leader, number)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _make_keys(secrets: Path) -> Path:
    """Make the missing keys and return the host key's path."""
    host_key, login_key = secrets / "node_host_key", secrets / "node_key"
    if not host_key.exists():
        write_atomically(host_key, asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode())
    if not login_key.exists():
        key = asyncssh.generate_private_key("ssh-ed25519")
        write_atomically(secrets / "node_authorized_keys", key.export_public_key().decode())
        write_atomically(login_key, key.export_private_key().decode())
    return host_key


async def serve(state: StateDir, port: int, username: str) -> None:
    """Serve until SIGTERM."""
    home = state.root / "node"
    home.mkdir(exist_ok=True)
    os.chdir(home)  # SFTP's relative paths start in the operator's home, as the shell's do
    password = (state.secrets / "node").read_text(encoding="utf-8").strip()
    sessions = Sessions(home, state.kubeconfig)
    server = await asyncssh.create_server(
        lambda: Login(username, password, state.secrets / "node_authorized_keys"),
        "127.0.0.1",
        port,
        server_host_keys=[str(_make_keys(state.secrets))],
        process_factory=sessions.serve,
        sftp_factory=Files,
        allow_scp=True,
        encoding=None,
        keepalive_interval=30,
    )
    print(f"{_now()} SSH node listens on 127.0.0.1:{port}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    server.close()


def main() -> int:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="simulator.node", description="SSH node of a simulated site")
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--username", default="operator")
    options = parser.parse_args()
    asyncio.run(serve(StateDir(options.state_dir), options.port, options.username))
    return 0


if __name__ == "__main__":
    sys.exit(main())
