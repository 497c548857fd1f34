"""What all keywords that return a value, and check it where an operator is given, have in common."""

from typing import Any

from assertionengine import AssertionOperator, verify_assertion
from focus_core.base.errors import BenchError


def verified(
    value: Any, operator: AssertionOperator | None, expected: Any, what: str, message: str | None = None
) -> Any:
    """The value, checked. Raises ``BenchError`` where operator and expected value do not fit each other or it."""
    try:
        return verify_assertion(value, operator, expected, what, message)
    except AssertionError:
        raise
    except Exception as error:
        raise BenchError(f"{what} cannot be checked so ({error}); correct the operator or what is expected.") from error
