"""What a shard delivers: `RUN_ID/shard-N/attempt-A/` with output.xml and, written last, DONE.json with its checksum."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.ci.packing import PlannedTest
from pipeline.ci.plan import Plan, Shard
from pipeline.results import reading
from pipeline.results.model import Run, Verdict
from pipeline.results.output_xml import ResultsError

NAME = "DONE.json"
OUTPUT = "output.xml"
_ATTEMPT = re.compile(r"attempt-(\d+)")


class DeliveryError(Exception):
    """The results in a folder are not those of a whole shard; the text is the reason, as the end of a sentence."""


@dataclass(frozen=True)
class Delivery:
    """The whole results of one attempt of a shard; `broken` is why they must not count nevertheless, or nothing.

    `restarted` is what the last check of the shard found.
    """

    shard: int
    attempt: int
    folder: Path
    broken: str
    restarted: tuple[str, ...]

    @property
    def output(self) -> Path:
        return self.folder / OUTPUT


def folder_of(plan: Plan, shard: Shard, attempt: int) -> Path:
    return plan.folder / shard.name / f"attempt-{attempt}"


def attempts(root: Path, shard: Shard) -> list[tuple[int, Path]]:
    """The attempts of a shard below the folder of its run, finished or not, the first one first."""
    found = [(_ATTEMPT.fullmatch(path.name), path) for path in (root / shard.name).glob("attempt-*")]
    return sorted((int(match[1]), path) for match, path in found if match)


def missing(result: Run, planned: Iterable[PlannedTest]) -> list[str]:
    """The ids of planned tests that the results do not have."""
    there = {test.id for test in result.tests}
    return [test.id for test in planned if test.id not in there]


def finish(plan: Plan, shard: Shard, attempt: int, broken: str = "", restarted: Sequence[str] = ()) -> None:
    """Write DONE.json once the results are whole. Raises DeliveryError when they are not."""
    folder = folder_of(plan, shard, attempt)
    try:
        result = reading.read_one(folder / OUTPUT)
    except ResultsError as error:
        raise DeliveryError(str(error)) from None
    lost = missing(result, shard.tests)
    if lost:
        raise DeliveryError(f"{len(lost)} of its {len(shard.tests)} tests have no result, the first is '{lost[0]}'")
    data = {
        "run_id": plan.run_id,
        "shard": shard.number,
        "attempt": attempt,
        "sha256": _sha256(folder / OUTPUT),
        "tests": len(shard.tests),
        **{verdict.replace(" ", "_"): result.count(verdict) for verdict in Verdict},
        "broken": broken,
        "restarted": list(restarted),
    }
    # Whoever copies the folder meanwhile must not find half of the file.
    new = folder / f".{NAME}"
    new.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(folder / NAME)


def read(plan: Plan, shard: Shard, attempt: int, folder: Path) -> Delivery:
    """The delivery in this folder. Raises DeliveryError unless it is whole and of this shard of this run."""
    try:
        done = json.loads((folder / NAME).read_text(encoding="utf-8"))
        found = (done["run_id"], done["shard"], done["attempt"])
        digest, broken, tests = done["sha256"], str(done["broken"]), done["tests"]
        restarted = tuple(map(str, done["restarted"]))
    except FileNotFoundError:
        raise DeliveryError(f"it ended before it was done ({NAME} is missing)") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeliveryError(f"its {NAME} cannot be read ({type(error).__name__})") from None
    if found != (plan.run_id, shard.number, attempt) or tests != len(shard.tests):
        raise DeliveryError(f"its {NAME} is of shard {found[1]}, attempt {found[2]} of run {found[0]}, {tests} tests")
    try:
        if _sha256(folder / OUTPUT) != digest:
            raise DeliveryError(f"its {OUTPUT} is not the one that {NAME} names (sha256)")
    except OSError:
        raise DeliveryError(f"its {OUTPUT} is missing") from None
    return Delivery(shard.number, attempt, folder, broken, restarted)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
