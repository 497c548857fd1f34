"""What a tester expects of a value: which operators fit it, and the words as what the value is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from assertionengine import AssertionOperator, verify_assertion
from focus_core.base.errors import BenchError
from focus_core.base.objects import ValueOfEach, is_object, name_of
from focus_core.base.quantities import Moment, Quantity, Seconds, amount
from focus_core.base.words import ChannelRange, FrequencyRange, JsonObject
from robot.errors import DataError

from focus_keywords.failures import in_words

_EQUAL = frozenset(map(AssertionOperator.__getitem__, ("==", "!=")))
_ORDER = frozenset(map(AssertionOperator.__getitem__, ("<", "<=", ">", ">=")))
_TEXT = frozenset(map(AssertionOperator.__getitem__, ("^=", "$=", "matches")))
_MEMBER = frozenset(map(AssertionOperator.__getitem__, ("*=", "not contains")))
# Their expectation is an expression of Python, and they return what it gives.
_PYTHON = frozenset(map(AssertionOperator.__getitem__, ("validate", "then")))
_WORDS = {True: ("true", "yes", "on"), False: ("false", "no", "off")}
_NOTHING = ("none", "nothing", "")


def verify(what: str, value: Any, operator: AssertionOperator, expected: Any, message: str | None) -> Any:
    """Raises ``AssertionError`` unless the value is as expected, ``BenchError`` when the two do not fit each other.

    A list of objects is compared by their names (their first attributes). An operator of order or text has to hold for
    each value of a list, and for one at least; so has ``==`` or ``!=`` one value where a field of several objects is
    asked for. Returns the value, or what ``validate``, ``then``, ``matches`` make of it.
    """
    seen = comparable(value)
    try:
        if operator in _PYTHON:
            return _compared(value, operator, str(expected), message)
        if isinstance(value, ValueOfEach) and seen and all(isinstance(one, list) for one in seen):
            for one in seen:
                _verify_list(one, operator, expected, message)
            return value
        if isinstance(seen, list):
            each = operator in _ORDER | _TEXT or (operator in _EQUAL and _is_one_for_each(value, expected))
            if each:
                _verify_each(seen, getattr(value, "names", ()), operator, expected, message)
            else:
                _verify_list(seen, operator, expected, message)
            return value
        _require_fitting(seen, operator, expected)
        found = _compared(seen, operator, _converted(seen, operator, expected), message)
        return found if operator is AssertionOperator["matches"] else value
    except (ValueError, TypeError, DataError, re.error) as error:
        raise BenchError(f"{what} cannot be checked so: {error}; correct the operator or what is expected.") from error


def _compared(seen: Any, operator: AssertionOperator, expected: Any, message: str | None) -> Any:
    try:
        return verify_assertion(seen, operator, expected, "", message)
    except AssertionError as failure:
        raise AssertionError(str(failure) if message else in_words(seen, expected, str(failure))) from None


def comparable(value: Any) -> Any:
    """The value as it is compared: objects by their names, collections as lists, moments in UTC."""
    if isinstance(value, list | tuple | set | frozenset) and not hasattr(value, "_fields"):
        return [comparable(one) for one in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if is_object(value):
        return comparable(name_of(value))
    return Moment.convert(value) if isinstance(value, datetime) else value


def _is_one_for_each(value: Any, expected: Any) -> bool:
    if not isinstance(value, ValueOfEach) or isinstance(expected, list):
        return False
    # An empty text is expected of each text; of no thing at all it is the empty list.
    return len(_parts(expected)) == 1 or (expected == "" and len(value) > 0)


def _verify_each(
    seen: list[Any], names: Sequence[Any], operator: AssertionOperator, expected: Any, message: str | None
) -> None:
    if not seen:
        raise AssertionError(f"there is none, but each should be {operator.value} {expected}")
    for place, one in enumerate(seen):
        try:
            _require_fitting(one, operator, expected)
            _compared(one, operator, _like(one, expected), message)
        except AssertionError as failure:
            of = f", of {names[place]}" if names and not message else ""
            raise AssertionError(f"{failure}{of}") from None


def _verify_list(seen: list[Any], operator: AssertionOperator, expected: Any, message: str | None) -> None:
    wanted = [_like(_sample(seen, place), one) for place, one in enumerate(_parts(expected))]
    if operator in _MEMBER:
        if not wanted:
            raise ValueError("nothing is expected")
        for one in wanted:
            _compared(seen, operator, one, message)
        return
    _compared(seen, operator, wanted, message)


def _parts(expected: Any) -> list[Any]:
    """``a, b, c``, a list of Robot Framework, or one value; nothing is the empty list."""
    if isinstance(expected, str):
        return [part.strip() for part in expected.split(",")] if expected.strip() else []
    if expected is None:
        return []
    # A range is one value.
    if isinstance(expected, list | tuple | set | frozenset) and not hasattr(expected, "_fields"):
        return [comparable(one) for one in expected]
    return [comparable(expected)]


def _sample(seen: list[Any], place: int) -> Any:
    """The value beside which an expected one stands, as an example of what it has to be."""
    return seen[min(place, len(seen) - 1)] if seen else ""


def _require_fitting(seen: Any, operator: AssertionOperator, expected: Any) -> None:
    if seen is None and operator not in _EQUAL:
        raise AssertionError(f"there is no value, but it should be {operator.value} {expected}")
    if operator in _ORDER and isinstance(seen, str) and _is_amount(expected):
        # The expectation is right: the product answers a text where a number has to be.
        raise AssertionError(f"'{seen}' is a text, but should be {operator.value} {expected}")
    if operator in _ORDER and isinstance(seen, str | bool | Mapping):
        raise TypeError(f"'{operator.value}' compares numbers, quantities and times, and '{seen}' is none")
    if operator in _TEXT and not isinstance(seen, str):
        raise TypeError(f"'{operator.value}' looks into texts, and '{seen}' is none")
    if operator in _MEMBER and not isinstance(seen, str | Mapping):
        raise TypeError(f"'{operator.value}' looks into texts and lists, and '{seen}' is none")


def _converted(seen: Any, operator: AssertionOperator, expected: Any) -> Any:
    # What a text or an object contains is a text, whatever it looks like.
    return str(expected) if operator in _TEXT | _MEMBER else _like(seen, expected)


def _like(seen: Any, expected: Any) -> Any:
    """What is expected, as what was seen. Raises ``ValueError`` with the words that are allowed."""
    expected = comparable(expected)
    if isinstance(expected, str) and expected.casefold() in _NOTHING and not isinstance(seen, str):
        return None
    if isinstance(seen, Enum) and isinstance(expected, str):
        return _member(seen, expected)
    for kind, convert in _CONVERSIONS:
        if isinstance(seen, kind):
            return convert(seen, expected)
    return expected


def _member(seen: Enum, expected: str) -> Enum:
    for member in type(seen):
        if expected.casefold() in (member.name.casefold(), str(member.value).casefold()):
            return member
    raise ValueError(f"'{expected}' is none of {', '.join(member.name for member in type(seen))}")


def _is_amount(expected: Any) -> bool:
    try:
        amount(str(expected))
    except ValueError:
        return False
    return True


def _truth(expected: Any) -> bool:
    for truth, words in _WORDS.items():
        if expected is truth or str(expected).casefold() in words:
            return truth
    raise ValueError(f"what is or is not is expected as yes, no, true or false, not '{expected}'")


def _number(expected: Any) -> Any:
    if isinstance(expected, str):
        return amount(expected)
    return expected.total_seconds() if isinstance(expected, timedelta) else expected


def _quantity(kind: type[Quantity], expected: Any) -> float:
    if isinstance(expected, timedelta):
        expected = Seconds(expected.total_seconds())
    if isinstance(expected, Quantity) and not isinstance(expected, kind):
        raise ValueError(f"{kind.kind()} is expected, written like {kind.EXAMPLE}, not '{expected}'")
    return kind(expected) if isinstance(expected, int | float) else kind.convert(expected)


# A truth is a number of Python, a range and a moment are what they are: the first that fits.
_CONVERSIONS: tuple[tuple[type | tuple[type, ...], Callable[[Any, Any], Any]], ...] = (
    (bool, lambda _, expected: _truth(expected)),
    (Quantity, lambda seen, expected: _quantity(type(seen), expected)),
    ((int, float), lambda _, expected: _number(expected)),
    (Moment, lambda _, expected: Moment.convert(expected)),
    (timedelta, lambda _, expected: timedelta(seconds=_quantity(Seconds, expected))),
    (ChannelRange, lambda _, expected: ChannelRange.convert(expected) if isinstance(expected, str) else expected),
    (FrequencyRange, lambda _, expected: FrequencyRange.convert(expected) if isinstance(expected, str) else expected),
    (Mapping, lambda _, expected: JsonObject.convert(expected)),
    (str, lambda _, expected: "" if expected is None else str(expected)),
)
