"""Clients of the Focus Server beside the one of this lane, for what one client may not do to another."""

from functools import cache

from focus_core.run import clients, report
from focus_core.server.client import FocusClient
from focus_core.site import data as site_data
from focus_core.site.model import User


def other_user() -> User | None:
    """Another user of the site with the role of this lane's user; None where there is none, or where nobody logs in."""
    site, own = site_data.site(), site_data.lane_user()
    others = [user for user in site.users if user.role == own.role and user.username != own.username]
    # The last one is the least likely to have a lane of its own.
    return others[-1] if others and site.focus.auth != "none" else None


def viewer() -> User | None:
    """A user of the site who only reads; None where there is none, or where nobody logs in."""
    site = site_data.site()
    viewers = (user for user in site.users if user.role == "viewer")
    return next(viewers, None) if site.focus.auth != "none" else None


def client_of(user: User) -> FocusClient:
    """The Focus Server as that user, with one login per process; every exchange goes to the log."""
    return _client(site_data.site_name(), user.username)


@cache
def _client(site_name: str, username: str) -> FocusClient:  # noqa: ARG001 - one login for each site and user
    site = site_data.site()
    user = next(user for user in site.users if user.username == username)
    return clients.focus_client(site, user, record=report.log_exchange)
