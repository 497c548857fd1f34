"""`run.py strength [--area NAME ...] [--tests PATTERN] [--quick] [--ring 1|2] [--workers N]`: what the tests catch."""

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
from strength import areas as rules
from strength.areas import Area
from strength.mutants.declared_members import members
from strength.mutants.operations import Operations
from strength.results import report
from strength.results.results import Outcome
from strength.search.measurement import Measurement
from strength.workers import tests
from strength.workers.pool import refuse_foreign_systems, teams_of
from strength.workers.site import defects, own_sites
from strength.workers.tests import Test

# From the start of the site to the last sound run.
QUICK_MINUTES = 10.0
# What the end of the sites and the report take, and a last test that goes on where outages are measured.
_RESERVE_S, _LONGER_RESERVE_S = 20.0, 45.0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RunError(f"{message}; 'python run.py strength --help' shows the options.")


def main(_command: str, args: list[str]) -> int:
    """Exit code 0 when everything that has to be caught is, 1 with a sentence for each thing that is not."""
    options = _options(args)
    refuse_foreign_systems()
    areas = rules.areas(options.area or ["api"])
    # A pattern that fits nothing is refused before anything is measured.
    chosen = {area.name: tests.select(SUITES, area, options.tests) for area in areas}
    problems = [problem for area in areas for problem in _measured(area, chosen[area.name], options)]
    return 1 if problems else 0


def _measured(area: Area, chosen: list[Test], options: argparse.Namespace) -> list[str]:
    """Measure one area, write its report and say what is missing; returns that."""
    if options.quick:
        chosen = [test for test in chosen if "slow" not in test.tags]
    began = time.monotonic()
    workers = options.workers or area.workers
    outcome = Outcome(
        area.name,
        options.tests,
        options.quick,
        workers,
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        (options.ring,) if options.ring else (1, 2),
        no_fault=area.no_fault,
        too_long=area.too_long if options.tests == "*" else {},
        share=area.share,
    )
    results = RESULTS / "strength" / area.name
    console.say(f"area {area.name}: {len(chosen)} tests")
    try:
        with (
            own_sites(workers if area.own_sites else 1, area.time_scale) as sites,
            tempfile.TemporaryDirectory(prefix="fs-w-", ignore_cleanup_errors=True) as folder,
        ):
            document, prefix = sites[0].description(area) if area.description else ({}, "")
            operations = Operations(document, prefix)
            journal = results / "runs.tsv"
            journal.parent.mkdir(parents=True, exist_ok=True)
            journal.write_text("", encoding="utf-8")
            with teams_of(workers, Path(folder), sites, area, operations, journal) as teams:
                minutes = min(QUICK_MINUTES, area.minutes) if options.quick else area.minutes
                reserve = _LONGER_RESERVE_S if area.own_sites else _RESERVE_S
                deadline = began + minutes * 60 - reserve
                declared = members(document, prefix)
                # Who chooses tests wants to know about these.
                helpers = tests.others(SUITES, area) if options.tests == "*" else []
                Measurement(area, teams, outcome, deadline, declared, helpers).run(chosen, defects())
    finally:
        outcome.seconds = time.monotonic() - began
        if outcome.records:
            page = report.write(outcome, results)
            console.say(report.summary(outcome))
            console.say(f"report: {page}")
    problems = outcome.problems()
    for problem in problems:
        console.say(f"- {problem}")
    return problems


def _options(args: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="python run.py strength", add_help=False, allow_abbrev=False)
    parser.add_argument("--area", action="append")
    parser.add_argument("--tests", default="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--ring", type=int, choices=(1, 2))
    parser.add_argument("--workers", type=int)
    options = parser.parse_args(args)
    if options.workers is not None and not 1 <= options.workers <= 8:
        raise RunError(f"--workers is {options.workers}; allowed are 1 to 8, one for each user of the site.")
    return options
