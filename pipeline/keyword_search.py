"""Which keywords a tester means: by name, by documentation, and by the glossary's words to avoid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.glossary import glossary
from pipeline.vocabulary import Found
from pipeline.word_search import Entry, Index

# What a hit is worth, best first: in the name, in the name by another word, in the documentation, there by another.
IN_NAME, MEANT_IN_NAME, IN_DOC, MEANT_IN_DOC = range(4)
NOWHERE = 99


@dataclass(frozen=True)
class Term:
    """A word that is looked for, and the words of the glossary that are used instead of it."""

    word: str
    meant: tuple[str, ...] = ()


def terms(query: str) -> list[Term]:
    """The words of a query; what the glossary knows as one expression, like "feature flag", stays together."""
    known = glossary()
    spaced = sorted((word for word in known if " " in word), key=len, reverse=True)
    pattern = "|".join([*(rf"\b{re.escape(word)}\b" for word in spaced), r"\S+"])
    return [Term(word, known.get(word, ())) for word in re.findall(pattern, query.casefold())]


def ranked(keywords: Sequence[Found], wanted: Sequence[Term]) -> list[Found]:
    """Those that hold every term, best first; of equals the shortest name, which is the plainest word."""
    scored = [(sum(score(keyword, term) for term in wanted), keyword) for keyword in keywords]
    hits = [(points, keyword) for points, keyword in scored if points < NOWHERE]
    return [keyword for _, keyword in sorted(hits, key=lambda hit: (hit[0], len(hit[1].name), hit[1].name))]


def of_question(keywords: Sequence[Found]) -> Index[Found]:
    """What ranks keywords by a question in a tester's own words, where not every word of it stands in one."""
    return Index(
        Entry(one, one.name, one.sentence, " ".join([one.doc, one.arguments, *one.values.values()])) for one in keywords
    )


def score(keyword: Found, term: Term) -> int:
    name = keyword.name.casefold()
    text = " ".join([keyword.doc, *keyword.values.values()]).casefold()
    if term.word in name:
        return IN_NAME
    if any(word in name for word in term.meant):
        return MEANT_IN_NAME
    if term.word in text:
        return IN_DOC
    return MEANT_IN_DOC if any(word in text for word in term.meant) else NOWHERE
