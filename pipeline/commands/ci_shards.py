"""`run.py ci plan`, `run` and `collect`: from the selection over the shards to one run."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from contextlib import nullcontext
from pathlib import Path

from pipeline import console, paths
from pipeline.baseline import checking, measured
from pipeline.ci import asked, collecting, delivery, merging, stopping
from pipeline.ci import plan as plans
from pipeline.ci.packing import PlannedTest
from pipeline.contract.after_run import note_contract
from pipeline.errors import BROKEN, RunError
from pipeline.history import database, queries
from pipeline.history.after_run import after_run
from pipeline.history.database import HistoryError
from pipeline.results import run_json, stamp, summary
from pipeline.run import folders, lanes, last_check, selection, site
from pipeline.run.chosen import ChosenTest
from pipeline.run.selection import Selection

# Where GitHub reads what a step hands to later jobs.
OUTPUTS = "GITHUB_OUTPUT"


def plan(options: argparse.Namespace) -> int:
    """Write the plan, print it, and hand the matrix of both phases to a GitHub job."""
    made = make(options)
    console.say(f"plan:   {made.folder / plans.NAME}")
    outputs = {name: json.dumps(plans.matrix(made, last=last)) for name, last in (("shards", False), ("last", True))}
    for name, matrix in outputs.items():
        console.say(f"{name + ':':<8}{matrix}")
    _hand_over({"run_id": made.run_id, "has_last": str(made.shards[-1].last).lower(), **outputs})
    return 0


def make(options: argparse.Namespace) -> plans.Plan:
    """Cut the selected tests into shards, write the plan and show it."""
    tier = ["--exclude", f"NOT {options.tier}"] if options.tier else []
    with tempfile.TemporaryDirectory(prefix="focus-plan-", ignore_cleanup_errors=True) as scratch:
        selected = selection.select([*tier, *asked.options(), *options.passed_on, *asked.suites()], Path(scratch))
    if not selected.tests:
        raise RunError("No test is selected: check the tags, names and folders that you gave.")
    if not selected.countable:
        raise RunError("Only pabot would know which tests run: leave --shard, --argumentfileN and --suitesfrom out.")
    made = plans.Plan(
        run_id=folders.new_id(),
        command=options.tier or "suites",
        commit=stamp.make("", "", "", simulated=False).commit,
        top=selected.top,
        options=tuple(selected.options.args),
        sources=tuple(_below_root(source) for source in selected.sources),
        shards=plans.cut(_planned(selected), _durations(), options.shards),
    )
    plans.write(made, made.folder / plans.NAME)
    for shard in made.shards:
        phase = " (last: starts when every other shard is done)" if shard.last else ""
        console.say(f"{shard.name:<10}{len(shard.tests):>5} tests {shard.seconds:>8.0f} s{phase}")
    for sentence in filter(None, [plans.advice(made)]):
        console.say(sentence)
    console.say(f"run:    {made.run_id}")
    return made


def run(options: argparse.Namespace) -> int:
    """Run a shard; 0 as soon as its results are whole, whatever failed in it: the gate judges all shards together."""
    planned = plans.read(_plan_file(options))
    commit = stamp.make("", "", "", simulated=False).commit
    if commit != planned.commit:
        raise RunError(
            f"The plan is of commit {planned.commit}, this checkout of {commit}: check that out, or plan anew."
        )
    shard = planned.shard(options.shard)
    attempt = options.attempt or max((number for number, _ in delivery.attempts(planned.folder, shard)), default=0) + 1
    # The site knows all shards as one run, whose lanes have users of their own.
    os.environ["FOCUS_RUN_ID"] = planned.run_id
    os.environ["FOCUS_FIRST_LANE"] = str((shard.number - 1) * lanes.LANES)
    name = site.chosen_name(options.site)
    leased = site.leased(name)
    marker = planned.folder / f"stopped-{attempt}.txt"
    stopped = stopping.shared(leased, marker, attempt) if leased and options.stop_on_critical else nullcontext()
    with stopped:
        code = lanes.run(
            lanes.Plan(
                planned.command,
                name,
                [*planned.options, *options.passed_on, *(str(paths.ROOT / source) for source in planned.sources)],
                options.yes,
                shard=_as_lanes_take_it(planned, shard, attempt, marker),
                stop_on_critical=options.stop_on_critical,
            )
        )
    if leased and not shard.last and any(other.last for other in planned.shards):
        site.keep_for_last_shard(leased)
    ended = folders.read(delivery.folder_of(planned, shard, attempt))
    try:
        delivery.finish(planned, shard, attempt, ended.broken, ended.restarted)
    except delivery.DeliveryError as error:
        raise RunError(f"Shard {shard.number} has no whole result: {error}; run it again.") from None
    console.say(f"{shard.name}, attempt {attempt}: done (exit code {code} of the tests)")
    return 0


def _as_lanes_take_it(planned: plans.Plan, shard: plans.Shard, attempt: int, marker: Path) -> lanes.Shard:
    return lanes.Shard(
        [ChosenTest(str(paths.ROOT / one.file), one.line, one.name, one.full_name) for one in shard.tests],
        [".".join(filter(None, [planned.top, suite.tests[0].suite])) for suite in shard.suites],
        delivery.folder_of(planned, shard, attempt).relative_to(paths.RESULTS).as_posix(),
        marker,
    )


def collect(options: argparse.Namespace) -> int:
    """Make the run of all shards, as if one machine had run it; 252 when a shard delivered nothing whole."""
    planned = plans.read(_plan_file(options))
    if options.folder and not options.folder.is_dir():
        raise RunError(f"There is no folder {options.folder}: name the one that holds the shards' folders.")
    return gather(planned, options.folder or planned.folder)


def gather(planned: plans.Plan, source: Path) -> int:
    """Make one run of what the shards have left in the folder `source`; 252 when one delivered nothing whole."""
    found = collecting.collect(planned, source)
    folder = merging.make(planned, found)
    run_json.write(found.run, folder / run_json.NAME)
    against, notes = after_run(found.run)
    for one in found.deliveries:
        measured.bring(one.folder, one.shard, folder)
    notes = [
        *found.notes,
        *notes,
        *checking.after_run(folder),
        *note_contract(folder),
        *([last_check.sentence(found.restarted)] if found.restarted else []),
    ]
    summary.write(found.run, folder, notes, against)
    console.say(summary.screen(found.run, {"report": folder / "report.html"}, notes, against))
    if found.run.broken:
        console.complain(found.run.broken)
    return lanes.published(folders.latest(), found.run, BROKEN if found.run.broken else 0)


def _plan_file(options: argparse.Namespace) -> Path:
    if options.plan:
        return Path(options.plan)
    made = sorted((paths.RESULTS / "ci").glob(f"*/{plans.NAME}"), key=lambda path: path.stat().st_mtime)
    if not made:
        raise RunError("There is no plan in results/ci: make one with 'python run.py ci plan --shards N'.")
    return made[-1]


def _planned(selected: Selection) -> list[PlannedTest]:
    return [
        PlannedTest(_below_root(test.source), test.line, test.name, test.full_name, tags)
        for test, tags in zip(selected.tests, selected.tags, strict=True)
    ]


def _below_root(path: str) -> str:
    try:
        return Path(path).relative_to(paths.ROOT).as_posix()
    except ValueError:
        raise RunError(f"{path} is outside of this checkout, where a shard would not find it: move it in.") from None


def _durations() -> dict[str, float]:
    """How long each test lasts, by the earlier runs; nothing where they cannot be read."""
    try:
        with database.opened() as connection:
            return {one.test: one.seconds for one in queries.usual(connection)}
    except (HistoryError, OSError) as error:
        console.complain(f"The durations of earlier runs are not known ({error}), so every test counts the same.")
        return {}


def _hand_over(outputs: dict[str, str]) -> None:
    path = os.environ.get(OUTPUTS)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())
