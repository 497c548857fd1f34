"""Which lines are errors: whole words in any case, and not what the allow-list explains."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.base.errors import BenchError
from focus_core.logs.patterns import Patterns

WRONG = {
    "ERROR recorder: MongoDB does not answer": "error",
    "an Exception came": "exception",
    "Traceback (most recent call last):": "traceback",
    "the job FAILED": "failed",
    "failure of a disk": "failure",
    "timeout after 5 s": "timeout",
    "it timed out": "timed out",
    "kernel PANIC": "panic",
    "Fatal: no disk": "fatal",
    "a crash": "crash",
    "Out of memory": "out of memory",
    "reason OOMKilled": "out of memory",
    "dial tcp: connection refused": "connection refused",
    "read: Connection reset by peer": "connection reset",
    "Segmentation fault (core dumped)": "segmentation fault",
}
RIGHT = [
    "errors=0",
    "0 of 5 timeouts",
    "error: 0",
    "failed = 0",
    "timeout: 30",
    "there was no error",
    "terrorist",
    "ErrorHandler is ready",
    "error_count",
    "crashed earlier? no",
    "INFO everything is fine",
    "",
]


@pytest.mark.parametrize("line", WRONG)
def test_each_of_the_fourteen_patterns_is_found(line: str) -> None:
    found = Patterns.of_site().find(line)
    assert found is not None
    assert found.name == WRONG[line]


@pytest.mark.parametrize("line", RIGHT)
def test_other_words_and_allowed_lines_are_no_errors(line: str) -> None:
    assert Patterns.of_site().find(line) is None


def test_there_are_fourteen() -> None:
    assert len(Patterns.of_site().patterns) == 14 == len(set(WRONG.values()))


def test_the_worst_pattern_counts() -> None:
    found = Patterns.of_site().find("error: out of memory, timeout")
    assert found is not None
    assert (found.name, found.severity) == ("out of memory", "critical")


def test_many_lines_have_the_same_errors_as_each_alone() -> None:
    lines = [line for pair in zip(WRONG, RIGHT * 2, strict=False) for line in pair] * 3
    # Two letters in lower case, so that places differ from those of the line; and lines that are empty.
    lines = ["", "\u0130\u0130 Error", *lines, "", "error: \u05e9\u05dc\u05d5\u05dd \ufffd", ""]
    patterns = Patterns.of_site()
    alone = {place: found for place, line in enumerate(lines) if (found := patterns.find(line))}
    assert len(alone) > 3 * 14
    assert patterns.find_in(lines) == alone
    assert patterns.find_in([]) == {}


def test_a_file_of_its_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "patterns.yaml"
    file.write_text(
        "patterns: [{name: disk, words: [disk full]}]\nallow: [{line: 'disk full of joy', reason: a song}]\n"
    )
    patterns = Patterns.of_site(file=file)
    assert patterns.find("Disk full") is not None
    assert patterns.find("disk full of joy") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("patterns: []", "names no pattern"),
        ("patterns: [{name: a}]", "needs name and words"),
        ("patterns: [{name: a, words: [b], severity: awful}]", "a severity of warning, error, critical"),
        ("patterns: [{name: a, words: [b]}]\nallow: [{line: '('  , reason: c}]", "is no regular expression"),
        ("patterns: [{name: a, words: [b]}]\nallow: [{line: c}]", "needs line and reason"),
        ("patterns: [", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "patterns.yaml"
    file.write_text(content)
    with pytest.raises(BenchError, match=words) as refused:
        Patterns.of_site(file=file)
    assert "\n" not in str(refused.value)
