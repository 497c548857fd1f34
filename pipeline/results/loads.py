"""The loads of a run: `load-*.json` beside its log, each with what was asked for and what became of it.

    {"test": name of the test, "name": of the load, "plan": Plan, "result": Result, "limits": {"p95": seconds}}

Plan and Result are those of focus_core.load; of the plan the site, users and addresses may be left out. `test` is empty
for a load of a suite's setup. `limits`, where they are given, are what the test demands of the figures, by their names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.load.plan import Plan
from focus_core.load.result import Result
from pydantic import TypeAdapter

from pipeline.results.output_xml import ResultsError

PATTERN = "load-*.json"


@dataclass(frozen=True)
class Load:
    """A load of a test. `limits` are in seconds, by figure."""

    test: str
    name: str
    plan: Plan
    result: Result
    limits: Mapping[str, float] = field(default_factory=dict)


def of_run(folder: Path) -> list[Load]:
    """The loads of a run in the order of their files. Raises ResultsError that names a file which is none."""
    return [_read(path) for path in sorted(folder.glob(PATTERN))]


def _read(path: Path) -> Load:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        plan = TypeAdapter(Plan).validate_python(found["plan"])
        result = Result.from_json(json.dumps(found["result"]))
        return Load(found["test"], found["name"], plan, result, found.get("limits", {}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BenchError) as error:
        raise ResultsError(f"{path} is no load of a run ({type(error).__name__}: {error}): remove it.") from None
