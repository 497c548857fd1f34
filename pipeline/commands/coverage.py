"""`run.py coverage`: which scenarios tests show, with which result, and how far that is from what was agreed."""

from __future__ import annotations

import argparse
from datetime import datetime

from pipeline import console, paths
from pipeline.checks.missing_specs import suite_tests
from pipeline.coverage import pyramid, report, scenarios, shares, strength
from pipeline.coverage.report import Coverage
from pipeline.coverage.scenarios import State
from pipeline.history import database, queries
from pipeline.run import site as sites


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site", dest="of_site", default="", metavar="NAME", help="results of this site only (default: of all sites)"
    )


def main(options: argparse.Namespace) -> int:
    """Exit code 0; a damaged result of `run.py strength` is a RunError, so is a site that neither history nor file
    knows."""
    coverage = of_site(options.of_site)
    page = report.write(coverage, paths.RESULTS / "coverage")
    console.say(screen(coverage))
    console.say(f"coverage: {page}")
    return 0


def of_site(site: str) -> Coverage:
    """The coverage by the suites, the history and the last measurement of their strength."""
    measured = strength.last()
    with database.opened() as connection:
        last = queries.last_results(connection, site)
    if site and not last:
        sites.look_up(site)  # a name that was mistyped would show zeros
    found = scenarios.of(suite_tests(), last, measured.detections)
    tests = {test.id: test for one in found for test in one.tests}
    return Coverage(
        made=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        site=site,
        scenarios=found,
        shares=shares.of(found),
        product=pyramid.product(tests.values()),
        bench=pyramid.bench(),
        strength=measured,
    )


def screen(coverage: Coverage) -> str:
    """The areas in a table, and how many scenarios of the catalogue are in each state."""
    lines = [
        f"{'area':<14}{'percent':>9}{'target':>8}{'automated':>11}{'passed':>8}{'manual':>8}{'open':>6}{'local':>7}"
    ]
    for one in coverage.shares:
        percent = f"{one.percent:.0f}" if one.scenarios else "-"
        target = "-" if one.target is None else one.target
        numbers = f"{one.automated:>11}{one.passed:>8}{one.manual:>8}{one.open:>6}{one.local:>7}"
        lines.append(f"{one.area:<14}{percent:>9}{target:>8}{numbers}{'' if one.is_reached else '  below its target'}")
    states = ", ".join(f"{coverage.counts[state]} {state}" for state in State)
    return "\n".join([*lines, f"{sum(coverage.counts.values())} scenarios of the catalogue: {states}"])
