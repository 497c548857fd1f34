"""The kill matrix of a measured area, for `run.py quick`."""

from __future__ import annotations

from pathlib import Path

from pipeline.quick import kill_matrix
from pipeline.quick.kill_matrix import KillMatrix, Kills
from strength.results.results import DEFECTS, MUTANTS, Outcome, Record

DEFECT = "defect "


def keep(outcome: Outcome, folder: Path = kill_matrix.FOLDER) -> Path | None:
    """Write the matrix after a whole measurement; None, and nothing written, after a sample or a stopped one.

    A part that was not measured stays as it is in the file.
    """
    if not outcome.finished or outcome.quick or outcome.pattern != "*":
        return None
    known = next(iter(kill_matrix.read([outcome.area], folder)), KillMatrix(outcome.area))
    tests = {}
    for record in outcome.records.values():
        before = known.tests.get(record.test.name, Kills(0.0))
        now = _kills(record)
        tests[record.test.name] = Kills(
            now.seconds,
            now.defects if DEFECTS in outcome.parts else before.defects,
            now.mutants if MUTANTS in outcome.parts else before.mutants,
        )
    undetected = tuple(defect.name for defect, result in outcome.defects.items() if not result.found)
    if DEFECTS not in outcome.parts:
        undetected = known.undetected
    return kill_matrix.write(KillMatrix(outcome.area, tests, undetected), folder)


def _kills(record: Record) -> Kills:
    """What a test that passes without a fault detects; a flaky or skipped one counts for nothing."""
    names = set(record.detections) if record.verdict == "passing" else set()
    defects = sorted(name.removeprefix(DEFECT) for name in names if name.startswith(DEFECT))
    return Kills(record.seconds, tuple(defects), len(names) - len(defects))
