"""A draft for a scenario of the catalogue: its title, the section of the contract that it is about, words that fit."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from robot.running import ResourceFile

from pipeline import keyword_search
from pipeline.checks.missing_specs import SuiteTest, suite_tests
from pipeline.compose.suite_text import Draft, Step
from pipeline.coverage import catalogue
from pipeline.coverage.catalogue import Entry
from pipeline.errors import RunError
from pipeline.keyword_search import Term
from pipeline.paths import RESOURCES, ROOT
from pipeline.results import catalogue as tags_file
from pipeline.vocabulary import Found, documented, read

CONTRACT = ROOT / "docs" / "site-contract.md"
# Words whose examples become steps, and words that are only named.
USED, NAMED = 2, 5
_OPENED = ("${view} =", "Open Live View", "channels=11-109", "nfft=1024")
# Sections of other than rules: decisions, bugs, contradictions, how to build one.
_NO_RULES = re.compile(r"(0|12|16|17)\.")
_WORD = re.compile(r"[^\W\d_]{3,}|/\w+|\d{3,}")
# Words of titles that say nothing of what is tried.
_EMPTY = {
    *("the", "and", "with", "for", "from", "via", "after", "before", "should"),
    *("test", "tests", "verify", "check", "integration", "infrastructure"),
}


@dataclass(frozen=True)
class Section:
    """A section of the contract: its heading, and its text."""

    heading: str
    text: str


def draft(key: str, *, another: bool = False) -> Draft:
    """The draft of a suite for a scenario. Its test fails until somebody has finished it.

    Raises RunError for a key that the catalogue has not, a bug's, and for one that tests show already, which it names;
    with `another` these get a further case.
    """
    entry = catalogue.entries().get(key.strip().upper())
    if entry is None:
        raise RunError(f"The catalogue has no scenario '{key}': take a key of variables/xray_tests.csv, as PZ-13784.")
    if entry.area == catalogue.BUGS:
        raise RunError(f"{entry.key} is a bug ('{entry.title}'): name the scenario that shows it.")
    there = tests_of(entry.key, suite_tests())
    if there and not another:
        shown = "".join(f"\n  {test.id}" for test in there)
        raise RunError(f"{entry.key} is automated already; add --another for a further case. Its tests:{shown}")
    return _draft(entry)


def tests_of(key: str, tests: Iterable[SuiteTest]) -> list[SuiteTest]:
    """The tests that show a scenario: by their own key, or by one that covers it too."""
    covers = tags_file.covers()
    return [test for test in tests if key in (own := tags_file.key(test.tags), *covers.get(own, ()))]


def _draft(entry: Entry) -> Draft:
    section, words = section_of(entry), fitting(entry)
    manual = catalogue.not_automated().get(entry.key)
    about = f"{entry.key}: {entry.title}. docs/site-contract.md, section {section.heading}."
    steps = [Step([], f"No test so far ({manual.reason}): {manual.sentence}")] if manual else []
    used = [word for word in words if word.examples][:USED]
    for word in used:
        steps += [
            Step(_cells(row), f"{word.name}: {word.sentence}" if number == 0 else "")
            for number, row in enumerate(word.examples)
        ]
    if _needs_view(steps):
        steps.insert(0, Step(_OPENED))
    others = [word for word in words if word not in used]
    steps += [Step([], f"Fits too: {word.name} ({word.sentence})") for word in others]
    steps.append(
        Step(["Fail", f"This draft of {entry.key} is not finished: keep what shows the scenario, take this out"])
    )
    return Draft(
        _name(entry), about, steps, used=set().union(*(_libraries(word.home) for word in used)), tags=(entry.key,)
    )


def _name(entry: Entry) -> str:
    return f"{entry.key} {entry.title}"


def _needs_view(steps: Iterable[Step]) -> bool:
    """Whether a step uses the view that examples call so, and none before it opens it."""
    for step in steps:
        if step.cells and step.cells[0].rstrip(" =") == "${view}":
            return False
        if any("${view" in cell for cell in step.cells):
            return True
    return False


def _libraries(home: str) -> set[str]:
    """The library or resource that has a word, and the libraries that a resource names itself."""
    path = RESOURCES / f"{home}.resource"
    imports = ResourceFile.from_file_system(path).imports if path.exists() else []
    return {home, *(one.name for one in imports if one.type == one.LIBRARY)}


def _cells(row: str) -> list[str]:
    return re.split(r" {2,}|\t+", row.strip())


def section_of(entry: Entry) -> Section:
    """The section of the contract that has most of the title's words, the rare ones above all."""
    found = sections()
    texts = [f"{one.heading} {one.heading} {one.text}" for one in found]
    return found[_best(_words(f"{entry.title} {entry.category}"), texts)[0]]


def fitting(entry: Entry) -> list[Found]:
    """The project's words that fit the title, the best first; the glossary leads from other words to them."""
    known = _vocabulary()
    wanted = keyword_search.terms(" ".join(_words(entry.title)))
    scored = {word.name: _points(word, wanted) for word in known}
    ordered = sorted(known, key=lambda word: (-scored[word.name], len(word.name), word.name))
    return [word for word in ordered if scored[word.name] > 0][: USED + NAMED]


def _points(word: Found, wanted: Sequence[Term]) -> float:
    worth = {keyword_search.IN_NAME: 1.0, keyword_search.MEANT_IN_NAME: 0.9, keyword_search.IN_DOC: 0.3}
    return sum(worth.get(keyword_search.score(word, term), 0.0) * _rarity()[term.word] for term in wanted)


@cache
def _vocabulary() -> list[Found]:
    return [word for path in documented() for word in read(path)]


@cache
def _rarity() -> Mapping[str, float]:
    """How telling a word of a title is: the fewer titles have it, the more."""
    return _rarities([_words(entry.title) for entry in catalogue.entries().values()])


def _rarities(texts: Sequence[Sequence[str]]) -> Mapping[str, float]:
    counts = Counter(word for words in texts for word in set(words))
    rare = {word: math.log(1 + len(texts) / count) for word, count in counts.items()}
    return _Default(rare, math.log(1 + len(texts)))


class _Default(dict[str, float]):
    """A word that no text has is the rarest."""

    def __init__(self, known: Mapping[str, float], otherwise: float) -> None:
        super().__init__(known)
        self._otherwise = otherwise

    def __missing__(self, _word: str) -> float:
        return self._otherwise


def _best(words: Sequence[str], texts: Sequence[str]) -> list[int]:
    split = [_words(text) for text in texts]
    rare = _rarities(split)
    points = [sum(rare[word] for word in words if word in set(own)) for own in split]
    return sorted(range(len(texts)), key=lambda number: (-points[number], number))


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _EMPTY]


@cache
def sections() -> tuple[Section, ...]:
    """The sections of docs/site-contract.md that hold rules, in their order."""
    parts = re.split(r"^#{2,3} ", CONTRACT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = [Section(heading.strip(), text) for heading, _, text in (part.partition("\n") for part in parts)]
    return tuple(one for one in found if not _NO_RULES.match(one.heading))
