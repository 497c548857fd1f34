"""`run.py doctor [--site X]`: what is there, what is missing, and the command that repairs it."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil
from focus_core.base.errors import BenchError
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, SiteToStart
from focus_core.ui import browser_files

from pipeline import command_line, console, environment
from pipeline.paths import PYTHON, ROOT
from pipeline.run.site import chosen_name

GIB = 2**30
NEEDED_DISK = 2 * GIB
NEEDED_MEMORY = 1 * GIB
CONNECT_S = 3.0


@dataclass(frozen=True)
class Finding:
    """One line of the report. `repair` is a command or a sentence; `needed`: without it nothing runs."""

    name: str
    ok: bool
    text: str
    repair: str = ""
    needed: bool = True


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)


def main(options: argparse.Namespace) -> int:
    """Exit code 1 when something needed is missing."""
    bad = 0
    for finding in findings(chosen_name(options.site)):
        sign = "ok" if finding.ok else "MISSING" if finding.needed else "note"
        console.say(f"{sign:<8}{finding.name:<14}{finding.text}")
        if not finding.ok and finding.repair:
            console.say(f"{'':<22}-> {finding.repair}")
        bad += not finding.ok and finding.needed
    console.say("\nnothing needed is missing" if not bad else f"\n{bad} needed things are missing")
    return 1 if bad else 0


def findings(site_name: str) -> Iterator[Finding]:
    yield Finding("system", True, f"{platform.platform()}, {os.cpu_count()} cores")
    yield Finding("Python", True, f"{platform.python_version()} in {PYTHON}")
    yield lock()
    yield from programs()
    yield room()
    yield memory()
    yield ports()
    yield from site(site_name)


def lock() -> Finding:
    """Whether `.venv` holds what requirements.lock holds."""
    same = environment.installed() == environment.wanted()
    text = "in step with requirements.lock" if same else "not what requirements.lock holds"
    return Finding("environment", same, text, "python run.py doctor (run.py brings it in step before anything else)")


def programs() -> Iterator[Finding]:
    yield program("git", ["--version"], "install git: reports name the commit they tested", needed=False)
    yield program("kubectl", ["version", "--client"], "python run.py doctor (it comes with the environment)")
    mongod = shutil.which("mongod")
    daemon = mongod or shutil.which("secantusd-py")
    yield Finding(
        "MongoDB", bool(daemon), daemon or "no server: the simulated site cannot start", "install mongod", needed=False
    )
    yield rabbitmq()
    yield browser()


def browser() -> Finding:
    """The browser of the UI tests, which are skipped where there is none."""
    try:
        found = browser_files.find()
    except BenchError as error:
        return Finding("browser", False, str(error), needed=False)
    text = str(found) if found else "no browser: tests of the page are skipped"
    return Finding("browser", found is not None, text, "python run.py ui fetch", needed=False)


def program(name: str, version: list[str], repair: str, *, needed: bool = True) -> Finding:
    path = shutil.which(name)
    if path is None:
        return Finding(name, False, "not found", repair, needed)
    try:
        done = subprocess.run([path, *version], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(name, False, f"{path} does not start: {error}", repair, needed)
    printed = (done.stdout or done.stderr).strip().splitlines()
    return Finding(name, done.returncode == 0, f"{printed[0] if printed else ''} ({path})", repair, needed)


def rabbitmq() -> Finding:
    """A server of the machine, or the one that the simulated site fetched for this user."""
    # Asked in a process of its own: this side imports nothing of the simulator.
    ask = "from simulator.pods.rabbitmq_files import find_server; print(find_server() or '')"
    done = subprocess.run([PYTHON, "-c", ask], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    path = done.stdout.strip()
    return Finding(
        "RabbitMQ",
        bool(path),
        path or "no server yet; without one the simulated site has no broker",
        "python run.py site prepare",
        needed=False,
    )


def room() -> Finding:
    free = shutil.disk_usage(ROOT).free
    return Finding("disk", free >= NEEDED_DISK, f"{free / GIB:.1f} GiB free", "free at least 2 GiB on this disk")


def memory() -> Finding:
    free = psutil.virtual_memory().available
    return Finding(
        "memory", free >= NEEDED_MEMORY, f"{free / GIB:.1f} GiB available", "end other programs: 1 GiB is needed"
    )


def ports() -> Finding:
    """The simulated site listens on free ports of the loopback address."""
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname(), CONNECT_S),
        ):
            return Finding("loopback", True, "ports of 127.0.0.1 can be opened and reached")
    except OSError as error:
        return Finding("loopback", False, str(error), "let programs listen on 127.0.0.1 (firewall, container settings)")


def site(name: str) -> Iterator[Finding]:
    """The chosen site's file, its secrets, and which of its services accept a connection."""
    try:
        chosen = site_loader.read(name)
        site_loader.check_secrets(chosen)
    except BenchError as error:
        yield Finding("site file", False, str(error), "correct it, or choose another site with --site")
        return
    yield Finding("site file", True, f"{chosen.name} ({site_loader.find(name)})")
    if not isinstance(chosen, Site):
        yield simulated(chosen)
        return
    for service, host, port in addresses(chosen):
        yield reachable(service, host, port)
    if chosen.reserve:
        yield reserved(chosen)


def reserved(chosen: Site) -> Finding:
    """Who has a site that machines share."""
    from focus_core.run import reservation

    try:
        text = reservation.holder(chosen)
    except BenchError as error:
        return Finding("reservation", False, str(error), "let the kubeconfig's user get, create and update leases")
    free = not text or reservation.this_machine() in text
    return Finding("reservation", free, text or "nobody has the site", "wait for the end of that run", needed=False)


def simulated(chosen: SiteToStart) -> Finding:
    """Whether the simulated site is up; a run starts it."""
    up = simulator_process.running_site(chosen.start.state_dir)
    return Finding("site", True, "the site is up" if up else "the site is not up; a run starts it")


def addresses(chosen: Site) -> Iterator[tuple[str, str, int]]:
    """Service, host and port of what the site has; the web app is also where logins go."""
    yield "Focus Server", *address(chosen.focus.url)
    yield "web app", *address(chosen.webapp.url)
    if "rabbitmq" in chosen.capabilities:
        yield "RabbitMQ API", *address(chosen.rabbitmq.management_url)
        yield "RabbitMQ", chosen.rabbitmq.host, chosen.rabbitmq.port
    if "mongodb" in chosen.capabilities:
        yield "MongoDB", chosen.mongodb.host, chosen.mongodb.port
    if "ssh" in chosen.capabilities:
        yield "SSH node", chosen.node.host, chosen.node.port


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def reachable(service: str, host: str, port: int) -> Finding:
    try:
        with socket.create_connection((host, port), CONNECT_S):
            return Finding(service, True, f"{host}:{port} accepts connections")
    except OSError as error:
        text = f"{host}:{port}: {error}"
        return Finding(service, False, text, "start it, open the way to it (VPN, firewall), or correct the site file")
