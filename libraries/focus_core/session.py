"""What the Focus keyword libraries share in one process: the client of this lane and views by the site's defaults."""

from functools import cache
from typing import Any

from robot.api import logger

from focus_core import focus_answers, report, site_data
from focus_core.focus_answers import View, ViewRequest, ViewType
from focus_core.focus_client import FocusClient
from focus_core.verdicts import check_status
from focus_core.words import ChannelRange, FrequencyRange

OK = 200


def client() -> FocusClient:
    """The Focus Server as this lane's user, with one login per process; every exchange goes to the log."""
    return _client(site_data.site_name())


def prr() -> float:
    """The site's pulse repetition rate in Hz, which the calculated fields of a view follow from; asked for once."""
    return _prr(site_data.site_name())


def view_request(
    view: ViewType,
    *,
    channels: ChannelRange | None = None,
    nfft: int | None = None,
    frequency: FrequencyRange | None = None,
    duration: float | None = None,
    height: int | None = None,
    window: tuple[int, int] | None = None,
) -> ViewRequest:
    """What a view asks for; what is not given comes from the site's defaults."""
    defaults = site_data.site().defaults
    spectral = view is not ViewType.Waterfall
    return ViewRequest(
        view_type=view,
        channels=channels or ChannelRange(*defaults.channels),
        nfft=(defaults.nfft if nfft is None else nfft) if spectral else 1,
        frequency=(frequency or FrequencyRange(*defaults.frequency_hz)) if spectral else None,
        duration=(duration or defaults.duration_s) if spectral else None,
        height=defaults.height if height is None else height,
        window=window,
    )


def open_view(request: ViewRequest) -> View:
    """Opens a view. Raises ``AssertionError`` when the server does not accept it or answers in another shape."""
    exchange = client().configure(request.body())
    check_status(exchange, OK, f"{request}")
    view = View(request, focus_answers.read_answer(exchange.json()), exchange)
    logger.info(f"Opened {view}.")
    return view


def get_object(path: str) -> dict[str, Any]:
    """The JSON object that a GET answers with 200."""
    answer = client().send("GET", path)
    check_status(answer, OK, f"GET {path}")
    content = answer.json()
    if not isinstance(content, dict):
        raise AssertionError(f"{answer} has a body that is not an object: {answer.body[:200]}")
    return content


@cache
def _client(site_name: str) -> FocusClient:  # noqa: ARG001 - one client for each site that a process uses
    return FocusClient.of_site(site_data.site(), site_data.lane_user(), record=report.log_exchange)


@cache
def _prr(site_name: str) -> float:  # noqa: ARG001 - asked once for each site that a process uses
    return float(get_object("/live_metadata")["prr"])
