"""The grammar of all keywords that return a value: `Get Things    operator    expected    message    filter=...`.

A keyword of this kind is a call of `checked` around a function that asks the site:

    @keyword(tags=("RabbitMQ", "Getter", "Assertion"), types=CHECK | {"view": View})
    def get_queue_count(self, operator=None, expected=None, message=None, *, view, within=None, during=None) -> int:
        return checked("Number of queues", lambda: len(queues(view)), operator, expected, message, within, during)

Objects that keywords return are frozen dataclasses of `focus_core`: the first attribute is the name by which lists of
them are compared, the docstring lists every attribute with its unit, `str()` is a short sentence. Each is named in
`focus_keywords.objects.OBJECTS`, from which `docs/objects.md` is made. `Get Thing Field` is `checked` around
`focus_core.base.objects.field_of`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.waiting import NotYet, hold, wait_until
from focus_core.run import shown_values
from robot.libraries.BuiltIn import BuiltIn

from focus_keywords.expectations import verify

# Types of the arguments that all getters share. As `X | None` in an annotation Robot would not show the operators.
CHECK: dict[str, Any] = {
    "operator": AssertionOperator,
    "expected": Any,
    "message": str,
    "within": timedelta,
    "during": timedelta,
}
_INTERVAL_S, _SLOWEST_S = 0.2, 1.0

T = TypeVar("T")


def checked(
    what: str,
    read: Callable[[], Any],
    operator: AssertionOperator | None = None,
    expected: Any = None,
    message: str | None = None,
    within: timedelta | None = None,
    during: timedelta | None = None,
) -> Any:
    """What ``read`` returns, checked where an operator is given and shown in the log; ``what`` begins a failure.

    ``within``: asked again until it holds, for so long at most; a ``read`` that raises ``AssertionError`` or ``NotYet``
    is asked again too. ``during``: it has to hold at every look for so long. Messages of these looks are not logged.
    Raises ``AssertionError`` when it does not hold, ``BenchError`` when the arguments do not fit each other.
    """
    _refuse_contradictions(what, operator, expected, within, during)
    seen: list[Any] = []

    def look() -> Any:
        value = read()
        seen[:] = [value]
        return value if operator is None else verify(what, value, operator, expected, message)

    try:
        if within is not None:
            return _within(what, look, within.total_seconds())
        if during is not None:
            return _during(what, look, during.total_seconds())
        return _once(what, look, message)
    finally:
        for value in seen:
            shown_values.log_value(what, value)


def _refuse_contradictions(
    what: str, operator: AssertionOperator | None, expected: Any, within: timedelta | None, during: timedelta | None
) -> None:
    if operator is None and expected is not None:
        raise BenchError(f"{what}: '{expected}' is expected without an operator; write one like == before it.")
    if operator is None and (within is not None or during is not None):
        raise BenchError(
            f"{what}: within and during need an operator and what is expected, like ==    2    within=10 s."
        )
    if within is not None and during is not None:
        raise BenchError(f"{what}: within (it has to come) and during (it has to stay) exclude each other; use one.")
    for name, given in (("within", within), ("during", during)):
        if given is not None:
            demands.above_zero(**{name: given.total_seconds()})


def _once(what: str, look: Callable[[], T], message: str | None) -> T:
    try:
        return look()
    except (AssertionError, NotYet) as error:
        raise AssertionError(str(error) if message else f"{what}: {error}") from None


def _within(what: str, look: Callable[[], T], seconds: float) -> T:
    def probe() -> tuple[T]:
        try:
            return (look(),)
        except AssertionError as error:
            raise NotYet(str(error).rstrip(".")) from None

    with _quiet():
        (value,) = wait_until(what, probe, timeout=seconds, interval=_INTERVAL_S, slowest=_SLOWEST_S)
    return value


def _during(what: str, look: Callable[[], T], seconds: float) -> T:
    with _quiet():
        return hold(what, look, seconds=seconds, interval=_SLOWEST_S / 2)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing is logged: of many looks only the last one is of interest, and its value is shown afterwards."""
    robot = BuiltIn()
    if not robot.robot_running:
        yield
        return
    before = robot.set_log_level("NONE")
    try:
        yield
    finally:
        robot.set_log_level(before)
