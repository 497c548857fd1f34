"""Threads: a number of them that would take the tester's machine is refused before the first one starts."""

from __future__ import annotations

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.threads import Threads


def test_a_number_of_threads_that_no_machine_carries_is_refused() -> None:
    with pytest.raises(BenchError, match=r"At most 1000 requests can be under way at once, not 100000; correct"):
        Threads(100_000)


def test_calls_are_answered_in_their_order() -> None:
    with Threads(3) as pool:
        assert list(pool.map(lambda number: number * 2, range(9))) == [0, 2, 4, 6, 8, 10, 12, 14, 16]
