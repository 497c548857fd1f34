"""What the Focus keyword libraries share in one process: the client of this lane and views by the site's defaults."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from robot.api import logger

from focus_core.base.failures import fail_with
from focus_core.base.words import ChannelRange, FrequencyRange
from focus_core.run import clients, report
from focus_core.server.client import Exchange, FocusClient
from focus_core.server.status_checks import check_code, check_status
from focus_core.site import data as site_data
from focus_core.views import view as focus_answers
from focus_core.views.view import Surroundings, View, ViewRequest, ViewType

OK = 200


def client() -> FocusClient:
    """The Focus Server as this lane's user, with one login per process; every exchange goes to the log."""
    return _client(site_data.site_name())


def prr() -> float:
    """The site's pulse repetition rate in Hz, which the calculated fields of a view follow from."""
    return _prr_of(live_metadata())


def live_metadata() -> dict[str, Any]:
    """What the site says of its fibre now (GET /live_metadata). Never kept: each check has to see the site's answer."""
    return get_object("/live_metadata")


def problems_of_view(view: View) -> list[str]:
    """Every value of a view's answer that does not follow from its request, the site and its fibre."""
    fibre = live_metadata()
    around = Surroundings(site_data.site().stream_base_port, None if view.request.window else fibre)
    return focus_answers.problems_of_answer(view.request, view.answer.raw, _prr_of(fibre), around)


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
    # What is in the answer is the question of `problems_of_answer`: a wrong value must not end every test with a view.
    check_code(exchange, OK, f"{request}")
    view = View(request, focus_answers.read_answer(exchange.json()), exchange)
    logger.info(f"Opened {view}.")
    return view


def open_views(requests: Sequence[ViewRequest]) -> list[View]:
    """Opens views by requests that are all under way at the same time.

    Raises ``AssertionError`` that tells of each that was not accepted.
    """
    focus = client()
    exchanges = _at_once([partial(focus.configure, request.body()) for request in requests])
    refused = [f"{exchange.status}: {exchange.body[:200]}" for exchange in exchanges if exchange.status != OK]
    fail_with(f"{len(refused)} of {len(requests)} views opened at the same time were not accepted", refused)
    return [
        View(request, focus_answers.read_answer(exchange.json()), exchange)
        for request, exchange in zip(requests, exchanges, strict=True)
    ]


def _at_once(calls: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
    from concurrent.futures import ThreadPoolExecutor

    # One login, before the threads would each make one.
    client().authorization()
    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        exchanges = list(pool.map(lambda call: call(), calls))
    for exchange in exchanges:
        report.log_exchange(exchange)
    return exchanges


def state_of(view: View) -> str:
    """The state of a view's job as GET /ack/{id} tells it: waiting, running or completed."""
    answer = client().job_status(view.job_id)
    check_status(answer, OK, f"Asking for the status of the {view}")
    return str(answer.json().get("status"))


def get_object(path: str) -> dict[str, Any]:
    """The JSON object that a GET answers with 200."""
    answer = client().send("GET", path)
    check_code(answer, OK, f"GET {path}")
    content = answer.json()
    if not isinstance(content, dict):
        raise AssertionError(f"{answer} has a body that is not an object: {answer.body[:200]}")
    return content


@cache
def _client(site_name: str) -> FocusClient:  # noqa: ARG001 - one client for each site that a process uses
    return clients.focus_client(site_data.site(), site_data.lane_user(), record=report.log_exchange)


def _prr_of(fibre: dict[str, Any]) -> float:
    rate = fibre.get("prr")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or rate <= 0:
        raise AssertionError(f"The live metadata give no pulse repetition rate: prr is {rate!r}.")
    return float(rate)
