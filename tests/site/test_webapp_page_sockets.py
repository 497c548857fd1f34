"""The sockets of the operator's page through the ingress: news, and the rows of a view."""

from __future__ import annotations

import itertools
import math
import time
from array import array
from typing import Any

import pytest
from support.focus_views import Cluster, Views, connect, frames
from support.operator_page import ROWS, SPECTRUM, Page, closing_code, rows_of, said
from support.site_commands import Site
from support.webapp import WebApp, unique
from websockets.exceptions import InvalidStatus

UNAUTHORIZED, FOREIGN, UNKNOWN, GONE, NORMAL = 4401, 4403, 4404, 4410, 1000


@pytest.fixture(scope="module")
def page(simulated_site: Site) -> Page:
    return Page(simulated_site)


@pytest.fixture(scope="module")
def own_views(simulated_site: Site) -> Views:
    """The views of the page's user (lane1), whose jobs the page may read."""
    names = [user["username"] for user in simulated_site["users"]]
    return Views(simulated_site, names.index("lane1"))


def test_what_happens_is_told_at_once_to_every_page(page: Page, simulated_site: Site) -> None:
    other = Page(simulated_site, "viewer")
    sent = unique()
    with page.socket("news") as mine, other.socket("news") as theirs:
        assert said(mine) == said(theirs) == {"kind": "hello"}
        began = time.monotonic()
        assert WebApp(simulated_site, "lane2").push(alertIds=[sent]).status_code == 201
        for socket in (mine, theirs):
            while (news := said(socket)) != {"kind": "alert", "alertId": sent}:
                assert news["kind"] in ("quiet", "alert")
        assert time.monotonic() - began < 5, "an alert is visible within 5 s"
        assert page.call("POST", "note", json={"alertId": sent, "text": "seen"}).status_code == 201
        while (news := said(theirs)) != {"kind": "note", "alertId": sent}:
            assert news["kind"] in ("quiet", "alert")


def test_a_socket_needs_a_login_and_a_page_of_the_site(page: Page, simulated_site: Site) -> None:
    with page.socket("news", cookies=False) as stranger:
        assert closing_code(stranger) == UNAUTHORIZED
    with pytest.raises(InvalidStatus) as refused:
        page.socket("news", origin="https://elsewhere.example")
    assert refused.value.response.status_code == 403
    leaving = Page(simulated_site, "lane3")
    with leaving.socket("news") as socket:
        assert said(socket) == {"kind": "hello"}
        assert leaving.call("POST", "/prisma/api/auth/logout").status_code == 201
        assert closing_code(socket) == UNAUTHORIZED


def levels(values: array[float], bins: int) -> list[int]:
    """Return the levels of docs/operators-page.md for the channels of one row."""
    means = [math.fsum(values[at : at + bins]) / bins for at in range(0, len(values), bins)]
    return [min(255, math.floor(85 * math.log10(1 + max(0.0, mean)) + 0.5)) for mean in means]


def test_the_rows_of_a_page_are_those_of_the_job(page: Page, own_views: Views) -> None:
    view = own_views.open(channels={"min": 11, "max": 60})
    with page.socket(f"view-stream/{view['job_id']}") as socket, connect(view["stream_port"]) as channel:
        described = said(socket)["view"]
        assert described["channels"] == [11, 60]
        assert described["frequencies"] == view["frequencies_list"]
        assert (described["viewType"], described["linesDt"]) == (0, view["lines_dt"])
        first_seen = rows_of(socket).row
        call = frames(channel, 0)
        # The page may have come later than we, and sees nothing of what was before.
        frame = next(one for one in call if one.row_index[0] > first_seen)
        call.cancel()
        shown: dict[int, tuple[float, Any]] = {}
        while max(shown, default=0) < frame.row_index[-1]:
            rows = rows_of(socket)
            assert rows.kind == ROWS
            if rows.first == frame.start_channel:
                shown |= {rows.row + index: (rows.time_ms, line) for index, line in enumerate(rows.cells)}
        common = [index for index, row in enumerate(frame.row_index) if row in shown]
        assert common
        for index in common:
            row = array("f", frame.main_data[index])
            begins, line = shown[frame.row_index[index]]
            # A value on the border of two levels may fall on either side.
            expected = levels(row, view["frequencies_amount"])
            assert all(abs(int(is_) - should) <= 1 for is_, should in zip(line, expected, strict=True))
            assert sum(int(is_) != should for is_, should in zip(line, expected, strict=True)) <= 1
            if index == common[0] and index == 0:
                assert begins == pytest.approx(frame.timestamp_in_milis[0], abs=view["lines_dt"] * 1000 * len(shown))
    own_views.close(view["job_id"])


def test_a_page_sees_the_spectrum_of_the_channel_that_it_asks_for(page: Page, own_views: Views) -> None:
    view = own_views.open(channels={"min": 11, "max": 60})
    with page.socket(f"view-stream/{view['job_id']}") as socket:
        socket.send('{"spectrum": 45}')
        some = itertools.islice(iter(lambda: rows_of(socket), None), 200)
        seen = next(rows for rows in some if rows.kind == SPECTRUM)
        assert seen.first == 45
        assert seen.cells.shape == (1, view["frequencies_amount"])
        assert seen.cells.min() >= 0
    own_views.close(view["job_id"])


def test_the_columns_of_a_single_channel_are_its_bins(page: Page, own_views: Views) -> None:
    view = own_views.open(channels={"min": 7, "max": 7}, view_type=1)
    with page.socket(f"view-stream/{view['job_id']}") as socket:
        rows = rows_of(socket)
        assert (rows.first, rows.cells.shape[1]) == (0, view["frequencies_amount"])
    own_views.close(view["job_id"])


def test_a_historic_view_ends_with_its_window(page: Page, own_views: Views) -> None:
    view = own_views.open(**own_views.historic(20), displayInfo={"height": 100})
    with page.socket(f"view-stream/{view['job_id']}") as socket:
        said(socket)
        seen, text = set(), ""
        for message in itertools.takewhile(lambda one: "ended" not in str(one)[:20], socket):
            assert not isinstance(message, str)
            header = memoryview(message)[:20].cast("I")
            seen |= set(range(header[4], header[4] + header[3]))
            text = "rows"
        assert text == "rows"
        assert seen == set(range(round(20 / view["lines_dt"])))
        assert closing_code(socket) == NORMAL


def test_a_page_reads_no_view_of_others_and_none_that_is_not_there(page: Page, views: Views) -> None:
    foreign = views.open()
    with page.socket(f"view-stream/{foreign['job_id']}") as socket:
        assert closing_code(socket) == FOREIGN
    views.close(foreign["job_id"])
    with page.socket("view-stream/99-99999") as socket:
        assert closing_code(socket) == UNKNOWN


def test_a_page_is_told_that_a_job_died(page: Page, own_views: Views, cluster: Cluster) -> None:
    view = own_views.open()
    with page.socket(f"view-stream/{view['job_id']}") as socket:
        rows_of(socket)
        (pod,) = cluster.pods(view["job_id"])
        cluster.core.delete_namespaced_pod(pod.metadata.name, cluster.namespace, grace_period_seconds=0)
        assert closing_code(socket) == GONE
    own_views.close(view["job_id"])
