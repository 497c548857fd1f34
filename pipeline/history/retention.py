"""How many runs are kept in results/runs, with what their shards left in results/ci.

Of a removed run its metrics.json stays, in results/history.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline import paths
from pipeline.errors import RunError
from pipeline.results import run_json
from pipeline.results.limits import Retention

PINNED = "pinned"
# A run without an end is being made, or was killed; after a day it is no longer being made.
MAKING_S = 24 * 3600


@dataclass(frozen=True)
class Kept:
    """How many runs are there after older ones were removed, how many of them are pinned, and their size together."""

    runs: int
    removed: int
    pinned: int
    megabytes: float

    def __str__(self) -> str:
        removed = f", {self.removed} older removed" if self.removed else ""
        pinned = f", {self.pinned} of them pinned" if self.pinned else ""
        kept = "1 run is kept" if self.runs == 1 else f"{self.runs} runs are kept"
        return f"{kept}{pinned} ({self.megabytes:.0f} MB{removed})"


def apply(limits: Retention, current: str) -> Kept:
    """Remove the oldest runs beyond the limits, never a pinned one, one that is being made, or `current`."""
    folders = sorted((paths.RESULTS / "runs").glob("*/run.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    pinned: list[float] = []
    kept: list[float] = []
    removed = 0
    for folder in (file.parent for file in folders):
        megabytes = _megabytes(folder) + _megabytes(_shards_of(folder.name))
        too_much = len(kept) >= limits.runs or sum(kept) + megabytes > limits.megabytes
        if (folder / PINNED).exists():
            pinned.append(megabytes)
        elif too_much and folder.name != current and not _is_being_made(folder):
            _remove(folder)
            removed += 1
        else:
            kept.append(megabytes)
    _remove_uncollected()
    _limit_figures(limits.figures)
    return Kept(len(kept) + len(pinned), removed, len(pinned), sum(kept) + sum(pinned))


def pin(run_id: str, pinned: bool) -> None:
    """Keep a run for good, or no longer. Raises RunError when its folder is gone."""
    folder = paths.RESULTS / "runs" / run_id
    if not (folder / "run.json").exists():
        raise RunError(f"The folder of run {run_id} is gone, only its figures are left: pin a run that is kept.")
    if pinned:
        (folder / PINNED).touch()
    else:
        (folder / PINNED).unlink(missing_ok=True)


def _is_being_made(folder: Path) -> bool:
    file = folder / "run.json"
    try:
        ended = json.loads(file.read_text(encoding="utf-8"))["code"] is not None
        return not ended and time.time() - file.stat().st_mtime < MAKING_S
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _remove(folder: Path) -> None:
    figures = folder / run_json.NAME
    if figures.exists():
        target = paths.RESULTS / "history" / f"{folder.name}.json"
        target.parent.mkdir(exist_ok=True)
        shutil.move(figures, target)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(_shards_of(folder.name), ignore_errors=True)


def _shards_of(run_id: str) -> Path:
    """What the shards of a run left, until 'ci collect' made one run of it and after that."""
    return paths.RESULTS / "ci" / run_id


def _remove_uncollected() -> None:
    """What shards left that nobody collected, once nothing was written there for a day."""
    for folder in (paths.RESULTS / "ci").glob("*/"):
        if not (paths.RESULTS / "runs" / folder.name).exists():
            newest = max(path.lstat().st_mtime for path in (folder, *folder.rglob("*")))
            if time.time() - newest > MAKING_S:
                shutil.rmtree(folder, ignore_errors=True)


def _limit_figures(most: int) -> None:
    files = sorted((paths.RESULTS / "history").glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[most:]:
        file.unlink(missing_ok=True)


def _megabytes(folder: Path) -> float:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
