"""The right keyword first, for questions in testers' own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import keyword_search, vocabulary
from pipeline.commands.keywords import PAGE
from pipeline.word_search import Entry, Index

QUESTIONS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("keyword_questions.yaml").read_text(encoding="utf-8")
)
# Of thirty questions 27 are to find the right keyword first.
ANSWERED_OF_TEN = 9


@pytest.fixture(scope="module")
def keywords() -> list[vocabulary.Found]:
    return [keyword for path in vocabulary.documented() for keyword in vocabulary.read(path)]


@pytest.mark.nightly
def test_the_right_keyword_comes_first(keywords: list[vocabulary.Found]) -> None:
    index = keyword_search.of_question(keywords)
    missed = []
    for one in QUESTIONS:
        first = [found.name for found in index.ranked(one["question"], 3)]
        if not first or first[0] not in one["answer"]:
            missed.append(f"{one['question']}: {first}, not {one['answer']}")
    found = len(QUESTIONS) - len(missed)
    assert 10 * found >= ANSWERED_OF_TEN * len(QUESTIONS), "\n" + "\n".join(missed)


def test_questions_name_keywords_that_exist_and_do_not_repeat_their_names() -> None:
    names = {vocabulary.normalized(name) for name in _documented_names()}
    for one in QUESTIONS:
        for answer in one["answer"]:
            assert vocabulary.normalized(answer) in names, answer
            assert answer.casefold() not in one["question"].casefold()
    assert len(QUESTIONS) >= 30
    assert sum(any("א" <= letter <= "ת" for letter in one["question"]) for one in QUESTIONS) >= 5


def _documented_names() -> list[str]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [line.split("|")[1].strip() for line in lines if line.startswith("| ")]


@pytest.fixture
def shelf() -> Index[str]:
    return Index(
        [
            Entry("close", "Close View", "Removes the job of a view.", ""),
            Entry("closed", "View Should Be Closed", "Fails when the view is open.", ""),
            Entry("alerts", "Get Alert Count", "Returns how many alerts there are.", "filters"),
            Entry("pod", "Delete Pod", "Deletes a pod of a workload.", "waits until it is gone"),
        ]
    )


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("close the view", "close"),
        ("the view must be closed", "closed"),
        ("how many alarms", "alerts"),
        ("remove pods", "pod"),
        ("סגור תצוגה", "close"),
        ("כמה התראות", "alerts"),
        ("gone", "pod"),
    ],
)
def test_everyday_words_and_hebrew_ones_find_what_they_mean(shelf: Index[str], question: str, first: str) -> None:
    assert shelf.ranked(question, 5)[0] == first


@pytest.mark.parametrize("question", ["", "   ", "the of a", "zzzz", "!!", "כ"])
def test_a_question_without_a_known_word_finds_nothing(shelf: Index[str], question: str) -> None:
    assert shelf.ranked(question, 5) == []
