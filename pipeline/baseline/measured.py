"""The figures of a run's loads, as they are kept.

They are noted in the run's folder on the machine that made the load: the parts of a run may be collected elsewhere.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from focus_core.load.plan import Plan

from pipeline.baseline import entries
from pipeline.baseline.entries import Entry, Figure
from pipeline.baseline.machine import Machine, this_machine
from pipeline.results import loads
from pipeline.results.loads import Load
from pipeline.results.model import Run
from pipeline.results.output_xml import ResultsError

NAME, PARTS = "measured_loads.json", "measured_loads*.json"
# The run whose suspicion this one is made to decide.
CONFIRMS = "FOCUS_BASELINE_CONFIRMS"
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Measured:
    """The loads of a run, or of a part of it, and the machine that made them."""

    machine: Machine
    site: str
    entries: list[Entry]


def note(run: Run, folder: Path) -> None:
    """Write what the run's loads came to into its folder; a run without a load gets no file. Raises ResultsError."""
    found = of_run(run, folder)
    if found:
        data = {
            "machine": asdict(this_machine()),
            "site": run.site,
            "entries": [json.loads(entries.to_json(entry)) for entry in found],
        }
        (folder / NAME).write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def bring(part: Path, number: int, folder: Path) -> None:
    """Copy what a part of a run noted into the folder of the whole."""
    if (part / NAME).exists():
        shutil.copy2(part / NAME, folder / NAME.replace(".", f"-{number}."))


def read(folder: Path) -> list[Measured]:
    """What `note` wrote in each part of a run. Raises ResultsError."""
    return [_read(path) for path in sorted(folder.glob(PARTS))]


def _read(path: Path) -> Measured:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        kept = [entries.from_json(json.dumps(entry)) for entry in found["entries"]]
        machine = Machine(**found["machine"])
        return Measured(machine, found["site"], [entry for entry in kept if isinstance(entry, Entry)])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultsError(f"{path} holds no loads of a run ({type(error).__name__}): run the loads again.") from None


def of_run(run: Run, folder: Path) -> list[Entry]:
    """The loads of a run, by test and name; those that have both in common are told apart by their order."""
    found: dict[str, list[Load]] = {}
    for load in loads.of_run(folder):
        name = f"{load.test}: {load.name}" if load.test else load.name
        found.setdefault(name, []).append(load)
    return [
        _entry(f"{name} #{number}" if number > 1 else name, load, run)
        for name, alike in found.items()
        for number, load in enumerate(sorted(alike, key=lambda load: load.result.begun), 1)
    ]


def _entry(name: str, load: Load, run: Run) -> Entry:
    result, whole = load.result, load.result.whole
    return Entry(
        name=name,
        run=run.stamp.run_id,
        time=datetime.fromtimestamp(result.begun, UTC).isoformat(timespec="seconds"),
        figures=figures(load),
        version=run.stamp.commit,
        plan=digest(load.plan, result.generators),
        errors=whole.failed / whole.asked if whole.asked else 0.0,
        invalid=invalid(load),
        confirms=os.environ.get(CONFIRMS, ""),
        again=("suites", "--test", glob.escape(load.test), "suites") if load.test else (),
        histogram=whole.total.encoded,
    )


def figures(load: Load) -> dict[str, Figure]:
    """Percentiles of the answers from their intended start, of the age of rows, and the rate that was reached."""
    result, times, found = load.result, load.result.whole.total, {}
    if times.count:
        for percent in PERCENTILES:
            found[f"p{percent}"] = _milliseconds(load, f"p{percent}", times.percentile(percent))
        found["rate"] = Figure(result.rate, "1/s", more_is_better=True)
    if result.views and result.views.row_age.count:
        found["row_age_p95"] = _milliseconds(load, "row_age_p95", result.views.row_age.percentile(95))
    return found


def _milliseconds(load: Load, name: str, seconds: float) -> Figure:
    limit = load.limits.get(name)
    return Figure(1000 * seconds, "ms", None if limit is None else 1000 * limit)


def invalid(load: Load) -> str:
    """Why the figures count for nothing: the generator's own fault, or an early end."""
    strictest = min(load.limits.values(), default=None)
    reasons = load.result.invalid(strictest)
    if reasons:
        return f"The load is invalid: {'; '.join(reasons)}."
    if load.result.ended:
        return f"The load ended early ({load.result.ended}): {load.result.why or 'it was stopped'}."
    return ""


def digest(plan: Plan, generators: int) -> str:
    """What was asked for, without what differs from run to run: addresses, names of users, moments in bodies."""
    actions = [
        (_timeless(action), f"{action.weight:g}", [_timeless(step) for step in action.steps]) for action in plan.actions
    ]
    held = (plan.views.number, plan.views.at_once) if plan.views else None
    phases = [f"{phase.seconds:g} s {phase.rate:g} to {phase.last_rate:g}" for phase in plan.phases]
    asked = [phases, actions, held, len(plan.users), plan.connections, plan.keep_alive, generators]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:8]


def _timeless(what: object) -> str:
    """Its name or path without moments, which are other ones in each run."""
    return re.sub(r"\d{9,}", "TIME", str(what))
