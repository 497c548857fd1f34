"""The site of a run: chosen, validated, and up before the lanes start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.disruption import approval
from focus_core.run import probes
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, SiteToStart, StartOptions

from pipeline import console, processes
from pipeline.errors import RunError

# A CI service has to find a machine for the last shard and to prepare it.
_BETWEEN_PHASES_S = 300


@dataclass(frozen=True)
class ChosenSite:
    """A site that is valid. `file` is what the lanes get as FOCUS_SITE."""

    name: str
    simulated: bool
    file: Path


def chosen_name(option: str | None) -> str:
    """The site that the value of `--site` or the environment chooses: a name, or the absolute path of a file."""
    chosen = site_loader.chosen_name() if option is None else option
    if not chosen:
        raise RunError("--site needs a value: a name in variables/sites or the path of a YAML file.")
    # A path must mean the same file to a later 'rerun' from another folder.
    return str(Path(chosen).resolve()) if Path(chosen).is_file() else chosen


def refuse_second_choice(name: str, variable: str | None) -> None:
    """Raise RunError when `--variable SITE:...` chooses another site than the one that the report will name."""
    try:
        agreed = variable is None or site_loader.agree(variable, name)
    except BenchError as error:
        raise RunError(str(error)) from None
    if not agreed:
        raise RunError(
            f"Two sites are chosen: '{variable}' by --variable SITE and '{name}' by --site, FOCUS_SITE or default; "
            f"leave the variable out and give --site {variable}."
        )


def open_site(name: str) -> ChosenSite:
    """Validate the site; start the simulated one when it is not up; reserve one that machines share.

    Raises RunError with the loader's sentence, with the state of a site of which nothing answers, or with who has it.
    """
    try:
        path = site_loader.find(name).resolve()
        site = site_loader.read(str(path))
        if isinstance(site, SiteToStart):
            path = start_simulated(site.start)
            site = site_loader.read(str(path))
        site_loader.check_secrets(site)
        refuse_dead(site)
        reserve(site)
    except BenchError as error:
        raise RunError(str(error)) from None
    return ChosenSite(site.name, site.simulated, path)


def look_up(name: str) -> ChosenSite:
    """Validate the site's file and start nothing. Raises RunError with the loader's sentence."""
    try:
        path = site_loader.find(name).resolve()
        site = site_loader.read(str(path))
    except BenchError as error:
        raise RunError(str(error)) from None
    return ChosenSite(site.name, site.simulated, path)


def confirm_disruption(name: str, tests: int, yes: bool) -> None:
    """Ask before disruptive tests run on a real site that allows them; RunError without a yes.

    On a site that allows them by approval, RunError for one that does not count; without one they will be skipped.
    """
    if not tests:
        return
    try:
        site = site_loader.read(str(site_loader.find(name).resolve()))
    except BenchError as error:
        raise RunError(str(error)) from None
    if isinstance(site, SiteToStart) or not site.policy.disruption:
        return
    if site.policy.disruption == approval.POLICY and (refusal := approval.refusal(site)):
        if os.environ.get(approval.VARIABLE):
            raise RunError(refusal)
        return  # each test is skipped with the reason
    if site.simulated or yes:
        return
    found = f"{tests} of the selected tests disrupt site {site.name}, which is no simulated one"
    if sys.stdin is None or not sys.stdin.isatty():
        raise RunError(f"{found}: leave them out with --exclude disruptive, or start again with --yes.")
    console.say(f"{found}. Run them? [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise RunError("No test was started: leave these out with --exclude disruptive.")


def approved(chosen: ChosenSite, tests: int) -> str:
    """The approval under which disruptive tests run on the site, for the record of the run; empty where none counts."""
    site = site_loader.read(str(chosen.file)) if tests else None
    return approval.record(site) if isinstance(site, Site) else ""


def refuse_dead(site: Site | SiteToStart) -> None:
    """Raise BenchError in one sentence when no interface of the site answers."""
    trouble = probes.dead_site(site) if isinstance(site, Site) else ""
    if trouble:
        raise BenchError(trouble)


def reserve(site: Site | SiteToStart) -> None:
    """Take a site that several machines share for as long as this process lives; BenchError when another has it."""
    if isinstance(site, Site) and site.reserve:
        from focus_core.run import reservation

        with console.ticking(f"reserving site {site.name}"):
            reservation.reserve(site)


def leased(name: str) -> Site | None:
    """The site where machines share it by a Lease, else None. Raises RunError with the loader's sentence."""
    try:
        site = site_loader.read(str(site_loader.find(name).resolve()))
    except BenchError as error:
        raise RunError(str(error)) from None
    return site if isinstance(site, Site) and site.reserve else None


def keep_for_last_shard(site: Site) -> None:
    """Hold the site until the last shard of this run has begun: it starts when all others are done, on any machine."""
    from focus_core.run import reservation

    try:
        reservation.keep_for(site, _BETWEEN_PHASES_S)
    except BenchError as error:
        console.complain(f"Another run may take site {site.name} before the last shard begins: {error}")


def start_simulated(options: StartOptions) -> Path:
    """Start the simulated site unless it is up (it gets what it needs first); returns the path of its site file."""
    with console.ticking("starting the simulated site"):
        return Path(last_line_of(simulator_process.up_command(options)))


def last_line_of(command: list[str]) -> str:
    """Run a command of the simulator; what it writes to stderr is shown as it comes. Returns its last line."""
    environment = {name: value for name, value in os.environ.items() if name != "FOCUS_RUN_ID"}
    # A file, not a pipe: whatever inherits it by mistake cannot make us wait for the site's whole life.
    with tempfile.TemporaryFile() as out:
        process = processes.start(command, env=environment, stdout=out, stderr=subprocess.PIPE)
        complaints: list[str] = []
        thread = threading.Thread(target=_echo, args=(process, complaints), daemon=True)
        thread.start()
        code = processes.wait(process)
        thread.join(1.0)
        out.seek(0)
        lines = [line.strip() for line in out.read().decode("utf-8", "replace").splitlines() if line.strip()]
    if code:
        raise RunError((complaints or lines or [f"python {' '.join(command[1:])} ended with exit code {code}"])[-1])
    return lines[-1] if lines else ""


def _echo(process: subprocess.Popen[bytes], complaints: list[str]) -> None:
    for line in process.stderr or ():
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            complaints.append(text)
            console.say(f"  {text}")
