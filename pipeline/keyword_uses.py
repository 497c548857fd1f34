"""Which tests of the suites use a keyword: themselves, or through keywords of resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.api import SuiteVisitor, TestSuite
from robot.running import ResourceFile

from pipeline.paths import RESOURCES, SUITES
from pipeline.vocabulary import normalized


@dataclass(frozen=True)
class Use:
    """A test that uses a keyword; `through` is the keyword that calls it, empty where the test does."""

    test: str
    file: str
    through: str


class _Calls(SuiteVisitor):  # type: ignore[misc] # Robot's class is not typed
    """What is called, by the test or keyword that calls; setups, teardowns and templates included."""

    def __init__(self) -> None:
        self.calls: set[str] = set()

    def start_keyword(self, keyword: Any) -> None:
        # Keywords that run others get the name as an argument.
        self.calls.update(normalized(str(word).rpartition("Library.")[2]) for word in (keyword.name, *keyword.args))


def uses() -> dict[str, list[Use]]:
    """By keyword, its name normalized: the tests that use it, in the order of the suites."""
    found: dict[str, list[Use]] = defaultdict(list)
    shared = _bodies(ResourceFile.from_file_system(path) for path in sorted(RESOURCES.glob("*.resource")))
    for suite in _with_tests(TestSuite.from_file_system(SUITES, allow_empty_suite=True)):
        file = Path(str(suite.source)).relative_to(SUITES.parent).as_posix()
        known = shared | _bodies([suite.resource])
        around = _calls(suite.setup, suite.teardown)
        for test in suite.tests:
            for name, through in _reached(around | _calls_of(test), known).items():
                found[name].append(Use(test.name, file, through))
    return found


def _with_tests(suite: Any) -> Iterator[Any]:
    if suite.tests:
        yield suite
    for child in suite.suites:
        yield from _with_tests(child)


def _bodies(resources: Iterable[Any]) -> dict[str, tuple[str, set[str]]]:
    """By normalized name of a keyword: its name, and what it calls."""
    return {normalized(word.name): (word.name, _calls_of(word)) for one in resources for word in one.keywords}


def _calls_of(item: Any) -> set[str]:
    return _calls(item.body, item.setup, item.teardown)


def _calls(*parts: Any) -> set[str]:
    calls = _Calls()
    for part in parts:
        if part:
            part.visit(calls)
    return calls.calls


def _reached(calls: set[str], known: dict[str, tuple[str, set[str]]]) -> dict[str, str]:
    """What these calls lead to, and the keyword through which; nothing where it is called directly."""
    reached = dict.fromkeys(calls, "")
    waiting = list(calls)
    while waiting:
        name, inner = known.get(waiting.pop(), ("", set()))
        for call in inner - reached.keys():
            reached[call] = name
            waiting.append(call)
    return reached
