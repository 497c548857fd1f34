"""Which tests a command line selects, and patterns that Robot would read otherwise than written."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pabot.arguments import parse_args
from robot.api import TestSuiteBuilder
from robot.conf import RobotSettings
from robot.errors import DataError

from pipeline.errors import RunError
from pipeline.paths import SUITES

OPERATOR = re.compile(r"AND|OR|NOT")
PATTERN_OPTIONS = ("include", "exclude", "skip", "skiponfailure")


@dataclass(frozen=True)
class Selection:
    """A command line with its data sources and the tests it selects; `tests` is None where only pabot can know them.

    `site` is the value of `--variable SITE:...`, where there is one.
    """

    args: list[str]
    sources: list[str]
    tests: frozenset[str] | None
    site: str | None = None


def select(args: list[str], scratch: Path) -> Selection:
    """Read pabot's arguments as pabot does; without a file or folder the whole of suites is meant.

    `scratch` keeps pabot's temporary files away from other runs. Raises RunError for what cannot be run as written.
    """
    tempfile.tempdir = str(scratch)
    try:
        options, sources, pabot_options, _ = parse_args(args)
        refuse_operators(pattern for name in PATTERN_OPTIONS for pattern in _list(options.get(name)))
        if "outputdir" in options:
            raise RunError("Every run has its own folder in results/runs: leave --outputdir out, or use pabot itself.")
        if not sources:
            sources = [str(SUITES)]
            args = [*args, *sources]
        # A shard runs a part that pabot chooses; several argument files run everything several times.
        known = pabot_options.get("shardcount", 1) == 1 and not pabot_options["argumentfiles"]
        return Selection(args, sources, _names(options, sources) if known else None, _site(options.get("variable")))
    except DataError as error:
        raise RunError(f"{' '.join(str(error).split())}") from None
    finally:
        tempfile.tempdir = None


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


def _names(options: dict[str, Any], sources: list[str]) -> frozenset[str]:
    settings = RobotSettings(options)
    suite = TestSuiteBuilder(
        included_extensions=settings.extension,
        included_files=settings.parse_include,
        custom_parsers=settings.parsers,
        rpa=settings.rpa,
        lang=settings.languages,
        allow_empty_suite=settings.run_empty_suite,
    ).build(*sources)
    suite.configure(**settings.suite_config)
    return frozenset(without_root(test.full_name) for test in suite.all_tests)


def without_root(full_name: str) -> str:
    """The name below the top suite, which `--name` may change."""
    return full_name.partition(".")[2] or full_name


def _site(variables: object) -> str | None:
    """Robot's name of a variable has any case; the last value counts."""
    given = [variable.partition(":") for variable in _list(variables)]
    return next((value for name, _, value in reversed(given) if name.upper() == "SITE"), None)


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
