"""The text of a suite that was composed by doing, and its file in the sandbox."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from robot.utils import escape

from pipeline import vocabulary
from pipeline.compose import interfaces, naming
from pipeline.compose.confidential import without_secrets
from pipeline.errors import RunError
from pipeline.paths import PYTHON, RESOURCES, SANDBOX

SEPARATOR = "    "
_ASSIGNED = re.compile(r"[$@&]\{(\w[\w ]*)\} ?=?")


@dataclass(frozen=True)
class Step:
    """One line of a test: its cells, the variables that it sets among them, and a comment above it."""

    cells: Sequence[str]
    comment: str = ""


@dataclass
class Draft:
    """A suite of one test. `used` are the libraries and resources whose words it uses, `tags` further ones of it."""

    name: str
    documentation: str
    steps: list[Step] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    tags: Sequence[str] = ()

    def text(self) -> str:
        """The suite as Robot reads it, without a known secret. robocop lays it out."""
        opened = SEPARATOR.join(interfaces.of_libraries(self.used))
        tags = ["sandbox", *self.tags, *(["disruptive", "exclusive"] if interfaces.DISRUPTIVE in self.used else [])]
        lines = [
            "*** Settings ***",
            f"Documentation    {self.documentation}",
            *resources(self.used),
            f"Suite Setup    Open Site    {opened}",
            "Suite Teardown    Close Site",
            f"Test Tags    {SEPARATOR.join(tags)}",
            "",
            "*** Test Cases ***",
            self.name,
            *(line for step in with_needed_variables(self.steps) for line in _lines(step)),
            "",
        ]
        return without_secrets("\n".join(lines))


def resources(used: set[str]) -> list[str]:
    """The imports of a suite that uses these libraries and resources: the one import, and what it leaves out."""
    here = vocabulary.brought_by(vocabulary.ONE_IMPORT)
    others = sorted(path.stem for path in RESOURCES.glob("*.resource") if path.stem not in here)
    needed = [name for name in others if (vocabulary.brought_by(name) - here) & used]
    return [f"Resource    {name}.resource" for name in [vocabulary.ONE_IMPORT, *needed]]


def _lines(step: Step) -> Iterable[str]:
    if step.comment:
        yield f"{SEPARATOR}# {step.comment}"
    if step.cells:
        yield SEPARATOR + SEPARATOR.join(step.cells)


def with_needed_variables(steps: Sequence[Step]) -> list[Step]:
    """The steps without the variables that no later step uses."""
    kept = []
    for number, step in enumerate(steps):
        later = "\n".join(cell for one in steps[number + 1 :] for cell in one.cells).casefold()
        names = [match[1].casefold() for match in takewhile(bool, map(_ASSIGNED.fullmatch, step.cells)) if match]
        used = any(re.search(r"[$@&]\{" + re.escape(name) + r"\b", later) for name in names)
        kept.append(step if used else Step(step.cells[len(names) :], step.comment))
    return kept


def cell(text: str) -> str:
    """A text as Robot has to read it to get it unchanged."""
    escaped = escape(text).replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    while "  " in escaped:
        escaped = escaped.replace("  ", " \\ ")
    return escaped if text.strip() else "${EMPTY}"


def path_of(name: str) -> tuple[Path, str]:
    """The file of a new suite in the sandbox, and the name of its test, in title case.

    Raises RunError when there is such a file already.
    """
    test = naming.clean(name)
    path = SANDBOX / f"{naming.file_name(test)}.robot"
    if path.exists():
        raise RunError(f"There is already a {path.name} in suites/sandbox: choose another name or remove that file.")
    return path, " ".join(word[0].upper() + word[1:] for word in test.split())


def write(draft: Draft, path: Path) -> None:
    """Writes the suite and lays it out as all suites are."""
    if not draft.steps:
        raise RunError("There is nothing to save: no word has passed yet.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft.text(), encoding="utf-8", newline="\n")
    done = subprocess.run(
        [PYTHON, "-m", "robocop", "format", str(path)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise RunError(
            f"robocop could not lay out {path.name} ({done.stderr.strip()[:200]}); the suite is as it was written."
        )


def shown(path: Path) -> str:
    """What a tester reads of a suite that was written."""
    place = naming.quoted(f"suites/sandbox/{path.name}")
    return f"wrote {place}\nrun it: python run.py try {place}"
