"""What operators add on their page, and the file that keeps it, without a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.pods.webapp import page_records
from simulator.pods.webapp.alerts import Alert
from simulator.pods.webapp.groups import grouped
from simulator.pods.webapp.kept import Kept
from simulator.pods.webapp.page_records import Records

MINUTES = ("00", "01")


def alert(name: str, minute: str = "00") -> Alert:
    return Alert.from_message(
        {
            "alert_id": name,
            "class_id": 104,
            "severity": 2,
            "distance_m": 4200,
            "alert_time": f"2026-12-01T05:{minute}:00.123Z",
            "time_interval_s": 150,
        }
    )


def started(folder: Path) -> Records:
    """The records as a fresh pod has them."""
    return Records(Kept(folder / "kept.json"))


def test_what_operators_added_is_there_after_a_restart(tmp_path: Path) -> None:
    first, second = (alert(f"a-{minute}", minute) for minute in MINUTES)
    before = started(tmp_path)
    note = before.add_note([first], "anna", "\u05e0\u05d1\u05d3\u05e7")
    before.set_review([second, second], "confirmed")
    line = before.add_line("Gate", 4200)
    after = started(tmp_path)
    assert after.notes("a-00") == [note]
    assert (after.review("a-00"), after.review("a-01")) == ("new", "confirmed")
    assert after.lines() == [line]
    assert after.alerts() == [first, second, second]
    (group,) = grouped(after.alerts())
    assert [after.reviewed(one)["notes"] for one in group.alerts] == [1, 0, 0]


def test_numbers_are_not_given_twice_after_a_restart(tmp_path: Path) -> None:
    before = started(tmp_path)
    line = before.add_line("Gate", 1)
    note = before.add_note([alert("a")], "anna", "first")
    assert started(tmp_path).add_note([alert("a")], "anna", "second").id > max(line.id, note.id)


def test_what_was_removed_stays_away(tmp_path: Path) -> None:
    before = started(tmp_path)
    line = before.add_line("Gate", 1)
    before.add_note([alert("a")], "anna", "seen")
    before.remove_line(line.id)
    before.forget({"a", "b"})
    after = started(tmp_path)
    assert (after.lines(), after.notes("a"), after.alerts()) == ([], [], [])


def test_records_of_so_many_alerts_are_kept_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_records, "MOST_ALERTS", 2)
    records = started(tmp_path)
    for name in ("a", "b", "a", "c"):
        records.add_note([alert(name)], "anna", "seen")
    assert [len(records.notes(name)) for name in ("a", "b", "c")] == [2, 0, 1]
