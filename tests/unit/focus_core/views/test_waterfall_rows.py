"""Rows as testers see them: read from the server's answers, whatever they hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from focus_core.server.client import Exchange
from focus_core.views import waterfall_rows
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType

ROW: dict[str, Any] = {
    "canvasId": "1-1",
    "sensors": [{"id": 5, "intensity": [1.0, 2.0]}, {"id": 6, "intensity": [3.0, -1.0]}],
    "startTimestamp": 1_700_000_000_000,
    "endTimestamp": 1_700_000_000_050,
}


@pytest.fixture
def newest(monkeypatch: pytest.MonkeyPatch) -> Any:
    def read(status: int, body: Any) -> list[waterfall_rows.WaterfallRow]:
        headers = {"Content-Type": "application/json"}
        answer = Exchange("GET", "", "", status, headers, json.dumps(body), 0)
        monkeypatch.setattr(waterfall_rows, "client", lambda: type("Server", (), {"waterfall": lambda *_: answer})())
        monkeypatch.setattr(waterfall_rows, "check_answer", lambda *_: None)
        request = ViewRequest(ViewType.MultiChannel, (5, 6), 128, (0, 500), 10, 1000)
        return waterfall_rows.newest(View(request, ViewAnswer("1-1", 1, 12301, "http://x", {}), answer), 20)

    return read


def test_a_row_is_described_by_what_it_holds(newest: Any) -> None:
    (row,) = newest(201, [{"rows": [ROW]}])
    assert str(row) == "a row of channels 5-6 from 2023-11-14 22:13:20 UTC"
    assert (row.seconds, row.job_id, row.frequencies) == (0.05, "1-1", 2)
    assert (row.lowest, row.highest, row.mean) == (-1, 3, 1.25)


def test_channels_that_do_not_follow_each_other_are_listed(newest: Any) -> None:
    (row,) = newest(201, [{"rows": [ROW | {"sensors": ROW["sensors"][::-1]}]}])
    assert row.channels == "6, 5"


@pytest.mark.parametrize("status", [200, 208])
def test_there_is_no_row_before_the_first_and_after_the_last(newest: Any, status: int) -> None:
    assert newest(status, None) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [({}, "the body is not a list of blocks"), ([{"rows": [{"canvasId": "1-1"}]}], "a row has no sensors and no")],
)
def test_what_cannot_be_read_as_rows_is_a_failure(newest: Any, body: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        newest(201, body)
