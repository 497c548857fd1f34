"""State directory, ports, processes and errors of the simulated site, without a site."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from simulator import __main__ as command_line
from simulator.errors import SimulatorError
from simulator.layout.ports import BLOCK, FIRST, reserved_block
from simulator.layout.state import ProcessRecord, State, StateDir, is_plain, write_atomically
from simulator.lifecycle import processes
from simulator.lifecycle import site as lifecycle


def test_state_survives_writing_and_reading(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    written = State("running", [ProcessRecord("cluster", 7, 1.5)], 20000, None, 0.1, "deployed", 15)
    state.write(written)
    assert state.read() == written


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"phase": "running"}', '{"processes": [], "colour": 1}'])
def test_a_torn_state_counts_as_stopped(tmp_path: Path, torn: str) -> None:
    state = StateDir(tmp_path)
    state.state_json.write_text(torn)
    assert state.read() == State()


def test_a_failed_write_keeps_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "site.yaml"
    write_atomically(path, "old")
    assert oct(path.stat().st_mode)[-3:] == "600"

    def full(_self: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "new")
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_a_full_disk_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_state: StateDir) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(lifecycle, "make_secrets", full)
    assert command_line.main(["up", "--state-dir", str(tmp_path)]) == 1
    printed = capsys.readouterr().err.splitlines()
    assert printed[-1].startswith(f"The disk of {tmp_path} is full: free at least 200 MB there")


def test_windows_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lifecycle.sys, "platform", "win32")
    assert command_line.main(["up", "--state-dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("The simulated site needs Linux, macOS or WSL")


def test_down_of_a_site_that_never_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["down", "--state-dir", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().err.strip() == "The site was not up."
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("path", "plain"), [("/tmp/a-b_1.2/c", True), ("/tmp/a b", False), ("/tmp/אתר", False)])
def test_paths_that_scripts_can_stand(path: str, plain: bool) -> None:
    assert is_plain(Path(path)) is plain


def test_two_starts_never_get_the_same_block(tmp_path: Path) -> None:
    with reserved_block(tmp_path, None) as first, reserved_block(tmp_path, None) as second:
        assert abs(first.base - second.base) >= BLOCK


def test_a_site_keeps_its_block_until_a_port_of_it_is_taken(tmp_path: Path) -> None:
    with reserved_block(tmp_path, None) as first:
        base = first.base
    with reserved_block(tmp_path, base) as again:
        assert again.base == base
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", base + 6))
        stranger.listen()
        with reserved_block(tmp_path, base) as moved:
            assert moved.base != base
            assert (moved.base - FIRST) % BLOCK == 0


def test_a_reused_pid_is_not_taken_for_the_recorded_process() -> None:
    started = psutil.Process().create_time()
    assert processes.alive(ProcessRecord("me", os.getpid(), started))
    assert not processes.alive(ProcessRecord("me", os.getpid(), started - 100))


def test_processes_are_found_by_their_mark_and_ended(tmp_path: Path) -> None:
    environment = {**os.environ, processes.STATE_VARIABLE: str(tmp_path)}
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", stubborn], env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        found = processes.of_site(tmp_path)
        assert [process.pid for process in found] == [child.pid]
        assert processes.of_site(tmp_path / "other") == []
        assert processes.end(found, grace=0.2) == []
        child.wait(timeout=60)
        assert processes.of_site(tmp_path) == []


def test_no_free_block_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.layout.ports.block_is_free", lambda _base: False)
    with pytest.raises(SimulatorError, match="stop another simulated site first"), reserved_block(tmp_path, None):
        pass
