"""A site's life through its command line: up, down, second up, crashes, side by side, auto-stop, bad input."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import yaml
from filelock import FileLock, ReadWriteLock
from site_commands import Site, eventually, processes_of, simulator, start_site, web


def ports_of(site: Site) -> list[int]:
    addresses = [site["mongodb"]["port"], site["rabbitmq"]["port"], site["node"]["port"]]
    urls = [site["focus"]["url"], site["webapp"]["url"], site["rabbitmq"]["management_url"]]
    return addresses + [int(url.split(":")[2].split("/")[0]) for url in urls]


def assert_nothing_left(state_dir: Path) -> None:
    assert [process.cmdline() for process in processes_of(state_dir)] == []
    assert not (state_dir / "site.yaml").exists()
    with FileLock(state_dir / "lock", timeout=0):
        pass
    base = json.loads((state_dir / "state.json").read_text())["port_base"]
    for port in range(base, base + 60):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def acknowledges(site: Site) -> bool:
    """Say whether Focus Server answers through the ingress, whose certificate the site's authority signed."""
    return web(site).get(f"{site['focus']['url']}/ack", timeout=5).status_code == 200


def kill(state_dir: Path, part: str) -> None:
    """Kill the process whose command line holds the text, as a crash would."""
    for process in processes_of(state_dir):
        with suppress(psutil.Error):  # ended meanwhile: not the one
            if part in " ".join(process.cmdline()):
                process.send_signal(signal.SIGKILL)
                return
    raise AssertionError(f"no process with {part!r}: {processes_of(state_dir)}")


def test_second_up_returns_at_once_with_the_same_line(simulated_site: Site) -> None:
    began = time.monotonic()
    again = simulator("up", "--state-dir", simulated_site["state_dir"])
    assert again.code == 0
    assert again.out.splitlines()[-1] == f"{simulated_site['state_dir']}/site.yaml"
    assert time.monotonic() - began < 3


def test_up_with_other_wishes_says_that_the_site_stays_as_it_is(simulated_site: Site) -> None:
    again = simulator("up", "--state-dir", simulated_site["state_dir"], "--defect", "empty-status")
    assert again.code == 0
    assert again.err.startswith("The site was already up with profile required and time scale 0.1, and stays so")
    assert "*" not in simulator("defects", "--state-dir", simulated_site["state_dir"]).out


def test_status_of_a_site_that_is_up(simulated_site: Site) -> None:
    status = simulator("status", "--json", "--state-dir", simulated_site["state_dir"])
    assert status.code == 0
    report = json.loads(status.out)
    assert report["running"] is True
    assert {"cluster", "node"} <= set(report["processes"])


def test_site_file_and_secrets_belong_to_the_user_alone(simulated_site: Site) -> None:
    root = Path(simulated_site["state_dir"])
    files = [root / "site.yaml", root / "kubeconfig", root / "kubeconfig-viewer", *(root / "secrets").iterdir()]
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in files} == {"0o600"}
    passwords = {Path(user["password"]["file"]).read_text() for user in simulated_site["users"]}
    assert len(passwords) == len(simulated_site["users"]) >= 8
    for password in passwords:
        assert password not in (root / "site.yaml").read_text()


def test_a_site_beside_another_crashes_recovers_and_leaves_nothing(simulated_site: Site, state_dir: Path) -> None:
    with ThreadPoolExecutor(2) as pool:  # two starts at once make one site
        first, second = pool.map(lambda _number: start_site(state_dir, "--auto-stop", "0.2"), range(2))
    assert first == second
    site = first
    assert not set(ports_of(site)) & set(ports_of(simulated_site))
    assert site["workloads"] == simulated_site["workloads"]
    with socket.create_connection(("127.0.0.1", site["rabbitmq"]["port"])):
        pass

    start_site(state_dir)  # by hand: the site stays from now on
    assert json.loads(simulator("status", "--json", "--state-dir", state_dir).out)["auto_stop_minutes"] is None
    eventually(lambda: not [p for p in processes_of(state_dir) if "simulator.autostop" in p.cmdline()])

    kill(state_dir, "simulator.cluster --state-dir")
    assert simulator("status", "--state-dir", state_dir).code == 3
    again = start_site(state_dir)
    assert ports_of(again) == ports_of(site)
    assert acknowledges(again)

    for part in ("beam", "simulator.node", "forkserver", "simulator.cluster --state-dir"):
        kill(state_dir, part)
    began = time.monotonic()
    down = simulator("down", "--state-dir", state_dir)
    assert down.code == 0, down.err
    assert time.monotonic() - began < 5
    assert_nothing_left(state_dir)
    repeated = simulator("down", "--state-dir", state_dir)
    assert (repeated.code, repeated.err.strip()) == (0, "The site was not up.")
    assert acknowledges(simulated_site)


def test_auto_stop_waits_for_the_last_user(state_dir: Path) -> None:
    start_site(state_dir, "--auto-stop", "0.03")
    reader = ReadWriteLock(state_dir / "users.lock")
    with reader.read_lock():
        time.sleep(4)
        assert simulator("status", "--state-dir", state_dir).code == 0
    eventually(lambda: not processes_of(state_dir), timeout=15)
    assert_nothing_left(state_dir)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.nightly)])
def test_interrupting_up_leaves_nothing(state_dir: Path, number: signal.Signals) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-m", "simulator", "up", "--state-dir", str(state_dir)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    eventually(lambda: len(processes_of(state_dir)) >= 4, timeout=20)
    launcher.send_signal(number)
    _, said = launcher.communicate(timeout=15)
    assert launcher.returncode == 130
    assert said.decode().strip().endswith("nothing was left running.")
    assert_nothing_left(state_dir)


def test_a_killed_launcher_is_cleaned_up_by_the_next_command(state_dir: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-m", "simulator", "up", "--state-dir", str(state_dir)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    eventually(lambda: len(processes_of(state_dir)) >= 4, timeout=20)
    launcher.kill()
    launcher.wait()
    assert simulator("down", "--state-dir", state_dir).code == 0
    assert_nothing_left(state_dir)


def test_a_component_that_dies_is_named_with_its_last_words(state_dir: Path, tmp_path: Path) -> None:
    broken = tmp_path / "bin" / "mongod"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'the data files are of another version'\nexit 14\n")
    broken.chmod(0o755)
    path = os.pathsep.join([str(broken.parent), os.environ["PATH"]])
    up = simulator("up", "--state-dir", state_dir, env={"PATH": path})
    assert up.code == 1
    assert up.out == ""
    assert "the data files are of another version" in up.err
    assert up.err.splitlines()[-1].startswith("The component mongodb ended while the site was starting")
    assert_nothing_left(state_dir)


def test_without_rabbitmq_the_site_starts_and_says_what_it_lacks(state_dir: Path, tmp_path: Path) -> None:
    environment = {"PATH": str(Path(sys.executable).parent), "FOCUS_SIMULATOR_HOME": str(tmp_path / "empty")}
    up = simulator("up", "--state-dir", state_dir, env=environment)
    assert up.code == 0, up.err
    assert "RabbitMQ is missing" in up.err
    site = yaml.safe_load(Path(up.out.splitlines()[-1]).read_text(encoding="utf-8"))
    assert site["capabilities"] == ["rest", "mongodb", "kubernetes", "grpc", "ssh"]
    assert acknowledges(site)


def test_no_process_of_the_site_holds_the_callers_files(simulated_site: Site) -> None:
    state_dir = simulated_site["state_dir"]
    leaders = [process for process in processes_of(state_dir) if process.ppid() == 1 or not process.terminal()]
    assert leaders
    for process in processes_of(state_dir):
        assert process.terminal() is None
    launched = [p for p in processes_of(state_dir) if "simulator.node" in p.cmdline()]
    assert [os.getsid(process.pid) == process.pid for process in launched] == [True]


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


def test_idle_memory_of_the_whole_site(simulated_site: Site) -> None:
    total = sum(process.memory_full_info().pss for process in processes_of(simulated_site["state_dir"]))
    assert total < 500_000_000 if psutil.LINUX else total > 0
