"""What a measurement found. Filled step by step, so that a stopped one can be reported too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from strength.mutants.mutants import Mutant
from strength.mutants.traffic import Traffic
from strength.workers.site import Defect
from strength.workers.tests import Run, Test

# A test of which nothing is known yet.
_FIRST_LIMIT_S = 120.0


@dataclass
class Record:
    """A test: its runs on the sound site, its traffic there, and what it caught."""

    test: Test
    runs: list[Run] = field(default_factory=list)
    traffic: Traffic = field(default_factory=dict)
    catches: list[str] = field(default_factory=list)
    # Runs with mutants armed of which none changed an answer, and which failed all the same.
    accidents: list[str] = field(default_factory=list)
    # It passes only with a switch of the site on (an open question).
    needs: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return max((run.seconds for run in self.runs), default=1.0)

    @property
    def limit(self) -> float:
        """When a run takes longer than this, it hangs."""
        return 3 * self.seconds + 15 if self.runs else _FIRST_LIMIT_S

    @property
    def verdict(self) -> str:
        """`sound`, `flaky`, `failing`, `skipped`, or `not run` where the measurement was stopped before."""
        if not self.runs:
            return "not run"
        states = Counter(run.status for run in self.runs)
        if set(states) == {"PASS"}:
            return "flaky" if self.accidents else "sound"
        if set(states) == {"SKIP"}:
            return "skipped"
        return "flaky" if states["PASS"] or self.accidents else "failing"

    @property
    def message(self) -> str:
        bad = [run.message for run in self.runs if run.status != "PASS"] + self.accidents
        return bad[0] if bad else ""


@dataclass
class Hit:
    """What became of a mutant or a defect. `outcome`: caught, survived, not tried."""

    outcome: str
    by: str = ""
    message: str = ""
    tried: int = 0
    candidates: int = 0
    applied: bool = True

    def take(self, record: Record, run: Run, name: str) -> None:
        """A test failed because of it; the first one counts here, the test's own record has all."""
        record.catches.append(name)
        if self.outcome != "caught":
            self.outcome, self.by, self.message = "caught", record.test.name, run.message


@dataclass
class Outcome:
    """Everything that the report shows."""

    area: str
    pattern: str
    quick: bool
    workers: int
    started: str
    rings: tuple[int, ...]
    seconds: float = 0.0
    finished: bool = False
    # The time was over before the tests that caught nothing had met everything.
    cut_short: bool = False
    records: dict[Test, Record] = field(default_factory=dict)
    mutants: dict[Mutant, Hit] = field(default_factory=dict)
    left_out: dict[Mutant, str] = field(default_factory=dict)
    not_sampled: int = 0
    defects: dict[Defect, Hit] = field(default_factory=dict)
    no_fault: Mapping[str, str] = field(default_factory=dict)
    too_long: Mapping[str, str] = field(default_factory=dict)
    # Of the changed answers so many have to be caught; 0 where they are only a help.
    share: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)

    def usable(self) -> list[Record]:
        return [record for record in self.records.values() if record.verdict == "sound"]

    def silent(self) -> list[Record]:
        """The tests that pass on the sound site and have caught nothing; none in a sample, which cannot tell that."""
        if self.quick:
            return []
        return [
            record
            for record in self.records.values()
            if (record.verdict == "sound" or (record.needs and record.verdict == "skipped")) and not record.catches
        ]

    def caught(self, hits: Mapping[Mutant, Hit] | Mapping[Defect, Hit]) -> float:
        """The share that was caught of all, those not tried included; 1 when there are none."""
        return sum(hit.outcome == "caught" for hit in hits.values()) / len(hits) if hits else 1.0

    def problems(self) -> list[str]:
        """One sentence for each thing that keeps the measurement from being good."""
        found = []
        if not self.finished:
            found.append("The measurement was stopped before its end.")
        if 2 in self.rings:
            for defect, hit in self.defects.items():
                if hit.outcome != "caught":
                    found.append(f"Defect {defect.name} is not caught ({hit.outcome}): {defect.sentence}")
        share = self.caught(self.mutants)
        if share < self.share:
            found.append(f"Of the changed answers {share:.1%} are caught; at least {self.share:.0%} have to be.")
        untried = sum(hit.outcome == "not tried" for hit in self.mutants.values())
        if untried and self.share:
            found.append(f"{untried} changed answers were not tried: the time was over.")
        so_far = " so far: the time was over" if self.cut_short else ""
        found += [f"Test '{record.test.name}' catches nothing{so_far}." for record in self.silent()]
        for record in self.records.values():
            if record.verdict == "flaky":
                found.append(f"Test '{record.test.name}' is flaky: {_one_line(record.message)}")
            elif record.verdict == "failing":
                found.append(f"Test '{record.test.name}' fails on the sound site: {_one_line(record.message)}")
        return found


def _one_line(message: str) -> str:
    return " ".join(message.split())[:200]
