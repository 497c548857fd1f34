"""The results of a measurement. Filled step by step, so that a stopped measurement can be reported too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from strength.mutants.mutants import Mutant
from strength.mutants.traffic import Traffic
from strength.workers.site import Defect
from strength.workers.tests import Run, Test

# Outcomes: a mutant is killed, a defect detected; both may survive.
KILLED, DETECTED, SURVIVED, NOT_TRIED = "killed", "detected", "survived", "not tried"
# Parts of a measurement.
MUTANTS, DEFECTS = "mutants", "defects"
# Time limit of a test without a baseline run.
_FIRST_LIMIT_S = 120.0


@dataclass
class Record:
    """A test: its baseline runs, its traffic in them, and the mutants and defects that it detected."""

    test: Test
    runs: list[Run] = field(default_factory=list)
    traffic: Traffic = field(default_factory=dict)
    detections: list[str] = field(default_factory=list)
    # Messages of failures that no applied mutant and no defect explains.
    unrelated_failures: list[str] = field(default_factory=list)
    # Switches of the site without which it is skipped (open questions).
    needs: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return max((run.seconds for run in self.runs), default=1.0)

    @property
    def limit(self) -> float:
        """Seconds after which a run counts as hanging."""
        return 3 * self.seconds + 15 if self.runs else _FIRST_LIMIT_S

    @property
    def verdict(self) -> str:
        """Verdict of the baseline runs: `passing`, `flaky`, `failing`, `skipped`, or `not run`."""
        if not self.runs:
            return "not run"
        states = Counter(run.status for run in self.runs)
        if set(states) == {"PASS"}:
            return "flaky" if self.unrelated_failures else "passing"
        if set(states) == {"SKIP"}:
            return "skipped"
        return "flaky" if states["PASS"] or self.unrelated_failures else "failing"

    @property
    def message(self) -> str:
        bad = [run.message for run in self.runs if run.status != "PASS"] + self.unrelated_failures
        return bad[0] if bad else ""


@dataclass
class Result:
    """Outcome of a mutant or defect: killed or detected, survived, not tried. `by`: the first test that failed."""

    outcome: str
    by: str = ""
    message: str = ""
    tried: int = 0
    candidates: int = 0
    applied: bool = True

    @property
    def found(self) -> bool:
        return self.outcome in (KILLED, DETECTED)

    def take(self, outcome: str, record: Record, run: Run, name: str) -> None:
        """A test failed because of it. Only the first one is kept here; each test's record has all."""
        record.detections.append(name)
        if not self.found:
            self.outcome, self.by, self.message = outcome, record.test.name, run.message


@dataclass
class Outcome:
    """Everything that the report shows."""

    area: str
    pattern: str
    quick: bool
    workers: int
    started: str
    parts: frozenset[str]
    seconds: float = 0.0
    finished: bool = False
    # The deadline passed before the ineffective tests had run with every related defect.
    cut_short: bool = False
    records: dict[Test, Record] = field(default_factory=dict)
    mutants: dict[Mutant, Result] = field(default_factory=dict)
    left_out: dict[Mutant, str] = field(default_factory=dict)
    not_sampled: int = 0
    defects: dict[Defect, Result] = field(default_factory=dict)
    not_defects: Mapping[str, str] = field(default_factory=dict)
    too_long: Mapping[str, str] = field(default_factory=dict)
    # Least mutation score; 0 where mutants only serve to find ineffective tests.
    required_score: float = 0.0
    # Least share of detected defects; below 1 where only some of the area's tests were chosen to show that.
    required_share: float = 1.0
    phases: dict[str, float] = field(default_factory=dict)

    def usable(self) -> list[Record]:
        return [record for record in self.records.values() if record.verdict == "passing"]

    def ineffective(self) -> list[Record]:
        """The tests that pass the baseline and have detected nothing.

        None in a sample, which is too small for that, and where a share of the defects is enough.
        """
        if self.quick or self.required_share < 1:
            return []
        return [
            record
            for record in self.records.values()
            if (record.verdict == "passing" or (record.needs and record.verdict == "skipped")) and not record.detections
        ]

    @property
    def mutation_score(self) -> float:
        """Killed mutants of all mutants, those not tried included; 1 when there are none."""
        return sum(result.found for result in self.mutants.values()) / len(self.mutants) if self.mutants else 1.0

    def problems(self) -> list[str]:
        """One sentence for each thing that keeps the measurement from being good."""
        found = []
        if not self.finished:
            found.append("The measurement was stopped before its end.")
        share = sum(result.found for result in self.defects.values()) / max(1, len(self.defects))
        if self.required_share < 1 and share < self.required_share:
            found.append(f"{share:.1%} of the defects are detected; required are {self.required_share:.0%}.")
        for defect, result in self.defects.items():
            if not result.found and share < self.required_share:
                by = " by a sample, which leaves out slow tests" if self.quick else ""
                found.append(f"Defect {defect.name} is not detected{by} ({result.outcome}): {defect.sentence}")
        if self.mutation_score < self.required_score:
            found.append(f"The mutation score is {self.mutation_score:.1%}; required are {self.required_score:.0%}.")
        untried = sum(result.outcome == NOT_TRIED for result in self.mutants.values())
        if untried and self.required_score:
            found.append(f"{untried} response mutants were not tried: the time was over.")
        so_far = " so far: the time was over" if self.cut_short else ""
        found += [f"Test '{record.test.name}' detects nothing{so_far}." for record in self.ineffective()]
        for record in self.records.values():
            if record.verdict == "flaky":
                found.append(f"Test '{record.test.name}' is flaky: {_one_line(record.message)}")
            elif record.verdict == "failing":
                found.append(f"Test '{record.test.name}' fails in the baseline run: {_one_line(record.message)}")
        return found


def _one_line(message: str) -> str:
    return " ".join(message.split())[:200]
