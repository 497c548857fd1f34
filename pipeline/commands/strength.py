"""`run.py strength [--area api] [--tests PATTERN] [--quick] [--ring 1|2] [--workers N]`: what the tests catch."""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from pipeline import console
from pipeline.errors import RunError
from pipeline.paths import RESULTS, SUITES
from pipeline.strength import report, rules, tests
from pipeline.strength.crew import crew_of, refuse_foreign_systems
from pipeline.strength.declared import members
from pipeline.strength.measurement import Measurement
from pipeline.strength.operations import Operations
from pipeline.strength.outcome import Outcome
from pipeline.strength.site import defects, own_site

# From the start of the site to the last sound run.
BUDGET_S, QUICK_BUDGET_S = 30 * 60.0, 10 * 60.0
# What the end of the site and the report take.
_RESERVE_S = 20.0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RunError(f"{message}; 'python run.py strength --help' shows the options.")


def main(_command: str, args: list[str]) -> int:
    """Exit code 0 when everything that has to be caught is, 1 with a sentence for each thing that is not."""
    options = _options(args)
    refuse_foreign_systems()
    area = rules.area(options.area)
    chosen = tests.select(SUITES, area, options.tests)
    if options.quick:
        chosen = [test for test in chosen if "slow" not in test.tags]
    began = time.monotonic()
    outcome = Outcome(
        area.name,
        options.tests,
        options.quick,
        options.workers,
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        (options.ring,) if options.ring else (1, 2),
        no_fault=area.no_fault,
    )
    try:
        with own_site() as site, tempfile.TemporaryDirectory(prefix="fs-w-", ignore_cleanup_errors=True) as folder:
            document, prefix = site.description(area)
            operations = Operations(document, prefix)
            journal = RESULTS / "strength" / "runs.tsv"
            journal.parent.mkdir(parents=True, exist_ok=True)
            journal.write_text("", encoding="utf-8")
            with crew_of(options.workers, Path(folder), site.file, area, operations, journal) as crew:
                deadline = began + (QUICK_BUDGET_S if options.quick else BUDGET_S) - _RESERVE_S
                declared = members(document, prefix)
                Measurement(area, site, crew, outcome, deadline, declared).run(chosen, defects(area.defects))
    finally:
        outcome.seconds = time.monotonic() - began
        if outcome.records:
            page = report.write(outcome, RESULTS / "strength")
            console.say(report.summary(outcome))
            console.say(f"report: {page}")
    problems = outcome.problems()
    for problem in problems:
        console.say(f"- {problem}")
    return 1 if problems else 0


def _options(args: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="python run.py strength", add_help=False, allow_abbrev=False)
    parser.add_argument("--area", default="api")
    parser.add_argument("--tests", default="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--ring", type=int, choices=(1, 2))
    parser.add_argument("--workers", type=int, default=3)
    options = parser.parse_args(args)
    if not 1 <= options.workers <= 8:
        raise RunError(f"--workers is {options.workers}; allowed are 1 to 8, one for each user of the site.")
    return options
