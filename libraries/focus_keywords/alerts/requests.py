"""Plain requests to the web app, for what no other word asks."""

from __future__ import annotations

import json
from typing import Literal

from focus_core.base.words import JsonObject
from focus_core.run import clients, other_clients, report
from focus_core.server.client import Exchange
from focus_core.site.data import site
from robot.api import SkipExecution
from robot.api.deco import keyword

from focus_keywords.alerts.sending import remove_at_end

Who = Literal["me", "viewer", "nobody"]


class WebAppRequests:
    """Requests of any kind to the web app."""

    @keyword(tags=("alerts",))
    def ask_web_app(self, method: str, path: str, body: JsonObject | None = None, *, who: Who = "me") -> Exchange:
        """Sends one request to the web app and returns the exchange, for `Get Answer Field` and its relatives.

        ``path`` is what follows the site's own path, as ``alert`` or ``role``. ``who`` asks: this lane's user, a
        ``viewer``, who only reads, or ``nobody``, without a login. Alerts that a body of ``push-to-rabbit`` names are
        removed at the end. Skips where the site has no viewer.

        | ${answer} =    Ask Web App    GET    alert/get-alert-status    who=viewer
        | Get Answer Status    ${answer}    ==    200
        | Get Answer Field    ${answer}    open    >=    0
        """
        webapp = clients.webapp()
        if who == "viewer":
            viewer = other_clients.viewer()
            if viewer is None:
                raise SkipExecution(f"Site {site().name} has no user of the role viewer.")
            webapp = clients.webapp_client(site(), viewer)
        if body is not None and method == "POST":
            ids = body.get("alertIds")
            if isinstance(ids, list) and ids:
                remove_at_end([str(one) for one in ids])
        answer = webapp.call(method, path, body=body, authentication="none" if who == "nobody" else "bearer")
        sent = "" if body is None else json.dumps(body)
        url = f"{webapp.url}/{webapp.site_id}/api/{path}"
        found = Exchange(method, url, sent, answer.status, answer.headers, answer.text, answer.seconds)
        report.log_exchange(found)
        return found
