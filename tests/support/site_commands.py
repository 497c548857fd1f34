"""What tests of the simulated site do with it: its command line, its secrets, its processes, its pods."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import requests
import yaml
from filelock import FileLock

from simulator.__main__ import main as simulator_main

T = TypeVar("T")
Site = dict[str, Any]
# How long something may take on a machine that is busy with other things; nothing takes so long when it works.
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Command:
    """What one call of ``python -m simulator`` did."""

    code: int
    out: str
    err: str


def simulator(*arguments: object, env: dict[str, str] | None = None, timeout: float = 300) -> Command:
    """Run ``python -m simulator`` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "simulator", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return Command(done.returncode, done.stdout, done.stderr)


def switch(site: Site, way: str, *names: str) -> None:
    """Turn defects of a running site ``on`` or ``off`` by the command line, but without a process for each call."""
    assert simulator_main(["defect", way, *names, "--state-dir", site["state_dir"]]) == 0


def start_site(state_dir: Path, *options: object) -> Site:
    """Start a site and return its parsed site file."""
    done = simulator("up", "--state-dir", state_dir, *options)
    assert done.code == 0, done.err
    site: Site = yaml.safe_load(Path(done.out.splitlines()[-1]).read_text(encoding="utf-8"))
    return site


@contextmanager
def running_site(state_dir: Path, *options: object) -> Iterator[Site]:
    """A site until the end of the block, which takes it down."""
    try:
        yield start_site(state_dir, *options)
    finally:
        simulator("down", "--state-dir", state_dir)


def secret(reference: dict[str, str]) -> str:
    """Return the text behind a ``{file: PATH}`` of a site file."""
    return Path(reference["file"]).read_text(encoding="utf-8").strip()


def mongodb_login(site: Site) -> dict[str, Any]:
    """Return what pymongo's MongoClient needs to be let in."""
    place = site["mongodb"]
    return {
        "host": place["host"],
        "port": place["port"],
        "username": place["username"],
        "password": secret(place["password"]),
        "authSource": place["auth_source"],
        "directConnection": True,
    }


def web(site: Site) -> requests.Session:
    """Return an HTTP session that trusts the site's authority and nothing that the machine's environment names."""
    session = requests.Session()
    session.trust_env = False
    session.verify = site["tls"]["ca_file"]
    return session


def login(site: Site, name: str, password: str | None = None) -> requests.Response:
    """Log in through the ingress, with the user's own password unless another is given."""
    if password is None:
        password = next(secret(user["password"]) for user in site["users"] if user["username"] == name)
    body = {"username": name, "password": password}
    return web(site).post(f"{site['webapp']['url']}/auth/login", json=body, timeout=10)


def bearer(site: Site, name: str = "lane0") -> dict[str, str]:
    """Return the Authorization header of a user who has logged in."""
    answer = login(site, name)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def processes_of(state_dir: object) -> list[psutil.Process]:
    """Return the running processes whose environment names the state directory."""
    found = []
    for process in psutil.process_iter():
        try:
            named = process.environ().get("FOCUS_SIMULATOR_STATE") == str(state_dir)
            if named and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue  # ended meanwhile
    return found


def assert_nothing_left(state_dir: Path) -> None:
    """Fail unless the site has no process, no port, no lock and no site file any more."""
    assert [process.cmdline() for process in processes_of(state_dir)] == []
    assert not (state_dir / "site.yaml").exists()
    with FileLock(state_dir / "lock", timeout=0):
        pass
    recorded = state_dir / "state.json"
    base = json.loads(recorded.read_text())["port_base"] if recorded.exists() else None
    for port in range(base, base + 60) if base else ():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def eventually(probe: Callable[[], T | None], timeout: float = PATIENCE_S) -> T:
    """Return the first truthy answer of the probe; fail when there is none in time. Errors of a probe count as none."""
    deadline = time.monotonic() + timeout
    while True:
        last: object
        try:
            last = answer = probe()
            if answer:
                return answer
        except Exception as error:  # noqa: BLE001 - reported below
            last = repr(error)
        assert time.monotonic() < deadline, f"not within {timeout} s, last seen: {last!r}"
        time.sleep(0.1)
