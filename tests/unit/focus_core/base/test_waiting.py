"""focus_core.base.waiting and focus_core.base.cleanup."""

import pytest
from focus_core.base import cleanup
from focus_core.base.cleanup import CleanupRegistry
from focus_core.base.waiting import NotYet, WaitTimeout, wait_until


def test_returns_what_the_probe_found_at_last() -> None:
    answers = iter([None, 0, "found"])
    assert wait_until("it", lambda: next(answers), timeout=5, interval=0.001) == "found"


def test_timeout_reports_the_whole_story() -> None:
    def probe() -> bool:
        raise NotYet("status 'waiting'")

    with pytest.raises(WaitTimeout) as failure:
        wait_until("Job 7-1 is running", probe, timeout=0.05, interval=0.02)
    assert str(failure.value).startswith("Job 7-1 is running: waited 0.05 s, ")
    assert str(failure.value).endswith(" tries, last seen: status 'waiting'.")
    assert isinstance(failure.value, AssertionError)


def test_a_zero_timeout_still_asks_once() -> None:
    assert wait_until("it", lambda: True, timeout=0)


def test_any_other_exception_passes_through() -> None:
    def probe() -> bool:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        wait_until("it", probe, timeout=5)


def test_undos_are_played_newest_first_and_once() -> None:
    played: list[str] = []
    registry = CleanupRegistry()
    registry.add("job 1", lambda: played.append("1"))
    second = registry.add("job 2", lambda: played.append("2"))
    registry.add("job 3", lambda: played.append("3"))
    registry.done(second)
    assert registry.run() == []
    assert registry.run() == []
    assert played == ["3", "1"]


def test_a_failing_undo_does_not_keep_the_others_from_being_played() -> None:
    played: list[str] = []

    def broken() -> None:
        raise OSError("the site is gone")

    registry = CleanupRegistry()
    registry.add("job 1", lambda: played.append("1"))
    registry.add("job 2", broken)
    assert registry.run() == ["job 2 was not removed: the site is gone"]
    assert played == ["1"]


def test_what_a_test_creates_lives_as_long_as_the_test() -> None:
    played: list[str] = []
    cleanup.push()
    cleanup.current().add("suite's", lambda: played.append("suite"))
    cleanup.push()
    cleanup.current().add("test's", lambda: played.append("test"))
    assert cleanup.pop() == []
    assert played == ["test"]
    assert cleanup.pop() == []
    assert played == ["test", "suite"]
