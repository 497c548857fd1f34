"""What a killed run has left of a browser is ended by the next one; that of a run that goes on is not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from focus_core.ui import leftovers

Start = Callable[[str], subprocess.Popen[bytes]]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="made of a program of Unix")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a process that is called node, with the mark of an owner."""
    program = tmp_path / "node"
    shutil.copyfile(shutil.which("sleep") or "", program)
    program.chmod(0o755)
    started = []

    def begin(owner: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([program, "60"], env={**os.environ, leftovers.OWNER: owner})
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def gone() -> str:
    """The mark of a process that has ended."""
    process = subprocess.Popen(["sleep", "60"])
    mark = f"{process.pid} {psutil.Process(process.pid).create_time()!r}"
    process.kill()
    process.wait()
    return mark


def test_what_a_killed_run_has_left_is_ended(start: Start, gone: str) -> None:
    node = start(gone)
    assert f"A browser's process that a killed run had left ({node.pid}) was ended." in leftovers.sweep()
    assert not psutil.pid_exists(node.pid)


def test_another_process_with_the_number_of_the_owner_is_not_the_owner(start: Start) -> None:
    node = start(f"{os.getpid()} 1.0")
    leftovers.sweep()
    assert not psutil.pid_exists(node.pid)


def test_the_browser_of_a_living_run_is_left_alone(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(leftovers.OWNER, raising=False)
    leftovers.mark()
    node = start(os.environ[leftovers.OWNER])
    leftovers.sweep()
    assert node.poll() is None


def test_a_program_of_somebody_else_is_left_alone(start: Start, gone: str) -> None:
    node = start("")
    other = subprocess.Popen(["sleep", "60"], env={**os.environ, leftovers.OWNER: gone})
    try:
        leftovers.sweep()
        assert node.poll() is None
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
