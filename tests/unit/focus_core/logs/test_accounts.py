"""The files of each test, and what a report says of the monitor."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from focus_core.logs import accounts, belonging, entries, journal, monitor
from focus_core.logs.entries import Entry, Source

RUN = "20261201-050000-ab12"
STATE = {"begun": 90.0, "ended": True, "trouble": "", "skew": {"worker": 10.0}}
NODE = Source("focus_server", "focus-1", "main", "worker")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a monitor and a lane leave of a test that fails and of one that passes, one after the other."""
    found = [
        Entry("line", 91.0, NODE, "INFO מתחיל <b>"),
        Entry("line", 92.0, NODE, f"ERROR no disk id={RUN}.0.aaaaaaa1.3", "error", "error"),
        Entry(
            "state",
            103.0,
            Source("jobs", "grpc-job-7-12-x", "main", "", "7-12"),
            "container main ended",
            "container state",
            "error",
        ),
        Entry("gap", 92.5, NODE, "gap of 1.000 s: rotated", seconds=1.0),
        Entry("sample", 104.0, Source("mongodb"), "ping_ms=3"),
        Entry("line", 101.5, NODE, "after the first test, before the second"),
        Entry("line", 111.0, NODE, "in the second"),
    ]
    (tmp_path / entries.FILE).write_text("".join(f"{entry.to_json()}\n" for entry in found), encoding="utf-8")
    (tmp_path / monitor.FILE).write_text(json.dumps(STATE))
    (tmp_path / monitor.TEMPLATES).write_text(json.dumps({"counts": {}, "new": ["focus_server: ERROR no disk"]}))
    lane = {"run": RUN, "lane": 0, "user": "lane0", "job_prefix": "grpc-job-"}
    records: list[Mapping[str, Any]] = [
        {"what": "test", "token": "aaaaaaa1", "name": "Suite.Fails בדיקה", "file": "Fails-1", "at": 100.0, **lane},
        {"what": "job", "job": "7-12", "token": "aaaaaaa1", "at": 102.0, **lane},
        {
            "what": "end",
            "token": "aaaaaaa1",
            "at": 110.0,
            "status": "FAIL",
            "steps": [["Open View", 100.5, 2.0, True]],
            "calls": [["http", 100.6, 0.5, False]],
        },
        {"what": "test", "token": "bbbbbbb2", "name": "Suite.Passes", "file": "Passes-2", "at": 120.0, **lane},
        {"what": "end", "token": "bbbbbbb2", "at": 125.0, "status": "PASS"},
    ]
    (tmp_path / "journal").mkdir()
    text = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    (tmp_path / "journal" / "1.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def test_each_test_has_its_files_and_its_errors(folder: Path) -> None:
    accounts.make(folder)
    tests = folder / accounts.TESTS
    names = "Fails-1.html Fails-1.log Fails-1.png Fails-1_errors.log Passes-2.html Passes-2.log index.html"
    assert sorted(path.name for path in tests.iterdir()) == names.split()
    log = (tests / "Fails-1.log").read_text(encoding="utf-8").splitlines()
    assert [line.split("] ", 1)[1] for line in log] == [
        "INFO מתחיל <b>",
        f"ERROR no disk id={RUN}.0.aaaaaaa1.3",
        "<gap> gap of 1.000 s: rotated",
        "<state> container main ended",
        "<sample> ping_ms=3",
    ]
    # Ours, not the node's, whose clock is ten seconds behind.
    assert log[0].startswith("1970-01-01T00:01:41.000Z [focus-1]")
    assert (tests / "Passes-2.log").read_text(encoding="utf-8").endswith("in the second\n")


def test_the_pages_lead_to_files_that_are_there(folder: Path) -> None:
    accounts.make(folder)
    for page in (folder / accounts.TESTS).glob("*.html"):
        text = page.read_text(encoding="utf-8")
        links = re.findall(r'(?:href|src)="([^"]+)"', text)
        assert links
        assert all((page.parent / link).is_file() for link in links)
        assert "<b>" not in text
        assert '<meta charset="utf-8">' in text
    page = (folder / accounts.TESTS / "Fails-1.html").read_text(encoding="utf-8")
    assert "בדיקה" in page
    assert "מתחיל &lt;b&gt;" in page


def test_the_summary_counts_by_service_pattern_and_test(folder: Path) -> None:
    summary = accounts.make(folder)
    assert summary == accounts.read(folder)
    assert summary["errors"] == [
        {"service": "focus_server", "pattern": "error", "lines": 1},
        {"service": "jobs", "pattern": "container state", "lines": 1},
    ]
    (test,) = summary["tests"]
    assert (test["name"], test["errors"], test["file"]) == ("Suite.Fails בדיקה", 2, "tests/Fails-1.html")
    assert summary["attributed"]["no test: time"] == 1
    assert summary["new_templates"] == ["focus_server: ERROR no disk"]
    assert summary["banner"] == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "wrote nothing"),
        ({"trouble": "The kubeconfig is gone."}, "did not run: The kubeconfig is gone."),
        ({"begun": 1.0}, "was killed before the run ended"),
        (STATE | {"trouble": "the cluster cannot be watched: it refuses"}, "cannot be watched"),
        (STATE | {"gaps": 2, "gap_seconds": 3.25}, "2 gaps of 3.2 s"),
        (STATE | {"dropped": 17}, "17 lines were dropped"),
        (STATE | {"not_kept": 5}, "5 lines were not kept"),
    ],
)
def test_the_banner_says_what_was_not_seen(state: dict[str, Any], words: str) -> None:
    assert words in accounts.banner(state)


def test_a_test_that_logs_without_end_has_a_file_of_bounded_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belonging, "MOST_LINES", 3)
    accounts.make(folder)
    log = (folder / accounts.TESTS / "Fails-1.log").read_text(encoding="utf-8").splitlines()
    assert len(log) == 4
    assert log[-1] == "... and 2 more: see events.jsonl"


def test_lanes_write_into_one_folder_and_a_cut_record_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(journal.FOLDER_VARIABLE, str(tmp_path))
    journal.note("job", job="7-12")
    with next((tmp_path / "journal").iterdir()).open("a") as file:
        file.write('{"what": "jo')
    assert [record["job"] for record in journal.records(tmp_path)] == ["7-12"]
