"""`run.py shell`: words of the tests one by one on a living site; what passed can be saved as a suite."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.site import data as site_data
from focus_core.site import state
from rich.console import Console
from robot.api import ResultWriter
from robot.libraries.BuiltIn import BuiltIn

from pipeline import command_line, console
from pipeline.compose import describing
from pipeline.compose.confidential import without_secrets
from pipeline.compose.robot_words import LineRunner, Watcher, handling, run_played_test
from pipeline.compose.shell import HELP, Shell
from pipeline.errors import INTERRUPTED, RunError
from pipeline.paths import RESULTS
from pipeline.run import folders as runs
from pipeline.run import site

# The simulated site ends some minutes after its last user; a tester may think for longer.
_KEEP_ALIVE_S = 30.0
# Characters in a line of a table where no terminal has a width.
_WIDTH = 160


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    parser.epilog = f"Lines come from the terminal, or from stdin when it is none.\n\n{HELP}"


def main(options: argparse.Namespace) -> int:
    """0, or 1 when a line of stdin failed or something could not be removed again."""
    chosen = site.open_site(site.chosen_name(options.site))
    os.environ |= {"FOCUS_SITE": str(chosen.file), "FOCUS_RUN_ID": runs.new_id()}
    folder = RESULTS / "shell"
    folder.mkdir(parents=True, exist_ok=True)
    typed = sys.stdin.isatty()
    width = None if typed else _WIDTH
    table = Console(file=sys.__stdout__, markup=False, highlight=False, emoji=False, soft_wrap=True, width=width)
    watcher = Watcher()
    runner = LineRunner(watcher)
    shell = Shell(runner, watcher, table.print, folder)
    stopped = False

    def play() -> None:
        nonlocal stopped
        _KeepAlive().start()
        lines = _typed(chosen.name, watcher, table) if typed else _piped(table)
        try:
            with handling(_stop):
                shell.play(_until_stopped(lines, runner, only_a_word=typed))
        except KeyboardInterrupt:
            stopped = True
        if shell.failed and not typed:
            raise AssertionError(f"{shell.failed} of {shell.asked} lines failed.")

    code = run_played_test(watcher, play, folder)
    ResultWriter(str(folder / "output.xml")).write_results(
        log=str(folder / "log.html"), report=None, stdout=None, console="none"
    )
    if watcher.setup_failure:
        raise RunError(watcher.setup_failure)
    if watcher.last_message:
        console.say(watcher.last_message)
    console.say(f"log: {folder / 'log.html'}")
    return INTERRUPTED if stopped else int(bool(code or (shell.failed and not typed)))


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _until_stopped(lines: Iterable[str], runner: LineRunner, *, only_a_word: bool) -> Iterator[str]:
    """The lines, until a signal stops one. `only_a_word`: a Ctrl-C stops that word, and the tester goes on."""
    for line in lines:
        yield line
        if runner.stopped_by is not None and not (only_a_word and runner.stopped_by == signal.SIGINT):
            raise KeyboardInterrupt


def _piped(table: Console) -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            table.print(f"> {without_secrets(line.strip())}")
        yield line


def _typed(name: str, watcher: Watcher, table: Console) -> Iterable[str]:
    from pipeline.compose.terminal import Terminal, WordCompleter  # slow to import, and needless where nobody types

    def explain(word: str) -> None:
        try:
            table.print(describing.describe(word) if word else HELP)
        except RunError as error:
            table.print(str(error))

    table.print(f"Site {name}. Type a word of the tests, or ? for help; Ctrl-D ends and removes what was made.")
    completer = WordCompleter(watcher.words, lambda: list(BuiltIn().get_variables()))
    return Terminal(f"{name}> ", _history(), completer, explain).lines()


def _history() -> Path:
    folder = state.user_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / "shell_history"


class _KeepAlive(threading.Thread):
    """Marks the site as used for as long as this process lives."""

    def __init__(self) -> None:
        super().__init__(name="keep-alive", daemon=True)

    def run(self) -> None:
        while True:
            time.sleep(_KEEP_ALIVE_S)
            with suppress(BenchError, OSError):
                state.touch_used(site_data.site())
