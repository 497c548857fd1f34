"""Samples of rows of a job that lags and catches up: what they have in common is judged by the rows' own times."""

import json
import time
from email.utils import formatdate
from typing import Any

import pytest
from focus_core.server.client import Exchange
from focus_core.site import data as site_data
from focus_core.views import waterfall as rules
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType
from focus_keywords.views import waterfall
from focus_keywords.views.waterfall import ViewWaterfall

ROW_MS = 10
BUDGET_S = 0.5


class LaggingJob:
    """Gives the newest rows it was asked for; before each answer it goes on by the next of ``steps`` rows."""

    def __init__(self, steps: list[int], most: int = 10_000) -> None:
        self.steps = iter(steps)
        self.most = most
        self.made = 50
        self.asked: list[int] = []
        self.begun = int(time.time() * 1000) - 1000

    def waterfall(self, job_id: str, rows: int) -> Exchange:
        self.asked.append(rows)
        self.made += next(self.steps, 1)
        numbers = range(max(0, self.made - min(rows, self.most)), self.made)
        content = [
            {
                "canvasId": job_id,
                "sensors": [{"id": 5, "intensity": [1.0]}],
                "startTimestamp": self.begun + number * ROW_MS,
                "endTimestamp": self.begun + (number + 1) * ROW_MS,
            }
            for number in numbers
        ]
        body = json.dumps([{"rows": content, "current_max_amp": 1.0, "current_min_amp": 1.0}])
        headers = {"Content-Type": "application/json", "Date": formatdate(time.time() + 60, usegmt=True)}
        return Exchange("GET", "http://site/waterfall", "", rules.ROWS, headers, body, 100.0)


def view() -> View:
    request = ViewRequest(ViewType.SingleChannel, (5, 5), 128, (0, 500), 10, 1000)
    raw = {"job_id": "1-1", "frequencies_amount": 1, "lines_dt": ROW_MS / 1000, "frequencies_list": [0]}
    return View(request, ViewAnswer("1-1", 1, 12301, "http://site", raw), LaggingJob([]).waterfall("1-1", 1))


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch) -> Any:
    def compared(job: LaggingJob, rows: int, samples: int) -> None:
        monkeypatch.setattr(waterfall, "client", lambda: job)
        monkeypatch.setattr(waterfall, "check_answer", lambda *_: None)
        monkeypatch.setattr(site_data, "site", _Site)
        ViewWaterfall().rows_should_stay_the_same(view(), rows=rows, samples=samples)

    return compared


class _Site:
    class timings:  # noqa: N801 - stands for the site's section of this name
        first_frame_s = BUDGET_S


def test_a_job_that_catches_up_is_asked_for_as_many_rows_as_it_made(compare: Any) -> None:
    job = LaggingJob([0, 400])
    compare(job, rows=5, samples=2)
    assert job.asked == [5, 55, 406]


def test_rows_that_no_answer_can_hold_are_left_out(compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "most_rows_of_an_answer", lambda _: 100)
    job = LaggingJob([0, 400], most=100)
    compare(job, rows=5, samples=2)
    assert job.asked == [5, 55, 100]


def test_rows_that_the_server_keeps_back_are_a_failure(compare: Any) -> None:
    with pytest.raises(AssertionError, match="a sample of 20 rows has no row in common with those before it"):
        compare(LaggingJob([0, 400], most=20), rows=5, samples=2)


def test_samples_that_never_meet_are_a_failure(compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "most_rows_of_an_answer", lambda _: 100)
    with pytest.raises(AssertionError, match=r"shows 5 rows, and some that were seen before: waited .* rows from "):
        compare(LaggingJob([0, *[400] * 99], most=100), rows=5, samples=2)
