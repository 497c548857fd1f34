"""Failures worded for a tester."""

import re

from focus_core.server.client import Exchange

# What ends the list when each problem left out reads like one that is shown.
LIKE_THESE = "more like these"

_MOST_SHOWN = 10
# FastAPI's answer to a path that it does not know.
_NO_ROUTE = '{"detail":"Not Found"}'
_NUMBER = re.compile(r"-?\d[\d.]*(e[-+]?\d+)?")


def check_status(answer: Exchange, wanted: int, what: str) -> None:
    """Raises ``AssertionError`` unless an answer has this status, and the exact content type, headers and shape that
    its operation has for it (``answer_shapes``), and shows nothing that it should not (``leaks``); ``what`` begins the
    sentence."""
    from focus_core.server import (
        answer_shapes,
        leaks,  # only a run that looks at answers pays for them
    )

    check_code(answer, wanted, what)
    problems = answer_shapes.problems(answer)
    if problems and answer.body == _NO_ROUTE:
        raise AssertionError(f"{what} was answered {wanted} {answer.body}: the server has no such operation.")
    problems += leaks.problems(answer)
    fail_with(f"{what} was answered {wanted}, but not as the contract has it", problems)


def check_code(answer: Exchange, wanted: int, what: str) -> None:
    """Raises ``AssertionError`` when an answer has another status; for an answer whose content is judged elsewhere."""
    if answer.status != wanted:
        raise AssertionError(f"{what} was answered {answer.status} instead of {wanted}: {answer.body[:300]}")


def fail_with(summary: str, problems: list[str]) -> None:
    """Raises ``AssertionError`` with the summary and a line for each of the first problems, unless there is none.

    A problem of each wording is shown before a second one of the same wording (numbers aside).
    """
    if problems:
        different = list(dict.fromkeys(problems))
        kinds: dict[str, str] = {}
        for problem in different:
            kinds.setdefault(_NUMBER.sub("#", problem), problem)
        first = list(dict.fromkeys([*kinds.values(), *different]))[:_MOST_SHOWN]
        lines = [f"- {problem}" for problem in different if problem in first]
        if len(different) > _MOST_SHOWN:
            more = LIKE_THESE if len(kinds) <= _MOST_SHOWN else "more"
            lines.append(f"- and {len(different) - _MOST_SHOWN} {more}")
        raise AssertionError("\n".join([f"{summary}:", *lines]))
