"""`python -m pipeline.measure WHAT`: prints rows for docs/measurements.md; exit code 1 when a budget is missed."""

from __future__ import annotations

import argparse
import sys

from pipeline import command_line
from pipeline.errors import RunError
from pipeline.measure import cold, exclusive, history, results, runs
from pipeline.measure import site as simulated_site
from pipeline.run import site

RUNS = {
    "start": 5,
    "jobs": 5,
    "smoke": 5,
    "cold": 25,
    "regression": 3,
    "repeat": 10,
    "exclusive": 10,
    "results": 5,
    "history": 1,
}


def main(args: list[str]) -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.measure", description=__doc__)
    parser.add_argument("what", choices=list(RUNS))
    parser.add_argument("--runs", type=int, help="counted runs")
    parser.add_argument("--jobs", type=int, default=50, help="jobs: live jobs at once (default 50)")
    parser.add_argument("--busy", type=int, default=0, help="repeat: runs on busy cores among them (default 0)")
    command_line.add_site(parser)
    chosen, selection = parser.parse_known_args(args)
    site_name = site.chosen_name(chosen.site)
    count = chosen.runs or RUNS[chosen.what]
    if selection and chosen.what not in ("repeat", "exclusive"):
        parser.error(f"unknown: {' '.join(selection)}")
    if not 0 <= chosen.busy <= count or count < 1 or chosen.jobs < 1:
        parser.error("--runs and --jobs are at least 1, --busy from 0 to --runs")
    match chosen.what:
        case "start":
            simulated_site.measure_start(count)
        case "jobs":
            simulated_site.measure_jobs(count, chosen.jobs)
        case "smoke":
            return runs.smoke(count)
        case "cold":
            return cold.measure(count, site_name)
        case "regression":
            return runs.regression(count, site_name)
        case "repeat":
            return runs.repeat(count, chosen.busy, site_name, selection)
        case "history":
            return history.measure()
        case "results":
            return results.measure(count)
        case "exclusive":
            return exclusive.measure(count, site_name, selection)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RunError as error:
        sys.exit(str(error))
