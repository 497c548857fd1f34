"""What the commands print on the screen."""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

TICK_S = 5.0


def use_utf8() -> None:
    """Test names may be Hebrew, and a Windows console's own encoding may not know them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def say(text: str = "") -> None:
    try:
        print(text, flush=True)  # noqa: T201 - this is the console
    except BrokenPipeError:
        read_no_more(sys.stdout)


def read_no_more(stream: TextIO) -> None:
    """Who reads, such as 'head', has seen enough: what is still printed goes nowhere, and the command goes on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def flush() -> None:
    """Write what is buffered. Where nobody reads any more, Python would end with 120 because of it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            read_no_more(stream)


def complain(text: str) -> None:
    print(f"run.py: {text}", file=sys.stderr, flush=True)  # noqa: T201 - this is the console


@contextmanager
def ticking(what: str) -> Iterator[None]:
    """Print `what`, and every few seconds that it still goes on."""
    say(what)
    began = time.monotonic()
    over = threading.Event()

    def tick() -> None:
        while not over.wait(TICK_S):
            say(f"  ... {time.monotonic() - began:.0f} s")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
