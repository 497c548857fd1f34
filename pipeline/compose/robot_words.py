"""Runs single lines of Robot data within a running test, as if they stood in it. This module knows Robot Framework."""

from __future__ import annotations

import html
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from robot.api import TestSuite
from robot.api.deco import keyword, library
from robot.errors import ExecutionFailed, ExecutionStatus
from robot.libraries.BuiltIn import BuiltIn
from robot.running.context import EXECUTION_CONTEXTS

from pipeline import vocabulary
from pipeline.paths import RESOURCES

_PICTURE = re.compile(r'<img src="([^"]+\.png)"')
_GAP = re.compile(r"\t+| {2,}|\s+\|\s+")
_UNKNOWN = "No keyword with name "


@dataclass(frozen=True)
class Word:
    """A keyword that can be used: arguments by name, with the values that are allowed where these are a few."""

    name: str
    arguments: dict[str, tuple[str, ...]]
    shown_arguments: str
    sentence: str


class StoppedError(ExecutionFailed):  # type: ignore[misc] # Robot's class is not typed
    """The tester stopped the word in work. Robot passes it on to whoever runs the word."""

    def __init__(self) -> None:
        super().__init__("Stopped.", exit=True)


def cells(line: str) -> list[str]:
    """The cells of a line: two spaces, a tab or " | " are between them; an example of a documentation begins with |."""
    return [cell for cell in _GAP.split(line.strip().removeprefix("| ").strip()) if cell]


@dataclass
class Seen:
    """What Robot reported while a line ran: libraries and resources of its words, pictures and warnings of the log."""

    used: set[str] = field(default_factory=set)
    pictures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Watcher:
    """A listener: knows the keywords that were imported, and what the running line does."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self.words: dict[str, Word] = {}
        self.setup_failure = ""
        self.last_message = ""
        self.seen = Seen()

    def library_import(self, library: Any, importer: Any) -> None:  # noqa: ARG002
        self._know(library.keywords)

    def resource_import(self, resource: Any, importer: Any) -> None:  # noqa: ARG002
        self._know(resource.keywords)

    def start_library_keyword(self, data: Any, implementation: Any, result: Any) -> None:  # noqa: ARG002
        self.seen.used.add(implementation.owner.name)

    def start_user_keyword(self, data: Any, implementation: Any, result: Any) -> None:  # noqa: ARG002
        self.seen.used.add(implementation.owner.name)

    def log_message(self, message: Any) -> None:
        if message.html:
            self.seen.pictures += map(html.unescape, _PICTURE.findall(message.message))
        elif message.level in ("WARN", "ERROR"):
            self.seen.warnings.append(message.message)

    def end_suite(self, data: Any, result: Any) -> None:  # noqa: ARG002
        if result.has_setup and result.setup.failed:
            self.setup_failure = result.setup.message

    def end_test(self, data: Any, result: Any) -> None:  # noqa: ARG002
        self.last_message = result.message

    def _know(self, keywords: Any) -> None:
        for one in keywords:
            if vocabulary.PRIVATE not in one.tags:
                arguments = {argument.name: _values(argument.type) for argument in one.args if _is_named(argument)}
                shown = "    ".join(vocabulary.shown(argument) for argument in one.args if argument.name)
                self.words[one.name] = Word(one.name, arguments, shown, one.short_doc)


def _is_named(argument: Any) -> bool:
    return argument.kind in (argument.POSITIONAL_OR_NAMED, argument.NAMED_ONLY)


def _values(kind: Any) -> tuple[str, ...]:
    return tuple(filter(None, vocabulary.allowed(kind, {}).split(", "))) if kind else ()


class LineRunner:
    """Runs lines as steps of the keyword that is running now; variables that they set belong to its test."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._has_more = False
        self.stopped_by: int | None = None
        """The signal that stopped the last line, if one did."""

    def run(self, line_cells: list[str]) -> Any:
        """Returns what the line's keyword returns. Raises ExecutionStatus with the failure as the log has it."""
        try:
            return self._run(line_cells)
        except ExecutionFailed as failure:
            if not failure.message.startswith(_UNKNOWN) or not self._import_more():
                raise
        return self._run(line_cells)

    def value(self, text: str) -> Any:
        """A variable or a text with variables, as a word would get it."""
        return BuiltIn().replace_variables(text)

    def _run(self, line_cells: list[str]) -> Any:
        self._watcher.seen = Seen()
        text = "*** Test Cases ***\nLine\n    " + "    ".join(line_cells)
        body = TestSuite.from_string(text).tests[0].body
        context = EXECUTION_CONTEXTS.current
        _, result, _ = context.steps[-1]
        with self._interruptible():
            return [item.run(result, context) for item in body][-1] if body else None

    def _import_more(self) -> bool:
        """Brings the words in that the one import leaves out; false when they are here already."""
        if self._has_more:
            return False
        self._has_more = True
        known = vocabulary.brought_by(vocabulary.ONE_IMPORT)
        for path in sorted(RESOURCES.glob("*.resource")):
            if path.stem not in known:
                with suppress(ExecutionStatus):
                    self._run(["Import Resource", path.name])
        return True

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """A signal stops the word, and nothing else: Robot's own handlers would end the run."""
        self.stopped_by = None

        def stop(number: int, _frame: object) -> None:
            self.stopped_by = number
            raise StoppedError

        with handling(stop):
            yield


@contextmanager
def handling(handler: Callable[[int, object], None]) -> Iterator[None]:
    """Ctrl-C, and the signals of a terminal that closes or a job that is cancelled, go to `handler` meanwhile."""
    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


@library(scope="GLOBAL", auto_keywords=False)
class Prompt:
    """The one keyword of the test that a tester plays: it hands over to `play`."""

    def __init__(self, play: Callable[[], None]) -> None:
        self._play = play

    @keyword
    def play(self) -> None:
        """Plays until the tester ends it."""
        self._play()


def run_played_test(watcher: Watcher, play: Callable[[], None], folder: Path) -> int:
    """Runs one test on the chosen site that is `play`; with the project's listener, as in every suite.

    Returns Robot's exit code. `output.xml` is in `folder` afterwards.
    """
    suite = TestSuite(name="Shell")
    suite.resource.imports.resource("focus.resource")
    suite.resource.imports.library(f"{__name__}.Prompt", args=[play])
    suite.setup.config(name="Open Site")
    suite.teardown.config(name="Close Site")
    suite.tests.create(name="Words").body.create_keyword(name="Play")
    result = suite.run(
        outputdir=str(folder), output="output.xml", loglevel="DEBUG:INFO", console="none", listener=watcher
    )
    return int(result.return_code)
