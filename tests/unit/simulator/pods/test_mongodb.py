"""Which server the MongoDB pod becomes: `mongod` of the machine before the daemon of the environment."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simulator.pods.mongodb import server_command


@pytest.fixture(name="programs")
def _programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all there is on the PATH, and that of the Python that runs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return folder


def program(folder: Path, name: str) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.touch(mode=0o755)
    return str(path)


def command(*, logins: bool = False) -> list[str]:
    return server_command(27017, Path("/data"), logins=logins) or []


def test_mongod_of_the_machine_comes_first(programs: Path) -> None:
    program(programs, "secantusd-py")
    mongod = program(programs, "mongod")
    expected = [mongod, "--bind_ip", "127.0.0.1", "--port", "27017", "--dbpath", "/data"]
    assert command()[: len(expected)] == expected
    assert "--auth" not in command()
    assert command(logins=True)[-1] == "--auth"


def test_else_the_daemon_beside_python_else_that_of_the_path(programs: Path, tmp_path: Path) -> None:
    assert command() == []
    elsewhere = program(programs, "secantusd-py")
    assert command()[0] == elsewhere
    assert {"--standalone", "--sync-on-commit"} <= set(command())
    beside = tmp_path / "environment"
    daemon = program(beside, "secantusd-py")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "executable", str(beside / "python"))
        assert command(logins=True)[0] == daemon
        assert command(logins=True)[-1] == "--auth"
