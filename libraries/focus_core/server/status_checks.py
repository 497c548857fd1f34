"""Whether an answer has the status, and the rest, that it has to have."""

from focus_core.base.failures import fail_with
from focus_core.contract import answers
from focus_core.server.client import Exchange

# FastAPI's answer to a path that it does not know.
_NO_ROUTE = '{"detail":"Not Found"}'


def check_answer(answer: Exchange, wanted: int, what: str) -> None:
    """Raises ``AssertionError`` unless an answer has this status, and the exact content type, headers and shape that
    the contract of record has for it (``contract.answers``), and shows nothing that it should not (``leaks``); ``what``
    begins the sentence."""
    from focus_core.server import leaks  # only a run that looks at answers pays for it

    check_status(answer, wanted, what)
    problems = list(map(str, answers.problems(answer.as_answer())))
    if problems and answer.body == _NO_ROUTE:
        raise AssertionError(f"{what} was answered {wanted} {answer.body}: the server has no such operation.")
    problems += leaks.problems(answer)
    fail_with(f"{what} was answered {wanted}, but not as the contract has it", problems)


def check_status(answer: Exchange, wanted: int, what: str) -> None:
    """Raises ``AssertionError`` when an answer has another status; for an answer whose content is judged elsewhere."""
    if answer.status != wanted:
        raise AssertionError(f"{what} was answered {answer.status} instead of {wanted}: {answer.body[:300]}")
