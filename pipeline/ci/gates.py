"""The gates of a pipeline: each demands one thing of a finished run, and reports it in one sentence.

A further gate is a function from `Evidence` to `Judged`, listed in GATES.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pipeline.errors import RunError
from pipeline.results import compared, contract_seen, hidden, quarantine
from pipeline.results.limits import GateLimits, Limits
from pipeline.results.model import Run, TestResult, Verdict
from pipeline.results.quarantine import Entry
from pipeline.run import last_check

NAME = "gates.json"
# Tests that a sentence names before it only counts.
NAMED = 3


@dataclass(frozen=True)
class Evidence:
    """What gates look at. `folder` is the run's, for gates that look at files which a run leaves; `restarted` is what
    the last check found; `breaking` are changes of the contract in this pull request that nobody has approved.
    """

    run: Run
    folder: Path
    restarted: Sequence[str]
    limits: Limits
    gate: GateLimits
    entries: Sequence[Entry]
    today: date
    breaking: Sequence[str] = ()

    @cached_property
    def counted(self) -> list[TestResult]:
        """The failed tests that no quarantine passes over."""
        return quarantine.applied(self.entries, self.run.of(Verdict.FAILED), self.today)[0]

    @property
    def passed_over(self) -> list[TestResult]:
        return [test for test in self.run.of(Verdict.FAILED) if test not in self.counted]


@dataclass(frozen=True)
class Judged:
    gate: str
    green: bool
    sentence: str


Gate = Callable[[Evidence], Judged]


def complete(seen: Evidence) -> Judged:
    """Every test has a result and nothing breaks the run."""
    lost = seen.run.of(Verdict.NOT_RUN)
    if seen.run.stamp.dry_run:
        return Judged("complete", False, "It was a dry run: no test ran, so this run proves nothing.")
    if seen.run.broken:
        return Judged("complete", False, f"The run does not count. {seen.run.broken}")
    if lost:
        return Judged("complete", False, f"{len(lost)} tests did not run: {_named(lost)}.")
    if not seen.run.passed:
        return Judged("complete", False, "No test passed, so this run proves nothing.")
    return Judged("complete", True, f"All {len(seen.run.tests)} tests have a result.")


def critical(seen: Evidence) -> Judged:
    """No critical test failed; a quarantine does not count here."""
    failed = [test for test in seen.run.of(Verdict.FAILED) if test.critical]
    if failed:
        return Judged("critical", False, f"{len(failed)} critical tests failed: {_named(failed)}.")
    return Judged("critical", True, "No critical test failed.")


def pass_rate(seen: Evidence) -> Judged:
    """Enough of the tests that passed or failed have passed. Known bugs and skipped tests are neither."""
    total = seen.run.passed + len(seen.counted)
    if not total:
        return Judged("pass rate", False, "No test passed or failed, so there is no rate.")
    rate = seen.run.passed / total
    sentence = f"{seen.run.passed} of {total} tests passed ({_percent(rate)}, at least {_percent(seen.gate.pass_rate)})"
    if rate < seen.gate.pass_rate:
        return Judged("pass rate", False, f"{sentence}; failed: {_named(seen.counted)}.")
    return Judged("pass rate", True, f"{sentence}.")


def flaky(seen: Evidence) -> Judged:
    """Not too many tests both failed and passed in this run; those in quarantine are known and do not count."""
    known = {entry.test for entry in seen.entries}
    found = [test for test in seen.run.tests if test.id not in known and _is_flaky(test)]
    sentence = f"{len(found)} tests passed and failed in this run (at most {seen.gate.flaky_tests})"
    if len(found) > seen.gate.flaky_tests:
        return Judged("flaky", False, f"{sentence}: {_named(found)}.")
    return Judged("flaky", True, f"{sentence}.")


def in_quarantine(seen: Evidence) -> Judged:
    """The list of flaky tests is in order."""
    problems = quarantine.problems(seen.entries, seen.run.tests, seen.today)
    if problems:
        return Judged("quarantine", False, " ".join(problems))
    over = seen.passed_over
    names = f": {_named(over)}" if over else ""
    return Judged("quarantine", True, f"{len(over)} failures are passed over by variables/quarantine.yaml{names}.")


def known_bugs(seen: Evidence) -> Judged:
    """Known bugs do not hide more than variables/results.yaml allows."""
    warnings = hidden.warnings(seen.run, seen.limits)
    if warnings:
        return Judged("known bugs", False, f"Too much is hidden: {'; '.join(warnings)}.")
    return Judged("known bugs", True, f"Known bugs hide {seen.run.count(Verdict.KNOWN_BUG)} tests, which is allowed.")


def restarts(seen: Evidence) -> Judged:
    """No pod of the site was restarted but by the tests."""
    found = seen.restarted
    if found:
        return Judged("restarts", False, last_check.sentence(found))
    return Judged("restarts", True, "No pod was restarted but by the tests.")


def baseline(seen: Evidence) -> Judged:
    """No load is slower than its earlier runs or its fixed limit allow; what is not decided does not count."""
    found = compared.read(seen.folder)
    worse = [str(one) for one in found if one.is_bad]
    if worse:
        return Judged("baseline", False, f"{len(worse)} figures of loads are worse: {' '.join(worse[:NAMED])}")
    if not found:
        return Judged("baseline", True, "No load of this run is compared with earlier runs.")
    undecided = sum(one.is_open for one in found)
    more = f"; {undecided} are suspicious: 'python run.py baseline check --repeat' decides" if undecided else ""
    return Judged("baseline", True, f"None of {len(found)} compared figures of loads is worse than usual{more}.")


def contract(seen: Evidence) -> Judged:
    """Nothing broke the contract of record but known bugs, and no change of it breaks somebody without an approval."""
    if seen.breaking:
        more = f" and {len(seen.breaking) - NAMED} more" if len(seen.breaking) > NAMED else ""
        text = f"Not approved, and breaking, of the contract: {_many(len(seen.breaking), 'change')}: "
        hint = "; 'python run.py contract accept' approves them."
        return Judged("contract", False, text + "; ".join(seen.breaking[:NAMED]) + more + hint)
    found = contract_seen.read(seen.folder)
    if found is None:
        return Judged("contract", True, "This run saw nothing of the contract.")
    if found.open:
        worst = "; ".join(f"{one['where']}: {one['sentence']}" for one in found.open[:NAMED])
        return Judged(
            "contract", False, f"The contract of record was broken in {_many(len(found.open), 'way')}: {worst}."
        )
    known = f" but by {', '.join(found.known)}" if found.known else ""
    return Judged("contract", True, f"Nothing broke the contract of record{known}.")


GATES: tuple[Gate, ...] = (
    *(complete, critical, pass_rate, flaky, in_quarantine, known_bugs, restarts, baseline),
    contract,
)


def judge(seen: Evidence, gates: Iterable[Gate] = GATES) -> list[Judged]:
    return [gate(seen) for gate in gates]


def write(judged: Iterable[Judged], folder: Path) -> None:
    """gates.json in the run's folder, for the summary and the comment."""
    data = [asdict(one) for one in judged]
    (folder / NAME).write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path) -> list[Judged]:
    """What `write` wrote. Raises RunError where the gates have not judged the run."""
    try:
        return [Judged(**one) for one in json.loads((folder / NAME).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise RunError(
            f"{folder / NAME} cannot be read ({type(error).__name__}): run 'python run.py ci gate' first."
        ) from None


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _is_flaky(test: TestResult) -> bool:
    return {Verdict.PASSED, Verdict.FAILED} <= {attempt.verdict for attempt in test.attempts}


def _named(tests: Sequence[TestResult]) -> str:
    names = ", ".join(f"'{test.long_name}'" for test in tests[:NAMED])
    return f"{names} and {len(tests) - NAMED} more" if len(tests) > NAMED else names


def _percent(share: float) -> str:
    """Rounded down, so that a share that misses the limit never looks as if it met it."""
    return f"{int(share * 1000) / 10:g} %"
