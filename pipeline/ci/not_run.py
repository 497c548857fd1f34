"""The tests that no shard has a result of, as a result of Robot Framework, so that log and xunit show them too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from robot.result import Result, TestSuite

from pipeline import paths
from pipeline.results.model import TestResult
from pipeline.results.reading import EXIT

NAME = "not-run.xml"


def write(tests: Iterable[TestResult], top: str, folder: Path) -> Path:
    """Write the results of these tests, failed with the tag by which Robot marks what it did not run any more."""
    root = TestSuite(name=top)
    for test in tests:
        suite = root
        for name in filter(None, test.suite.split(".")):
            known = next((one for one in suite.suites if one.name == name), None)
            suite = known or suite.suites.create(name=name)
        suite.source = paths.ROOT / test.source
        suite.tests.create(
            name=test.name, tags=[*test.tags, EXIT], lineno=test.line, status="FAIL", message=f"Not run: {test.reason}."
        )
    path = folder / NAME
    Result(suite=root).save(path)
    return path
