"""Ranks texts by a question in everyday words: words count by how rare they are and by where they stand.

Words that mean another one come from the glossary and from variables/search_words.yaml.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from typing import Any, Generic, TypeVar

import yaml

from pipeline.glossary import glossary
from pipeline.paths import ROOT

T = TypeVar("T")
WORDS = ROOT / "variables" / "search_words.yaml"
# One word that is looked for: what it may be, each as stems that must stand together, with what that is worth.
Term = list[tuple[frozenset[str], float]]
_SAYS_NOTHING = (
    "a an the i it its is are was were be been do does did doing done have has had having of for from in into on onto "
    "over to with by and or that this these those there then so as at my me we you your will would can could one some "
    "something anything thing things when while if not no about after again all any each everything itself test "
    "את של על עם אל זה זאת יש אני"
)
_CHECKS_SOMETHING = "should must check verify ensure expect fail assert"
# The word itself, and one that means it.
_SAME, _MEANT = 1.0, 0.85
# An expression of several words says more of what is wanted than a word.
_EXPRESSION = 1.5
# Where a word stands: in the name, in the first sentence, anywhere else.
_IN_NAME, _IN_SENTENCE, _IN_TEXT = 3.0, 1.0, 0.4
# How much a name loses for words that were not asked for.
_UNASKED = 0.35
# A keyword that checks is not what is wanted where the question checks nothing.
_CHECKING = 0.7
_ENDINGS = ("ingly", "ings", "ing", "edly", "ed", "es", "s", "ly")
_SHORTEST_STEM = 3
_LONG = 6
_HEBREW = re.compile("[\u05d0-\u05ea]")
# Letters that Hebrew puts before a word: and, in, to, from, that, as, the. A word may begin with them, so that at least
# four letters must follow; it is cut alike wherever it stands.
_HEBREW_PREFIX = re.compile("^[והבלמשכ](?=[\u05d0-\u05ea]{4})")
# Of the plural, and of the singular that loses it there.
_HEBREW_ENDING = re.compile("(?<=[\u05d0-\u05ea]{2})(?:ות|ים|ה)$")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """What can be found: its name, the sentence that says what it is, and the rest of its text."""

    value: T
    name: str
    sentence: str
    text: str


class Index(Generic[T]):
    """Entries ready to be asked."""

    def __init__(self, entries: Iterable[Entry[T]]) -> None:
        self._entries = list(entries)
        self._fields = [tuple(_stems(part) for part in (one.name, one.sentence, one.text)) for one in self._entries]

    def every(self) -> list[T]:
        """All that can be found, in the order in which it was given."""
        return [entry.value for entry in self._entries]

    def ranked(self, question: str, limit: int) -> list[T]:
        """The entries that fit best, best first; those in which no word of the question stands are left out."""
        terms = _terms(question)
        # By entry, for each term: how well its best place fits.
        fits = [[_fit(fields, term) for term in terms] for fields in self._fields]
        rarity = [math.log(1 + len(fits) / max(1, sum(map(bool, column)))) for column in zip(*fits, strict=True)]
        asked = frozenset().union(*(stems for term in terms for stems, _ in term))
        scored = [
            (sum(map(mul, fit, rarity)) * _share(fit) * _plainness(fields[0], asked), entry)
            for fit, fields, entry in zip(fits, self._fields, self._entries, strict=True)
        ]
        hits = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], len(one[1].name), one[1].name))
        return [entry.value for _, entry in hits[:limit]]


def _fit(fields: Sequence[frozenset[str]], term: Term) -> float:
    """How well an entry fits a term: where the words of one of its alternatives stand together."""
    places = tuple(zip(fields, (_IN_NAME, _IN_SENTENCE, _IN_TEXT), strict=True))
    return max((factor * weight for stems, weight in term for field, factor in places if stems <= field), default=0.0)


def _share(fit: Sequence[float]) -> float:
    """How much of a question is found at all."""
    return sum(map(bool, fit)) / max(1, len(fit))


def _plainness(name: frozenset[str], asked: frozenset[str]) -> float:
    """A name loses by words that were not asked for, and by checking what the question does not check."""
    checks = _CHECKING if name & _CHECKS and not asked & _CHECKS else 1.0
    return checks * (1 - _UNASKED * len(name - asked) / max(1, len(name)))


def _terms(question: str) -> list[Term]:
    """For each word or known expression of a question: its stems, and those of what it means, each with a weight."""
    words = [_stem(word) for word in re.findall(r"\w+", question.casefold())]
    terms, at = [], 0
    while at < len(words):
        expression = next((known for known in _expressions() if tuple(words[at : at + len(known)]) == known), None)
        length = len(expression or (words[at],))
        own = frozenset(words[at : at + length]) - _STOP
        extra = _EXPRESSION if length > 1 else 1.0
        others = [_stems(other) for other in _meanings().get(expression or (words[at],), ())]
        alternatives = [(own, extra * _SAME), *((stems, extra * _MEANT) for stems in others)]
        if any(stems for stems, _ in alternatives):
            terms.append([one for one in alternatives if one[0]])
        at += length
    return terms


@cache
def _expressions() -> list[tuple[str, ...]]:
    """What is known and has several words, the longest first."""
    return sorted((one for one in _meanings() if len(one) > 1), key=len, reverse=True)


@cache
def _meanings() -> dict[tuple[str, ...], tuple[str, ...]]:
    """By an everyday word or expression, as its stems in order: the project's own words for it."""
    content: dict[str, list[Any]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    pairs = [(other, own) for other, means in glossary().items() for own in means]
    pairs += [(str(other), own) for own, others in content.items() for other in others]
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for other, own in pairs:
        key = tuple(_stem(word) for word in re.findall(r"\w+", other.casefold()))
        found[key] = (*found.get(key, ()), own)
    return found


def _stems(text: str) -> frozenset[str]:
    """The words of a text without endings and without those that say nothing."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(map(_stem, words)) - _STOP


@cache
def _stem(word: str) -> str:
    """Without what English puts behind a word, and Hebrew before and behind it."""
    if _HEBREW.match(word):
        return _HEBREW_ENDING.sub("", _HEBREW_PREFIX.sub("", word))
    # recovery, delivery: as the verb.
    word = word.removesuffix("y") if len(word) > _LONG else word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM and not word.endswith("ss"):
            return word.removesuffix(ending).removesuffix("e")
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


# As the words of a text are compared with it.
_STOP = frozenset(map(_stem, _SAYS_NOTHING.split()))
_CHECKS = frozenset(map(_stem, _CHECKS_SOMETHING.split()))
