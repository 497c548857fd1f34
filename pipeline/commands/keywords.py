"""`run.py keywords WORD`: finds keywords; `--page` writes docs/keywords.md, `--check` compares it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.api import SuiteVisitor, TestSuite
from robot.libdocpkg import LibraryDocumentation

from pipeline import console
from pipeline.errors import RunError
from pipeline.paths import LIBRARIES, RESOURCES, ROOT, SUITES

PAGE = ROOT / "docs" / "keywords.md"
MOST_TESTER_KEYWORDS = 60
PRIVATE = "robot:private"


@dataclass(frozen=True)
class Found:
    """A keyword as a tester reads it: name, arguments, first line of its documentation, where it comes from."""

    name: str
    arguments: str
    sentence: str
    home: str
    doc: str


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="WORD", help="part of a name or documentation; none: all keywords")
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--page", action="store_true", help="write docs/keywords.md instead")
    pages.add_argument("--check", action="store_true", help="compare docs/keywords.md with the keywords instead")


def main(options: argparse.Namespace) -> int:
    if options.page or options.check:
        return page(check=options.check)
    word = " ".join(options.words).casefold()
    found = [
        keyword for path in documented() for keyword in read(path) if word in f"{keyword.name} {keyword.doc}".casefold()
    ]
    # A hit in the name is what is looked for most often.
    found.sort(key=lambda keyword: (word not in keyword.name.casefold(), keyword.home, keyword.name))
    for keyword in found:
        console.say(f"{keyword.name}    {keyword.arguments}\n    {keyword.sentence}  ({keyword.home})")
    if not found:
        raise RunError(f"No keyword holds '{word}': try a shorter word, or 'python run.py keywords' for all of them.")
    return 0


def documented() -> list[Path]:
    """Resources first: they are the testers' vocabulary."""
    return [*sorted(RESOURCES.glob("*.resource")), *sorted(LIBRARIES.glob("*Library.py"))]


def read(path: Path) -> Iterator[Found]:
    for keyword in LibraryDocumentation(str(path)).keywords:
        if PRIVATE not in keyword.tags:
            yield Found(
                keyword.name,
                "    ".join(shown(argument) for argument in keyword.args if argument.name),
                " ".join(keyword.short_doc.split()),
                path.stem,
                keyword.doc,
            )


def shown(argument: Any) -> str:
    """As it is written in a test: name, or name and default. Types and choices stand in the library's own page."""
    if argument.kind == argument.VAR_POSITIONAL:
        return f"*{argument.name}"
    if argument.kind == argument.VAR_NAMED:
        return f"**{argument.name}"
    return str(argument.name) if argument.required else f"{argument.name}={argument.default_repr}"


def page(*, check: bool) -> int:
    known = {row(keyword): keyword for path in documented() for keyword in read(path)}
    if check:
        return checked(set(known))
    PAGE.write_text(markdown(most_used(list(known.values()))), encoding="utf-8", newline="\n")
    console.say(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


def checked(known: set[str]) -> int:
    """Every row must be what the keyword's own documentation says. A test more or less changes nothing."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = [line for line in text.splitlines() if line.startswith("| ") and line != HEAD]
    if not rows or not known.issuperset(rows):
        raise RunError("docs/keywords.md is not what the keywords say: run 'python run.py keywords --page'.")
    return 0


class Uses(SuiteVisitor):  # type: ignore[misc] # Robot's class is not typed
    """Counts how often the suites call each keyword themselves."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def start_keyword(self, keyword: Any) -> None:
        if keyword.name:
            self.counts[normalized(keyword.name)] += 1


def most_used(keywords: list[Found]) -> list[Found]:
    """More than MOST_TESTER_KEYWORDS words nobody learns: those that suites use most are the testers' vocabulary."""
    uses = Uses()
    TestSuite.from_file_system(SUITES, allow_empty_suite=True).visit(uses)
    keywords = sorted(keywords, key=lambda keyword: (-uses.counts[normalized(keyword.name)], keyword.name))
    return keywords[:MOST_TESTER_KEYWORDS]


def normalized(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "")


HEAD = "| keyword | arguments | what it does |"


def markdown(keywords: list[Found]) -> str:
    lines = [
        "# The testers' keywords",
        "",
        f"At most {MOST_TESTER_KEYWORDS}: those that the suites use most. They come with `Resource    focus.resource`;",
        "those about the node with `node.resource` beside it, for raw requests with `raw_requests.resource`.",
        "Any other is found with `python run.py keywords WORD`. Made by `python run.py keywords --page`.",
    ]
    for home in sorted({keyword.home for keyword in keywords}):
        lines += ["", f"## {home}", "", HEAD, "|---|---|---|"]
        lines += sorted(row(keyword) for keyword in keywords if keyword.home == home)
    return "\n".join(lines) + "\n"


def row(keyword: Found) -> str:
    arguments = " ".join(f"`{part}`" for part in keyword.arguments.split("    ") if part)
    return f"| {cell(keyword.name)} | {cell(arguments)} | {cell(keyword.sentence)} |"


def cell(text: str) -> str:
    return text.replace("|", "\\|")
