"""How the programs of the site's pods write their log: one line on stdout, time (UTC) and level first."""

from __future__ import annotations

import logging
import sys
import time


def start_log() -> None:
    """Send this process's log to stdout; the libraries below are only heard when something is wrong."""
    handler = logging.StreamHandler(sys.stdout)
    form = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("pymongo").setLevel(logging.WARNING)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("pika").setLevel(logging.CRITICAL)
