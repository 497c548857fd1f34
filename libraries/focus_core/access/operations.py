"""Operations of the site by the names that the table of roles uses, and who is meant by a role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from focus_core.access import browser, requests
from focus_core.access.requests import Service
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.server.client import Exchange
from focus_core.site import data as site_data
from focus_core.site.model import User

# The role of who does not log in.
NOBODY = "nobody"
_RANGE = {"start_time": 1, "end_time": 2}
_VIEW = {
    "displayTimeAxisDuration": 10,
    "nfftSelection": 1024,
    "displayInfo": {"height": 1000},
    "channels": {"min": 1, "max": 3},
    "frequencyRange": {"min": 0, "max": 500},
    "view_type": 0,
}


@dataclass(frozen=True)
class Operation:
    """A request. ``path`` follows the service's address, or ``/{siteId}/api/`` where ``of_site`` is true."""

    service: Service
    method: str
    path: str
    body: Any = None
    of_site: bool = False

    def ask(self, headers: dict[str, str]) -> Exchange:
        """Sends the request with these headers."""
        path = requests.site_path(self.path) if self.of_site else self.path
        return requests.send(self.service, self.method, path, headers=headers, body=self.body)[0]


def named(name: str) -> Operation:
    """The operation of that name. Raises ``BenchError`` that lists the names."""
    operation = _operations().get(name)
    if operation is None:
        raise BenchError(f"There is no operation '{name}'; choose one of {', '.join(_operations())}.")
    return operation


def user_of(role: str) -> User | None:
    """This lane's user where it has the role, else the first user who has; None where there is none."""
    own = site_data.lane_user()
    others = (user for user in site_data.site().users if user.role == role)
    return own if own.role == role else next(others, None)


def spare_user() -> User | None:
    """A user whom no lane needs, so that a test may use up its limits or lock it out: the second of the viewers."""
    viewers = [user for user in site_data.site().users if user.role == "viewer"]
    return viewers[1] if len(viewers) > 1 else None


def headers_of(role: str) -> dict[str, str] | None:
    """The login of a role as headers; None where the site has no such user."""
    if role == NOBODY:
        return {}
    user = user_of(role)
    return requests.bearer(browser.kept(user).cookies[browser.ACCESS]) if user else None


def _operations() -> dict[str, Operation]:
    alert = {"alertsAmount": 1, "dofM": 1250, "classId": 104, "severity": 1, "alertIds": [unique("role")]}
    return {
        "read the channels": Operation("rest", "GET", "/channels"),
        "read the live metadata": Operation("rest", "GET", "/live_metadata"),
        "list recordings": Operation("rest", "POST", "/recordings_in_time_range", _RANGE),
        "open a view": Operation("rest", "POST", "/configure", _VIEW),
        "list alerts": Operation("webapp", "GET", "alert", of_site=True),
        "export alerts": Operation("webapp", "GET", "alert/export-alerts?isCSV=true&isJSON=false", of_site=True),
        "send an alert": Operation("webapp", "POST", "push-to-rabbit", alert, of_site=True),
        "delete alerts": Operation("webapp", "DELETE", "alert/delete", {"alertIds": [unique("role")]}, of_site=True),
        "read the own rights": Operation("webapp", "GET", "user/config", of_site=True),
        "list roles": Operation("webapp", "GET", "role", of_site=True),
        "list users": Operation("webapp", "GET", "user/get-all-users", of_site=True),
        "check a user name": Operation(
            "webapp", "POST", "user/validate-username", {"username": unique("user")}, of_site=True
        ),
        "give a role a right": Operation(
            "webapp", "POST", "user/add-permission-to-role", {"role": "viewer", "permission": "read"}, of_site=True
        ),
        "list regions": Operation("webapp", "GET", "region", of_site=True),
        "read the map": Operation("webapp", "GET", "point/map-setup", of_site=True),
        # There is no such region: who may delete one is answered 404.
        "delete a region": Operation("webapp", "DELETE", "region/0", of_site=True),
    }
