"""Which runs are kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.errors import RunError
from pipeline.history import retention
from pipeline.results.limits import Retention


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    return tmp_path


def a_run(age: int, *, code: int | None = 0, size: int = 0, day: int = 0) -> str:
    """A run that ended so many seconds and days before a fixed time (or was being made then)."""
    name = f"run-{age:02}"
    folder = paths.RESULTS / "runs" / name
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"code": code}))
    (folder / "metrics.json").write_text(name)
    (folder / "log.html").write_bytes(b"x" * size)
    stat = folder.stat().st_mtime - age - day * 86400
    os.utime(folder / "run.json", (stat, stat))
    return name


def left() -> set[str]:
    return {path.name for path in (paths.RESULTS / "runs").iterdir()}


def test_the_oldest_runs_go_and_their_figures_stay(results: Path) -> None:
    names = [a_run(age) for age in range(5)]
    kept = retention.apply(Retention(3, 100, 1), names[0])
    assert left() == set(names[:3])
    assert str(kept) == "3 runs are kept (0 MB, 2 older removed)"
    assert len(list((results / "history").iterdir())) == 1


def test_size_counts_as_well() -> None:
    names = [a_run(age, size=2_000_000) for age in range(4)]
    kept = retention.apply(Retention(100, 5, 100), names[0])
    assert left() == set(names[:2])
    assert round(kept.megabytes) == 4


def test_pinned_runs_stay_and_do_not_count() -> None:
    names = [a_run(age) for age in range(5)]
    retention.pin(names[4], True)
    kept = retention.apply(Retention(2, 100, 100), names[0])
    assert left() == {*names[:2], names[4]}
    assert str(kept) == "3 runs are kept, 1 of them pinned (0 MB, 2 older removed)"
    retention.pin(names[4], False)
    retention.apply(Retention(2, 100, 100), names[0])
    assert left() == set(names[:2])
    with pytest.raises(RunError, match="only its figures are left"):
        retention.pin(names[4], True)


def test_neither_this_run_nor_one_that_is_being_made_is_removed() -> None:
    making, this, killed = a_run(2, code=None), a_run(3, size=2_000_000), a_run(4, code=None, day=2)
    retention.apply(Retention(0, 1, 100), this)
    assert left() == {making, this}
    assert killed not in left()
