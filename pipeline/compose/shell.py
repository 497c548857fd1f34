"""The conversation of `run.py shell`: a line is a word to run, or one of a few commands about what was played."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from focus_core.base import cleanup
from robot.errors import RobotError

from pipeline.compose import suite_text
from pipeline.compose.confidential import without_secrets
from pipeline.compose.describing import describe
from pipeline.compose.robot_words import LineRunner, Watcher, cells
from pipeline.compose.shown import shown
from pipeline.compose.suite_text import Draft, Step
from pipeline.errors import RunError

HELP = """\
A line is a word of the tests with its arguments, four spaces, a tab or " | " between them:
    ${view} =    Open Live View    channels=11-109    nfft=1024
    ${view}                    shows a variable again
    ? open view                words with "open" and "view"; ? Open Live View    its documentation (F1 does it too)
    made                       what exists now because of your words
    undo, undo all             takes the last line back, and removes what it made
    played                     the lines that 'save' would write
    save NAME                  writes them as a suite into suites/sandbox
    quit, Ctrl-D               removes what was made and ends; Ctrl-C stops the word in work"""

Say = Callable[[Any], None]


@dataclass
class Line:
    """A line that was played: its cells, the libraries and resources of its words, what it made (ids of clean-up)."""

    cells: list[str]
    passed: bool = False
    used: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)


class Shell:
    """Plays lines on the open site. `say` shows a text or a table."""

    def __init__(self, runner: LineRunner, watcher: Watcher, say: Say, folder: Path) -> None:
        self._runner = runner
        self._watcher = watcher
        self._say = say
        self._folder = folder
        self.lines: list[Line] = []
        self.asked = 0
        self.failed = 0
        self._commands: dict[str, Callable[[str], None]] = {
            "?": self._help,
            "help": self._help,
            "made": self._made,
            "undo": self._undo,
            "played": self._played,
            "save": self._save,
        }

    def play(self, lines: Iterable[str]) -> None:
        """Plays every line until there is none, or one that ends it."""
        for line in lines:
            text = line.strip()
            if text in ("quit", "exit"):
                return
            if text and not text.startswith("#"):
                self._do(text)

    def _do(self, text: str) -> None:
        self.asked += 1
        command, _, rest = text.partition(" ")
        if text.startswith("?"):
            command, rest = "?", text[1:]
        try:
            if command in self._commands:
                self._commands[command](rest.strip())
            elif text.startswith(("${", "@{", "&{")) and text.endswith("}") and len(cells(text)) == 1:
                self._show(self._runner.value(text))
            else:
                self._run(cells(text))
        except (RobotError, RunError, OSError) as failure:
            self.failed += 1
            self._say(f"failed: {without_secrets(str(failure))}")

    def _run(self, line_cells: list[str]) -> None:
        line = Line(line_cells)
        before = set(cleanup.current().names())
        try:
            value = self._runner.run(line_cells)
            line.passed = True
        finally:
            seen = self._watcher.seen
            line.used = seen.used
            line.made = set(cleanup.current().names()) - before
            if line.passed or line.made:
                self.lines.append(line)
            for warning in seen.warnings:
                self._say(f"warning: {without_secrets(warning)}")
            for picture in seen.pictures:
                self._say(f"picture: {self._folder / picture}")
        if value is None:
            self._say("ok")
        else:
            self._show(value)

    def _show(self, value: Any) -> None:
        what = shown(value)
        self._say(without_secrets(what) if isinstance(what, str) else what)

    def _help(self, words: str) -> None:
        self._say(describe(words) if words else HELP)

    def _made(self, _words: str) -> None:
        self._say("\n".join(cleanup.current().names().values()) or "nothing")

    def _undo(self, words: str) -> None:
        if not self.lines:
            raise RunError("There is nothing to take back: no word was played yet.")
        names = cleanup.current().names()
        for line in reversed(self.lines[0 if words == "all" else -1 :]):
            errors = cleanup.current().undo(line.made)
            self.lines.remove(line)
            removed = [names[identifier] for identifier in sorted(line.made & set(names), key=int, reverse=True)]
            taken = [f"taken back: {'    '.join(line.cells)}", *(f"removed: {name}" for name in removed)]
            self._say(without_secrets("\n".join(taken)))
            if errors:
                raise RunError(" ".join(errors))

    def _played(self, _words: str) -> None:
        text = "\n".join("    ".join(line.cells) for line in self.lines if line.passed)
        self._say(without_secrets(text) or "nothing")

    def _save(self, name: str) -> None:
        path, test = suite_text.path_of(name)
        passed = [line for line in self.lines if line.passed]
        draft = Draft(test, f"{test}. Played in the shell.", [Step(line.cells) for line in passed])
        draft.used = set().union(*(line.used for line in passed))
        suite_text.write(draft, path)
        self._say(suite_text.shown(path))
