"""A server that does nothing but answer, as a process of its own: it can be frozen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Bare:
    """The server's address and process."""

    url: str
    pid: int


@pytest.fixture(scope="module")
def bare_server() -> Iterator[Bare]:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.measure.bare_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin
        assert process.stdout
        yield Bare(f"http://127.0.0.1:{process.stdout.readline().strip()}", process.pid)
        process.stdin.close()
