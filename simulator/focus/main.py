"""Program of the Focus Server's pod."""

from __future__ import annotations

import logging
import sys

import uvicorn

from simulator.focus.app import create_app
from simulator.focus.settings import Settings
from simulator.pod_log import start_log

_SHUTDOWN_S = 1
# Longer than clients keep an idle connection: one that is closed under a request looks like a broken server.
_KEEP_ALIVE_S = 75


def main() -> int | None:
    """Serve until SIGTERM."""
    start_log()
    settings = Settings.from_environment()
    logging.getLogger("focus").info("version %s listens on 127.0.0.1:%d", settings.version, settings.port)
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


if __name__ == "__main__":
    sys.exit(main())
