"""The command line of run.py: one subcommand a command, each with a --help of its own."""

from __future__ import annotations

import argparse
import importlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

from pipeline.errors import RunError


@dataclass(frozen=True)
class Command:
    """`module` has `add_options(parser)` and `main(options) -> exit code`; it is imported only when it is chosen."""

    module: str
    summary: str

    def load(self) -> ModuleType:
        return importlib.import_module(self.module)


COMMANDS = {
    "smoke": Command("pipeline.commands.tier", "run the smoke tests on a site"),
    "regression": Command("pipeline.commands.tier", "run the regression tests"),
    "nightly": Command("pipeline.commands.tier", "run everything"),
    "quick": Command("pipeline.commands.quick", "a verdict in a minute: the tests that find most in that time"),
    "suites": Command("pipeline.commands.suites", "run pabot with your own selection"),
    "rerun": Command("pipeline.commands.rerun", "run again what failed or did not run in the last run"),
    "test": Command("pipeline.commands.check", "run everything that CI checks"),
    "site": Command("pipeline.commands.site", "the simulated site: up, down, status, defects, ..."),
    "site-file": Command("pipeline.commands.site_file", "a site file: new, check, explain"),
    "product": Command("pipeline.commands.product", "a project for another product: new, wheel"),
    "recover": Command("pipeline.commands.recover", "undo the faults that a killed run left on a site"),
    "new": Command("pipeline.commands.new", "make a suite of your own from a template"),
    "try": Command("pipeline.commands.try_one", "run one file with robot"),
    "keywords": Command("pipeline.commands.keywords", "find a keyword"),
    "shell": Command("pipeline.commands.shell", "try words one by one on a site, and save them as a suite"),
    "record": Command("pipeline.commands.record", "write a suite of the requests that you make"),
    "doctor": Command("pipeline.commands.doctor", "what is there, what is missing, how to repair it"),
    "sweep": Command("pipeline.commands.sweep", "remove from a site what killed runs left on it"),
    "data": Command("pipeline.commands.data", "test data on a site: generate, list, remove"),
    "history": Command("pipeline.commands.history", "earlier runs: list, compare, flaky and slow tests, dashboard"),
    "baseline": Command("pipeline.commands.baseline", "how fast a site usually is, and whether a run was slower"),
    "logs": Command("pipeline.commands.logs", "what pods logged: now, in a run, by test, compared between runs"),
    "bug": Command("pipeline.commands.bug", "a report of a failed test, ready for Jira, with its bundle"),
    "explain": Command(
        "pipeline.commands.explain", "why a test of a run failed: the likely cause, and what to look at next"
    ),
    "replay": Command("pipeline.commands.replay", "run a failed test again from its bundle, without a site"),
    "contract": Command("pipeline.commands.contract", "the contract of record: check a site, diff, infer, accept"),
    "ci": Command("pipeline.commands.ci", "a run in shards: plan, run, collect, gate, summary, comment, notify"),
    "k8s": Command("pipeline.commands.k8s", "a run in shards as pods of a cluster: setup, run, logs, collect, cancel"),
    "xray": Command("pipeline.commands.xray", "results into Xray, and tests against its plan"),
    "coverage": Command("pipeline.commands.coverage", "which scenarios tests show: a page, CSV and JSON"),
    "strength": Command("strength.command", "mutation score, and defects that the tests detect"),
    "measure": Command("pipeline.measure.command", "measure the budgets of docs/measurements.md"),
    "ui": Command(
        "pipeline.ui.command", "the browser of the UI tests, and approved pictures: doctor, fetch, show, approve"
    ),
    "mcp": Command("mcp_servers.command", "a server for an assistant, by its name"),
    "learn": Command("pipeline.commands.learn", "five exercises of fifteen minutes, with a checker"),
    "docs": Command("pipeline.commands.docs", "build the site of the documentation"),
}

EXIT_CODES = """\
exit code: 0 all passed, 1-250 failed tests,
252 broken run or wrong options, 253 stopped with Ctrl-C"""
_PASSED_ON = "passed_on"
APPROVAL = "FOCUS_APPROVAL"


class Parser(argparse.ArgumentParser):
    """Takes whole option names only, and refuses wrong ones with one sentence."""

    def __init__(self, **settings: Any) -> None:
        layout = argparse.RawDescriptionHelpFormatter
        super().__init__(**settings, allow_abbrev=False, formatter_class=layout)

    def error(self, message: str) -> NoReturn:
        message = re.sub(r"^argument (\S+): expected one argument$", r"\1 needs a value", message)
        message = re.sub(r": invalid int value: (.*)$", r": \1 is no whole number", message)
        raise RunError(f"{message}; usage: {' '.join(self.format_usage().split()[1:])}")


def parse(args: list[str]) -> argparse.Namespace:
    """The options of a command line; `command` is its first word. Raises RunError for wrong ones."""
    name = args[0] if args else ""
    if not name.startswith("-") and name not in COMMANDS:
        raise RunError(f"There is no command '{name}'; choose one of: {', '.join(COMMANDS)}.")
    everything, chosen = parsers(name)
    options, unknown = everything.parse_known_args(args)
    if _PASSED_ON in options:
        options.passed_on = unknown
    elif unknown:
        chosen.error(f"'{name}' has no option '{unknown[0]}'")
    if getattr(options, "approval", None):
        # The lanes are other processes, and may run in another folder.
        os.environ[APPROVAL] = os.path.abspath(options.approval)  # noqa: PTH100 - a broken link is reported later
    return options


def parsers(name: str = "") -> tuple[Parser, Parser]:
    """The parser of all commands, and that of the command `name`, the only one that knows its options."""
    lines = [f"  {known:<11} {command.summary}" for known, command in COMMANDS.items()]
    everything = Parser(
        usage="python run.py COMMAND [OPTION ...]",
        description="\n".join(["commands (python run.py COMMAND --help shows the options of one):", *lines]),
        epilog=EXIT_CODES,
    )
    commands = everything.add_subparsers(
        prog="python run.py", metavar="COMMAND", dest="command", help=argparse.SUPPRESS
    )
    chosen = everything
    for known, command in COMMANDS.items():
        # The simulator has a command line of its own, with its own help.
        parser = commands.add_parser(known, description=command.summary, add_help=known != "site")
        if known == name:
            command.load().add_options(parser)
            chosen = parser
    return everything, chosen


def count(text: str) -> int:
    """The type of an option that counts something."""
    if not re.fullmatch(r"0*[1-9][0-9]{0,8}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 1 to 999999999")
    return int(text)


def add_site(parser: argparse.ArgumentParser) -> None:
    """--site, which every command that works on a site has."""
    parser.add_argument(
        "--site",
        metavar="NAME|FILE",
        help="a name in variables/sites or a path (default: $FOCUS_SITE, else simulated)",
    )


def add_step(
    steps: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    help_: str,
    step: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """A step of a command, for its own options."""
    parser = steps.add_parser(name, help=help_, description=help_)
    parser.set_defaults(step=step)
    return parser


def add_yes(parser: argparse.ArgumentParser) -> None:
    """--yes and --approval, which every command that may run disruptive tests has."""
    parser.add_argument("--yes", action="store_true", help="run disruptive tests on a real site without asking")
    parser.add_argument(
        "--approval",
        metavar="FILE",
        help="the approval of faults on a site whose policy is 'by_approval' (default: $FOCUS_APPROVAL; "
        "docs/disruption.md)",
    )


def add_stop_on_critical(parser: argparse.ArgumentParser) -> None:
    """--stop-on-critical, which every command that runs suites has; a pipeline does so by default."""
    parser.add_argument(
        "--stop-on-critical", action="store_true", help="begin no further test once a critical one has failed"
    )


def add_monitor(parser: argparse.ArgumentParser) -> None:
    """--monitor, which every command that runs suites has."""
    parser.add_argument(
        "--monitor",
        choices=("off", "on", "strict"),
        default="",
        help="follow the logs of all pods; strict: an error in them fails the test that it belongs to (default: "
        "$FOCUS_MONITOR, else on)",
    )


def pass_on(parser: argparse.ArgumentParser, program: str, examples: str, exit_codes: str = EXIT_CODES) -> None:
    """Let the command take unknown options: they are in `options.passed_on` and go to `program`."""
    parser.set_defaults(**{_PASSED_ON: []})
    usage = " ".join(parser.format_usage().split()[1:])
    parser.usage = f"{usage} [OPTION OR PATH ...]"
    parser.epilog = f"Any other option and path goes to {program}, for example\n{examples}\n\n{exit_codes}"
