"""Failures worded for a tester."""

from focus_core.focus_client import Exchange


def check_status(answer: Exchange, wanted: int, what: str) -> None:
    """Raises ``AssertionError`` when an answer has another status; ``what`` begins the sentence."""
    if answer.status != wanted:
        raise AssertionError(f"{what} was answered {answer.status} instead of {wanted}: {answer.body[:300]}")


def fail_with(summary: str, problems: list[str]) -> None:
    """Raises ``AssertionError`` with the summary and a line for each problem, unless there is none."""
    if problems:
        shown = "\n".join(f"- {problem}" for problem in dict.fromkeys(problems))
        raise AssertionError(f"{summary}:\n{shown}")
