"""`run.py docs`: a page for each library and resource, in results/docs. A warning of libdoc is a failure."""

from __future__ import annotations

import argparse

from robot.errors import DataError
from robot.libdocpkg import LibraryDocumentation
from robot.output import LOGGER
from robot.output.loggerapi import LoggerApi
from robot.output.loggerhelper import Message

from pipeline import console
from pipeline.commands.keywords import documented
from pipeline.paths import RESULTS


class Complaints(LoggerApi):  # type: ignore[misc] # Robot's class is not typed
    """Collects what Robot warns of while it reads a library."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def message(self, msg: Message) -> None:
        if msg.level in ("WARN", "ERROR"):
            self.texts.append(msg.message)


def add_options(_parser: argparse.ArgumentParser) -> None:
    """None."""


def main(_options: argparse.Namespace) -> int:
    complaints = Complaints()
    LOGGER.register_logger(complaints)
    folder = RESULTS / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    files = documented()
    for path in files:
        try:
            LibraryDocumentation(str(path)).save(str(folder / f"{path.stem}.html"), "HTML")
        except DataError as error:
            complaints.texts.append(f"{path.name}: {error}")
    for text in complaints.texts:
        console.complain(text)
    console.say(f"{len(files)} pages in {folder}")
    return 1 if complaints.texts else 0
