"""The kill matrix of a measured area, for `run.py quick`."""

from __future__ import annotations

from pathlib import Path

from pipeline.quick import kill_matrix
from pipeline.quick.kill_matrix import KillMatrix, Kills
from strength.results.results import MUTANTS, NOT_TRIED, Outcome, Record

DEFECT = "defect "


def keep(outcome: Outcome, folder: Path = kill_matrix.FOLDER) -> Path | None:
    """Write the matrix after a whole measurement, and the rows of its tests after one of some tests.

    None, and nothing written, after a sample or a stopped one, or when there are no rows of the other tests. Of what
    was not measured or not tried the file keeps what it knows.
    """
    some = outcome.pattern != "*"
    known = next(iter(kill_matrix.read([outcome.area], folder)), KillMatrix(outcome.area))
    if not outcome.finished or outcome.quick or (some and not known.tests):
        return None
    measured = {defect.name for defect in outcome.defects} or known.defects
    tried = {defect.name for defect, result in outcome.defects.items() if result.outcome != NOT_TRIED}
    tests = dict(known.tests) if some else {}
    for record in outcome.records.values():
        before, now = known.tests.get(record.test.name, Kills(0.0)), _kills(record)
        defects = {*now.defects, *(measured - tried).intersection(before.defects)}
        mutants = now.mutants if MUTANTS in outcome.parts else before.mutants
        tests[record.test.name] = Kills(now.seconds, tuple(sorted(defects)), mutants)
    found = {name for kills in tests.values() for name in kills.defects}
    undetected = ((known.defects | measured) if some else measured) - found
    return kill_matrix.write(KillMatrix(outcome.area, tests, tuple(sorted(undetected))), folder)


def _kills(record: Record) -> Kills:
    """What a test that passes without a fault detects; a flaky or skipped one counts for nothing."""
    names = set(record.detections) if record.verdict == "passing" else set()
    defects = sorted(name.removeprefix(DEFECT) for name in names if name.startswith(DEFECT))
    return Kills(record.seconds, tuple(defects), len(names) - len(defects))
