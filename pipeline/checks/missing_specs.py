"""docs/missing-specs.md: the rules that the product's developers have not written down.

`python -m pipeline.checks.missing_specs` writes the page, `--check` compares it. It is made of the rules in
variables/known_bugs.yaml and variables/unwritten_rules.yaml, and of the suites, which know the names of the tests.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from focus_core.run import known_bugs
from robot.api import TestSuite

from pipeline import console
from pipeline.errors import BROKEN, RunError
from pipeline.paths import ROOT, SUITES

PAGE = ROOT / "docs" / "missing-specs.md"
RULES = ROOT / "variables" / "unwritten_rules.yaml"

_HEAD = """# Missing specifications

Rules of the product that its developers have not written down, or on which documents differ. For each: the question
to them and their answer, what the tests assume until then, what the deployed server does, and which tests show it. An
answer goes into the data as `answer` (text, by whom, when): `variables/known_bugs.yaml` (open questions, known bugs)
and `variables/unwritten_rules.yaml`; then tests and data are corrected by it. Made of them and of the suites by
`.venv/bin/python -m pipeline.checks.missing_specs`.
"""


@dataclass(frozen=True)
class SuiteTest:
    """A test of the suites: its file below the project, name and tags; `long_name` is below the top suite."""

    file: str
    name: str
    tags: frozenset[str]
    long_name: str = ""

    @property
    def id(self) -> str:
        """As in results: `suites/api/x.robot::Name`."""
        return f"{self.file}::{self.name}"

    def is_named(self, entry: str) -> bool:
        """Whether ``KEY`` or ``KEY Name Of The Test`` means this test."""
        key, _, name = entry.partition(" ")
        return key in self.tags and name in ("", self.name)


@dataclass(frozen=True)
class Rule:
    """One rule: ``state`` is what stands behind it, ``tests`` are entries as in ``fails`` of known_bugs.yaml.

    ``disputed``: the server does otherwise than the tests assume. ``answer`` is the developers', empty until it comes.
    """

    sentence: str
    assumed: str
    server: str
    state: str
    tests: tuple[str, ...]
    disputed: bool = False
    answer: str = ""

    @property
    def question(self) -> str:
        """What the developers are asked."""
        if self.disputed:
            return f"Which shall hold: (a) {self.assumed}; or (b) {self.server}?"
        return f"Shall it be so: {self.assumed}?"


def main(args: list[str]) -> int:
    if args not in ([], ["--check"]):
        raise RunError(f"missing_specs knows no option but --check, not '{' '.join(args)}'.")
    text = page(sections(), suite_tests())
    if not args:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        console.say(f"wrote {PAGE.relative_to(ROOT)}")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        raise RunError(
            "docs/missing-specs.md differs from data and suites: "
            "run '.venv/bin/python -m pipeline.checks.missing_specs'."
        )
    return 0


def sections() -> dict[str, list[Rule]]:
    """The rules by the heading that they stand under."""
    found: dict[str, list[Rule]] = {"Open questions": [], "Known bugs": []}
    for key, entry in known_bugs.content().items():
        if "rule" in entry:
            question = key.startswith(known_bugs.QUESTION)
            state = f"{'open question' if question else 'known bug'} {key}: {entry['title']}"
            found["Open questions" if question else "Known bugs"].append(
                _rule(entry, state, entry.get("fails", ()), disputed=True)
            )
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    for heading, entries in rules.items():
        found[heading] = [_rule(entry, _state(entry), entry["tests"]) for entry in entries]
    return found


def suite_tests(suites: Path = SUITES) -> list[SuiteTest]:
    """Every test of the suites but for those that somebody tries out."""
    found = [
        SuiteTest(
            Path(test.source).relative_to(suites.parent).as_posix(),
            test.name,
            frozenset(test.tags),
            test.full_name.partition(".")[2],
        )
        for test in TestSuite.from_file_system(suites, allow_empty_suite=True).all_tests
    ]
    return [test for test in found if not test.file.startswith("suites/sandbox/")]


def page(rules: dict[str, list[Rule]], all_tests: list[SuiteTest]) -> str:
    lines = [_HEAD]
    for heading, entries in rules.items():
        lines.append(f"## {heading}\n")
        for rule in entries:
            lines += [
                f"### {rule.sentence}\n",
                f"- Question: {rule.question}",
                f"- Answer: {rule.answer or 'none yet'}",
                f"- Tests assume: {rule.assumed}",
                f"- Server: {rule.server}",
                f"- State: {rule.state}",
            ]
            shown = [test for test in all_tests if any(test.is_named(entry) for entry in rule.tests)]
            lines.append("- Tests:" if shown else "- Tests: none yet")
            lines += [f"  - {test.name} ({_keys(test)}), `{test.file}`" for test in shown]
            lines.append("")
    return "\n".join(lines)


def _rule(entry: dict[str, Any], state: str, named: Any, *, disputed: bool = False) -> Rule:
    answer = entry.get("answer", "")
    return Rule(entry["rule"], entry["assumed"], entry["server"], state, tuple(named), disputed, answer)


def _state(entry: dict[str, Any]) -> str:
    data = entry.get("site_data")
    return f"assumed; a site sets it in its file ({data})" if data else "assumed; tests and server agree today"


def _keys(test: SuiteTest) -> str:
    return ", ".join(sorted(tag for tag in test.tags if tag.startswith("PZ-")))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RunError as error:
        console.complain(str(error))
        sys.exit(BROKEN)
