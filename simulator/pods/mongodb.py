"""Program of the MongoDB pod: becomes `mongod` when the machine has one, else the SecantusDB daemon.

Every client needs a login. The users are made before the server opens its port for the first time: by the same
server, on another port and without logins, as the image of a real one does it.

Environment of the pod: MONGODB_PORT, MONGODB_DATA (folder of the database files), MONGODB_DATABASE, MONGODB_USERNAME,
MONGODB_PASSWORD, MONGODB_ROOT_PASSWORD.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from simulator.defects import active

_SETUP_SECONDS = 60
# What the site's own programs and the tests need; users are made by root alone.
_ROLES = [{"role": role, "db": "admin"} for role in ("readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor")]
_USER_EXISTS = 51003
_FORGOTTEN_S = 20


def main() -> NoReturn:
    """Replace this process by the database server; exit 1 when the machine has none."""
    data = Path(os.environ["MONGODB_DATA"])
    data.mkdir(parents=True, exist_ok=True)
    port = int(os.environ["MONGODB_PORT"])
    if server_command(port, data) is None:
        sys.exit("There is no MongoDB server: install mongod, or use Python 3.11, 3.12 or 3.13, which brings one.")
    _make_users_once(data)
    if active("mongo-forgets-writes") and os.fork() == 0:
        try:
            _forget_last_writes(port)
        finally:
            os._exit(0)
    command = server_command(port, data, logins=not active("mongodb-anonymous")) or []
    print("Starting " + " ".join(command), flush=True)
    os.execv(command[0], command)  # noqa: S606 - the pod's process is the database itself


def _forget_last_writes(port: int) -> None:
    """Take away what clients wrote shortly before the server starts, as if it had never reached the disk (a defect)."""
    import pymongo
    from bson import ObjectId

    newest = {"_id": {"$gte": ObjectId.from_datetime(datetime.now(UTC) - timedelta(seconds=_FORGOTTEN_S))}}
    with pymongo.MongoClient[dict[str, Any]](
        "127.0.0.1", port, directConnection=True, username="root", password=os.environ["MONGODB_ROOT_PASSWORD"]
    ) as client:
        for name in client.list_database_names():
            if name not in ("admin", "config", "local"):
                for collection in client[name].list_collection_names():
                    client[name][collection].delete_many(newest)


def server_command(port: int, data: Path, *, logins: bool = False) -> list[str] | None:
    """Return the command line of the server on 127.0.0.1:port with its files in ``data``, or None without a server.

    With ``logins`` it answers nobody who has not logged in.
    """
    auth = ["--auth"] if logins else []
    mongod = shutil.which("mongod")
    if mongod:
        files = ["--dbpath", str(data), "--wiredTigerCacheSizeGB", "0.25"]
        return [mongod, "--bind_ip", "127.0.0.1", "--port", str(port), *files, *auth]
    beside_python = Path(sys.executable).with_name("secantusd-py")
    daemon = str(beside_python) if beside_python.exists() else shutil.which("secantusd-py")
    if daemon is None:
        return None
    # Without --sync-on-commit a killed daemon loses acknowledged writes. The site is a standalone server. The cache is
    # that of mongod above: with 64M, full at some 80,000 recordings, each more took five times as long.
    files = ["--storage-path", str(data), "--cache-size", "256M", "--sync-on-commit", "--standalone"]
    return [daemon, "--host", "127.0.0.1", "--port", str(port), "--log-level", "INFO", *files, *auth]


def _make_users_once(data: Path) -> None:
    """Make root and the site's user, unless an earlier start did."""
    made = data.with_name(f"{data.name}-users-made")
    if made.exists():
        return
    port = _free_port()
    command = server_command(port, data) or []
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        _wait_for(server, port)
        _make_users(port)
    finally:
        server.terminate()
        server.wait(_SETUP_SECONDS)
    made.touch()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server takes connections; a server that ends logs the reason itself, and its exit code is ours."""
    deadline = time.monotonic() + _SETUP_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit(server.returncode or 1)
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    sys.exit(f"The server that makes the users did not listen within {_SETUP_SECONDS} s.")


def _make_users(port: int) -> None:
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure

    env = os.environ
    milliseconds = _SETUP_SECONDS * 1000
    with MongoClient[dict[str, object]](
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=milliseconds
    ) as client:
        for database, name, password, roles in (
            (env["MONGODB_DATABASE"], env["MONGODB_USERNAME"], env["MONGODB_PASSWORD"], _ROLES),
            ("admin", "root", env["MONGODB_ROOT_PASSWORD"], [{"role": "root", "db": "admin"}]),
        ):
            try:
                client[database].command("createUser", name, pwd=password, roles=roles)
            except OperationFailure as refused:
                # The first start was killed after it had made the user.
                if refused.code != _USER_EXISTS:
                    raise


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
