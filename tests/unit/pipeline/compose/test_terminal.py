"""Completion and history of the shell."""

from pathlib import Path

import pytest
from focus_core.site import secrets
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from pipeline.compose.confidential import without_secrets
from pipeline.compose.robot_words import Word, cells
from pipeline.compose.terminal import BlankedHistory, WordCompleter

WORDS = {
    word.name: word
    for word in (
        Word("Open Live View", {"channels": (), "view_type": ("MultiChannel", "Waterfall")}, "", "Opens a view."),
        Word("Open Historic View", {"recording": ()}, "", "Opens a view."),
        Word("Close View", {"view": ()}, "", "Removes it."),
        Word("View Should Be Running", {"view": ()}, "", "Waits."),
    )
}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("open l", ["Open Live View"]),
        ("view", ["View Should Be Running", "Close View", "Open Historic View", "Open Live View"]),
        ("live open", ["Open Live View"]),
        ("${view} =    Open H", ["Open Historic View"]),
        ("${view} =\tOpen H", ["Open Historic View"]),
        ("Open Live View    ", ["channels=", "view_type="]),
        ("open_live_view    v", ["view_type="]),
        ("Open Live View    view_type=multi", ["view_type=MultiChannel"]),
        ("Open Live View    channels=1-8    ", ["view_type="]),
        ("Open Live View | channels=1-8 | ", ["view_type="]),
        ("Close View    ${v", ["${view}"]),
        ("Nobody Knows    x", []),
    ],
)
def test_completion(typed: str, offered: list[str]) -> None:
    completer = WordCompleter(WORDS, lambda: ["${view}", "${count}"])
    found = completer.get_completions(Document(typed), CompleteEvent())
    assert [one.text for one in found] == offered


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Send Alert    SD    1250 m", ["Send Alert", "SD", "1250 m"]),
        ("Send Alert\tSD", ["Send Alert", "SD"]),
        ("Send Alert | SD | 1250 m", ["Send Alert", "SD", "1250 m"]),
        ("| Send Alert    SD", ["Send Alert", "SD"]),
        ("  ${n} =  Count Recordings", ["${n} =", "Count Recordings"]),
    ],
)
def test_cells_of_a_line(line: str, found: list[str]) -> None:
    assert cells(line) == found


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Log In    user=lane0    password=abc def    x=1", "Log In    user=lane0    password=<secret>    x=1"),
        ("Log    api_token=abc", "Log    api_token=<secret>"),
        ("Log | token=abc | x", "Log | token=<secret> | x"),
        ("Log    token=${token}", "Log    token=${token}"),
        ("Log    very-secret-value", "Log    <secret>"),
        ("Open Live View    channels=1-8", "Open Live View    channels=1-8"),
    ],
)
def test_the_history_holds_no_secret(line: str, kept: str, tmp_path: Path) -> None:
    secrets.register("very-secret-value")
    assert without_secrets(line) == kept
    path = tmp_path / "history"
    BlankedHistory(path).append_string(line)
    assert f"+{kept}\n" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
