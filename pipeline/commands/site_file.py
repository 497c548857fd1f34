"""`run.py site-file`: a site file made by questions or from an old project, checked, explained."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, SiteToStart

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.run.site import chosen_name
from pipeline.site_file import comparing, draft, explaining, old_project

# The questions of `new`, each an option of the same name.
QUESTIONS = {
    "server": "address of the Focus Server",
    "user": "user of the web app (default: automation)",
    "ca_file": "CA file of the site's certificate",
    "mongodb": "host of MongoDB",
    "rabbitmq": "host of RabbitMQ",
    "context": "context of the cluster in ~/.kube/config",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="STEP", title="steps", required=True)
    new = command_line.add_step(steps, "new", "write a site file, by questions or from an old project", make)
    new.add_argument("name", metavar="NAME", help="name of the site")
    new.add_argument("--into", metavar="FOLDER|FILE", help="where it goes (default: variables/sites/NAME.yaml)")
    new.add_argument("--from", dest="old", metavar="PATH", help="an old project's environments.yaml or its folder")
    new.add_argument("--environment", metavar="NAME", help="which environment of it (default: the site's name)")
    new.add_argument("--client-settings", metavar="FILE", help="usersettings.*.json, copied beside the site file")
    for name, meaning in QUESTIONS.items():
        new.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=meaning)
    check = command_line.add_step(
        steps, "check", "validate a site file and compare it with the living site", check_site
    )
    check.add_argument("--offline", action="store_true", help="validate the file alone; the site is not asked")
    explain = command_line.add_step(steps, "explain", "every setting: value, source, default, meaning", show_settings)
    explain.add_argument("--key", default="", metavar="BEGINNING", help="only settings that begin so, as load.alerts")
    explain.add_argument("--json", action="store_true", help="for programs")
    for step in (check, explain):
        step.add_argument(
            "site", nargs="?", metavar="NAME|FILE", help="a name in variables/sites or a path (default: $FOCUS_SITE)"
        )


def main(options: argparse.Namespace) -> int:
    """Exit code 0, or 1 where the site differs from its file; wrong use is a RunError."""
    step: Callable[[argparse.Namespace], int] = options.step
    try:
        return step(options)
    except BenchError as error:
        raise RunError(str(error)) from None


def make(options: argparse.Namespace) -> int:
    path = draft.path_of(options.name, options.into)
    if path.exists():
        raise RunError(f"There is already a {path}: choose another name or --into, or remove it.")
    made = _from_old(options) if options.old else draft.of_answers(options.name, _answers(options))
    settings = Path(options.client_settings) if options.client_settings else None
    if settings:
        if not settings.is_file():
            raise RunError(f"There is no {settings}: name the client's usersettings.*.json.")
        made.content["settings_file"] = settings.name
        # What the site file itself says would win over the client's own limits.
        made.content.pop("limits", None)
    draft.write(made, path, settings)
    console.say(f"made {path}")
    for note in made.notes:
        console.say(f"note: {note}")
    if missing := [name for name in made.variables if not os.environ.get(name)]:
        console.say(f"set before a run: {', '.join(missing)}")
    console.say(f"check it: python run.py site-file check {options.name if options.into is None else path}")
    return 0


def _from_old(options: argparse.Namespace) -> draft.Draft:
    found = old_project.read(Path(options.old), options.environment or options.name)
    made = old_project.draft(found)
    made.name = options.name
    draft.add_user(made, options.user or "automation")
    if options.server:
        made.content["focus"] = {"url": options.server}
    return made


def _answers(options: argparse.Namespace) -> Callable[[str, str, str], str]:
    """What the options say; what they do not is asked, where somebody sits at the terminal."""
    asks = sys.stdin is not None and sys.stdin.isatty()

    def answer(key: str, question: str, default: str) -> str:
        given = getattr(options, key)
        if given is not None:
            return str(given)
        return draft.ask(question, default) if asks else default

    return answer


def check_site(options: argparse.Namespace) -> int:
    site, file = _site(options.site, secrets=not options.offline)
    console.say(f"ok      {'file':<26}{file}")
    if options.offline:
        return 0
    bad = 0
    for finding in comparing.findings(site):
        console.say(f"{'differs' if finding.trouble else 'ok':<8}{finding.what:<26}{finding.trouble}".rstrip())
        bad += bool(finding.trouble)
    console.say(f"\n{f'{bad} differ' if bad else 'the site is as its file says'}")
    return int(bad > 0)


def show_settings(options: argparse.Namespace) -> int:
    site, file = _site(options.site)
    found = [one for one in explaining.settings(site, file) if one.key.startswith(options.key)]
    if not found:
        raise RunError(f"No setting begins with '{options.key}': leave --key out to see all.")
    if options.json:
        console.say(json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False))
        return 0
    for one in found:
        default = f"; default {one.default}" if one.source != "default" and one.default != explaining.NONE else ""
        console.say(f"{one.key} = {one.value}\n    {one.meaning}  ({one.source}{default})")
    return 0


def _site(option: str | None, *, secrets: bool = False) -> tuple[Site, Path]:
    """The valid site and its file; of the simulated one the file that it wrote when it started."""
    file = site_loader.find(chosen_name(option))
    site = site_loader.read(str(file))
    if isinstance(site, SiteToStart):
        running = simulator_process.running_site(site.start.state_dir)
        if running is None:
            raise RunError("The simulated site is not up, and writes its file when it starts: 'python run.py site up'.")
        file, site = running, site_loader.read(str(running))
    if not isinstance(site, Site):
        raise RunError(f"{file} starts a site and describes none: name the file that the site wrote.")
    site_loader.register_secrets(site)
    if secrets:
        site_loader.check_secrets(site)
    return site, file
