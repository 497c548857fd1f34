"""How the programs of the site's pods write their log: one line on stdout, time (UTC) and level first."""

from __future__ import annotations

import logging
import sys
import time

# Set levels before the fork, on import in the parent of all pods: each change would unshare memory pages.
# Libraries log only what is wrong.
logging.getLogger().setLevel(logging.INFO)
logging.getLogger("pymongo").setLevel(logging.WARNING)
logging.getLogger("uvicorn").setLevel(logging.WARNING)
logging.getLogger("pika").setLevel(logging.CRITICAL)


def start_log() -> None:
    """Send this process's log to stdout."""
    handler = logging.StreamHandler(sys.stdout)
    form = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    logging.basicConfig(handlers=[handler], force=True)
