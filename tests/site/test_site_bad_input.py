"""What goes wrong while a site starts, made to happen for real: one sentence, a non-zero exit, nothing left."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from support.site_commands import PATIENCE_S, assert_nothing_left, eventually, processes_of, simulator, start_site

# A mount of one's own needs no root where user namespaces are allowed (most Linux machines; not macOS).
CAN_MOUNT = sys.platform == "linux" and not subprocess.call(
    ["unshare", "-rm", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
)
needs_mount = pytest.mark.skipif(not CAN_MOUNT, reason="a small disk needs a mount in a user namespace (unshare -rm)")


def on_a_disk_of(size: str, folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script (``$simulator`` is the command line) with a new disk of the size mounted on the folder."""
    folder.mkdir()
    environment = {**os.environ, "simulator": f"{sys.executable} -m simulator", "disk": str(folder)}
    script = f'mount -t tmpfs -o size={size} tmpfs "$disk" && {{ {script}; }}'
    command = ["unshare", "-rm", "sh", "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def starting(state_dir: Path) -> subprocess.Popen[str]:
    """Begin to start a site that waits for its MongoDB, so that it is still starting when the caller interferes."""
    hanging = executable(state_dir.parent / "hanging" / "mongod", "exec sleep 600")
    path = os.pathsep.join([str(hanging.parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "simulator", "up", "--state-dir", str(state_dir)]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PATH": path},
    )


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@needs_mount
@pytest.mark.parametrize("size", ["8k", "20m"])
def test_a_full_disk_is_refused_in_one_sentence(tmp_path: Path, size: str) -> None:
    up = on_a_disk_of(size, tmp_path / "disk", '$simulator up --state-dir "$disk/site"')
    assert up.returncode == 1
    assert up.stdout == ""
    assert up.stderr.strip() == (
        f"The disk of {tmp_path}/disk/site is full: free at least 200 MB there, or choose another with --state-dir."
    )
    assert not processes_of(tmp_path / "disk" / "site")


@needs_mount
@pytest.mark.nightly
def test_a_site_on_a_disk_that_became_full_can_be_ended(tmp_path: Path) -> None:
    script = '$simulator up --state-dir "$disk/site" && { dd if=/dev/zero of="$disk/rest"; '
    script += '$simulator status --state-dir "$disk/site"; $simulator down --state-dir "$disk/site"; }'
    ended = on_a_disk_of("260m", tmp_path / "disk", script)
    assert ended.returncode == 0, ended.stderr
    assert "No space left" in ended.stderr
    assert "The site is up." in ended.stdout
    assert ended.stderr.strip().endswith("The site is down.")
    assert not processes_of(tmp_path / "disk" / "site")


@pytest.mark.nightly
def test_a_broker_that_exits_is_named(state_dir: Path, tmp_path: Path) -> None:
    broken = executable(tmp_path / "bin" / "rabbitmq-server", "echo 'the cookie belongs to somebody else'; exit 1")
    # Only these two folders: a RabbitMQ of the machine must not be found instead.
    path = os.pathsep.join([str(broken.parent), str(Path(sys.executable).parent)])
    up = simulator("up", "--state-dir", state_dir, env={"PATH": path})
    assert (up.code, up.out) == (1, "")
    assert "the cookie belongs to somebody else" in up.err
    assert up.err.splitlines()[-1].startswith("The component rabbitmq ended while the site was starting")
    assert_nothing_left(state_dir)


@pytest.mark.nightly
def test_a_port_that_was_taken_meanwhile_moves_the_site(state_dir: Path) -> None:
    start_site(state_dir)
    simulator("down", "--state-dir", state_dir)
    before = json.loads((state_dir / "state.json").read_text())["port_base"]
    with socket.create_server(("127.0.0.1", before + 7)):
        up = simulator("up", "--state-dir", state_dir)
    assert up.code == 0, up.err
    after = json.loads((state_dir / "state.json").read_text())["port_base"]
    assert after != before
    assert f"Ports from {before} are taken by another program; the site moves to {after}." in up.err


@pytest.mark.nightly
def test_a_server_that_is_killed_while_the_site_starts_is_named(state_dir: Path) -> None:
    launcher = starting(state_dir)
    folder = "panda_panda-panda-focus-server"

    def server() -> psutil.Process | None:
        return next((one for one in processes_of(state_dir) if Path(one.cwd()).name.startswith(folder)), None)

    eventually(server).kill()
    _, output = launcher.communicate(timeout=PATIENCE_S)
    assert launcher.returncode == 1, output
    assert output.splitlines()[-1].startswith(
        "The component panda-panda-focus-server ended while the site was starting"
    )
    assert_nothing_left(state_dir)


@pytest.mark.parametrize(
    ("processes", "number"),
    [
        (4, signal.SIGINT),
        *(pytest.param(*row, marks=pytest.mark.nightly) for row in [(4, signal.SIGTERM), (4, signal.SIGHUP)]),
        *(pytest.param(count, signal.SIGINT, marks=pytest.mark.nightly) for count in (0, 1, 8)),
    ],
)
def test_interrupting_up_leaves_nothing(state_dir: Path, processes: int, number: signal.Signals) -> None:
    launcher = starting(state_dir)
    # The lock is the first thing that a start makes.
    eventually(lambda: (state_dir / "lock").exists() and len(processes_of(state_dir)) >= processes)
    launcher.send_signal(number)
    _, output = launcher.communicate(timeout=PATIENCE_S)
    assert launcher.returncode == 130, output
    assert output.strip().endswith("nothing was left running.")
    assert_nothing_left(state_dir)


@pytest.mark.nightly
def test_a_killed_launcher_is_cleaned_up_by_the_next_command(state_dir: Path) -> None:
    launcher = starting(state_dir)
    eventually(lambda: len(processes_of(state_dir)) >= 4)
    launcher.kill()
    launcher.communicate()
    assert simulator("down", "--state-dir", state_dir).code == 0
    assert_nothing_left(state_dir)


def test_a_component_that_dies_is_named_with_its_last_words(state_dir: Path, tmp_path: Path) -> None:
    broken = executable(tmp_path / "bin" / "mongod", "echo 'the data files are of another version'; exit 14")
    path = os.pathsep.join([str(broken.parent), os.environ["PATH"]])
    up = simulator("up", "--state-dir", state_dir, env={"PATH": path})
    assert (up.code, up.out) == (1, "")
    assert "the data files are of another version" in up.err
    assert up.err.splitlines()[-1].startswith("The component mongodb ended while the site was starting")
    assert_nothing_left(state_dir)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--defect", "string-prot"], "There is no defect named 'string-prot'; near matches: string-port"),
        (["--time-scale", "0"], "--time-scale 0 is not possible"),
        (["--auto-stop", "-1"], "--auto-stop needs a number of minutes above 0."),
    ],
)
def test_a_wrong_option_is_refused_in_one_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    up = simulator("up", "--state-dir", tmp_path / "site", *options)
    assert up.code == 1
    assert up.err.startswith(sentence)
    assert len(up.err.splitlines()) == 1
    assert not processes_of(tmp_path / "site")


def test_a_state_directory_that_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    up = simulator("up", "--state-dir", file / "site")
    assert up.code == 1
    assert up.err.startswith(f"The state directory {file / 'site'} cannot be used (Not a directory")
    assert up.err.strip().endswith("choose a folder that you can write with --state-dir.")
