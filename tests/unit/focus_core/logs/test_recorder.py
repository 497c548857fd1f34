"""What the monitor writes down: without secrets, in bounded memory, with what was dropped."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from focus_core.logs import entries, recorder
from focus_core.logs.entries import Entry, Source
from focus_core.logs.patterns import Patterns
from focus_core.logs.recorder import Recorder
from focus_core.logs.stamped import StampedLine
from focus_core.site import secrets

SOURCE = Source("webapp", "webapp-1", "main", "worker")


def written(folder: Path, *texts: str) -> Recorder:
    async def write() -> Recorder:
        found = Recorder(folder, Patterns.of_site())
        found.lines(SOURCE, [StampedLine("", 100.0 + number, text) for number, text in enumerate(texts)])
        found.close()
        return found

    return asyncio.run(write())


def test_lines_go_to_their_service_and_errors_to_a_file_of_their_own(tmp_path: Path) -> None:
    found = written(tmp_path, "all is well", "שגיאה error", "half of a pair \ud800")
    assert (tmp_path / "webapp.log").read_text(encoding="utf-8").splitlines() == [
        "1970-01-01T00:01:40.000Z [webapp-1] all is well",
        "1970-01-01T00:01:41.000Z [webapp-1] שגיאה error",
        "1970-01-01T00:01:42.000Z [webapp-1] half of a pair \\ud800",
    ]
    assert (tmp_path / "webapp_errors.log").read_text(encoding="utf-8").count("\n") == 1
    assert [(entry.text, entry.pattern) for entry in entries.read(tmp_path)][:2] == [
        ("all is well", ""),
        ("שגיאה error", "error"),
    ]
    assert (found.figures.lines, found.figures.errors["webapp"]) == (3, 1)


def test_no_secret_is_written(tmp_path: Path) -> None:
    secrets.register("hunter2-of-mongodb")
    written(tmp_path, "login with hunter2-of-mongodb", "Authorization: Bearer eyJhbGciOi.eyJzdWIiOi.c2ln")
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "hunter2" not in text
        assert "eyJzdWIiOi" not in text


def test_a_flood_drops_the_oldest_and_says_how_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MOST_WAITING", 10_000)
    found = written(tmp_path, *(f"line {number:05d}" for number in range(5_000)))
    lines = [entry for entry in entries.read(tmp_path) if entry.kind == "line"]
    (dropped,) = [entry for entry in entries.read(tmp_path) if entry.kind == "dropped"]
    assert lines[-1].text == "line 04999"
    assert len(lines) * len("line 00000") <= 10_000
    assert found.figures.dropped == 5_000 - len(lines)
    assert dropped.text.startswith(f"{found.figures.dropped} lines were dropped")
    assert dropped.seconds == pytest.approx(found.figures.dropped - 1)


def test_a_disk_is_not_filled_and_errors_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MOST_BYTES", 2_000)
    found = written(tmp_path, *(f"line {number}" for number in range(500)), "error at last")
    assert found.figures.not_kept > 400
    assert list(entries.read(tmp_path))[-1].text == "error at last"


def test_entries_that_were_cut_by_a_kill_are_left_out(tmp_path: Path) -> None:
    whole = Entry("line", 1.0, SOURCE, "one").to_json()
    (tmp_path / entries.FILE).write_text(f'{{"at": 1, "ki{whole}\n{whole}\n{whole[:20]}', encoding="utf-8")
    assert [entry.text for entry in entries.read(tmp_path)] == ["one"]


def test_writing_keeps_up_with_reading(tmp_path: Path) -> None:
    """Where little of the machine is ours, much has come whenever it is our turn to write."""

    async def most_waiting() -> int:
        found, most = Recorder(tmp_path, Patterns.of_site()), 0
        writing = asyncio.create_task(found.run())
        for turn in range(60):
            found.lines(SOURCE, [StampedLine("", 100.0 + turn, "line")] * 1_000)
            most = max(most, found.waiting)
            await asyncio.sleep(0)
        writing.cancel()
        found.close()
        return most

    assert asyncio.run(most_waiting()) < 10_000


def test_lines_are_written_fast_enough(tmp_path: Path) -> None:
    """5,000 lines a second may cost a quarter of a core, 50 us each; five times as much on a machine that is shared."""
    head = "2026-12-01T05:00:00.123Z INFO focus.access: GET"
    texts = [f"{head} /metadata/{number}-1 200 5ms client=lane1" for number in range(4_000)]
    begun = time.process_time()
    written(tmp_path, *texts)
    assert (time.process_time() - begun) / len(texts) < 250e-6
