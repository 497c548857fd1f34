"""Two runs side by side: what fails now and did not, what still fails, what no longer does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.results.model import Run, TestResult, Verdict


@dataclass(frozen=True)
class Comparison:
    """`run_id` is the earlier run. A test that it does not have and that fails now is new."""

    run_id: str
    new: tuple[TestResult, ...]
    still: tuple[TestResult, ...]
    fixed: tuple[TestResult, ...]

    def __str__(self) -> str:
        counts = f"{len(self.new)} new, {len(self.still)} still, {len(self.fixed)} fixed"
        return f"failures against run {self.run_id}: {counts}"


def compare(run_id: str, earlier: Mapping[str, Verdict], run: Run) -> Comparison:
    """`earlier` are the verdicts of the earlier run by the tests' ids."""
    failed = [(test, earlier.get(test.id) == Verdict.FAILED) for test in run.of(Verdict.FAILED)]
    return Comparison(
        run_id,
        new=tuple(test for test, before in failed if not before),
        still=tuple(test for test, before in failed if before),
        fixed=tuple(test for test in run.of(Verdict.PASSED) if earlier.get(test.id) == Verdict.FAILED),
    )
