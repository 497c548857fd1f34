"""A parent with the pod programs' modules loaded, which forks one process per forked container.

Runs as `python -m simulator.cluster.forkserver PARENT MODULE...` (PARENT: pid of the cluster) with a stream socket as
its standard input.
Request: 4-byte length, JSON {id, module, argv, env, cwd, exit_file}; the container's output descriptor travels with
the length. Answers, one JSON line each: {id, pid} when started, {pid, status} (wait status) when it ended.
It ends when the socket closes; what it forked lives on and leaves its exit code in `exit_file`, for a cluster that
is not its parent.

The process title is left alone on purpose: changing it would overwrite the environment by which `down` recognises
the site's processes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import struct
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

LENGTH = struct.Struct("!I")


def main() -> int:
    """Serves until the socket closes."""
    connection = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    parent = int(sys.argv[1])
    for module in sys.argv[2:]:
        _preload(module)
    # Loaded objects are not looked at by the children's garbage collector, so their memory stays shared.
    gc.collect()
    gc.freeze()
    wake_read, wake_write = os.pipe()
    for end in (wake_read, wake_write):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # Ctrl-C in a terminal reaches the whole group; the cluster decides when this server ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    selector = selectors.DefaultSelector()
    selector.register(connection, selectors.EVENT_READ)
    selector.register(wake_read, selectors.EVENT_READ)
    try:
        while True:
            for key, _ in selector.select():
                if key.fileobj is not connection:
                    os.read(wake_read, 4096)
                    _report_ended(connection)
                elif not _serve(connection, parent):
                    return 0
    except ConnectionError:
        return 0  # the cluster was killed


def _preload(module: str) -> None:
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 - the pod that needs this module logs it
        print(f"fork server: {module} could not be loaded beforehand", file=sys.stderr)
        traceback.print_exc()


def _serve(connection: socket.socket, parent: int) -> bool:
    """Handles one request; False when the cluster is gone."""
    header, descriptors, _, _ = socket.recv_fds(connection, LENGTH.size, 1)
    if not header:
        return False
    body = b""
    while len(header) < LENGTH.size:
        header += connection.recv(LENGTH.size - len(header))
    (size,) = LENGTH.unpack(header)
    while len(body) < size:
        part = connection.recv(size - len(body))
        if not part:
            return False
        body += part
    if os.getppid() != parent:
        # What a killed cluster had asked for is started by the next one.
        return False
    request = json.loads(body)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        connection.close()
        _run(request, descriptors[0])
    os.close(descriptors[0])
    _answer(connection, {"id": request["id"], "pid": pid})
    return True


def _report_ended(connection: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _answer(connection, {"pid": pid, "status": status})


def _answer(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")


def _run(request: dict[str, Any], output: int) -> NoReturn:
    """The forked process: becomes the container's program and ends with its exit code."""
    code = 1
    try:
        _become(request, output)
        result = importlib.import_module(request["module"]).main()
        code = result if isinstance(result, int) else 0
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            code = error.code or 0
        else:
            print(error.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - the process ends here and its log names the reason
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        with contextlib.suppress(OSError):  # a pod's directory may be gone before its program
            Path(request["exit_file"]).write_text(str(code & 0xFF), encoding="ascii")
        os._exit(code & 0xFF)


def _become(request: dict[str, Any], output: int) -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, 256)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    _become_environment(request["env"])
    Path(request["cwd"]).mkdir(parents=True, exist_ok=True)
    os.chdir(request["cwd"])
    sys.argv = [request["module"], *request["argv"]]


def _become_environment(wanted: dict[str, str]) -> None:
    """Changes only the variables that differ: each one set anew would be memory that the pods do not share."""
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


if __name__ == "__main__":
    sys.exit(main())
