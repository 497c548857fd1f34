"""Command line of the simulated site: ``python -m simulator COMMAND``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from simulator.defects import ALL_DEFECTS, profiles, read_switches, registry
from simulator.errors import SimulatorError
from simulator.layout.ports import Ports
from simulator.layout.state import StateDir, default_state_dir
from simulator.lifecycle import site as lifecycle
from simulator.lifecycle.processes import alive, stopped_on_signals

STOPPED = 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 good, 1 failed, 3 status of a site that is not up, 130 Ctrl-C)."""
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Who reads, such as 'head', has seen enough. Python would complain when it writes what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: list[str] | None) -> int:
    options = parser().parse_args(arguments)
    state = StateDir((options.state_dir or default_state_dir()).expanduser().resolve())
    try:
        with stopped_on_signals():
            return int(options.run(options, state))
    except SimulatorError as problem:
        if problem.details:
            print(problem.details, file=sys.stderr)
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; nothing was left running.", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The options of each command; a command's function is in `run`."""
    everything = argparse.ArgumentParser(
        prog="python run.py site",
        description="A whole Focus site on this machine: Kubernetes API, Focus Server, web app, MongoDB, RabbitMQ, "
        "SSH node. All of it listens on 127.0.0.1 only.",
        epilog="Several sites side by side: give each its own --state-dir.",
    )
    commands = everything.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--state-dir", type=Path, help="folder of the site (default: one per checkout in the cache)")
        added.set_defaults(run=run)
        return added

    up = command("up", _up, "start or repair the site unless it is up; the last line printed is its site file")
    builds = [profile for name, profile in profiles().items() if name != ALL_DEFECTS]
    which = up.add_mutually_exclusive_group()
    which.add_argument(
        "--profile",
        choices=[profile.name for profile in builds],
        default="required",
        help="the build that the site behaves as (default: required). "
        + "; ".join(f"{profile.name}: {profile.sentence}" for profile in builds),
    )
    which.add_argument(
        "--all-defects",
        dest="profile",
        action="store_const",
        const=ALL_DEFECTS,
        help=f"{profiles()[ALL_DEFECTS].sentence}, all at once",
    )
    up.add_argument("--defect", action="append", default=[], metavar="NAME", help="turn one defect on (repeatable)")
    up.add_argument(
        "--time-scale",
        type=float,
        default=1.0,
        metavar="S",
        help="shorten the site's own timers, 0.1 = ten times faster (default: 1)",
    )
    up.add_argument(
        "--fresh", action="store_true", help="start from nothing, also when the site is up or could be repaired"
    )
    up.add_argument("--auto-stop", type=float, metavar="MINUTES", help="end the site this long after its last user")
    command("down", _down, "end the site; nothing happens when it is not up")
    status = command("status", _status, f"show whether the site is up (exit code {STOPPED} when not)")
    status.add_argument("--json", action="store_true", help="print it as JSON")
    defects = command("defects", _defects, "list the defects; * marks those that are on")
    defects.add_argument("--json", action="store_true", help="print them as JSON, with all that is known of each")
    defect = command("defect", _defect, "turn defects of the site on or off, also while it is up")
    defect.add_argument("switch", choices=["on", "off"])
    defect.add_argument("names", metavar="NAME", nargs="+")
    command("prepare", _prepare, "get what the site needs and this machine lacks (RabbitMQ), so that 'up' is quick")
    return everything


def _progress(text: str) -> None:
    # Standard output is kept for the one line that programs read.
    print(text, file=sys.stderr, flush=True)


def _up(options: argparse.Namespace, state: StateDir) -> int:
    wanted = lifecycle.UpOptions(
        options.profile, tuple(options.defect), options.time_scale, options.auto_stop, options.fresh
    )
    print(lifecycle.up(state, wanted, _progress), flush=True)
    return 0


def _down(_options: argparse.Namespace, state: StateDir) -> int:
    _progress("The site is down." if lifecycle.down(state, _progress) else "The site was not up.")
    return 0


def _status(options: argparse.Namespace, state: StateDir) -> int:
    running = lifecycle.is_running(state)
    recorded = state.read()
    report = {
        "running": running,
        "state_dir": str(state.root),
        "site_file": str(state.site_file) if running else None,
        "profile": recorded.profile,
        "time_scale": recorded.time_scale,
        "defects": list(read_switches(state.defects)),
        "auto_stop_minutes": recorded.auto_stop_minutes,
        "kubernetes": f"https://127.0.0.1:{Ports(recorded.port_base).kubernetes_tls}" if recorded.port_base else None,
        "processes": {record.name: record.pid for record in recorded.processes if alive(record)},
    }
    if options.json:
        print(json.dumps(report, indent=1))
    else:
        print("The site is up." if running else "The site is not up.")
        for key, value in report.items():
            print(f"  {key}: {value}")
    return 0 if running else STOPPED


def _defects(options: argparse.Namespace, state: StateDir) -> int:
    on = read_switches(state.defects)
    if options.json:
        rows = [
            {
                **asdict(one),
                "profiles": [name for name, profile in profiles().items() if one.name in profile.defects],
                "on": one.name in on,
            }
            for one in registry().values()
        ]
        print(json.dumps(rows, indent=1))
        return 0
    for defect in registry().values():
        mark = "*" if defect.name in on else " "
        print(f"{mark} {defect.name:<30} {defect.bug_key or '-':<9} {defect.area:<13} {defect.sentence}")
    return 0


def _defect(options: argparse.Namespace, state: StateDir) -> int:
    names = lifecycle.switch_defects(state, options.names, on=options.switch == "on", progress=_progress)
    print(f"On: {', '.join(names) or 'none'}")
    return 0


def _prepare(_options: argparse.Namespace, _state: StateDir) -> int:
    server = lifecycle.find_broker(_progress)
    if server:
        print(server)
    return 0


if __name__ == "__main__":
    sys.exit(main())
