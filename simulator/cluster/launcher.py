"""Starts container programs, through the fork server or as programs of their own, and knows when they end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from simulator.cluster.forkserver import LENGTH

# How often a program that is no child is looked at, in seconds.
ADOPTED_PERIOD = 0.2


@dataclass
class RunningProgram:
    """A started program: the leader of its own session and process group."""

    pid: int
    ended: asyncio.Future[int | None] = field(repr=False)
    """Its exit code as a container runtime reports it: 128 + signal when a signal ended it; None: unknown."""

    def terminate(self) -> None:
        """Asks the program itself to end, as a container runtime does; what it started is its own affair until then."""
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def signal_group(self, number: int) -> None:
        """Sends a signal to the program and everything it started in its group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                # A fork has no group for a moment; an ended program's number may belong to another one by now.
                if not self.ended.done():
                    os.kill(self.pid, number)


class Launcher:
    """Starts programs for the kubelet; every program gets its own session."""

    def __init__(self, preload: Sequence[str], environment: Mapping[str, str]) -> None:
        self._preload = list(preload)
        # macOS ends a forked child that touches system libraries of its parent, unless this is set.
        self._environment = {**environment, "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}
        self._server: asyncio.subprocess.Process | None = None
        self._socket: socket.socket | None = None
        self._buffer = b""
        self._starting: dict[int, tuple[asyncio.Future[RunningProgram], Path]] = {}
        self._running: dict[int, tuple[RunningProgram, Path]] = {}
        self._next_id = 0
        self._lock = asyncio.Lock()
        self._waiters: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Starts the fork server, which loads its modules while the cluster goes on."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._server = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "simulator.cluster.forkserver",
                str(os.getpid()),
                *self._preload,
                stdin=theirs.fileno(),
                stdout=sys.stderr,
                env=self._environment,
                start_new_session=True,
            )
        self._socket = ours
        asyncio.get_running_loop().add_reader(ours, self._receive)

    async def stop(self) -> None:
        """Ends the fork server; its programs have ended before."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                self._server.kill()
            await self._server.wait()

    async def fork(
        self, module: str, argv: list[str], env: Mapping[str, str], cwd: Path, output: int, exit_file: Path
    ) -> RunningProgram:
        """Runs `module.main()` in a fork of the loaded parent; `output` is the descriptor of its log."""
        async with self._lock:
            if self._socket is None:
                await self.start()
        assert self._socket is not None  # noqa: S101 - start() has just set it
        self._next_id += 1
        request = {"id": self._next_id, "module": module, "argv": argv, "env": dict(env), "cwd": str(cwd)}
        request["exit_file"] = str(exit_file)
        body = json.dumps(request).encode()
        started: asyncio.Future[RunningProgram] = asyncio.get_running_loop().create_future()
        self._starting[self._next_id] = started, exit_file
        socket.send_fds(self._socket, [LENGTH.pack(len(body))], [output])
        self._socket.sendall(body)
        return await started

    async def execute(self, argv: list[str], env: Mapping[str, str], cwd: Path, output: int) -> RunningProgram:
        """Runs a program of its own; raises OSError when there is none of that name."""
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        program = RunningProgram(process.pid, asyncio.get_running_loop().create_future())

        async def wait() -> None:
            code = await process.wait()
            program.ended.set_result(128 - code if code < 0 else code)

        self._keep(wait())
        return program

    def adopt(self, pid: int, exit_file: Path) -> RunningProgram:
        """Takes over a living program that is no child of this process."""
        program = RunningProgram(pid, asyncio.get_running_loop().create_future())
        self._keep(_await_end(program, exit_file))
        return program

    def _keep(self, waiting: Coroutine[None, None, None]) -> None:
        waiter = asyncio.create_task(waiting)
        self._waiters.add(waiter)
        waiter.add_done_callback(self._waiters.discard)

    def _receive(self) -> None:
        assert self._socket is not None  # noqa: S101 - the reader is registered only while there is a socket
        try:
            data = self._socket.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            self._lost()
            return
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "id" in message:
                program = RunningProgram(message["pid"], asyncio.get_running_loop().create_future())
                started, exit_file = self._starting.pop(message["id"])
                self._running[program.pid] = program, exit_file
                started.set_result(program)
            elif message["pid"] in self._running:
                ended, _ = self._running.pop(message["pid"])
                status = os.waitstatus_to_exitcode(message["status"])
                ended.ended.set_result(128 - status if status < 0 else status)

    def _lost(self) -> None:
        """The fork server died; what it forked lives on and is watched from here."""
        assert self._socket is not None  # noqa: S101 - as above
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._socket = None
        self._buffer = b""
        for program, exit_file in self._running.values():
            self._keep(_await_end(program, exit_file))
        self._running.clear()
        for started, _ in self._starting.values():
            started.set_exception(OSError("the fork server ended before it started the program; it is started again"))
        self._starting.clear()


def is_living_leader(pid: int) -> bool:
    """Whether a process lives (an unburied one does not) and leads its own session, as every container program does."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and os.getsid(pid) == pid
    except (psutil.Error, ProcessLookupError):
        return False


def exit_code(exit_file: Path) -> int | None:
    """What a forked program left behind; None when it was killed, or was a program of its own."""
    try:
        return int(exit_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


async def _await_end(program: RunningProgram, exit_file: Path) -> None:
    while is_living_leader(program.pid):
        await asyncio.sleep(ADOPTED_PERIOD)
    program.ended.set_result(exit_code(exit_file))
