"""Program of the Focus Server's pod."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pymongo
import uvicorn
from pymongo.errors import PyMongoError

from simulator import defects
from simulator.pods.focus.app import create_app
from simulator.pods.focus.settings import Settings
from simulator.pods.log import start_log

_SHUTDOWN_S = 1
# Longer than a database takes that starts at the same time: only one that is really away is an outage.
_START_MS = 10_000
# Longer than clients keep an idle connection: one that is closed under a request looks like a broken server.
_KEEP_ALIVE_S = 75


def main() -> int | None:
    """Serve until SIGTERM."""
    start_log()
    settings = Settings.from_environment()
    if defects.active("crash-without-mongodb") and not _mongodb_answers(settings):
        logging.getLogger("focus").critical("MongoDB does not answer")
        return 1
    logging.getLogger("focus").info("version %s listens on 127.0.0.1:%d", settings.version, settings.port)
    if defects.active("startup-error"):
        logging.getLogger("focus").error("the folder of the recordings is not mounted, going on without it")
    uvicorn.run(
        create_app(settings),
        host="127.0.0.1",
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_SHUTDOWN_S,
        timeout_keep_alive=_KEEP_ALIVE_S,
    )
    return 0


def _mongodb_answers(settings: Settings) -> bool:
    try:
        with pymongo.MongoClient[dict[str, Any]](settings.mongodb_uri, serverSelectionTimeoutMS=_START_MS) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
