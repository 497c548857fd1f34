"""What was measured is kept, and judged as the loads of runs are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import command_line, paths
from pipeline.baseline import checking, store
from pipeline.baseline.entries import Entry
from pipeline.baseline.measured import CONFIRMS
from pipeline.errors import RunError
from pipeline.measure import command, figures, kept
from pipeline.measure import site as simulated_site

USUAL = (5.5, 5.6, 5.4, 5.55, 5.45, 5.5, 5.52, 5.48, 5.5, 5.51)
AGAIN = ("measure", "start", "--runs", "3", "--jobs", "50")


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(figures, "shown", [])
    monkeypatch.delenv(CONFIRMS, raising=False)
    monkeypatch.delenv(store.VARIABLE, raising=False)
    return tmp_path


def measure(*words: str) -> int:
    figures.shown.clear()
    return command.main(command_line.parse(["measure", *words]))


def ready_after(monkeypatch: pytest.MonkeyPatch, seconds: float) -> int:
    """`measure start` on a site that is ready after so many seconds."""
    monkeypatch.setattr(
        simulated_site, "measure_start", lambda runs: figures.show("ready", [seconds] * runs, "s", most=10)
    )
    return measure("start", "--runs", "3")


def entries() -> list[Entry]:
    return [line for path in store.files() for line in store.read(path) if isinstance(line, Entry)]


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run has a second of its own, as it would where measuring takes time."""
    real, count = kept.datetime, iter(range(60))

    class Later(real):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: object = None) -> object:
            return real(2026, 11, 30, 10, 0, next(count), tzinfo=tz)  # type: ignore[arg-type]

    monkeypatch.setattr(kept, "datetime", Later)


def test_a_command_keeps_its_figures_and_a_missed_budget_ends_it_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ready_after(monkeypatch, 5.5) == 0
    assert ready_after(monkeypatch, 10.5) == 1
    first = entries()[0]
    assert (first.name, first.figures["median"].value, first.figures["median"].limit) == ("ready", 5.5, 10)
    assert first.again == AGAIN


def test_what_failed_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_runs: int) -> None:
        figures.show("ready", [1], "s")
        raise RunError("'down' left 1 processes")

    monkeypatch.setattr(simulated_site, "measure_start", fail)
    with pytest.raises(RunError):
        measure("start")
    assert entries() == []


@pytest.mark.usefixtures("moments")
def test_a_slow_command_is_repeated_until_it_is_decided(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for value in USUAL:
        ready_after(monkeypatch, value)
    assert ready_after(monkeypatch, 6.6) == 0
    assert measure("check") == 0
    assert "inconclusive  ready: 6.6 s, +20 % against 5.5 s in 10 good runs: 4 more runs" in capsys.readouterr().out
    started = []

    def again(run: str, words: list[str]) -> None:
        started.append(words)
        monkeypatch.setenv(CONFIRMS, run)
        ready_after(monkeypatch, 6.5 + len(started) / 100)
        monkeypatch.delenv(CONFIRMS)

    monkeypatch.setattr(checking, "run_again", again)
    assert measure("check", "--repeat") == 1
    assert started == [AGAIN] * 4
    assert "regressed     ready: 6.53 s, +19 % against 5.5 s" in capsys.readouterr().out


def test_options_of_the_check_are_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RunError, match="has no option '--repeat'"):
        measure("start", "--repeat")
    assert measure("check") == 0
    assert "Nothing was measured on this machine yet" in capsys.readouterr().out
