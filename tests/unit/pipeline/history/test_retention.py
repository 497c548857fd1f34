"""Which runs are kept."""

from __future__ import annotations

import json
import os
import time
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


def test_one_run_is_kept_and_two_are() -> None:
    assert [str(retention.apply(Retention(5, 100, 1), a_run(age))).partition(" (")[0] for age in (0, 1)] == [
        "1 run is kept",
        "2 runs are kept",
    ]


def shards_of(run: str, size: int = 0, days: int = 0) -> Path:
    """What a shard of this run left; nothing was written there for so many days."""
    folder = paths.RESULTS / "ci" / run / "shard-1"
    folder.mkdir(parents=True)
    (folder / "output.xml").write_bytes(b"x" * size)
    for path in (folder / "output.xml", folder, folder.parent):
        os.utime(path, (time.time() - days * 86400 - 60,) * 2)
    return folder.parent


def test_what_the_shards_of_a_run_left_counts_and_goes_with_it() -> None:
    names = [a_run(age) for age in range(4)]
    folders = [shards_of(name, size=2_000_000) for name in names]
    kept = retention.apply(Retention(100, 5, 100), names[0])
    assert [folder.exists() for folder in folders] == [True, True, False, False]
    assert round(kept.megabytes) == 4


def test_shards_that_nobody_collected_go_after_a_day() -> None:
    fresh, old = shards_of("fresh"), shards_of("old", days=2)
    kept = shards_of(a_run(0), days=2)
    retention.apply(Retention(100, 100, 100), "run-00")
    assert (fresh.exists(), old.exists(), kept.exists()) == (True, False, True)
