"""The conversation of the shell, with words that only pretend to ask a site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from focus_core.base import cleanup
from robot.errors import ExecutionFailed

from pipeline.compose import suite_text
from pipeline.compose.robot_words import LineRunner, Seen, Watcher
from pipeline.compose.shell import Shell


class PretendedWords(LineRunner):
    """`Open NAME` makes a thing of that name, `Fail TEXT` fails, everything else returns its last cell."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__(watcher)
        self.watcher = watcher
        self.removed: list[str] = []

    def run(self, line_cells: list[str]) -> Any:
        self.watcher.seen = Seen(used={"StreamLibrary"}, pictures=["rows-1.png"] if line_cells[0] == "Draw" else [])
        word = next(cell for cell in line_cells if not cell.endswith("="))
        if word == "Fail":
            raise ExecutionFailed(line_cells[-1])
        if word == "Open":
            name = line_cells[-1]
            cleanup.current().add(f"Job {name}", lambda: self.removed.append(name))
            return None
        return line_cells[-1]


class Played:
    """A shell that has played lines, and what it showed."""

    def __init__(self, folder: Path) -> None:
        watcher = Watcher()
        self.words = PretendedWords(watcher)
        self.said: list[str] = []
        self.shell = Shell(self.words, watcher, self.said.append, folder)

    def play(self, *lines: str) -> list[str]:
        self.said.clear()
        self.shell.play(lines)
        return self.said


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    monkeypatch.setattr(suite_text, "SANDBOX", tmp_path)
    cleanup.push()
    yield Played(tmp_path)
    cleanup.pop()


def test_a_line_shows_what_it_returns_and_blank_lines_and_comments_do_nothing(played: Played) -> None:
    assert played.play("Ask    7", "", "# no", "Open    1-2") == ["7", "ok"]


def test_a_failed_line_is_counted_and_the_next_one_played(played: Played) -> None:
    assert played.play("Fail    no queue", "Ask    7") == ["failed: no queue", "7"]
    assert (played.shell.failed, played.shell.asked) == (1, 2)


def test_undo_takes_the_last_line_back_with_what_it_made(played: Played) -> None:
    played.play("Open    1-1", "Open    1-2", "Ask    7")
    assert played.play("undo") == ["taken back: Ask    7"]
    assert played.play("undo") == ["taken back: Open    1-2\nremoved: Job 1-2"]
    assert played.words.removed == ["1-2"]
    assert played.play("made", "played") == ["Job 1-1", "Open    1-1"]


def test_undo_all_begins_with_the_newest(played: Played) -> None:
    played.play("Open    1-1", "Fail    x", "Open    1-2", "undo all")
    assert played.words.removed == ["1-2", "1-1"]
    assert played.play("made", "undo") == ["nothing", "failed: There is nothing to take back: no word was played yet."]


def test_what_could_not_be_removed_is_a_failure(played: Played) -> None:
    def refuse() -> None:
        raise OSError("no answer")

    played.play("Ask    7")
    played.shell.lines[0].made = {cleanup.current().add("Job 1-1", refuse)}
    assert played.play("undo")[-1] == "failed: Job 1-1 was not removed: no answer"


def test_pictures_are_named_by_their_paths(played: Played, tmp_path: Path) -> None:
    assert played.play("Draw    rows") == [f"picture: {tmp_path / 'rows-1.png'}", "rows"]


def test_quit_ends_before_the_next_line(played: Played) -> None:
    assert played.play("quit", "Ask    7") == []


def test_save_writes_what_passed(played: Played, tmp_path: Path) -> None:
    played.play("${n} =    Ask    7", "Fail    x", "Log    ${n}")
    assert "run it: python run.py try suites/sandbox/my_play.robot" in played.play("save my play")[0]
    text = (tmp_path / "my_play.robot").read_text()
    assert "My Play\n    ${n} =    Ask    7\n    Log    ${n}\n" in text
    assert "Open Site    rest    grpc\n" in text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("save x", "failed: There is nothing to save: no word has passed yet."),
        ("save", "failed: A suite needs a name: python run.py new 'My first check'."),
        ("? nosuchword", "failed: No word holds 'nosuchword': try fewer or other parts."),
    ],
)
def test_commands_that_cannot_be_followed_say_why(played: Played, line: str, said: str) -> None:
    assert played.play(line) == [said]


def test_help_names_every_command_and_the_documentation_of_a_word(played: Played) -> None:
    assert "undo all" in played.play("?")[0]
    assert "| Close View    ${view}" in played.play("? close view")[0]
    assert any(line.startswith("Open Live View    ") for line in played.play("? live open")[0].splitlines())
