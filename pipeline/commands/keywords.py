"""`run.py keywords WORD...`: finds keywords; `--page` writes keywords.md and objects.md, `--check` compares them."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline import console, keyword_search, keywords_page, objects_page
from pipeline.errors import RunError
from pipeline.keyword_uses import Use, uses
from pipeline.paths import ROOT
from pipeline.vocabulary import Found, documented, imports, normalized, read

PAGE = ROOT / "docs" / "keywords.md"
MOST_USES = 12
# Keywords that are named where none has all words.
NEAREST = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    what = "parts of a name, documentation or allowed value, in any order, or words for them; none: all keywords"
    parser.add_argument("words", nargs="*", metavar="WORD", help=what)
    parser.add_argument("--used", action="store_true", help="show the tests that use each keyword, through others too")
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--page", action="store_true", help="write docs/keywords.md and docs/objects.md instead")
    pages.add_argument(
        "--check", action="store_true", help="compare docs/keywords.md and docs/objects.md with the keywords instead"
    )


def main(options: argparse.Namespace) -> int:
    if options.page or options.check:
        return page(check=options.check)
    wanted = keyword_search.terms(" ".join(options.words))
    every = [keyword for path in documented() for keyword in read(path)]
    found = keyword_search.ranked(every, wanted)
    if not found:
        looked_for = " and ".join(f"'{term.word}'" for term in wanted)
        near = [one.name for one in keyword_search.of_question(every).ranked(" ".join(options.words), NEAREST)]
        nearest = f" (nearest: {', '.join(near)})" if near else ""
        raise RunError(
            f"No keyword holds {looked_for}{nearest}: try fewer words, or 'python run.py keywords' for all of them."
        )
    for term in wanted:
        if term.meant:
            console.say(f"'{term.word}' is here: {', '.join(term.meant)}")
    lines, used = imports(), uses() if options.used else {}
    for keyword in found:
        console.say(described(keyword, lines))
        if options.used:
            console.say(users(used.get(normalized(keyword.name), [])))
    return 0


def described(keyword: Found, lines: dict[str, str]) -> str:
    """Name and arguments; what it does; values that arguments allow; the import that it needs; its example."""
    return "\n    ".join(
        [
            f"{keyword.name}    {keyword.arguments}".rstrip(),
            keyword.sentence,
            *(f"{name}: {values}" for name, values in keyword.values.items()),
            f"{lines[keyword.home]}    # {keyword.home}",
            *(f"| {row}" for row in keyword.examples),
        ]
    )


def users(found: list[Use]) -> str:
    """The tests that use a keyword; of many only those that use it themselves, and not all of these."""
    first = sorted(found, key=lambda use: bool(use.through))[:MOST_USES]
    lines = [f"{use.file}: {use.test}" + (f" (through {use.through})" if use.through else "") for use in first]
    more = [f"and {len(found) - len(first)} tests more"] if len(found) > len(first) else []
    return "\n".join(f"    > {line}" for line in [*(lines or ["used by no test"]), *more])


def page(*, check: bool) -> int:
    text = keywords_page.markdown([keyword for path in documented() for keyword in read(path)])
    if check:
        return checked(text)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    objects().write_text(objects_page.markdown(), encoding="utf-8", newline="\n")
    console.say(f"wrote {PAGE.relative_to(ROOT)} and {objects().name} beside it")
    return 0


def objects() -> Path:
    """The page of what keywords return, beside that of the keywords."""
    return PAGE.with_name("objects.md")


def checked(text: str) -> int:
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        raise RunError("docs/keywords.md is not what the keywords say: run 'python run.py keywords --page'.")
    if not objects().exists() or objects().read_text(encoding="utf-8") != objects_page.markdown():
        raise RunError("docs/objects.md is not what the objects consist of: run 'python run.py keywords --page'.")
    return 0
