"""What the switches of the area load do: answers late or not at all, connections that stay, streams that lack rows."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from support.focus_views import Views, connect, frames
from support.site_commands import Site, eventually, secret, switch

SMALL: dict[str, Any] = {"channels": {"min": 1, "max": 3}, "displayInfo": {"height": 100}}


def seconds(views: Views) -> float:
    begun = time.monotonic()
    assert views.get("ack").status_code == 200
    return time.monotonic() - begun


def rows(view: dict[str, Any], wanted: int) -> list[int]:
    """The numbers of the first rows that come by the view's first stream."""
    found: list[int] = []
    with connect(view["stream_port"]) as channel:
        for frame in frames(channel, 0):
            found += frame.row_index
            if len(found) >= wanted:
                return found
    raise AssertionError(f"the stream ended after {len(found)} rows")


@pytest.fixture
def opened(views: Views) -> Iterator[Callable[[int], list[dict[str, Any]]]]:
    """Opens so many small views, which are closed at the end."""
    jobs: list[str] = []

    def open_views(amount: int) -> list[dict[str, Any]]:
        found = [views.open(**SMALL) for _ in range(amount)]
        jobs.extend(view["job_id"] for view in found)
        return found

    yield open_views
    for job_id in jobs:
        views.close(job_id)


@pytest.mark.nightly
def test_answers_come_later_and_later(views: Views, defect: Callable[..., None]) -> None:
    defect("answers-later-and-later")
    seconds(views)
    time.sleep(10)
    first = seconds(views)
    time.sleep(10)
    assert 0.15 < first < seconds(views) - 0.1


@pytest.mark.nightly
def test_a_server_freezes_under_load(views: Views, defect: Callable[..., None]) -> None:
    def slowest() -> float:
        with ThreadPoolExecutor(20) as pool:
            return max(pool.map(lambda _: seconds(views), range(40)))

    quiet = slowest()
    defect("freezes-under-load")
    assert slowest() > quiet + 0.8


@pytest.mark.nightly
def test_connections_to_the_broker_stay(
    simulated_site: Site,
    views: Views,
    defect: Callable[..., None],
    opened: Callable[[int], list[dict[str, Any]]],
) -> None:
    def connections() -> int:
        place = simulated_site["rabbitmq"]
        login = (place["username"], secret(place["password"]))
        found = requests.get(f"{place['management_url']}/api/connections", auth=login, timeout=10).json()
        return len(found)

    before = eventually(connections)
    defect("broker-connection-leak")
    for view in opened(4):
        views.close(view["job_id"])
    # The management API counts some seconds late.
    eventually(lambda: connections() >= before + 4)
    switch(simulated_site, "off", "broker-connection-leak")
    opened(1)
    eventually(lambda: connections() <= before + 3)


@pytest.mark.nightly
def test_every_second_view_gets_a_quarter_of_its_rows(
    defect: Callable[..., None], opened: Callable[[int], list[dict[str, Any]]], views: Views
) -> None:
    defect("streams-unfair")
    found = opened(2)
    for view in found:
        views.running(view["job_id"])
    took = {}
    for view in found:
        begun = time.monotonic()
        rows(view, 30)
        took[int(view["job_id"].partition("-")[0]) % 2] = time.monotonic() - begun
    assert took[0] > 2 * took[1]


@pytest.mark.nightly
def test_rows_of_a_second_are_lost_under_load(
    defect: Callable[..., None], opened: Callable[[int], list[dict[str, Any]]], views: Views
) -> None:
    defect("rows-lost-under-load")
    view = opened(8)[-1]
    views.running(view["job_id"])
    found = rows(view, 60)
    assert max(later - earlier for earlier, later in itertools.pairwise(found)) >= 8
