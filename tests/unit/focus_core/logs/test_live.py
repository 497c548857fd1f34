"""How long whoever asks for a test's lines waits for the monitor."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from focus_core.base.repeater import Repeater
from focus_core.logs import live, monitor


@contextmanager
def beating(folder: Path, state: Callable[[], dict[str, Any]]) -> Iterator[None]:
    """A monitor's file, written again and again."""

    def beat() -> bool:
        scratch = folder / "scratch"
        scratch.write_text(json.dumps({"beat": time.time(), **state()}), encoding="utf-8")
        scratch.replace(folder / monitor.FILE)
        return True

    beats = Repeater(beat, pause_s=0.05, longest_s=60)
    beats.start()
    try:
        yield
    finally:
        beats.stop()


def waited(folder: Path) -> float:
    before = time.monotonic()
    live.entries_of_test(folder, "0a0b0c0d", 0)
    return time.monotonic() - before


def test_the_first_look_of_a_monitor_is_waited_for(tmp_path: Path) -> None:
    begun, looks_at = time.time(), time.monotonic() + 1.0
    with beating(tmp_path, lambda: {"begun": begun, "looked": time.monotonic() > looks_at}):
        waited(tmp_path)
    assert time.monotonic() > looks_at


def test_a_cluster_that_is_away_is_not_waited_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_FIRST_LOOK_S", 1000.0)
    long_ago = time.time() - 1001.0
    with beating(tmp_path, lambda: {"begun": long_ago, "looked": False}):
        assert waited(tmp_path) < 500


def test_a_monitor_that_has_ended_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_FIRST_LOOK_S", 1000.0)
    (tmp_path / monitor.FILE).write_text(json.dumps({"ended": True, "trouble": "no rights"}), encoding="utf-8")
    assert waited(tmp_path) < 500
