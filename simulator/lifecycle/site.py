"""Starting, finding and ending a simulated site. One lock per state directory surrounds each change of its life."""

from __future__ import annotations

import errno
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from simulator.content.kube_client import get_json
from simulator.content.switching import switch_content
from simulator.defects import as_text, known, profiles, read_switches, registry
from simulator.errors import SimulatorError
from simulator.layout.credentials import make_secrets
from simulator.layout.manifests import Layout
from simulator.layout.ports import Ports, reserved_block
from simulator.layout.site_file import write_site_file
from simulator.layout.state import ProcessRecord, State, StateDir, is_plain, plain_scratch, write_atomically
from simulator.lifecycle import processes
from simulator.lifecycle.startup import restart_parts, start_parts, wait_for_workloads
from simulator.pods import rabbitmq_files

LOCK_SECONDS = 90.0
# The cluster process gives its pods two seconds before it kills them.
STOP_SECONDS = 3.0
# Real components cannot be hurried further than this (RabbitMQ alone takes seconds to restart).
MIN_TIME_SCALE, MAX_TIME_SCALE = 0.02, 10.0
# RabbitMQ takes no message below 50 MB of free space; logs and data of a long run need the rest.
DISK_BYTES = 200_000_000

_STORAGE_ERRORS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.EIO,
}

Progress = Callable[[str], None]


@dataclass(frozen=True)
class UpOptions:
    """Options of ``up``."""

    profile: str = "required"
    defects: tuple[str, ...] = ()
    time_scale: float = 1.0
    auto_stop_minutes: float | None = None
    fresh: bool = False


def up(state: StateDir, options: UpOptions, progress: Progress) -> Path:
    """Return the site file of the running site, starting the site when it is not up.

    A site of which a part died is repaired: what lives goes on, what its databases and its cluster acknowledged stays.
    With ``fresh`` the site starts from nothing in any case.
    """
    _check_options(options)
    with _locked(state, progress):
        found = not options.fresh and (is_running(state) or _repair(state, progress))
        if found:
            _keep(state, options)
            _report_differences(state, options, progress)
        else:
            leftovers = stop_everything(state)
            if leftovers:
                progress(f"Ended {leftovers} process(es) that an earlier site had left.")
            _start(state, options, progress)
    if found:
        # Without the lock: a test that makes a part of the site fail may need it meanwhile.
        wait_for_workloads(_layout_of(state), progress)
    return state.site_file


def down(state: StateDir, progress: Progress) -> bool:
    """End the site; True when there was something to end. Nothing happens to a site that is not there."""
    if not state.root.is_dir():
        return False
    with _locked(state, progress):
        was_up = state.read().phase != "stopped"
        return stop_everything(state) > 0 or was_up


def is_running(state: StateDir) -> bool:
    """Return whether the site is up: recorded as running, its processes alive, its API server ready."""
    recorded = state.read()
    if recorded.phase != "running" or recorded.port_base is None or not state.site_file.exists():
        return False
    if not all(processes.alive(record) for record in recorded.processes if record.name != "autostop"):
        return False
    try:
        get_json(f"http://127.0.0.1:{Ports(recorded.port_base).kubernetes}/readyz")
    except OSError:
        return False
    return True


def switch_defects(state: StateDir, switched: list[str], *, on: bool, progress: Progress) -> list[str]:
    """Turn defects of the site on or off, at once when the site is running; return the names that are on."""
    for name in switched:
        known(name)
    with _locked(state, progress):
        names = {name: how for name, how in read_switches(state.defects).items() if name not in switched}
        if on:
            names |= {name: registry()[name].sometimes for name in switched}
        write_atomically(state.defects, as_text(names))
        restarts = {registry()[name].restarts for name in switched} - {""}
        if (restarts or any(registry()[name].effect == "content" for name in switched)) and is_running(state):
            try:
                switch_content(_layout_of(state), frozenset(names), restarts)
            except RuntimeError as problem:
                raise SimulatorError(
                    f"The switch is recorded, but MongoDB, RabbitMQ or the cluster does not take it ({problem}); bring "
                    "them up, then repeat the command."
                ) from problem
        return list(names)


def stop_everything(state: StateDir) -> int:
    """End the recorded processes, then all others of this state directory; return how many there were.

    The caller holds the lock. Afterwards no file shows the site as up.
    """
    recorded = state.read()
    mine = psutil.Process().pid
    first = [
        psutil.Process(record.pid) for record in recorded.processes if record.pid != mine and processes.alive(record)
    ]
    for file in (state.site_file, state.kubectl_site_file):
        file.unlink(missing_ok=True)
    processes.kill_brokers(processes.of_site(state.root))
    processes.end(first, grace=STOP_SECONDS)
    rest = processes.of_site(state.root)
    left = processes.end(rest, grace=0.5)
    # What was born while the others were dying.
    left += processes.end(processes.of_site(state.root), grace=0.1)
    if left:
        raise SimulatorError(f"Process {left[0].pid} of the site does not end; end it by hand, then run 'down' again.")
    for config in (state.kubeconfig, state.viewer_kubeconfig):
        config.unlink(missing_ok=True)
    if recorded.broker_dir:
        shutil.rmtree(recorded.broker_dir, ignore_errors=True)
    recorded.phase, recorded.processes, recorded.broker_dir = "stopped", [], None
    recorded.auto_stop_minutes = None
    try:
        state.write(recorded)
    except OSError:
        # A full disk: a missing record means the same, and only the choice of ports is lost.
        state.state_json.unlink(missing_ok=True)
    return len(first) + len(rest)


@contextmanager
def _locked(state: StateDir, progress: Progress) -> Iterator[None]:
    """Hold the site's lock. A lock of a killed process is free at once: the system releases it."""
    try:
        state.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(state.lock)
        try:
            lock.acquire(timeout=2)
        except Timeout:
            progress("Waiting: another command is starting or stopping this site ...")
            lock.acquire(timeout=LOCK_SECONDS)
    except Timeout as busy:
        raise SimulatorError(
            f"Another command has been starting or stopping the site in {state.root} for {LOCK_SECONDS:.0f} s; wait "
            "for it or end it, then try again."
        ) from busy
    except OSError as problem:
        raise _storage_error(state.root, problem) from problem
    try:
        yield
    except OSError as problem:
        if problem.errno not in _STORAGE_ERRORS:
            raise
        raise _storage_error(state.root, problem) from problem
    finally:
        lock.release()


def _storage_error(root: Path, problem: OSError) -> SimulatorError:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(root)
    return SimulatorError(
        f"The state directory {root} cannot be used ({problem.strerror or problem}: {problem.filename or 'no file'}); "
        "choose a folder that you can write with --state-dir."
    )


def _disk_full(root: Path) -> SimulatorError:
    return SimulatorError(
        f"The disk of {root} is full: free at least {DISK_BYTES // 1_000_000} MB there, or choose another with "
        "--state-dir."
    )


def _check_options(options: UpOptions) -> None:
    if sys.platform == "win32":
        raise SimulatorError(
            "The simulated site needs Linux, macOS or WSL; on Windows run the suites against a site elsewhere."
        )
    for name in options.defects:
        known(name)
    if not MIN_TIME_SCALE <= options.time_scale <= MAX_TIME_SCALE:
        raise SimulatorError(
            f"--time-scale {options.time_scale:g} is not possible; give a number from {MIN_TIME_SCALE} to "
            f"{MAX_TIME_SCALE:g} (1 is real time)."
        )
    if options.auto_stop_minutes is not None and options.auto_stop_minutes <= 0:
        raise SimulatorError("--auto-stop needs a number of minutes above 0.")


def _keep(state: StateDir, options: UpOptions) -> None:
    """Note a user of the running site. A site asked for by hand stays up from then on."""
    state.used.touch()
    recorded = state.read()
    if recorded.auto_stop_minutes is None:
        return
    watchers = [record for record in recorded.processes if record.name == "autostop"]
    if options.auto_stop_minutes is None:
        recorded.auto_stop_minutes = None
        state.write(recorded)
    elif not any(processes.alive(record) for record in watchers):
        recorded.processes = [record for record in recorded.processes if record.name != "autostop"]
        recorded.processes.append(_start_autostop(state))
        state.write(recorded)


def _report_differences(state: StateDir, options: UpOptions, progress: Progress) -> None:
    recorded = state.read()
    same = (recorded.profile, recorded.time_scale) == (options.profile, options.time_scale)
    if not same or set(options.defects) - read_switches(state.defects).keys():
        progress(
            f"The site was already up with profile {recorded.profile} and time scale {recorded.time_scale:g}, and "
            "stays so; 'defect on NAME' switches a living site, 'down' makes room for another."
        )


def _repair(state: StateDir, progress: Progress) -> bool:
    """Start the processes of a site that are dead or do not answer; False when there is nothing that can be repaired.

    The cluster process finds its objects in its journal, keeps the pods that live, and starts the others again.
    """
    recorded = state.read()
    broker_data_there = recorded.broker_dir is None or Path(recorded.broker_dir).is_dir()
    if recorded.phase != "running" or not state.journal.exists() or not state.data.is_dir() or not broker_data_there:
        return False
    began = time.monotonic()
    dead = [record.name for record in recorded.processes if not processes.alive(record)]
    progress(f"Repairing the site: {' and '.join(dead) or 'the cluster'} {'ended' if dead else 'does not answer'} ...")
    try:
        restart_parts(_layout_of(state), recorded, progress)
        write_site_file(_layout_of(state), profiles()[recorded.profile].bug_keys)
    except SimulatorError as problem:
        progress(f"{problem} The site cannot be repaired and starts from nothing.")
        return False
    except KeyboardInterrupt:
        raise SimulatorError(
            "Interrupted while the site was repaired: 'up' continues the repair, 'down' ends the site."
        ) from None
    progress(f"The site is repaired after {time.monotonic() - began:.1f} s.")
    return True


def _start(state: StateDir, options: UpOptions, progress: Progress) -> None:
    began = time.monotonic()
    server = find_broker(progress)
    for folder in (state.data, state.logs, state.pods, state.root / "node"):
        shutil.rmtree(folder, ignore_errors=True)
    if shutil.disk_usage(state.root).free < DISK_BYTES:
        raise _disk_full(state.root)
    for folder in (state.data, state.logs, state.pods):
        folder.mkdir()
    for journal in state.root.glob(f"{state.journal.name}*"):
        journal.unlink()
    make_secrets(state)
    names = {name: registry()[name].sometimes for name in options.defects} | profiles()[options.profile].defects
    write_atomically(state.defects, as_text(names))
    recorded = state.read()
    with reserved_block(state.root, recorded.port_base) as ports:
        if recorded.port_base not in (None, ports.base):
            progress(f"Ports from {recorded.port_base} are taken by another program; the site moves to {ports.base}.")
        recorded = State("starting", [], ports.base, None, options.time_scale, options.profile)
        if server and not is_plain(state.data):
            recorded.broker_dir = str(plain_scratch("focus-simulator-rabbitmq-"))
        state.write(recorded)
        try:
            start_parts(_layout(state, recorded, server), recorded, frozenset(names), progress)
            recorded.auto_stop_minutes = options.auto_stop_minutes
            state.used.touch()
            if options.auto_stop_minutes is not None:
                recorded.processes.append(_start_autostop(state))
            recorded.phase = "running"
            write_site_file(_layout(state, recorded, server), profiles()[options.profile].bug_keys)
            state.write(recorded)
        except BaseException:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
            stop_everything(state)
            raise
    progress(f"The site is ready after {time.monotonic() - began:.1f} s.")


def find_broker(progress: Progress) -> Path | None:
    """Return RabbitMQ's start script, fetched if need be; None, which is reported, where it cannot be fetched."""
    server = rabbitmq_files.find_server()
    if server or rabbitmq_files.can_fetch():
        return server or rabbitmq_files.fetch(progress)
    progress(rabbitmq_files.HOW_TO_GET)
    progress("The site starts without RabbitMQ: it lacks the capabilities rabbitmq and webapp (alerts).")
    return None


def _layout(state: StateDir, recorded: State, server: Path | None) -> Layout:
    if recorded.port_base is None:
        raise SimulatorError("The site has no ports yet; start it with 'python run.py site up'.")
    broker_data = Path(recorded.broker_dir) if recorded.broker_dir else state.data / "rabbitmq"
    return Layout(state, Ports(recorded.port_base), server, broker_data, recorded.time_scale)


def _layout_of(state: StateDir) -> Layout:
    """Return the layout of a site that is up."""
    return _layout(state, state.read(), rabbitmq_files.find_server())


def _start_autostop(state: StateDir) -> ProcessRecord:
    arguments = ["simulator.lifecycle.autostop", "--state-dir", str(state.root)]
    return processes.start("autostop", arguments, state_dir=state.root, log=state.logs / "autostop.log")
