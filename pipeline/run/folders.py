"""Folders of runs: `results/runs/ID/`, and `results/latest`, which leads to the newest."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from focus_core.base import run_identity
from focus_core.base.errors import BenchError

from pipeline.errors import RunError
from pipeline.paths import RESULTS

LATEST_TEXT = "latest.txt"  # where links cannot be made


@dataclass(frozen=True)
class Run:
    """What a later command must know of a run; kept as run.json in its folder."""

    id: str
    command: str
    site: str
    sources: list[str]

    @property
    def folder(self) -> Path:
        return RESULTS / "runs" / self.id

    def open(self) -> Run:
        """Make the folder; two runs never share one."""
        try:
            self.folder.mkdir(parents=True)
        except FileExistsError:
            raise RunError(f"There is already a run {self.id}: unset FOCUS_RUN_ID and start again.") from None
        (self.folder / "run.json").write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), encoding="utf-8")
        return self


def new_id() -> str:
    """FOCUS_RUN_ID where a caller sets it, else a new one. Raises RunError for one that cannot name a folder."""
    try:
        return run_identity.new_run_id()
    except BenchError as error:
        raise RunError(str(error)) from None


def latest() -> Run:
    """The newest run. Raises RunError when there is none."""
    text = RESULTS / LATEST_TEXT
    try:
        folder = RESULTS / text.read_text(encoding="utf-8").strip() if text.exists() else RESULTS / "latest"
        return Run(**json.loads((folder / "run.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise RunError("There is no earlier run in results: start one with 'python run.py smoke'.") from None


def make_latest(run: Run) -> Path:
    """Let `results/latest` lead to the run; returns the folder to name on the screen."""
    target = Path("runs") / run.id
    link, text, new = RESULTS / "latest", RESULTS / LATEST_TEXT, RESULTS / f".latest-{run.id}"
    try:
        new.symlink_to(target, target_is_directory=True)
        new.replace(link)
    except OSError:
        new.unlink(missing_ok=True)
        text.write_text(f"{target.as_posix()}{os.linesep}", encoding="utf-8")
        return run.folder
    text.unlink(missing_ok=True)
    return link
