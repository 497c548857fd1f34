"""The project's keywords as their own documentation describes them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from robot.libdocpkg import LibraryDocumentation
from robot.libdocpkg.model import LibraryDoc
from robot.running import ResourceFile

from pipeline.paths import LIBRARIES, RESOURCES

PRIVATE = "robot:private"
ONE_IMPORT = "focus"
# As docs/words.md has them: the engine knows each by other names too, which no suite uses.
OPERATORS = "==, !=, <, <=, >, >=, contains, not contains, starts, ends, matches"


@dataclass(frozen=True)
class Found:
    """A keyword as a tester reads it: `home` is its library or resource, `sentence` the first of its documentation.

    `values` holds, by argument, what is allowed there, where that is not just any text or number; `examples` the rows
    of its documentation that a test can run, as a test writes them.
    """

    name: str
    arguments: str
    sentence: str
    home: str
    doc: str
    values: dict[str, str]
    examples: list[str]


def documented() -> list[Path]:
    """Resources first: they are the testers' vocabulary."""
    return [*sorted(RESOURCES.glob("*.resource")), *sorted(LIBRARIES.glob("*Library.py"))]


def read(path: Path) -> list[Found]:
    """The keywords of a file of `documented`, which is read once for each state of it: all together take seconds."""
    return list(_read(path, path.stat().st_mtime_ns))


@cache
def _read(path: Path, _changed: int) -> list[Found]:
    return keywords_of(LibraryDocumentation(str(path)), path.stem)


def keywords_of(documentation: LibraryDoc, home: str) -> list[Found]:
    """The keywords of a library or resource but for private ones; `documentation` as it is written, not converted."""
    # How a word like `11-109` is written: the first sentence about a type of the project's own.
    written = {one.name: first_sentence(one.doc) for one in documentation.type_docs if one.type == one.CUSTOM}
    return [
        Found(
            keyword.name,
            "    ".join(shown(argument) for argument in keyword.args if argument.name),
            " ".join(keyword.short_doc.split()),
            home,
            keyword.doc,
            {argument.name: values for argument in keyword.args if (values := allowed(argument.type, written))},
            examples_of(keyword.doc),
        )
        for keyword in documentation.keywords
        if PRIVATE not in keyword.tags
    ]


def examples_of(doc: str) -> list[str]:
    """The rows of a documentation that begin with a bar and do not end with one, as those of a table do."""
    rows = [line.strip() for line in doc.splitlines()]
    return [row[1:].strip().replace("\\${", "${") for row in rows if row.startswith("| ") and not row.endswith("|")]


def normalized(name: str) -> str:
    """A keyword's name as Robot Framework compares it."""
    return name.casefold().replace(" ", "").replace("_", "")


def first_sentence(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split()).split(". ")[0].rstrip(".")


def shown(argument: Any) -> str:
    """As it is written in a test: name, or name and default. Types and choices stand in the library's own page."""
    if argument.kind == argument.VAR_POSITIONAL:
        return f"*{argument.name}"
    if argument.kind == argument.VAR_NAMED:
        return f"**{argument.name}"
    return str(argument.name) if argument.required else f"{argument.name}={argument.default_repr}"


def allowed(kind: Any, written: dict[str, str]) -> str:
    """The values of Robot's type `kind`, or how they are written; nothing for plain types."""
    if kind.name == "AssertionOperator":
        return OPERATORS
    if kind.type is Literal:
        return ", ".join(one.name.strip("'\"") for one in kind.nested)
    if isinstance(kind.type, type) and issubclass(kind.type, enum.Enum):
        return ", ".join(kind.type.__members__)
    if kind.nested:
        return "; ".join(filter(None, (allowed(one, written) for one in kind.nested)))
    return written.get(kind.name or "", "")


def brought_by(resource: str) -> set[str]:
    """Names of the resources and libraries that a suite gets with a resource, which is one of them."""
    found: set[str] = set()
    waiting = [resource]
    while waiting:
        name = waiting.pop()
        path = RESOURCES / f"{name}.resource"
        if name not in found and path.exists():
            imports = ResourceFile.from_file_system(path).imports
            waiting += [Path(one.name).stem for one in imports if one.type != one.VARIABLES]
        found.add(name)
    return found


def imports() -> dict[str, str]:
    """By resource and library: the line that brings its keywords into a suite, with `focus.resource` where it can."""
    lines: dict[str, str] = {}
    resources = sorted((path.stem for path in RESOURCES.glob("*.resource")), key=lambda name: name != ONE_IMPORT)
    for resource in resources:
        for name in brought_by(resource):
            lines.setdefault(name, f"Resource    {resource}.resource")
    for path in LIBRARIES.glob("*Library.py"):
        lines.setdefault(path.stem, f"Library    {path.stem}")
    return lines
