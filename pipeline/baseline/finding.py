"""The figures that are kept, by the names that people give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.baseline import judging, store
from pipeline.baseline.entries import Entry, Line
from pipeline.baseline.judging import Judged
from pipeline.baseline.rule import Rule
from pipeline.errors import RunError


@dataclass(frozen=True)
class Series:
    """All runs of one name in one file, and what is written beside them."""

    path: Path
    name: str
    lines: Sequence[Line]

    @property
    def runs(self) -> list[Entry]:
        return [line for line in self.lines if isinstance(line, Entry) and line.name == self.name]

    @property
    def figures(self) -> list[str]:
        return list(self.runs[-1].figures)

    def judged(self, figure: str, rule: Rule) -> list[Judged]:
        """The runs with the newest plan. Raises RunError when they have no such figure."""
        found = judging.replay(self.lines, self.name, figure, rule)
        if not found:
            raise RunError(f"'{self.name}' has no figure '{figure}': choose one of {', '.join(self.figures)}.")
        return found


def every(site: str = "") -> Iterator[Series]:
    for path in store.files(site):
        lines = store.read(path)
        names = dict.fromkeys(line.name for line in lines if isinstance(line, Entry))
        yield from (Series(path, name, lines) for name in names)


def one(name: str, site: str = "") -> Series:
    """The series of this name, or the only one with that in its name. Raises RunError when there is not one."""
    found = list(every(site))
    exact = [series for series in found if series.name == name]
    alike = exact or [series for series in found if name.lower() in series.name.lower()]
    if len(alike) == 1:
        return alike[0]
    if not alike:
        raise RunError(f"Nothing that is kept is named '{name}': 'python run.py baseline show' lists the names.")
    if len({series.name for series in alike}) == 1:
        places = ", ".join(series.path.stem for series in alike)
        raise RunError(f"'{alike[0].name}' was taken on several sites or machines: choose one by --site, of {places}.")
    names = ", ".join(f"'{series.name}'" for series in alike[:5])
    raise RunError(f"'{name}' is in several names: give more of {names}.")
