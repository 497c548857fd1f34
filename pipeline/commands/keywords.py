"""`run.py keywords WORD...`: finds keywords; `--page` writes keywords.md and objects.md, `--check` compares them."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from robot.api import SuiteVisitor, TestSuite

from pipeline import console, objects_page
from pipeline.errors import RunError
from pipeline.paths import ROOT, SUITES
from pipeline.vocabulary import Found, documented, imports, read

PAGE = ROOT / "docs" / "keywords.md"
MOST_TESTER_KEYWORDS = 60


def add_options(parser: argparse.ArgumentParser) -> None:
    what = "parts of a name, documentation or allowed value, in any order; none: all keywords"
    parser.add_argument("words", nargs="*", metavar="WORD", help=what)
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--page", action="store_true", help="write docs/keywords.md and docs/objects.md instead")
    pages.add_argument(
        "--check", action="store_true", help="compare docs/keywords.md and docs/objects.md with the keywords instead"
    )


def main(options: argparse.Namespace) -> int:
    if options.page or options.check:
        return page(check=options.check)
    words = " ".join(options.words).casefold().split()
    found = [keyword for path in documented() for keyword in read(path) if all(word in text(keyword) for word in words)]
    if not found:
        looked_for = " and ".join(f"'{word}'" for word in words)
        raise RunError(f"No keyword holds {looked_for}: try fewer words, or 'python run.py keywords' for all of them.")
    # Hits in a name are what is looked for most often, and the shortest of them is the plainest word.
    found.sort(key=lambda keyword: (not_in_name(keyword, words), len(keyword.name), keyword.name))
    lines = imports()
    for keyword in found:
        console.say(described(keyword, lines))
    return 0


def text(keyword: Found) -> str:
    """What words are looked for in."""
    return " ".join([keyword.name, keyword.doc, *keyword.values.values()]).casefold()


def not_in_name(keyword: Found, words: list[str]) -> int:
    return sum(word not in keyword.name.casefold() for word in words)


def described(keyword: Found, lines: dict[str, str]) -> str:
    """Name and arguments; what it does; values that arguments allow; the line that brings it into a suite."""
    return "\n    ".join(
        [
            f"{keyword.name}    {keyword.arguments}".rstrip(),
            keyword.sentence,
            *(f"{name}: {values}" for name, values in keyword.values.items()),
            f"{lines[keyword.home]}    # {keyword.home}",
        ]
    )


def page(*, check: bool) -> int:
    known = {row(keyword): keyword for path in documented() for keyword in read(path)}
    if check:
        return checked(set(known))
    PAGE.write_text(markdown(most_used(list(known.values()))), encoding="utf-8", newline="\n")
    objects().write_text(objects_page.markdown(), encoding="utf-8", newline="\n")
    console.say(f"wrote {PAGE.relative_to(ROOT)} and {objects().name} beside it")
    return 0


def objects() -> Path:
    """The page of what keywords return, beside that of the keywords."""
    return PAGE.with_name("objects.md")


def checked(known: set[str]) -> int:
    """Every row must be the keyword's own documentation. A test more or less changes nothing."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = [line for line in text.splitlines() if line.startswith("| ") and line != HEAD]
    if not rows or not known.issuperset(rows):
        raise RunError("docs/keywords.md differs from the keywords: run 'python run.py keywords --page'.")
    if not objects().exists() or objects().read_text(encoding="utf-8") != objects_page.markdown():
        raise RunError("docs/objects.md is not what the objects consist of: run 'python run.py keywords --page'.")
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
