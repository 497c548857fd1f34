"""The Node process of a run that was killed is ended by the next one; that of a run that goes on is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from focus_core.ui import leftovers


@pytest.fixture
def site(tmp_path: Path) -> Any:
    return SimpleNamespace(name="lab", state_dir=tmp_path)


@pytest.fixture
def node() -> Any:
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield process
    process.kill()
    process.wait()


def entry(site: Any, pid: int) -> Path:
    return Path(site.state_dir) / "browsers" / f"{pid}.json"


def change(path: Path, **values: float) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_a_browser_of_a_living_run_is_left_alone(site: Any, node: subprocess.Popen[bytes]) -> None:
    leftovers.note(site, node.pid)
    assert leftovers.sweep(site) == []
    assert node.poll() is None
    assert entry(site, node.pid).exists()


def test_a_browser_of_a_killed_run_is_ended(site: Any, node: subprocess.Popen[bytes]) -> None:
    leftovers.note(site, node.pid)
    change(entry(site, node.pid), owner_started=1.0)
    assert leftovers.sweep(site) == [f"A browser that a killed run had left (process {node.pid}) was ended."]
    assert not psutil.pid_exists(node.pid) or psutil.Process(node.pid).status() == psutil.STATUS_ZOMBIE
    assert not entry(site, node.pid).exists()


def test_another_process_with_that_number_is_left_alone(site: Any, node: subprocess.Popen[bytes]) -> None:
    leftovers.note(site, node.pid)
    change(entry(site, node.pid), owner_started=1.0, started=1.0)
    assert leftovers.sweep(site) == []
    assert node.poll() is None
    assert not entry(site, node.pid).exists()


def test_without_notes_there_is_nothing_to_do(site: Any) -> None:
    assert leftovers.sweep(site) == []
