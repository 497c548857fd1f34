"""How the programs of the site's pods write their log: one line on stdout, time (UTC) and level first."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Iterable

# Set levels before the fork, on import in the parent of all pods: each change would unshare memory pages.
# Libraries log only what is wrong.
logging.getLogger().setLevel(logging.INFO)
logging.getLogger("pymongo").setLevel(logging.WARNING)
logging.getLogger("uvicorn").setLevel(logging.WARNING)
logging.getLogger("pika").setLevel(logging.CRITICAL)


# Whatever else stands in a header does not go into a log.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,128}")


def request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the id of a request, which the ingress or the client gave it; nothing where it has none."""
    found = next((value for name, value in headers if name == b"x-request-id"), b"")
    return found.decode() if _REQUEST_ID.fullmatch(found) else ""


def start_log() -> None:
    """Send this process's log to stdout."""
    handler = logging.StreamHandler(sys.stdout)
    form = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    logging.basicConfig(handlers=[handler], force=True)
