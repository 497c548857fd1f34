"""`run.py strength`: how many response mutants the tests kill, and how many defects of the site they detect."""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.paths import RESULTS, SUITES
from pipeline.quick import choosing
from strength import areas
from strength.areas import Area
from strength.mutants.declared_members import members
from strength.mutants.operations import Operations
from strength.results import kills, report
from strength.results.results import DEFECTS, MUTANTS, Outcome
from strength.search.measurement import Measurement
from strength.workers import tests
from strength.workers.pool import require_fork, worker_groups
from strength.workers.site import Defect, own_sites, registered_defects
from strength.workers.tests import Test

# From the start of the sites to the last baseline run.
QUICK_MINUTES = 10.0
# Share of an area's defects that the tests of a quick run have to detect.
_OF_QUICK = 0.9
# Each worker logs in as a user of its own.
_MOST_WORKERS = 8
# Time to stop the sites and write the report; longer where the last test may inject an outage.
_RESERVE_S, _LONGER_RESERVE_S = 20.0, 45.0


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", action="append", metavar="NAME", help="an area of areas.yaml, or all (default: api)")
    parser.add_argument(
        "--tests", default="*", metavar="PATTERN", help="only tests of this name, with or without their suites; * and ?"
    )
    parser.add_argument("--quick", action="store_true", help="a fixed sample, the same each time: at most 10 minutes")
    parser.add_argument(
        "--as-quick",
        type=command_line.count,
        metavar="SECONDS",
        help="only the tests that 'quick --seconds SECONDS' runs, against every defect: 90 %% have to be detected",
    )
    parser.add_argument("--only", choices=(MUTANTS, DEFECTS), help="only response mutants, or only defects of the site")
    parser.add_argument("--workers", type=int, metavar="N", help=f"tests in parallel, 1 to {_MOST_WORKERS}")


def main(options: argparse.Namespace) -> int:
    """Exit code 0 when everything required is killed or detected, 1 with a sentence for each thing that is not."""
    if options.workers is not None and not 1 <= options.workers <= _MOST_WORKERS:
        raise RunError(
            f"--workers is {options.workers}; allowed are 1 to {_MOST_WORKERS}, one for each user of the site."
        )
    require_fork()
    chosen = areas.read(options.area or ["api"])
    # Wrong input is refused before anything is measured.
    selected = {area.name: tests.select(SUITES, area, options.tests) for area in chosen}
    if options.as_quick:
        options.only, names = DEFECTS, choosing.choose(options.as_quick).names
        selected = {area: [test for test in found if test.name in names] for area, found in selected.items()}
    defects = registered_defects()
    for area in chosen:
        areas.require_defects(area, (defect.area for defect in defects))
    problems = [problem for area in chosen for problem in _measure(area, selected[area.name], defects, options)]
    return 1 if problems else 0


def _measure(area: Area, chosen: list[Test], defects: list[Defect], options: argparse.Namespace) -> list[str]:
    """Measure one area and write its report; prints and returns its problems."""
    if options.quick:
        chosen = [test for test in chosen if "slow" not in test.tags]
    began = time.monotonic()
    workers = options.workers or area.workers
    outcome = Outcome(
        area.name,
        f"those of quick --seconds {options.as_quick}" if options.as_quick else options.tests,
        options.quick,
        workers,
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        frozenset([options.only] if options.only else [MUTANTS, DEFECTS]),
        not_defects=area.not_defects,
        too_long=area.too_long if options.tests == "*" and not options.as_quick else {},
        required_score=area.required_score,
        required_share=_OF_QUICK if options.as_quick else 1.0,
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
            with worker_groups(workers, Path(folder), sites, area, operations, journal) as groups:
                minutes = min(QUICK_MINUTES, area.minutes) if options.quick else area.minutes
                reserve = _LONGER_RESERVE_S if area.own_sites else _RESERVE_S
                deadline = began + minutes * 60 - reserve
                declared = members(document, prefix)
                # A pattern asks about the selected tests only.
                tests_of_other_areas = tests.others(SUITES, area) if outcome.pattern == "*" else []
                Measurement(area, groups, outcome, deadline, declared, tests_of_other_areas).run(chosen, defects)
    finally:
        outcome.seconds = time.monotonic() - began
        if outcome.records:
            page = report.write(outcome, results)
            console.say(report.summary(outcome))
            console.say(f"report: {page}")
            if matrix := kills.keep(outcome):
                console.say(f"kill matrix: {matrix}; commit it")
    problems = outcome.problems()
    for problem in problems:
        console.say(f"- {problem}")
    return problems
