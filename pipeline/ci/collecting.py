"""The results of all shards as one run; what a shard did not deliver is *not run*, and the run does not count."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import paths
from pipeline.ci import delivery
from pipeline.ci import plan as plans
from pipeline.ci.delivery import Delivery, DeliveryError
from pipeline.ci.packing import PlannedTest
from pipeline.ci.plan import Plan, Shard
from pipeline.results import reading
from pipeline.results.model import Run, TestResult


@dataclass(frozen=True)
class Collected:
    """`deliveries` in the order in which they are merged, `notes` on attempts that were left out.

    `lost` are the tests of the run that no delivery has a result of.
    """

    run: Run
    deliveries: list[Delivery]
    notes: list[str]
    lost: list[TestResult]

    @property
    def restarted(self) -> list[str]:
        """What the last checks of the shards found."""
        return list(dict.fromkeys(line for one in self.deliveries for line in one.restarted))


def collect(plan: Plan, root: Path) -> Collected:
    """Read what the shards left below `root`; every planned test is in the run."""
    deliveries: list[Delivery] = []
    broken: list[str] = []
    notes: list[str] = []
    lost: dict[str, str] = {}
    # A newer plan may be there, which a command without the option would take.
    file = plan.folder / plans.NAME
    shown = (file.relative_to(paths.ROOT) if file.is_relative_to(paths.ROOT) else file).as_posix()
    for shard in plan.shards:
        found, refused = _of_shard(plan, shard, root)
        deliveries += found
        if found:
            # The last attempt is the one that counts.
            broken += [f"Shard {shard.number}: {found[-1].broken}"] if found[-1].broken else []
            notes += [f"Shard {shard.number}, {reason}; another attempt counts." for reason in refused]
        else:
            why = "; ".join(refused) or "nothing of it is there"
            broken.append(
                f"Shard {shard.number} delivered no whole result, its {len(shard.tests)} tests are not run ({why}): "
                f"run it again with 'python run.py ci run --shard {shard.number} --plan {shown}' and collect again."
            )
            lost |= {test.id: f"shard {shard.number} delivered no whole result" for test in shard.tests}
    deliveries.sort(key=lambda one: (one.attempt, one.shard))
    run = reading.read_run([one.output for one in deliveries]) if deliveries else _nothing()
    planned = {test.id for test in plan.tests}
    unplanned = [test.id for test in run.tests if test.id not in planned]
    if unplanned:
        broken.append(f"{len(unplanned)} tests are in the results and not in the plan, the first is '{unplanned[0]}'.")
    not_run = _not_run(plan.tests, run, lost)
    run = replace(run, tests=(*run.tests, *not_run))
    marks = replace(run.stamp, run_id=plan.run_id, command=plan.command, commit=run.stamp.commit or plan.commit)
    return Collected(replace(run, stamp=marks).broken_by(broken), deliveries, notes, not_run)


def _of_shard(plan: Plan, shard: Shard, root: Path) -> tuple[list[Delivery], list[str]]:
    """The whole attempts of a shard, and a reason for each one that is not."""
    found, refused = [], []
    for attempt, folder in delivery.attempts(root, shard):
        try:
            found.append(delivery.read(plan, shard, attempt, folder))
        except DeliveryError as error:
            refused.append(f"attempt {attempt}: {error}")
    return found, refused


def _nothing() -> Run:
    return replace(reading.read_run([]), broken="")


def _not_run(tests: Iterable[PlannedTest], run: Run, lost: dict[str, str]) -> list[TestResult]:
    there = {test.id for test in run.tests}
    return [
        reading.without_result(
            test.name,
            test.full_name,
            test.file,
            test.line,
            test.tags,
            lost.get(test.id, "its shard has no result of it"),
        )
        for test in tests
        if test.id not in there
    ]


def copy_evidence(deliveries: Sequence[Delivery], folder: Path, patterns: Iterable[str]) -> None:
    """Pictures and pods' logs, which the log names relative to itself, beside the merged log."""
    for one in deliveries:
        for pattern in patterns:
            for path in one.folder.rglob(pattern):
                if "pabot_results" not in path.parts:
                    target = folder / path.relative_to(one.folder)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, target)
