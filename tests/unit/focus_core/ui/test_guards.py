"""What a page must not do unseen is found, and what a test announces is left out."""

from __future__ import annotations

from focus_core.ui import guards
from focus_core.ui.guards import Expected

CONSOLE = [
    {"type": "log", "text": "hello"},
    {
        "type": "error",
        "text": "Failed to load resource: the server responded with a status of 401 ()",
        "location": {"url": "https://127.0.0.1:1/prisma/api/auth/login"},
    },
]
ERRORS = [{"name": "TypeError", "message": "x is\n undefined"}]


def test_errors_of_console_and_scripts_are_found() -> None:
    assert guards.problems(CONSOLE, ERRORS) == [
        "console: Failed to load resource: the server responded with a status of 401 () "
        "(https://127.0.0.1:1/prisma/api/auth/login)",
        "script: TypeError: x is undefined",
    ]


def test_what_was_announced_is_left_out_and_the_rest_is_not() -> None:
    assert guards.problems(CONSOLE, ERRORS, [Expected("401")]) == ["script: TypeError: x is undefined"]
    assert guards.problems(CONSOLE, [], [Expected("AUTH/login")]) == []


def test_what_was_announced_and_never_came_is_named() -> None:
    assert guards.unseen(CONSOLE, [], [Expected("401"), Expected("429")]) == ["429"]


def test_a_quiet_page_has_no_problem() -> None:
    assert guards.problems([{"type": "warning", "text": "slow"}], []) == []
