"""`run.py rerun`: what failed or did not run in the last run, again; the merged report shows both attempts."""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.results import reading
from pipeline.results.model import Verdict
from pipeline.results.output_xml import ResultsError
from pipeline.run import chosen, lanes, last_check, site
from pipeline.run import folders as runs

# Every test has a result for each of them, all under one name.
SEVERAL_RESULTS = re.compile(r"--argumentfile\d+")


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.add_yes(parser)
    command_line.add_monitor(parser)
    command_line.pass_on(parser, "pabot and robot", "--processes 1, --loglevel DEBUG")


def main(options: argparse.Namespace) -> int:
    """With the last run's options, on its site unless `--site` names another. Nothing to do is success."""
    last = runs.latest()
    tests = unfinished(last)
    if not tests:
        if was_dry(last):
            raise RunError(f"The last run ({last.id}) was a dry run, in which no test ran: start it anew.")
        if last.broken:
            raise RunError(f"The last run ({last.id}) does not count, but no test of it failed: start it anew.")
        if last.restarted:
            raise RunError(f"{last_check.sentence(last.restarted)} No test of the last run failed: start it anew.")
        console.say(f"The last run ({last.id}) has no failed test: nothing to run again.")
        return 0
    refuse_mixed_up_results(last)
    try:
        os.chdir(last.started_in)  # its options may name files from there
    except OSError:
        raise RunError(f"The last run was started in {last.started_in}, which is gone: start it anew.") from None
    plan = lanes.Plan(
        options.command,
        site.chosen_name(options.site or last.site),
        [*whole(last.options), *options.passed_on, *last.sources],
        options.yes,
        lanes.Again(last, tests),
        monitor=options.monitor,
    )
    return lanes.run(plan)


def refuse_mixed_up_results(last: runs.Run) -> None:
    """Raise RunError where several results of the last run have one name, by which Robot merges them."""
    if any(SEVERAL_RESULTS.fullmatch(option) for option in last.options):
        raise RunError(
            f"The last run ({last.id}) ran each test once for each of its --argumentfileN, and a rerun cannot tell "
            "these results apart: start it anew."
        )
    names = Counter(test.full_name for test in last.tests)
    twice = next((name for name, times in names.items() if times > 1), None)
    if twice:
        raise RunError(
            f"The last run ({last.id}) has two tests named '{twice}', and a rerun cannot tell their results apart: "
            "rename one or its folder, or start the run anew."
        )


def unfinished(last: runs.Run) -> list[chosen.ChosenTest]:
    """The selected tests that failed or have no result."""
    try:
        result = reading.read_one(last.folder / "output.xml")
    except ResultsError:
        return last.tests
    ended = result.places
    failed = {test.place for verdict in (Verdict.FAILED, Verdict.NOT_RUN) for test in result.of(verdict)}
    return [test for test in last.tests if test.place in failed or (last.countable and test.place not in ended)]


def was_dry(last: runs.Run) -> bool:
    return reading.read_run([last.folder / "output.xml"]).stamp.dry_run


def whole(options: list[str]) -> list[str]:
    """The options without --shard, which would cut the repeated tests once more."""
    if "--shard" not in options:
        return options
    at = options.index("--shard")
    return [*options[:at], *options[at + 2 :]]
