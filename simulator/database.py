"""Program of the MongoDB pod: becomes `mongod` when the machine has one, else the SecantusDB daemon.

Environment of the pod: MONGODB_PORT, MONGODB_DATA (folder of the database files).
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from simulator import defects

_FORGOTTEN_S = 20


def main() -> NoReturn:
    """Replace this process by the database server; exit 1 when the machine has none."""
    data = Path(os.environ["MONGODB_DATA"])
    data.mkdir(parents=True, exist_ok=True)
    command = server_command(int(os.environ["MONGODB_PORT"]), data)
    if command is None:
        sys.exit("There is no MongoDB server; install mongod, or secantusdb of requirements-simulator.txt.")
    if defects.active("mongo-forgets-writes") and os.fork() == 0:
        try:
            _forget_last_writes(int(os.environ["MONGODB_PORT"]))
        finally:
            os._exit(0)
    print("Starting " + " ".join(command), flush=True)
    os.execv(command[0], command)  # noqa: S606 - the pod's process is the database itself


def _forget_last_writes(port: int) -> None:
    """Take away what clients wrote shortly before the server starts, as if it had never reached the disk (a defect)."""
    import pymongo
    from bson import ObjectId

    newest = {"_id": {"$gte": ObjectId.from_datetime(datetime.now(UTC) - timedelta(seconds=_FORGOTTEN_S))}}
    with pymongo.MongoClient[dict[str, Any]](
        "127.0.0.1",
        port,
        directConnection=True,
        username=os.environ.get("MONGODB_USERNAME"),
        password=os.environ.get("MONGODB_PASSWORD"),
        authSource=os.environ.get("MONGODB_DATABASE", "admin"),
    ) as client:
        for name in client.list_database_names():
            if name not in ("admin", "config", "local"):
                for collection in client[name].list_collection_names():
                    client[name][collection].delete_many(newest)


def server_command(port: int, data: Path) -> list[str] | None:
    """Return the command line of the server on 127.0.0.1:port with its files in ``data``, or None without a server."""
    mongod = shutil.which("mongod")
    if mongod:
        files = ["--dbpath", str(data), "--wiredTigerCacheSizeGB", "0.25"]
        return [mongod, "--bind_ip", "127.0.0.1", "--port", str(port), *files]
    beside_python = Path(sys.executable).with_name("secantusd-py")
    daemon = str(beside_python) if beside_python.exists() else shutil.which("secantusd-py")
    if daemon is None:
        return None
    # Without --sync-on-commit a killed daemon loses acknowledged writes. The site is a standalone server.
    files = ["--storage-path", str(data), "--cache-size", "64M", "--sync-on-commit", "--standalone"]
    return [daemon, "--host", "127.0.0.1", "--port", str(port), "--log-level", "INFO", *files]


if __name__ == "__main__":
    main()
