"""`run.py measure WHAT`: prints rows for docs/measurements.md and keeps them; exit code 1 when a budget is missed.

`run.py measure check` judges what was kept.
"""

from __future__ import annotations

import argparse

from pipeline import command_line
from pipeline.errors import RunError
from pipeline.measure import (
    alerts_publish,
    assistants,
    cold,
    exclusive,
    figures,
    history,
    kept,
    load_driver,
    load_peers,
    monitor,
    results,
    runs,
)
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
    "load-driver": 3,
    "load-peers": 1,
    "alerts-publish": 5,
    "mcp": 5,
    "monitor": 5,
}
WITH_SELECTION = ("repeat", "exclusive")
CHECK = "check"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=[*RUNS, CHECK], help=f"{CHECK}: judge the last run of every figure")
    parser.add_argument("--repeat", action="store_true", help=f"{CHECK}: measure again what is suspicious")
    parser.add_argument("--runs", type=int, metavar="N", help="counted runs")
    parser.add_argument("--jobs", type=int, metavar="N", default=50, help="jobs: live jobs at once (default 50)")
    parser.add_argument(
        "--busy", type=int, metavar="N", default=0, help="repeat: runs on busy cores among them (default 0)"
    )
    command_line.add_site(parser)
    command_line.pass_on(
        parser, "repeat and exclusive", "  python run.py measure repeat suites/api --include regression"
    )


def main(options: argparse.Namespace) -> int:
    """Nothing is kept of what failed: its figures would be those of something else."""
    if options.what == CHECK:
        return kept.check(options.repeat)
    if options.repeat:
        raise RunError(f"'measure {options.what}' has no option '--repeat', it is one of 'measure {CHECK}'.")
    code = measure(options)
    if not code:
        kept.keep(figures.shown, command(options), options.passed_on)
    return code or int(any(one.is_missed for one in figures.shown))


def command(options: argparse.Namespace) -> list[str]:
    """The arguments of run.py that measure the same again."""
    numbers = {"--runs": options.runs, "--jobs": options.jobs, "--busy": options.busy, "--site": options.site}
    given = [word for name, value in numbers.items() if value for word in (name, str(value))]
    return ["measure", options.what, *given, *options.passed_on]


def measure(options: argparse.Namespace) -> int:
    count = RUNS[options.what] if options.runs is None else options.runs
    selection = options.passed_on
    if selection and options.what not in WITH_SELECTION:
        raise RunError(f"'measure {options.what}' has no option '{selection[0]}'; see 'python run.py measure --help'.")
    if not 0 <= options.busy <= count or count < 1 or options.jobs < 1:
        raise RunError("--runs and --jobs are at least 1, --busy is from 0 to --runs.")
    site_name = site.chosen_name(options.site)
    match options.what:
        case "start":
            simulated_site.measure_start(count)
        case "jobs":
            simulated_site.measure_jobs(count, options.jobs)
        case "smoke":
            runs.smoke(count)
        case "cold":
            cold.measure(count, site_name)
        case "regression":
            runs.regression(count, site_name)
        case "repeat":
            return runs.repeat(count, options.busy, site_name, selection)
        case "results":
            results.measure(count)
        case "history":
            history.measure()
        case "load-driver":
            return load_driver.measure(count)
        case "load-peers":
            return load_peers.measure()
        case "alerts-publish":
            return alerts_publish.measure(count)
        case "mcp":
            assistants.measure(count)
        case "monitor":
            monitor.measure(count)
        case "exclusive":
            return exclusive.measure(count, site_name, selection)
    return 0
