"""Failures worded for a tester."""

import re

# What ends the list when each problem left out reads like one that is shown.
LIKE_THESE = "more like these"

_MOST_SHOWN = 10
_NUMBER = re.compile(r"-?\d[\d.]*(e[-+]?\d+)?")


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
