"""The folder of a collected run: the files that a run on one machine has, made of those of its shards."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline import paths, processes
from pipeline.ci import collecting, not_run
from pipeline.ci.collecting import Collected
from pipeline.ci.plan import Plan
from pipeline.errors import RunError
from pipeline.run import folders, lanes, reports
from pipeline.run.chosen import ChosenTest


def make(plan: Plan, collected: Collected) -> Path:
    """Make the run's folder anew, with report, log, output.xml, xunit.xml and evidence, and let `latest` lead to it."""
    run = folders.Run(
        id=plan.run_id,
        command=plan.command,
        site=collected.run.site,
        started_in=str(paths.ROOT),
        options=list(plan.options),
        sources=[str(paths.ROOT / source) for source in plan.sources],
        tests=[ChosenTest(str(paths.ROOT / one.file), one.line, one.name, one.full_name) for one in plan.tests],
    )
    # An earlier collection of the same run, before a shard was run again.
    shutil.rmtree(run.folder, ignore_errors=True)
    run = run.open()
    collecting.copy_evidence(collected.deliveries, run.folder, lanes.FILES)
    _merge(plan, collected, run.folder)
    run.judged(collected.run.failed, collected.run.broken, list(collected.run.errors), collected.restarted)
    return folders.make_latest(run)


def _merge(plan: Plan, collected: Collected, folder: Path) -> None:
    outputs = [one.output for one in collected.deliveries]
    if collected.lost:
        # First: what is merged later brings the setups of its suites along.
        outputs.insert(0, not_run.write(collected.lost, plan.top, folder))
    # --merge, since the shards have one top suite in common and a test may have several attempts.
    command = [paths.PYTHON, "-m", "robot.rebot", "--merge", "--nostatusrc", "--outputdir", str(folder)]
    command += ["--output", "output.xml", "--xunit", "xunit.xml", *reports.OPTIONS]
    command += collected.run.stamp.robot_options()
    command += map(str, outputs)
    with (folder / "rebot.log").open("wb") as log:
        code = processes.wait(processes.start(command, stdout=log, stderr=log))
    if code:
        words = lanes.tail(folder / "rebot.log", 3).replace("\n", " ")
        raise RunError(f"The shards' results cannot be merged ({words}): look into rebot.log in {folder}.")
