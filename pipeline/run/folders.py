"""Folders of runs: `results/runs/ID/`, and `results/latest`, which leads to the newest."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from focus_core.base import run_identity
from focus_core.base.errors import BenchError

from pipeline.errors import RunError
from pipeline.paths import RESULTS
from pipeline.run.chosen import ChosenTest

LATEST_TEXT = "latest.txt"  # where links cannot be made


@dataclass(frozen=True)
class Run:
    """What a later command must know of a run; kept as run.json in its folder.

    `options` and `sources` are pabot's, read in the folder `started_in`. `tests` are the selected ones; `countable` is
    false where only pabot knows which of them run, or how often. `code` is None until the run has ended, `broken` one
    sentence when it must not count, `errors` what Robot could not read or import, `restarted` what the last check
    found. `origin` is the name of the run that this one repeats, `execution` the key of the Test Execution in which its
    results were published. `within` is the folder in results of a shard, which bears the id of the whole run.
    """

    id: str
    command: str
    site: str
    started_in: str
    options: list[str]
    sources: list[str]
    tests: list[ChosenTest]
    countable: bool = True
    code: int | None = None
    broken: str = ""
    errors: list[str] = field(default_factory=list)
    restarted: list[str] = field(default_factory=list)
    within: str = ""
    origin: str = ""
    execution: str = ""

    @property
    def name(self) -> str:
        """The same for a run and its repetitions: their results are published in one place."""
        return self.origin or self.id

    @property
    def folder(self) -> Path:
        return RESULTS / (self.within or f"runs/{self.id}")

    def open(self) -> Run:
        """Make the folder; two runs never share one."""
        try:
            self.folder.mkdir(parents=True)
        except FileExistsError:
            if self.within:
                raise RunError(
                    f"Another run has taken {self.within}: let it end, then run the shard again, without --attempt or "
                    "with a later one."
                ) from None
            raise RunError(f"There is already a run {self.id}: unset FOCUS_RUN_ID and start again.") from None
        return self.save()

    def judged(self, code: int, broken: str, errors: list[str], restarted: Sequence[str] = ()) -> Run:
        """Keep what the run was worth."""
        return replace(self, code=code, broken=broken, errors=errors, restarted=list(restarted)).save()

    def save(self) -> Run:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (self.folder / "run.json").write_text(text, encoding="utf-8")
        return self


def new_id() -> str:
    """FOCUS_RUN_ID where a caller sets it, else a new one. Raises RunError for one that cannot name a folder."""
    try:
        return run_identity.new_run_id()
    except BenchError as error:
        raise RunError(str(error)) from None


def next_attempt_id() -> str:
    """As `new_id`; where a run has that id, ID-2, ID-3 and so on: attempts of one CI job share its FOCUS_RUN_ID."""
    wanted = new_id()
    ids = itertools.chain([wanted], (f"{wanted}-{number}" for number in itertools.count(2)))
    return next(one for one in ids if not (RESULTS / "runs" / one).exists())


def latest() -> Run:
    """The newest run. Raises RunError when there is none."""
    text = RESULTS / LATEST_TEXT
    try:
        return read(RESULTS / text.read_text(encoding="utf-8").strip() if text.exists() else RESULTS / "latest")
    except (OSError, ValueError, TypeError, KeyError):
        raise RunError("There is no earlier run in results: start one with 'python run.py smoke'.") from None


def read(folder: Path) -> Run:
    """The run in this folder. Raises OSError, ValueError, TypeError or KeyError where there is none."""
    return from_data(json.loads((folder / "run.json").read_text(encoding="utf-8")))


def find(name: str) -> Run:
    """The run of this id or beginning of an id, or `latest`. Raises RunError when there is not exactly one."""
    if name == "latest":
        return latest()
    found = sorted(
        path.parent.name for path in (RESULTS / "runs").glob("*/run.json") if path.parent.name.startswith(name)
    )
    if name not in found and len(found) != 1:
        why = "several runs begin so" if found else "no run has this id"
        raise RunError(f"There is no one run '{name}', {why}: 'python run.py history list' shows them.")
    folder = RESULTS / "runs" / (name if name in found else found[0])
    try:
        return from_data(json.loads((folder / "run.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        raise RunError(f"run.json of run {folder.name} cannot be read: choose another run.") from None


def from_data(data: dict[str, Any]) -> Run:
    return Run(**data | {"tests": [ChosenTest(**test) for test in data["tests"]]})


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
