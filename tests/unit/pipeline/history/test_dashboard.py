"""The page of robotframework-dashboard: fed with each run once, and no error of it is taken for success."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.errors import RunError
from pipeline.history import after_run, dashboard
from pipeline.measure import history as made
from pipeline.results import run_json

URLS_LOADED = ('src="http', "src='http", '<link href="http', 'rel="stylesheet" href="http')


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(made, "TESTS", 5)
    return tmp_path


def rows() -> list[tuple[str, str]]:
    with closing(sqlite3.connect(dashboard.data())) as connection:
        return sorted(connection.execute("SELECT run_alias, path FROM runs"))


@pytest.mark.nightly
def test_runs_are_fed_once_and_the_page_needs_no_network(results: Path) -> None:
    dashboard.feed_if_used()
    assert not dashboard.data().exists()
    made.make_run(0)
    cut_off = made.make_run(2) / "output.xml"
    whole = cut_off.read_text(encoding="utf-8")
    cut_off.write_text(whole[:500], encoding="utf-8")
    page, problems = dashboard.make()
    assert ["output_made-002.xml" in sentence for sentence in problems] == [True]
    assert rows() == [("made-000", "runs/made-000/log.html")]
    text = page.read_text(encoding="utf-8")
    assert not any(url in text for url in URLS_LOADED)
    assert str(results) not in text
    cut_off.write_text(whole, encoding="utf-8")
    dashboard.feed_if_used()
    assert [alias for alias, _ in rows()] == ["made-000", "made-002"]
    assert "View <n>-<n> delivered <n> frames".replace("<n>", "${x}") in list(dashboard.templates())


def test_a_damaged_database_is_named_and_costs_a_run_a_note() -> None:
    run = made.make_run(0)
    dashboard.data().parent.mkdir()
    dashboard.data().write_text("no database")
    with pytest.raises(RunError, match=r"dashboard\.db cannot be used \(file is not a database\): remove "):
        dashboard.make()
    _, notes = after_run.after_run(run_json.read(run / run_json.NAME))
    assert [note for note in notes if note.startswith("This run is not in the dashboard: ")]


def test_without_a_run_there_is_no_page() -> None:
    with pytest.raises(RunError, match="There is no run to show"):
        dashboard.make()
