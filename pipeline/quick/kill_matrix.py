"""The kill matrix: which test detects what, from the last whole measurement of an area by `run.py strength`.

A file per area in variables/kill_matrix, one line a test, so that a change of it can be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import RunError
from pipeline.paths import ROOT

FOLDER = ROOT / "variables" / "kill_matrix"
# A test's seconds are written anew only when they changed by more than this share and this amount: no two measurements
# agree in them, and a change of each line would hide those that matter.
_SHARE, _AMOUNT_S = 0.3, 0.3


@dataclass(frozen=True)
class Kills:
    """What one test detects. `seconds`: its duration; `mutants`: how many response mutants it was the first to kill."""

    seconds: float
    defects: tuple[str, ...] = ()
    mutants: int = 0


@dataclass(frozen=True)
class KillMatrix:
    """`tests`: by long name without the top suite. `undetected`: the defects that no test detects."""

    area: str
    tests: dict[str, Kills] = field(default_factory=dict)
    undetected: tuple[str, ...] = ()

    @property
    def defects(self) -> set[str]:
        """Every measured defect, detected or not."""
        return {name for kills in self.tests.values() for name in kills.defects}.union(self.undetected)


def read(areas: Iterable[str] = (), folder: Path = FOLDER) -> list[KillMatrix]:
    """The matrices of these areas, or of all that were measured. Raises RunError for a damaged one."""
    wanted = set(areas)
    return [_read(file) for file in sorted(folder.glob("*.json")) if not wanted or file.stem in wanted]


def write(matrix: KillMatrix, folder: Path = FOLDER) -> Path:
    """Write the matrix of an area in a stable order; seconds that hardly changed stay as they are in the file."""
    before = {old.area: old for old in read([matrix.area], folder)}.get(matrix.area, KillMatrix(matrix.area)).tests
    lines = []
    for name in sorted(matrix.tests):
        kills = matrix.tests[name]
        seconds = _steady(before[name].seconds if name in before else None, kills.seconds)
        cells = {"seconds": seconds, "defects": sorted(kills.defects), "mutants": kills.mutants}
        lines.append(f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(cells)}")
    undetected = json.dumps(sorted(matrix.undetected))
    rows = ",\n".join(lines)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{matrix.area}.json"
    text = f'{{\n "area": {json.dumps(matrix.area)},\n "undetected": {undetected},\n "tests": {{\n{rows}\n }}\n}}\n'
    path.write_text(text, encoding="utf-8")
    return path


def _steady(before: float | None, now: float) -> float:
    same = before is not None and abs(now - before) <= max(_SHARE * before, _AMOUNT_S)
    return before if same and before is not None else round(now, 1)


def _read(file: Path) -> KillMatrix:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        tests = {
            name: Kills(float(cells["seconds"]), tuple(cells["defects"]), int(cells["mutants"]))
            for name, cells in data["tests"].items()
        }
        return KillMatrix(data["area"], tests, tuple(data["undetected"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(
            f"{file} is no kill matrix ({type(error).__name__}): measure again with "
            f"'python run.py strength --area {file.stem}'."
        ) from None
