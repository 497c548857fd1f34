"""Lines that a tester types: completed, with documentation at F1 and with a history that holds no secret."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import create_output

from pipeline.compose.confidential import without_secrets
from pipeline.compose.robot_words import Word

# Between cells, and not at the end of what is typed.
_GAP = re.compile(r"\t+| {2,}|\s+\|\s+")
_ASSIGNED = re.compile(r"[$@&]\{.*\}( ?=)?")


class WordCompleter(Completer):
    """Keywords in the first cell, then their named arguments, the values that these allow, and variables."""

    def __init__(self, words: dict[str, Word], variables: Callable[[], Iterable[str]]) -> None:
        self._words = words
        self._variables = variables

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        before = _GAP.split(document.text_before_cursor.lstrip())
        done = [cell for cell in before[:-1] if not _ASSIGNED.fullmatch(cell)]
        text = before[-1]
        for found, meta in self._keywords(text) if not done else self._arguments(done, text):
            yield Completion(found, start_position=-len(text), display_meta=meta)

    def _keywords(self, text: str) -> Iterator[tuple[str, str]]:
        """Those whose name holds every part of the text; those that begin with it come first."""
        parts = text.casefold().split()
        found = [word for word in self._words.values() if all(part in word.name.casefold() for part in parts)]
        for word in sorted(found, key=lambda word: (not word.name.casefold().startswith(text.casefold()), word.name)):
            yield word.name, word.sentence

    def _arguments(self, done: list[str], text: str) -> Iterator[tuple[str, str]]:
        word = word_named(self._words, done[0])
        arguments = word.arguments if word else {}
        name, equals, value = text.partition("=")
        if equals and name in arguments:
            yield from ((f"{name}={one}", "") for one in arguments[name] if one.casefold().startswith(value.casefold()))
            return
        given = {cell.partition("=")[0] for cell in done[1:] if "=" in cell}
        for argument, values in arguments.items():
            if argument not in given and argument.startswith(text):
                yield f"{argument}=", ", ".join(values)
        yield from ((name, "") for name in self._variables() if text and name.casefold().startswith(text.casefold()))


def word_named(words: dict[str, Word], name: str) -> Word | None:
    """The keyword of that name, written as Robot allows."""
    plain = name.casefold().replace(" ", "").replace("_", "")
    return next((word for word in words.values() if word.name.casefold().replace(" ", "") == plain), None)


class BlankedHistory(FileHistory):
    """The lines of this user's shells, without secrets, in a file that only the user can read."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        super().__init__(str(path))

    def store_string(self, string: str) -> None:
        super().store_string(without_secrets(string))


class Terminal:
    """Asks for line after line; Ctrl-C clears what is typed, Ctrl-D ends."""

    def __init__(self, prompt: str, history: Path, completer: Completer, explain: Callable[[str], None]) -> None:
        self._prompt = prompt
        keys = KeyBindings()

        @keys.add("f1")
        def _(event: KeyPressEvent) -> None:
            typed = [cell for cell in _GAP.split(event.current_buffer.text.strip()) if not _ASSIGNED.fullmatch(cell)]
            run_in_terminal(lambda: explain(typed[0] if typed else ""))

        self._session: PromptSession[str] = PromptSession(
            history=BlankedHistory(history),
            completer=completer,
            complete_while_typing=False,
            key_bindings=keys,
            # Robot keeps what is written to sys.stdout while a keyword runs.
            output=create_output(stdout=sys.__stdout__),
        )

    def lines(self) -> Iterator[str]:
        while True:
            try:
                yield from self._session.prompt(self._prompt).splitlines()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
