"""A run that an assistant has started ends with its call."""

from __future__ import annotations

import subprocess
import sys
import time

import anyio
import pytest

from mcp_servers.focus_tests import running
from pipeline import processes


def test_a_cancelled_call_ends_the_run() -> None:
    program = "import time; print('begun', flush=True); time.sleep(600)"
    process = processes.start([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout
    assert process.stdout.readline()

    async def cancelled() -> bool:
        with anyio.move_on_after(0.3) as scope:
            await running._ended(process)
        return scope.cancelled_caught

    began = time.monotonic()
    assert anyio.run(cancelled)
    assert process.poll() is not None
    assert time.monotonic() - began < processes.GRACE_S
    process.stdout.close()


def test_an_exit_code_comes_back() -> None:
    process = processes.start([sys.executable, "-c", "raise SystemExit(3)"])
    assert anyio.run(running._ended, process) == 3


@pytest.mark.parametrize(("name", "literal"), [("Plain", "Plain"), ("What? [Ever] *", "What[?] [[]Ever] [*]")])
def test_a_name_is_no_pattern(name: str, literal: str) -> None:
    assert running._literal(name) == literal
