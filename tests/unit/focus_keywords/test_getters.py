"""focus_keywords.getters: what all keywords have in common that return a value and check it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import pytest
from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.base.objects import ValueOfEach, attributes, field_of
from focus_core.base.quantities import Bytes, Percent, Seconds
from focus_core.base.waiting import NotYet, WaitTimeout
from focus_core.base.words import ChannelRange, FrequencyRange
from focus_core.run import shown_values
from focus_keywords.getters import checked

SHORT = timedelta(seconds=0.3)


@dataclass(frozen=True)
class Pod:
    name: str
    restarts: int
    memory: Bytes

    @property
    def is_quiet(self) -> bool:
        return not self.restarts


class Severity(Enum):
    HIGH = "high"
    LOW = "low"


PODS = [Pod("a", 0, Bytes(1024)), Pod("b", 2, Bytes(2048))]


def check(value: Any, operator: str | None = None, expected: Any = None, **more: Any) -> Any:
    return checked("The value", lambda: value, AssertionOperator[operator] if operator else None, expected, **more)


@pytest.mark.parametrize(
    ("value", "operator", "expected"),
    [
        (5, "==", "5"),
        (5, "<=", "5.5"),
        (0.4, "<", "500 ms"),
        (Seconds(0.4), "<", "500 ms"),
        (Seconds(61), ">", timedelta(minutes=1)),
        (Bytes(2**30), "==", "1 GiB"),
        (Percent(79.9), "<", "80 %"),
        (1250, "==", "1250 m"),
        (True, "==", "yes"),
        (False, "==", "false"),
        (None, "==", "none"),
        (5, "!=", "none"),
        (Severity.HIGH, "==", "high"),
        (timedelta(minutes=2), ">=", "90 s"),
        (datetime(2026, 11, 30, 12, 0, tzinfo=UTC), "==", "2026-11-30 12:00"),
        (datetime(2026, 11, 30, 12, 0), "<", "2026-11-30 12:01"),
        (ChannelRange(11, 109), "==", "11-109"),
        (FrequencyRange(0, 1000), "==", "0-1000 Hz"),
        ("high", "==", "high"),
        ("208", "==", 208),
        ("a text", "*=", "text"),
        ("a text", "matches", "^a"),
        ({"a": 1}, "==", '{"a": 1}'),
        ({"a": 1}, "*=", "a"),
        (["high", "low"], "==", "high, low"),
        ([1, 2], "==", "1, 2"),
        ([1, 2], "==", [1, 2]),
        ([], "==", ""),
        (["a", "b", "c"], "*=", "c, a"),
        (["a", "b"], "not contains", "c, d"),
        ([1, 2], "<", "3"),
        (["a1", "a2"], "^=", "a"),
        (ValueOfEach([0, 0]), "==", "0"),
        (ValueOfEach([["a", "b"], ["c", "a"]]), "contains", "a"),
        (ValueOfEach([["a"], ["a"]]), "==", "a"),
        (ValueOfEach([0, 1]), "==", "0, 1"),
        (ValueOfEach([ChannelRange(1, 3)] * 2), "==", ChannelRange(1, 3)),
        (ValueOfEach(["a, b", "a, b"]), "==", ["a, b", "a, b"]),
        (ValueOfEach([0, 1]), "!=", "2"),
        (PODS, "==", "a, b"),
        (PODS, "*=", "b"),
        (PODS[0], "==", "a"),
        ({"b", "a"}, "==", "a, b"),
    ],
)
def test_what_is_as_expected_is_returned(value: Any, operator: str, expected: Any) -> None:
    assert check(value, operator, expected) is value or operator == "matches"


@pytest.mark.parametrize(
    ("value", "operator", "expected", "seen"),
    [
        (5, "==", "6", "'5'"),
        (Bytes(2**30), "<", "512 MiB", "'1 GiB'"),
        (True, "==", "no", "True"),
        (None, "<", "5", "there is no value"),
        ([1, None], "<", "5", "there is no value"),
        ("5", "<", "6", "'5' is a text, but should be < 6"),
        (["high"], "==", "high, high", "high"),
        ([1, 4], "<", "3", "'4'"),
        ([], "<", "3", "there is none"),
        (["a", "b"], "*=", "a, c", "c"),
        (["a", "b"], "not contains", "c, b", "b"),
        (ValueOfEach([0, 2]), "==", "0", "'2'"),
        (ValueOfEach([["a", "b"], ["c"]]), "contains", "a", "['c']"),
        (ValueOfEach([["a"], []]), "==", "a", "'[]'"),
        (ValueOfEach([0, 2]), "!=", "2", "'2'"),
        ([0, 0], "==", "0", "[0, 0]"),
        (PODS, "==", "b, a", "['a', 'b']"),
        ("a.b", "^=", "ab", "a.b"),
    ],
)
def test_what_is_not_as_expected_fails_with_what_was_seen(value: Any, operator: str, expected: Any, seen: str) -> None:
    with pytest.raises(AssertionError) as failure:
        check(value, operator, expected)
    assert str(failure.value).startswith("The value: ")
    assert seen in str(failure.value)


@pytest.mark.parametrize(
    ("value", "operator", "expected", "words"),
    [
        (5, "==", "five", "a number is written like 5"),
        (Seconds(5), "<", "5 MiB", "30 s or 500 ms"),
        (True, "==", "maybe", "yes, no, true or false"),
        (True, "<", "yes", "compares numbers"),
        ("a", "<", "b", "compares numbers"),
        (5, "*=", "5", "texts and lists"),
        (5, "^=", "5", "looks into texts"),
        ("a", "matches", "(", "operator or what is expected"),
        (Severity.LOW, "==", "medium", "none of HIGH, LOW"),
        (datetime(2026, 11, 30), ">", "soon", "10 minutes ago"),
        (ChannelRange(1, 2), "==", "some", "11-109"),
        (["a"], "*=", "", "nothing is expected"),
        (["a"], "<", "b", "compares numbers"),
        (5, None, "5", "without an operator"),
    ],
)
def test_what_does_not_fit_is_refused(value: Any, operator: str | None, expected: Any, words: str) -> None:
    with pytest.raises(BenchError, match="The value") as failure:
        check(value, operator, expected)
    assert words in str(failure.value)


@pytest.mark.parametrize(
    ("value", "expected", "seen"),
    [
        (list(range(2222)), [*range(2000), *range(2001, 2223)], "[2000] is 2000, but should be 2001"),
        (list(range(2221)), list(range(2222)), "there is no [2221], which should be 2221"),
        (list(range(2223)), list(range(2222)), "[2222] is 2222, but should not be there"),
        (
            {"view": {str(one): 0 for one in range(200)}},
            {"view": {str(one): one // 150 for one in range(200)}},
            "view.150 is 0, but should be 1",
        ),
        ({"a": "x" * 400}, {"b": None}, "there is no b, which should be nothing"),
    ],
)
def test_of_what_is_long_a_failure_names_the_first_difference(value: Any, expected: Any, seen: str) -> None:
    with pytest.raises(AssertionError) as failure:
        check(value, "==", expected)
    assert str(failure.value) == f"The value: {seen}"


def test_what_is_long_and_has_no_difference_to_name_is_cut() -> None:
    with pytest.raises(AssertionError, match=r"should contain '5000' \(int\)") as failure:
        check(list(range(2222)), "contains", "5000")
    assert len(str(failure.value)) < 450


def test_nothing_is_a_plain_word_in_a_failure() -> None:
    with pytest.raises(AssertionError, match=r"^The value: nothing should be 'a' \(str\)$"):
        check(None, "==", "a")


def test_an_empty_text_is_expected_of_each() -> None:
    assert check(ValueOfEach(["", ""]), "==", "") == ["", ""]
    with pytest.raises(AssertionError, match="'late'"):
        check(ValueOfEach(["", "late"]), "==", "")


def test_a_message_replaces_the_failure() -> None:
    with pytest.raises(AssertionError, match=r"^Too few: 5$"):
        check(5, ">", "6", message="Too few: {value}")


def test_contradictions_are_refused() -> None:
    with pytest.raises(BenchError, match="need an operator"):
        check(5, within=SHORT)
    with pytest.raises(BenchError, match="exclude each other"):
        check(5, "==", "5", within=SHORT, during=SHORT)
    with pytest.raises(BenchError, match="within is a number above 0"):
        check(5, "==", "5", within=timedelta(0))


def answers(*given: Any) -> Callable[[], Any]:
    """Each in turn, the last one for ever; an exception is raised."""
    left = list(given)

    def read() -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return read


def test_within_asks_again_until_it_holds() -> None:
    read = answers(NotYet("none yet"), AssertionError("there is none"), 1, 2)
    assert checked("Queues", read, AssertionOperator["=="], "2", within=timedelta(seconds=10)) == 2


def test_within_that_does_not_come_true_says_how_often_and_what_was_seen() -> None:
    with pytest.raises(WaitTimeout, match=r"^Queues: waited 0.3 s, \d tries, last seen: '1' .* should be '2'"):
        checked("Queues", lambda: 1, AssertionOperator["=="], "2", within=SHORT)


def test_within_looks_once_where_it_holds_at_once() -> None:
    assert checked("Queues", answers(1, 2), AssertionOperator["=="], "1", within=SHORT) == 1


def test_a_wrong_bench_is_not_asked_again() -> None:
    with pytest.raises(BenchError, match="down"):
        checked("Queues", answers(BenchError("down"), 2), AssertionOperator["=="], "2", within=SHORT)


def test_during_has_to_hold_to_the_end() -> None:
    assert checked("Queues", lambda: 2, AssertionOperator["=="], "2", during=SHORT) == 2
    with pytest.raises(AssertionError, match=r"^Queues: after 0.\d of 1 s it did not hold, seen: '1'"):
        checked("Queues", answers(2, 1), AssertionOperator["=="], "2", during=timedelta(seconds=1))


def test_once_says_what_is_not_there() -> None:
    with pytest.raises(AssertionError, match=r"^Restarts: there is no pod$"):
        checked("Restarts", lambda: field_of([], "pod", "restarts"), AssertionOperator["=="], "0")


def test_a_field_is_the_value_of_one_and_the_list_of_several() -> None:
    assert field_of(PODS, "pod", "restarts") == [0, 2]
    assert field_of(PODS[:1], "pod", "Is quiet") is True
    with pytest.raises(BenchError, match=r"A pod has no field 'memori'; use one of name, restarts, memory, is_quiet."):
        field_of(PODS, "pod", "memori")
    assert attributes(Pod) == ["name", "restarts", "memory", "is_quiet"]


def test_a_failure_names_the_thing_whose_field_is_otherwise() -> None:
    with pytest.raises(AssertionError, match=r"^The value: '2' \(int\) should be '0' \(int\), of b$"):
        check(field_of(PODS, "pod", "restarts"), "==", "0")
    with pytest.raises(AssertionError, match=r"^not quiet$"):
        check(field_of(PODS, "pod", "restarts"), "==", "0", message="not quiet")


def test_a_table_shows_fifty_rows_and_the_total() -> None:
    shown = shown_values.table("Pods", [Pod(f"<{number}>", 0, Bytes(1024)) for number in range(60)])
    assert "Pods: 60 (here the first 50)" in shown
    assert shown.count("<tr>") == 51
    assert "&lt;0&gt;" in shown
    assert "1 KiB" in shown
    assert "<th>a</th><th>b</th>" in shown_values.table("Documents", [{"a": 1}, {"b": 2}])
