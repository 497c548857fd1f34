"""Program of the ingress pod."""

from __future__ import annotations

import asyncio
import signal
import sys

from simulator.pods.ingress.proxy import Ingress
from simulator.pods.ingress.server import serve, tls_context
from simulator.pods.ingress.settings import Settings
from simulator.pods.log import start_log


def main() -> int:
    """Serve until SIGTERM."""
    start_log()
    asyncio.run(_run(Settings.from_environment()))
    return 0


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(Ingress(settings), settings.port, tls_context(settings), stop)


if __name__ == "__main__":
    sys.exit(main())
