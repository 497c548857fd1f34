"""The only reader of output.xml, the results that Robot Framework writes: one pass, little memory.

Elements are cleared as soon as a test or a suite ends, so that a file of 200 MB needs some 60 MB.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.errors import RunError

# Of Robot Framework 7 and, for --legacyoutput, of 6, which writes other times.
SCHEMAS = ("4", "5")
_LEGACY_TIME = "%Y%m%d %H:%M:%S.%f"
# How Robot begins its own errors about files, imports and plug-ins; what a test logs at level ERROR begins otherwise.
READING_ERRORS = (
    *("Error in file ", "Parsing ", "Taking ", "Importing ", "Executing model modifier "),
    "Ignoring second test suite init file ",
)
# Files beside the log: what a page of the log shows or links to, and where the listener put the logs of pods. By a text
# that stands in each, which is found ten times faster than a pattern.
EVIDENCE = {
    "src=": re.compile(r"""src=["']([^"'#:]+)["']"""),
    "href=": re.compile(r"""href=["']([^"'#:]+)["']"""),
    "pod_logs/": re.compile(r"""(pod_logs/[^\s<>"']+\.log)"""),
}
# What can stand in the body of a test or keyword and has a status of its own.
BODY = {"kw", "if", "for", "while", "try", "branch", "iter", "group", "variable", "return", "error"}
_TESTS = "n"
# Characters at each end of a message.
_END = 1000


class ResultsError(RunError):
    """There is no whole result of Robot Framework: one sentence that names the file."""


@dataclass(slots=True)
class FoundTest:
    """A test as the file has it. `names` lead from the test up to the top suite; `keywords` to the one that failed."""

    names: list[str]
    line: int | None
    status: str
    start: str
    seconds: float
    message: str
    tags: tuple[str, ...]
    keywords: tuple[str, ...]
    evidence: tuple[str, ...]
    source: str = ""


@dataclass
class Content:
    """What is in one file. `start` is local time in ISO form, or "" where merged results have none."""

    path: Path
    tests: list[FoundTest] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    start: str = ""
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)


def read(path: Path) -> Content:
    """What is in the file. Raises ResultsError when it is missing, cut off, or no result of Robot Framework."""
    content = Content(path)
    # What messages named since the last test or suite ended. Before a suite's first test that may be its setup, so that
    # such a test is searched itself.
    evidence: list[str] = []
    first = True
    try:
        refuse_foreign(path)
        for _, element in ET.iterparse(path):  # noqa: S314 - of our own run
            tag = element.tag
            if tag == "msg":
                if element.get("html") == "true":
                    evidence += _evidence(element)
            elif tag == "test":
                if evidence and first:
                    evidence = [file for message in element.iter("msg") for file in _evidence(message)]
                content.tests.append(_test(element, evidence))
                element.clear()
                evidence, first = [], False
            elif tag == "suite" and element.get("name") is not None:  # those of the statistics have no name
                _end_suite(element, content)
                evidence, first = [], True
            elif tag == "errors":
                content.errors = reading_errors(element.iter("msg"))
    except FileNotFoundError:
        raise ResultsError(f"There is no result {path}: the run wrote none, start it again.") from None
    except OSError as error:
        raise ResultsError(f"{path} cannot be read ({error.strerror}): make it readable.") from None
    except ET.ParseError as error:
        raise ResultsError(f"{path} is cut off or no XML ({error}): run its tests again.") from None
    except (KeyError, ValueError) as error:
        raise ResultsError(f"{path} is no whole result of Robot Framework ({error}): run its tests again.") from None
    return content


def refuse_foreign(path: Path) -> None:
    """Raise ResultsError unless the file begins as an output.xml of this Robot Framework does."""
    _, root = next(iter(ET.iterparse(path, events=("start",))))  # noqa: S314 - of our own run
    if root.tag != "robot":
        raise ResultsError(f"{path} is no output.xml of Robot Framework but <{root.tag}>: give another file.")
    version = root.get("schemaversion")
    if version not in SCHEMAS:
        raise ResultsError(
            f"{path} has schema {version} of Robot Framework, which is not read here (known: {', '.join(SCHEMAS)}): "
            "run its tests with the environment's robot."
        )


def reading_errors(messages: Iterable[ET.Element]) -> list[str]:
    """What Robot could not read or import, each once."""
    errors = [message.text or "" for message in messages if message.get("level") == "ERROR"]
    return list(dict.fromkeys(error for error in errors if error.startswith(READING_ERRORS)))


def _test(element: ET.Element, evidence: list[str]) -> FoundTest:
    status = _status(element)
    start, seconds = _times(status)
    line = element.get("line")
    return FoundTest(
        names=[element.attrib["name"]],
        line=int(line) if line else None,
        status=status.attrib["status"],
        start=start,
        seconds=round(seconds, 3),
        message=status.text or "",
        tags=tuple(tag.text or "" for tag in element.findall("tag")),
        keywords=() if status.get("status") == "PASS" else failed_path(element),
        evidence=tuple(dict.fromkeys(evidence)),
    )


def _end_suite(element: ET.Element, content: Content) -> None:
    """Complete the tests of a suite: they are the last ones found."""
    own = len(element.findall("test"))
    count = own + sum(int(child.attrib[_TESTS]) for child in element.findall("suite"))
    name, source = element.attrib["name"], element.get("source", "")
    setup = element.find("kw[@type='SETUP']")
    around = _setup_path(setup) if setup is not None else ()
    for test in content.tests[len(content.tests) - count :]:
        if len(test.names) == 1:
            test.source = source
        test.names.append(name)
        if around and not test.keywords:
            test.keywords = around
    # The top suite ends last: what it says of the whole stays.
    status = _status(element)
    content.metadata = {meta.attrib["name"]: meta.text or "" for meta in element.findall("meta")}
    content.start, content.seconds = _times(status)
    element.clear()
    element.set(_TESTS, str(count))


def _status(element: ET.Element) -> ET.Element:
    status = element.find("status")
    if status is None:
        raise ValueError(f"<{element.tag}> without <status>")
    return status


def _times(status: ET.Element) -> tuple[str, float]:
    """Start in ISO form, "" where it is not known, and seconds."""
    if "elapsed" in status.attrib:
        return status.get("start", ""), float(status.attrib["elapsed"])
    if status.get("starttime", "N/A") == "N/A":  # merged results
        return "", 0.0
    start, end = (datetime.strptime(status.attrib[name], _LEGACY_TIME) for name in ("starttime", "endtime"))
    return start.isoformat(), (end - start).total_seconds()


def _setup_path(setup: ET.Element) -> tuple[str, ...]:
    failed = _status(setup).get("status") == "FAIL"
    return (setup.get("name", ""), *failed_path(setup)) if failed else ()


def failed_path(element: ET.Element) -> tuple[str, ...]:
    """The names of the keywords from a test down to the one whose failure is the test's.

    Where several failed, it is the one whose message went up, else the first one; of a TRY, whose first branch may
    fail for nothing, the last one.
    """
    path: list[str] = []
    while True:
        failed = [(child, status) for child, status in _with_status(element) if status.get("status") == "FAIL"]
        if not failed:
            return tuple(path)
        own = element.findtext("status")
        likely = failed[-1] if element.tag == "try" else failed[0]
        element = next((child for child, status in failed if own and status.text == own), likely[0])
        if element.tag == "kw":
            path.append(element.get("name", ""))


def _with_status(element: ET.Element) -> Iterable[tuple[ET.Element, ET.Element]]:
    for child in element:
        if child.tag in BODY:
            status = child.find("status")
            if status is not None:
                yield child, status


def _evidence(message: ET.Element) -> list[str]:
    """The files beside the log that a message names; only HTML can show them."""
    if message.get("html") != "true":
        return []
    ends = _ends(message)
    return [path for hint, pattern in EVIDENCE.items() if hint in ends for path in pattern.findall(ends)]


def _ends(message: ET.Element) -> str:
    """Where a message names files: long ones quote answers and logs in their middle."""
    text = message.text or ""
    return text if len(text) <= 2 * _END else f"{text[:_END]} {text[-_END:]}"
