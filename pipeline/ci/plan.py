"""The plan of a sharded run: which shard runs which tests. It is a file that every shard and the collector read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline import paths
from pipeline.ci import packing
from pipeline.ci.packing import PlannedTest, Suite
from pipeline.errors import RunError

NAME = "plan.json"
VERSION = 1


@dataclass(frozen=True)
class Shard:
    """`number` counts from 1 through both phases. `last`: it starts when every other shard is done."""

    number: int
    last: bool
    suites: tuple[Suite, ...]

    @property
    def tests(self) -> list[PlannedTest]:
        return [test for suite in self.suites for test in suite.tests]

    @property
    def seconds(self) -> float:
        return packing.seconds(self.suites)

    @property
    def name(self) -> str:
        return f"shard-{self.number}"


@dataclass(frozen=True)
class Plan:
    """`options` and `sources` select the tests, as pabot takes them; `sources` begin at the checkout's folder."""

    run_id: str
    command: str
    commit: str
    top: str
    options: tuple[str, ...]
    sources: tuple[str, ...]
    shards: tuple[Shard, ...]

    @property
    def tests(self) -> list[PlannedTest]:
        return [test for shard in self.shards for test in shard.tests]

    @property
    def folder(self) -> Path:
        """Where the shards of the run leave their results."""
        return paths.RESULTS / "ci" / self.run_id

    def shard(self, number: int) -> Shard:
        for shard in self.shards:
            if shard.number == number:
                return shard
        raise RunError(f"The plan has no shard {number}: its shards are 1 to {len(self.shards)}.")

    def makespan(self) -> float:
        """How long all lasts, in seconds of serial work: the longest shard, then the last phase."""
        phases = [[shard.seconds for shard in self.shards if shard.last == last] for last in (False, True)]
        return sum(max(phase, default=0.0) for phase in phases)


def cut(tests: Sequence[PlannedTest], durations: Mapping[str, float], shards: int) -> tuple[Shard, ...]:
    """The shards of these tests: at most `shards` beside each other, then one with what has to be alone."""
    found = packing.suites(tests, durations)
    beside = packing.pack([suite for suite in found if not suite.alone], shards)
    alone = packing.in_order(suite for suite in found if suite.alone)
    phases = [(members, False) for members in beside] + ([(alone, True)] if alone else [])
    wrong = packing.not_covered(tests, [members for members, _ in phases])
    if wrong:
        raise RunError(f"The plan is no exact cover, '{wrong[0]}' is not in one shard only: report this as a bug.")
    return tuple(Shard(number, last, tuple(members)) for number, (members, last) in enumerate(phases, 1))


def matrix(plan: Plan, *, last: bool) -> dict[str, list[dict[str, Any]]]:
    """The shards of one phase, as a matrix of GitHub takes them."""
    return {
        "include": [
            {"shard": shard.number, "name": shard.name, "tests": len(shard.tests), "seconds": round(shard.seconds)}
            for shard in plan.shards
            if shard.last == last
        ]
    }


def advice(plan: Plan) -> str:
    """A sentence on the suite that makes more shards useless, where it already does or nearly does."""
    beside = [suite for shard in plan.shards if not shard.last for suite in shard.suites]
    shards = sum(not shard.last for shard in plan.shards)
    found = packing.limiting(beside)
    if found is None:
        return ""
    longest, most = found
    return (
        f"{longest.file} alone lasts {longest.seconds:.0f} s: more than {most} shards make nothing shorter"
        f"{', split this suite' if shards >= most else ''}."
    )


def write(plan: Plan, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"schema": VERSION, **asdict(plan)}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> Plan:
    """The plan that `write` wrote. Raises RunError, which names the file, for anything else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("schema") != VERSION:
            raise RunError(f"{path} is a plan of another version: make it anew with 'python run.py ci plan'.")
        shards = tuple(
            Shard(one["number"], one["last"], tuple(_suite(suite) for suite in one["suites"]))
            for one in found["shards"]
        )
        lists = {name: tuple(found[name]) for name in ("options", "sources")}
        return Plan(**found | lists | {"shards": shards})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{path} is no plan ({type(error).__name__}: {error}): make one with 'python run.py ci plan --shards N'."
        ) from None


def _suite(found: dict[str, Any]) -> Suite:
    tests = tuple(PlannedTest(**test | {"tags": tuple(test["tags"])}) for test in found["tests"])
    return Suite(found["file"], tests, found["seconds"])
