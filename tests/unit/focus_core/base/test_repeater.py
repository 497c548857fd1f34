"""A step that is done again and again beside a test."""

from __future__ import annotations

import threading

import pytest
from focus_core.base.repeater import Repeater


def test_it_starts_well_with_the_first_success_and_goes_on_until_it_is_stopped() -> None:
    results = iter([False, True])
    done: list[bool] = []
    many = threading.Event()

    def step() -> bool:
        done.append(next(results, True))
        if len(done) == 5:
            many.set()
        return done[-1]

    repeater = Repeater(step, pause_s=0.001, longest_s=30)
    repeater.start_well("Nothing succeeded")
    assert done[:2] == [False, True]
    assert many.wait(30)
    repeater.stop()
    assert not repeater._thread.is_alive()


def test_without_a_success_it_says_what_failed() -> None:
    repeater = Repeater(lambda: False, pause_s=0.001, longest_s=0.05)
    with pytest.raises(AssertionError, match=r"^No alert was taken within 0\.05 s before anything was disturbed\.$"):
        repeater.start_well("No alert was taken")
    repeater.stop()
