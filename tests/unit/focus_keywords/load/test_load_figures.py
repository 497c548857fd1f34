"""Keywords that read a load: what fails is the product, and what is invalid is the bench."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.load.figures import Load
from focus_core.load.plan import Phase, Plan, request
from focus_core.load.result import HeldView, Outcome, Result, Series, ViewsOutcome
from focus_core.load.times import Times
from focus_keywords.load.load_figures import LoadFigures

WORDS = LoadFigures()
LESS, EQUAL = AssertionOperator["<"], AssertionOperator["=="]
PLAN = Plan((Phase(10, 10),), (request("GET /ack"),), urls={"focus": "http://127.0.0.1:1"})


def load(late_s: float = 0.001, **changes: Any) -> Load:
    times = Times.of_seconds([0.2] * 100)
    answered = Outcome("GET /ack", 100, 98, {"200": 98}, {"timeout": 2}, times, times, times)
    late = Times.of_seconds([late_s] * 100)
    return Load("GET /ack", PLAN, Result(0, 10, 10, 100, (answered,), late=late, **changes))


def test_a_figure_is_returned_and_checked() -> None:
    assert WORDS.get_load_figure(load(), "p95", LESS, "500 ms") == pytest.approx(0.2, rel=0.01)
    with pytest.raises(AssertionError, match=r"^success of GET /ack of GET /ack: '98 %' .* should be '100 %'"):
        WORDS.get_load_figure(load(), "success", EQUAL, "100 %", action="GET /ack")


def test_what_a_test_demands_of_a_time_stands_in_the_file_of_the_load(tmp_path: Path) -> None:
    file = tmp_path / "load-1.json"
    file.write_text('{"limits": {}}', encoding="utf-8")
    kept = replace(load(), file=file)
    WORDS.get_load_figure(kept, "p95", LESS, "500 ms")
    WORDS.get_load_figure(kept, "errors", LESS, "5 %")
    WORDS.get_load_figure(kept, "tries", LESS, "3")
    WORDS.get_load_figure(kept, "p50", LESS, "1 s", action="GET /ack")
    assert json.loads(file.read_text(encoding="utf-8")) == {"limits": {"p95": 0.5}}


def test_a_load_that_was_late_is_no_verdict_on_the_site() -> None:
    with pytest.raises(BenchError, match="The load is INVALID: 1 % of the actions began 50"):
        WORDS.get_load_figure(load(late_s=0.05), "success", EQUAL, "100 %")
    WORDS.load_should_be_valid(load(late_s=0.009))
    with pytest.raises(BenchError, match="INVALID"):
        WORDS.load_should_be_valid(load(late_s=0.009), limit=timedelta(milliseconds=50))


def test_a_resource_is_read_by_its_statistics() -> None:
    points = tuple((2.0 * at, 1e8 + at * 1e6) for at in range(20))
    measured = load(resources=(Series("memory of focus server", "bytes", points),))
    assert WORDS.get_load_resource(measured, "memory of focus server", LESS, "20 MiB", of="growth") == 19e6
    assert str(WORDS.get_load_resource(measured, "memory of focus server", of="growth share")) == "19 %"
    with pytest.raises(AssertionError, match=r"^least slope of memory of focus server under GET /ack: "):
        WORDS.get_load_resource(measured, "memory of focus server", LESS, "50 MiB", of="least slope")


def test_loads_that_do_not_scale_are_named_with_how_much() -> None:
    def held(rate: float) -> Load:
        view = HeldView("1-1", "lane0", 1, 10, 10, 1000, frames_a_second=rate)
        return load(views=ViewsOutcome(1, {}, (view,)))

    WORDS.load_should_scale(held(2), held(4), "frames a second", at_least=1.4, at_most=2.6)
    with pytest.raises(AssertionError, match=r"is 1\.00 times that of GET /ack, allowed are at least 1\.4 and at most"):
        WORDS.load_should_scale(held(2), held(2), "frames a second", at_least=1.4, at_most=2.6)
