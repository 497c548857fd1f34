"""Where approved pictures are kept, and how one becomes approved."""

from __future__ import annotations

import shutil
from pathlib import Path

from focus_core.base.errors import BenchError

FOLDER = Path(__file__).resolve().parents[3] / "suites" / "ui" / "pictures"


def baseline(name: str) -> Path:
    """The approved picture of this name; it may not be there yet."""
    return FOLDER / f"{name}.png"


def actual_name(name: str) -> str:
    """How the file beside the log is called that a test has made; pabot puts a lane before it."""
    return f"picture-{name}.actual.png"


def newest(name: str, results: Path) -> Path | None:
    """The newest picture of this name that a run below ``results`` has left; runs leave those that are not approved."""
    found = sorted(results.rglob(f"*{actual_name(name)}"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def waiting(results: Path) -> dict[str, Path]:
    """The pictures of runs below ``results`` that differ from what was approved, by name, the newest of each."""
    found = {}
    for path in sorted(results.rglob("*picture-*.actual.png"), key=lambda one: one.stat().st_mtime):
        name = path.name.rpartition("picture-")[2].removesuffix(".actual.png")
        kept = baseline(name)
        if not kept.exists() or kept.stat().st_mtime < path.stat().st_mtime:
            found[name] = path
    return found


def approve(name: str, results: Path) -> Path:
    """Makes the newest picture of this name the approved one, and returns it.

    Raises ``BenchError`` when no run has left one.
    """
    picture = newest(name, results)
    if picture is None:
        raise BenchError(
            f"No run has left a picture '{name}' that is not approved: run its test first ('python run.py suites "
            "suites/ui/pictures.robot')."
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(picture, baseline(name))
    return baseline(name)
