"""Views by the site's defaults, opened as this lane's user."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from robot.api import logger

from focus_core.base.failures import fail_with
from focus_core.base.threads import Threads
from focus_core.base.words import ChannelRange, FrequencyRange
from focus_core.run import report, session
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_answer, check_status
from focus_core.site import data as site_data
from focus_core.views.answer_checks import SiteFacts, problems_of_answer
from focus_core.views.view import View, ViewRequest, Views, ViewType, read_answer

# The views of this lane by their jobs; those that are gone are forgotten at the next look.
_opened: dict[str, View] = {}


def problems_of_view(view: View) -> list[str]:
    """Every value of a view's answer that does not follow from its request, the site and its fibre."""
    fibre = session.live_metadata()
    facts = SiteFacts(site_data.site().stream_base_port, None if view.request.window else fibre)
    return problems_of_answer(view.request, view.answer.raw, session.prr_of(fibre), facts)


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
        duration=(defaults.duration_s if duration is None else duration) if spectral else None,
        height=defaults.height if height is None else height,
        window=window,
    )


def different_requests(amount: int, channels: ChannelRange | None, nfft: int | None) -> list[ViewRequest]:
    """Live views no two of which ask for the same: each shows as many channels as the first, further on, with the next
    NFFT that the site allows. Answers that were mixed up show in their values."""
    limits = site_data.site().limits
    first = view_request(ViewType.MultiChannel, channels=channels, nfft=nfft)
    low, high = first.channels
    places = max(1, limits.highest_channel - (high - low))
    at = limits.nfft_multi.index(first.nfft) if first.nfft in limits.nfft_multi else 0
    requests = []
    for number in range(amount):
        begin = (low - 1 + number * (high - low + 1)) % places + 1
        size = limits.nfft_multi[(at + number) % len(limits.nfft_multi)] if number else first.nfft
        requests.append(replace(first, channels=ChannelRange(begin, begin + high - low), nfft=size))
    return requests


def open_view(request: ViewRequest) -> View:
    """Opens a view. Raises ``AssertionError`` when the server does not accept it or answers in another shape."""
    exchange = client().configure(request.body())
    # What is in the answer is the question of `problems_of_view`: a wrong value must not end every test with a view.
    check_status(exchange, OK, f"{request}")
    view = View(request, read_answer(exchange.json()), exchange)
    _opened[view.job_id] = view
    logger.info(f"Opened {view}.")
    return view


def open_views(requests: Sequence[ViewRequest]) -> Views:
    """Opens views by requests that are all under way at the same time.

    Raises ``AssertionError`` that names each that was not accepted.
    """
    focus = client()
    exchanges = at_once([partial(focus.configure, request.body()) for request in requests])
    refused = [f"{exchange.status}: {exchange.body[:200]}" for exchange in exchanges if exchange.status != OK]
    fail_with(f"{len(refused)} of {len(requests)} views opened at the same time were not accepted", refused)
    views = Views(
        View(request, read_answer(exchange.json()), exchange)
        for request, exchange in zip(requests, exchanges, strict=True)
    )
    _opened.update({view.job_id: view for view in views})
    return views


def open_views_of_this_lane() -> Views:
    """The views that this lane's client opened and that the server still knows, oldest first, as they were opened."""
    own = client().own_jobs()
    for gone in _opened.keys() - set(own):
        del _opened[gone]
    views = [_opened[job_id] for job_id in own if job_id in _opened]
    return Views(view for view in views if client().job_status(view.job_id).status != HTTPStatus.NOT_FOUND)


def at_once(calls: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
    """Sends requests that are all under way at the same time; the answers in the order of the calls."""
    # One login, before the threads would each make one.
    client().authorization()
    with Threads(len(calls)) as pool:
        exchanges = list(pool.map(lambda call: call(), calls))
    for exchange in exchanges:
        report.log_exchange(exchange)
    return exchanges


def state_of(view: View) -> str:
    """The state of a view's job as GET /ack/{id} reports it: waiting, running or completed."""
    return state_in(client().job_status(view.job_id), view)


def state_in(answer: Exchange, view: View) -> str:
    """The state of a view's job in an answer of GET /ack/{id}."""
    check_answer(answer, OK, f"Asking for the status of the {view}")
    return str(answer.json().get("status"))
