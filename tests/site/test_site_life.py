"""A site's life through its command line: up, down, second up, crashes, side by side, auto-stop, bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import yaml
from filelock import ReadWriteLock
from support.site_commands import Site, assert_nothing_left, eventually, processes_of, simulator, start_site, web


def ports_of(site: Site) -> list[int]:
    addresses = [site["mongodb"]["port"], site["rabbitmq"]["port"], site["node"]["port"]]
    urls = [site["focus"]["url"], site["webapp"]["url"], site["rabbitmq"]["management_url"]]
    return addresses + [int(url.split(":")[2].split("/")[0]) for url in urls]


def acknowledges(site: Site) -> bool:
    """Whether Focus Server answers through the ingress, whose certificate the site's authority signed."""
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
    again = simulator("up", "--state-dir", simulated_site["state_dir"], "--time-scale", "0.1")
    assert (again.code, again.err) == (0, "")
    assert again.out.splitlines()[-1] == f"{simulated_site['state_dir']}/site.yaml"


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


def test_a_site_beside_another_is_started_once_and_leaves_nothing(simulated_site: Site, state_dir: Path) -> None:
    with ThreadPoolExecutor(2) as pool:  # two starts at once make one site
        site, second = pool.map(lambda _number: start_site(state_dir, "--auto-stop", "5"), range(2))
    assert site == second
    assert not set(ports_of(site)) & set(ports_of(simulated_site))
    assert site["workloads"] == simulated_site["workloads"]
    with socket.create_connection(("127.0.0.1", site["rabbitmq"]["port"])):
        pass

    for part in ("beam", "simulator.node", "forkserver", "simulator.cluster --state-dir"):
        kill(state_dir, part)
    down = simulator("down", "--state-dir", state_dir)
    assert down.code == 0, down.err
    assert_nothing_left(state_dir)
    repeated = simulator("down", "--state-dir", state_dir)
    assert (repeated.code, repeated.err.strip()) == (0, "The site was not up.")
    assert acknowledges(simulated_site)


@pytest.mark.nightly
def test_a_crashed_site_comes_back_on_its_ports_and_stays_once_started_by_hand(state_dir: Path) -> None:
    site = start_site(state_dir, "--auto-stop", "0.1")
    start_site(state_dir)  # by hand: the site stays from now on
    assert json.loads(simulator("status", "--json", "--state-dir", state_dir).out)["auto_stop_minutes"] is None
    eventually(lambda: not [p for p in processes_of(state_dir) if "simulator.lifecycle.autostop" in p.cmdline()])

    kill(state_dir, "simulator.cluster --state-dir")
    assert simulator("status", "--state-dir", state_dir).code == 3
    again = start_site(state_dir)
    assert ports_of(again) == ports_of(site)
    assert acknowledges(again)


@pytest.mark.nightly
def test_a_site_whose_folder_was_deleted_ends(state_dir: Path) -> None:
    start_site(state_dir, "--auto-stop", "0.1")
    shutil.rmtree(state_dir, ignore_errors=True)  # pods may write a last line meanwhile
    shutil.rmtree(state_dir, ignore_errors=True)
    eventually(lambda: not processes_of(state_dir))


@pytest.mark.nightly
def test_auto_stop_waits_for_the_last_user_and_ends_a_crashed_site_too(state_dir: Path) -> None:
    start_site(state_dir, "--auto-stop", "0.03")
    reader = ReadWriteLock(state_dir / "users.lock")
    with reader.read_lock():
        time.sleep(4)
        assert simulator("status", "--state-dir", state_dir).code == 0
        kill(state_dir, "simulator.cluster --state-dir")
    eventually(lambda: not processes_of(state_dir))
    assert_nothing_left(state_dir)


@pytest.mark.nightly
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


def test_idle_memory_of_the_whole_site(simulated_site: Site) -> None:
    total = sum(process.memory_full_info().pss for process in processes_of(simulated_site["state_dir"]))
    assert total < 500_000_000 if psutil.LINUX else total > 0
