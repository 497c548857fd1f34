"""Failures worded for a tester."""

from focus_core.focus_client import Exchange

_MOST_SHOWN = 10


def check_status(answer: Exchange, wanted: int, what: str) -> None:
    """Raises ``AssertionError`` when an answer has another status; ``what`` begins the sentence."""
    if answer.status != wanted:
        raise AssertionError(f"{what} was answered {answer.status} instead of {wanted}: {answer.body[:300]}")


def fail_with(summary: str, problems: list[str]) -> None:
    """Raises ``AssertionError`` with the summary and a line for each of the first problems, unless there is none."""
    if problems:
        different = list(dict.fromkeys(problems))
        lines = [f"- {problem}" for problem in different[:_MOST_SHOWN]]
        if len(different) > _MOST_SHOWN:
            lines.append(f"- and {len(different) - _MOST_SHOWN} more")
        raise AssertionError("\n".join([f"{summary}:", *lines]))
