"""Which tests a command line selects, and patterns that Robot would read otherwise than written."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from robot.api import TestSuite, TestSuiteBuilder
from robot.conf import RobotSettings
from robot.errors import DataError
from robot.model import ModelModifier
from robot.output import LOGGER

from pipeline.errors import RunError
from pipeline.paths import SUITES
from pipeline.run import options
from pipeline.run.chosen import ChosenTest
from pipeline.run.options import Options

OPERATOR = re.compile(r"AND|OR|NOT")
PATTERN_OPTIONS = ("include", "exclude", "skip", "skiponfailure")
DISRUPTIVE = "disruptive"
# What narrows a selection, in the order in which it is shown.
NARROWING = ("suite", "test", "task", "include", "exclude", "parseinclude", "rerunfailed", "rerunfailedsuites")


@dataclass(frozen=True)
class Selection:
    """A command line with the tests that it selects, of `there` in its sources.

    `countable` is false where only pabot knows which of the tests run, or how often. `tags` has those of each test in
    the order of `tests`, `top` is the name of the suite around all.
    """

    options: Options
    sources: list[str]
    tests: list[ChosenTest]
    there: int
    disruptive: int
    countable: bool
    tags: list[tuple[str, ...]] = field(default_factory=list)
    top: str = ""

    @property
    def args(self) -> list[str]:
        return [*self.options.args, *self.sources]

    @property
    def site(self) -> str | None:
        """The value of `--variable SITE:...`, where there is one. The last one counts; the name has any case."""
        given = [variable.partition(":") for variable in _list(self.options.robot.get("variable"))]
        return next((value for name, _, value in reversed(given) if name.upper() == "SITE"), None)

    @property
    def how(self) -> str:
        """How many tests were selected and by what, for the screen."""
        robot = self.options.robot
        words = [f"--{name} {shlex.quote(value)}" for name in NARROWING for value in _list(robot.get(name))]
        return f"{len(self.tests)} of {self.there} tests{', by ' + ' '.join(words) if words else ''}"


def select(args: list[str], scratch: Path) -> Selection:
    """Read pabot's arguments as pabot does; without a file or folder the whole of suites is meant.

    `scratch` keeps pabot's temporary files away from other runs. Raises RunError for what cannot be run as written.
    """
    return of(options.for_pabot(args, scratch))


def of(chosen: Options) -> Selection:
    """What these options select."""
    refuse_operators(pattern for name in PATTERN_OPTIONS for pattern in _list(chosen.robot.get(name)))
    # Not resolved: a link to a folder gives the suite its own name.
    sources = [os.path.abspath(source) for source in chosen.sources] or [str(SUITES)]  # noqa: PTH100
    try:
        suite, there = _build(chosen.robot, sources)
    except DataError as error:
        raise RunError(" ".join(str(error).split())) from None
    pabot = chosen.pabot
    # A shard runs a part that pabot chooses; several argument files run everything several times.
    countable = pabot.get("shardcount", 1) == 1
    countable &= not any(pabot.get(name) for name in ("argumentfiles", "suitesfrom", "pabotprerunmodifier"))
    found = list(suite.all_tests)
    tests = [ChosenTest(str(test.source), test.lineno, test.name, without_root(test.full_name)) for test in found]
    tags = [tuple(test.tags) for test in found]
    disruptive = sum(DISRUPTIVE in test.tags for test in found)
    return Selection(chosen, sources, tests, there, disruptive, countable, tags, suite.name)


def refuse_operators(patterns: Iterable[str]) -> None:
    """Robot splits a pattern at AND, OR, NOT even inside a word: `requires:MONITOR` means `requires:MONIT` OR ``."""
    for pattern in patterns:
        for word in pattern.split():
            found = OPERATOR.search(word)
            if found and word != found.group():
                raise RunError(
                    f"The tag pattern '{pattern}' holds {found.group()} inside a word, where Robot splits it: write it "
                    f"in lower case ('{word.lower()}'), or put spaces around the operator."
                )


def _build(robot: dict[str, Any], sources: list[str]) -> tuple[TestSuite, int]:
    """The selected tests as Robot itself finds them, and how many there are in all."""
    settings = RobotSettings(robot)
    sys.path[:0] = settings.pythonpath
    suite = TestSuiteBuilder(
        included_extensions=settings.extension,
        included_files=settings.parse_include,
        custom_parsers=settings.parsers,
        rpa=settings.rpa,
        lang=settings.languages,
        allow_empty_suite=settings.run_empty_suite,
    ).build(*sources)
    there = suite.test_count
    if settings.pre_run_modifiers:
        suite.visit(ModelModifier(settings.pre_run_modifiers, settings.run_empty_suite, LOGGER))
    suite.configure(**settings.suite_config)
    return suite, there


def without_root(full_name: str) -> str:
    """The name below the top suite, which `--name` may change."""
    return full_name.partition(".")[2] or full_name


def _list(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value)] if value else []
