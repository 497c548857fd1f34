"""The only reader of output.xml, the results that Robot Framework writes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from robot.api import ExecutionResult
from robot.errors import DataError
from robot.result import Result

# A test's file and its line there: what Robot reports of a test before and after a run alike. Its name may be made at
# run time. A test without a line, of a parser of one's own, is known by its name.
Place = tuple[str, int | str]

# How Robot begins its own errors about files, imports and plug-ins; what a test logs at level ERROR begins otherwise.
READING_ERRORS = (
    *("Error in file ", "Parsing ", "Taking ", "Importing ", "Executing model modifier "),
    "Ignoring second test suite init file ",
)


def read(path: Path) -> Result:
    """The result of a run without the steps of its tests; raises robot.errors.DataError when there is none."""
    return ExecutionResult(path, include_keywords=False)


def holds_tests(path: Path) -> bool:
    """Whether there is a result of at least one test; a lane that died may leave a file without any."""
    try:
        return bool(read(path).suite.test_count)
    except DataError:
        return False


def place(test: Any) -> Place:
    """The place of a test, of robot.running or robot.result."""
    return str(test.source), test.lineno or test.name


def failed_places(result: Result) -> set[Place]:
    return {place(test) for test in result.suite.all_tests if test.failed}


def places(result: Result) -> set[Place]:
    return {place(test) for test in result.suite.all_tests}


def reading_errors(messages: Iterable[Any]) -> list[str]:
    """What Robot could not read or import, each once."""
    errors = [message.message for message in messages if message.level == "ERROR"]
    return list(dict.fromkeys(error for error in errors if error.startswith(READING_ERRORS)))
