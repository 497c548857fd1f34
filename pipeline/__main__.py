"""`python -m pipeline COMMAND ARGS`: what run.py hands over to."""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
from typing import NoReturn

from pipeline import console
from pipeline.errors import BROKEN, INTERRUPTED, RunError

# Command: (module, what it does). The module has `main(command, args) -> exit code`.
COMMANDS = {
    "smoke": ("pipeline.commands.tier", "run the smoke tests on a site and show the report's path"),
    "regression": ("pipeline.commands.tier", "run the regression tests"),
    "nightly": ("pipeline.commands.tier", "run everything"),
    "suites": ("pipeline.commands.suites", "run pabot with your options: run.py suites --include pz-15200 suites/live"),
    "rerun": ("pipeline.commands.rerun", "run the failed tests of the last run again, results merged"),
    "test": ("pipeline.commands.check", "everything that CI checks; --all adds the long ones"),
    "site": ("pipeline.commands.site", "the simulated site: up, down, status, defects, defect on|off NAME"),
    "recover": ("pipeline.commands.recover", "undo the faults that a killed run left on a site"),
    "new": ("pipeline.commands.new", "a suite of your own from a template: run.py new 'My first check'"),
    "try": ("pipeline.commands.try_one", "run one file with robot: run.py try suites/sandbox/my_first_check.robot"),
    "keywords": ("pipeline.commands.keywords", "find a keyword: run.py keywords alert"),
    "doctor": ("pipeline.commands.doctor", "what is there, what is missing, how to repair it"),
    "sweep": ("pipeline.commands.sweep", "remove from a site what killed runs left on it"),
    "strength": (
        "strength.command",
        "how many faults the tests catch: --area NAME|all --tests PATTERN --quick --ring 1|2 --workers N",
    ),
    "docs": ("pipeline.commands.docs", "the pages of all libraries and resources, into results/docs"),
}

USAGE = """usage: python run.py COMMAND [options]

{commands}

options of smoke, regression, nightly, suites and rerun:
  --site NAME|FILE   the site: a name in variables/sites or a path (default: $FOCUS_SITE, else simulated)
  anything else      goes to pabot and robot, for example --processes 2, --exclude slow, --test 'Some Name'

exit code: 0 all passed, 1-250 failed tests, 252 broken run or wrong options, 253 stopped with Ctrl-C"""


def main(args: list[str]) -> int:
    console.use_utf8()
    if not args or args[0] in ("-h", "--help", "help"):
        console.say(usage())
        return 0 if args else BROKEN
    command, *rest = args
    if command not in COMMANDS:
        console.complain(f"There is no command '{command}'; choose one of: {', '.join(COMMANDS)}.")
        return BROKEN
    if command != "site" and rest and rest[0] in ("-h", "--help"):
        console.say(f"python run.py {command}: {COMMANDS[command][1]}\n\n{usage()}")
        return 0
    try:
        listen_for_the_end()
        return int(importlib.import_module(COMMANDS[command][0]).main(command, rest))
    except RunError as error:
        console.complain(str(error))
        return BROKEN
    except OSError as error:
        console.complain(refused(error))
        return BROKEN
    except KeyboardInterrupt:
        console.complain("Stopped with Ctrl-C; everything that this command had started was ended.")
        return INTERRUPTED


def listen_for_the_end() -> None:
    """Take Ctrl-C from here on, also one that came while Python started; a cancelled CI job's SIGTERM is the same."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def refused(error: OSError) -> str:
    """What the system would not let us do, and what helps."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{where}: free some space, for example old folders in results/runs, and start again."
    if isinstance(error, PermissionError):
        return f"This user may not write or run what is needed{where}: correct its rights or owner and start again."
    return f"The system refused: {error}; repair that and start again ('python run.py doctor' may say more)."


def usage() -> str:
    lines = [f"  {name:<11} {what}" for name, (_, what) in COMMANDS.items()]
    return USAGE.format(commands="\n".join(lines))


def end(code: int) -> NoReturn:
    """Leave with this exit code. After a Ctrl-C that hit an import, Python would turn it into death by SIGINT."""
    if code == INTERRUPTED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    end(main(sys.argv[1:]))
