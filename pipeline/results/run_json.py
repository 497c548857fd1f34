"""The JSON of a run, metrics.json in its folder: run.schema.json beside this file describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.results import hidden
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.output_xml import ResultsError
from pipeline.results.stamp import Stamp

NAME = "metrics.json"
SCHEMA = Path(__file__).with_name("run.schema.json")
VERSION = 1
# Messages may quote whole answers; log.html has them.
LONGEST_MESSAGE = 4000


def write(run: Run, path: Path) -> None:
    """Write metrics.json, for programs; summary.md is for people."""
    path.write_text(json.dumps(data(run), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def data(run: Run) -> dict[str, Any]:
    """The run as plain data. Paths of this machine are left out: `file` begins at `suites`."""
    counts = {verdict.replace(" ", "_"): run.count(verdict) for verdict in Verdict}
    return {
        "schema": VERSION,
        **asdict(run.stamp),
        "start": run.start,
        "seconds": run.seconds,
        **counts,
        "broken": run.broken,
        "errors": list(run.errors),
        "known_bugs": [
            {"key": one.key, "title": one.title, "tests": [test.id for test in one.tests]} for one in hidden.by_bug(run)
        ],
        "tests": [_test(test) for test in run.tests],
    }


def _test(test: TestResult) -> dict[str, Any]:
    return {
        "id": test.id,
        "name": test.name,
        "long_name": test.long_name,
        "suite": test.suite,
        "file": test.file,
        "line": test.line,
        "area": test.area,
        "key": test.key,
        "covers": list(test.covers),
        "tags": list(test.tags),
        "verdict": test.verdict,
        "seconds": test.seconds,
        "attempts": [
            {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(attempt).items()}
            | {"message": shortened(attempt.message)}
            for attempt in test.attempts
        ],
    }


def shortened(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]} ..."


def read(path: Path) -> Run:
    """The run that `write` wrote. Raises ResultsError, which names the file, for anything else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["schema"] != VERSION:
            raise ResultsError(f"{path} has schema {found['schema']}, {VERSION} is read here: remove it.")
        return Run(
            stamp=Stamp(**{name: found[name] for name in Stamp.__dataclass_fields__ if name in found}),
            start=found["start"],
            seconds=found["seconds"],
            tests=tuple(_read_test(test) for test in found["tests"]),
            errors=tuple(found["errors"]),
            broken=found["broken"],
        )
    except FileNotFoundError:
        raise ResultsError(f"There is no {path}: the run has not ended, or was killed: start it again.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(f"{path} is no JSON of a run ({type(error).__name__}: {error}): remove it.") from None


def _read_test(found: dict[str, Any]) -> TestResult:
    return TestResult(
        **{name: found[name] for name in ("name", "long_name", "suite", "line", "key", "area")},
        source=found["file"],
        tags=tuple(found["tags"]),
        covers=tuple(found["covers"]),
        attempts=tuple(
            Attempt(
                Verdict(one["verdict"]),
                one["start"],
                one["seconds"],
                one["message"],
                one["reason"],
                tuple(one["keywords"]),
                tuple(one["evidence"]),
                tuple(one["bugs"]),
            )
            for one in found["attempts"]
        ),
    )
