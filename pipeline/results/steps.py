"""What a test did, step by step, as output.xml has it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.results.model import TestResult
from pipeline.results.output_xml import ResultsError

# Steps of the test and of what it is made of; below them only what failed.
DEPTH = 2
_SHOWN = {"SETUP": "Setup: ", "TEARDOWN": "Teardown: "}


@dataclass(frozen=True)
class Step:
    """A keyword that was called: `depth` 0 is the test's own; `start` is local time in ISO form; `seconds` it took."""

    depth: int
    name: str
    arguments: tuple[str, ...]
    status: str
    start: str
    seconds: float

    @property
    def text(self) -> str:
        """As a test is written."""
        return "    ".join([self.name, *self.arguments])


def of(test: TestResult, output: Path) -> list[Step]:
    """The steps of a test in its last result in the file. Raises ResultsError for a file that is no result."""
    found: list[Step] = []
    try:
        for _, element in ET.iterparse(output):  # noqa: S314 - of our own run
            if element.tag == "test":
                if element.get("name") == test.name and element.get("line", "") == str(test.line or ""):
                    found = list(_steps(element, 0))
                element.clear()
    except (OSError, ET.ParseError) as error:
        raise ResultsError(f"{output} is missing, cut off or no XML ({error}): run its tests again.") from None
    return found


def _steps(element: ET.Element, depth: int) -> Iterator[Step]:
    for child in element:
        status = child.find("status")
        if status is None:
            continue
        failed = status.get("status") == "FAIL"
        inside = depth
        if child.tag == "kw":
            if status.get("status") == "NOT RUN" or (depth >= DEPTH and not failed):
                continue
            yield Step(
                depth,
                _SHOWN.get(child.get("type", ""), "") + child.get("name", ""),
                tuple(argument.text or "${EMPTY}" for argument in child.findall("arg")),
                status.get("status", ""),
                status.get("start", ""),
                float(status.get("elapsed", 0)),
            )
            inside += 1
        yield from _steps(child, inside)
