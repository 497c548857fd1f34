"""What a shard's pod runs: one shard of a plan, for engines that repeat what does not end with 0.

The contract is the same for every engine; an Indexed Job gives it in the variables of deploy/base/job.yaml:

- `RUN_ID`, `SHARD_TOTAL`: have to be those of the plan in `FOCUS_PLAN`
- `SHARD_INDEX`: the shard, from 1 on; else `JOB_COMPLETION_INDEX`, from 0 on, is counted from `FIRST_SHARD`
- `ATTEMPT`: from 1 on; else one more than `FAILURES`, and never that of results that are there

The results are in `$FOCUS_RESULTS/ci/RUN_ID/shard-i/attempt-a`: output.xml and, when it is whole, DONE.json. The exit
code is 0 then, also when tests failed; 42 when plan, site file or secrets are wrong, which another attempt would not
change; 143 after SIGTERM, with what the lanes could still write in output.xml; anything else is the bench's and worth
another attempt. Further arguments go to 'ci run'.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.site import loader as site_loader

from pipeline import command_line, console, paths
from pipeline.__main__ import end, listen_for_the_end, refused
from pipeline.ci import delivery, plan
from pipeline.ci.plan import Plan
from pipeline.errors import RunError
from pipeline.results import stamp

BAD_DATA = 42
BROKEN = 1
STOPPED = 143


@dataclass(frozen=True)
class Task:
    """One attempt of one shard."""

    plan_file: Path
    shard: int
    attempt: int


def main(args: list[str]) -> int:
    console.use_utf8()
    try:
        listen_for_the_end()
        try:
            task = of_environment(os.environ)
            check_site()
        except RunError as error:
            console.complain(str(error))
            return BAD_DATA
        return run(task, args)
    except RunError as error:
        console.complain(str(error))
        return BROKEN
    except OSError as error:
        console.complain(refused(error))
        return BROKEN
    except KeyboardInterrupt:
        console.complain("Stopped before its end: what has ended by now is in output.xml.")
        return STOPPED


def of_environment(environ: Mapping[str, str]) -> Task:
    """The task that the engine gives. Raises RunError when it is not one of the plan."""
    path = Path(environ.get("FOCUS_PLAN", ""))
    planned = plan.read(path)
    run_id, total = environ.get("RUN_ID", ""), _number(environ, "SHARD_TOTAL")
    if (run_id, total) != (planned.run_id, len(planned.shards)):
        raise RunError(
            f"The pod is of run '{run_id}' with {total} shards, the plan of run '{planned.run_id}' with "
            f"{len(planned.shards)}: start the run anew."
        )
    commit = stamp.make("", "", "", simulated=False).commit
    if commit != planned.commit:
        raise RunError(
            f"The plan is of commit {planned.commit}, the image of {commit}: build the image of that commit, or plan "
            "with a checkout of the image's."
        )
    number = _shard(environ)
    shard = planned.shard(number)
    return Task(path, shard.number, _attempt(environ, planned, number))


def check_site() -> None:
    """Raises RunError when the site file or a secret that it names is wrong; asks nothing of the site."""
    try:
        site_loader.check_secrets(site_loader.read(site_loader.chosen_name()))
    except BenchError as error:
        raise RunError(str(error)) from None


def run(task: Task, args: list[str]) -> int:
    # Undo records and jobs to remove outlive the pod: the next attempt of this shard finds them.
    os.environ.setdefault("XDG_STATE_HOME", str(paths.RESULTS / "state" / f"shard-{task.shard}"))
    named = ["--plan", str(task.plan_file), "--shard", str(task.shard), "--attempt", str(task.attempt)]
    options = command_line.parse(["ci", "run", *named, *args])
    return int(command_line.COMMANDS["ci"].load().main(options))


def _shard(environ: Mapping[str, str]) -> int:
    if environ.get("SHARD_INDEX"):
        return _number(environ, "SHARD_INDEX")
    return _number(environ, "JOB_COMPLETION_INDEX") + _number(environ, "FIRST_SHARD")


def _attempt(environ: Mapping[str, str], planned: Plan, shard: int) -> int:
    """An attempt without results: a pod that was evicted does not count as a failure, and may have left some."""
    given = _number(environ, "ATTEMPT") if environ.get("ATTEMPT") else 1 + _number(environ, "FAILURES")
    there = delivery.attempts(planned.folder, planned.shard(shard))
    return max([given, *(number + 1 for number, _ in there)])


def _number(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "") or ("0" if name == "FAILURES" else "1" if name == "FIRST_SHARD" else "")
    if not text.isdecimal():
        raise RunError(f"{name} is '{text}': the engine has to set it to a whole number.")
    return int(text)


if __name__ == "__main__":
    end(main(sys.argv[1:]))
