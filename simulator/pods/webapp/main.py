"""Program of the web app pod.

Environment: PORT (listens on 127.0.0.1), RABBITMQ_URL, TOKEN_KEY (HS256), SITE_ID, USERS_FILE (JSON list of
``{username, password, role}``), KEPT_FILE (what users change, for the next pod), HIGHEST_CHANNEL, TIME_SCALE,
FOCUS_URL (of the Focus Server inside the cluster).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import uvicorn

from simulator.pods.webapp.accounts import LOCKED_SECONDS, TOKEN_SECONDS, Accounts
from simulator.pods.webapp.alerts import AlertStore
from simulator.pods.webapp.app import create_app, receive_into
from simulator.pods.webapp.focus_link import FocusLink
from simulator.pods.webapp.kept import Kept
from simulator.pods.webapp.messages import AlertLink
from simulator.pods.webapp.news import NewsRoom

# Clients renew an access token 30 s before its end: a shorter life than this would be renewed at every call.
_SHORTEST_TOKEN_SECONDS = 60.0
# Longer than the ingress keeps an idle connection: one that is closed under a request looks like a broken server.
_KEEP_ALIVE_SECONDS = 75


def main() -> int:
    """Serve until the pod is stopped."""
    scale = float(os.environ.get("TIME_SCALE", "1"))
    locked = max(2.0, LOCKED_SECONDS * scale)
    lifetime = max(_SHORTEST_TOKEN_SECONDS, TOKEN_SECONDS * scale)
    accounts = Accounts.from_file(Path(os.environ["USERS_FILE"]), os.environ["TOKEN_KEY"], locked, lifetime)
    store, news = AlertStore(), NewsRoom()
    link = AlertLink(os.environ["RABBITMQ_URL"], receive_into(store, news, scale))
    link.start()
    kept, focus = Kept(Path(os.environ["KEPT_FILE"])), FocusLink(os.environ["FOCUS_URL"])
    channels = int(os.environ["HIGHEST_CHANNEL"])
    app = create_app(accounts, link, store, os.environ["SITE_ID"], kept, channels, news, focus)
    print(f"Web app listens on 127.0.0.1:{os.environ['PORT']}", flush=True)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
