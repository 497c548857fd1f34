"""The Focus Server as this lane's user: the one client of a process, and what the site reports of its fibre."""

from collections.abc import Callable
from functools import cache
from typing import Any

from focus_core.run import clients, report
from focus_core.server.client import Exchange, FocusClient
from focus_core.server.status_checks import check_status
from focus_core.site import data as site_data

OK = 200

Check = Callable[[Exchange, int, str], None]


def client() -> FocusClient:
    """The Focus Server as this lane's user, with one login per process; every exchange goes to the log."""
    return _client(site_data.site_name())


def prr() -> float:
    """The site's pulse repetition rate in Hz, which the calculated fields of a view follow from."""
    return prr_of(live_metadata())


def prr_of(fibre: dict[str, Any]) -> float:
    """The pulse repetition rate (Hz) of live metadata. Raises ``AssertionError`` when they have none."""
    rate = fibre.get("prr")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or rate <= 0:
        raise AssertionError(f"The live metadata give no pulse repetition rate: prr is {rate!r}.")
    return float(rate)


def live_metadata(check: Check = check_status) -> dict[str, Any]:
    """What the site reports of its fibre now (GET /live_metadata); ``check`` decides how closely the answer is checked.

    Never kept: each check has to see the site's answer.
    """
    answer = client().send("GET", "/live_metadata")
    check(answer, OK, "GET /live_metadata")
    content = answer.json()
    if not isinstance(content, dict):
        raise AssertionError(f"{answer} has a body that is not an object: {answer.body[:200]}")
    return content


@cache
def _client(site_name: str) -> FocusClient:  # noqa: ARG001 - one client for each site that a process uses
    return clients.focus_client(site_data.site(), site_data.lane_user(), record=report.log_exchange)
