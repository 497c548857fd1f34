"""What an exercise is: its folder below docs/training, the learner's file, and what the checker demands."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from pipeline.errors import RunError
from pipeline.paths import RESULTS, ROOT, SANDBOX

FOLDER = ROOT / "docs" / "training"
FILE = FOLDER / "exercises.yaml"


@dataclass(frozen=True)
class Exercise:
    """One exercise, as docs/training/exercises.yaml describes it.

    - ``kind``: ``suite``, the learner writes tests; ``answers``, the learner reads a failed run and writes what it says
    - ``defects``: by name of the switch, what to think of when the learner's tests do not notice it. Of ``answers`` the
      one that is on in the run
    - ``mentions``: by a value that the tests must use, what to do where they do not; of ``answers`` by question, where
      to look
    - ``rows``: how many rows the tables of the tests have at least
    """

    number: int
    folder: str
    title: str
    task: str
    kind: str
    hints: list[str]
    defects: dict[str, str]
    mentions: dict[str, str] = field(default_factory=dict)
    rows: int = 0

    @property
    def start(self) -> Path:
        """The file that the learner begins with."""
        return self._file("start")

    @property
    def solution(self) -> Path:
        return self._file("solution")

    @property
    def text(self) -> Path:
        return FOLDER / self.folder / "README.md"

    @property
    def learners_file(self) -> Path:
        return SANDBOX / f"learn_{self.folder}{self.start.suffix}"

    @property
    def results(self) -> Path:
        """Where the runs of the checker leave their logs."""
        return RESULTS / "learn" / str(self.number)

    @property
    def passed(self) -> Path:
        """The mark that the checker has passed it."""
        return self.results / "passed"

    def begin(self, *, again: bool = False) -> None:
        """Give the learner the file to start with; with ``again`` in place of the present one, which is kept beside."""
        if again and self.learners_file.exists():
            self.learners_file.replace(self.learners_file.with_name(f"{self.learners_file.name}.old"))
        self.learners_file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.start, self.learners_file)
        self.passed.unlink(missing_ok=True)

    def _file(self, stem: str) -> Path:
        return FOLDER / self.folder / f"{stem}.{'robot' if self.kind == 'suite' else 'yaml'}"


def all_exercises() -> list[Exercise]:
    return [Exercise(**entry) for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))]


def exercise(number: int) -> Exercise:
    """Raises RunError where there is no such exercise."""
    known = all_exercises()
    for one in known:
        if one.number == number:
            return one
    raise RunError(f"There is no exercise {number}: choose 1 to {len(known)}.")
