"""`python -m pipeline COMMAND ARGS`: what run.py hands over to."""

from __future__ import annotations

import _thread
import errno
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from pipeline import command_line, console
from pipeline.errors import BROKEN, INTERRUPTED, RunError

# After which a Ctrl-C that Python dropped comes again.
AGAIN_S = 0.05


def main(args: list[str]) -> int:
    console.use_utf8()
    try:
        listen_for_the_end()
        if not args or args[0] in ("-h", "--help", "help"):
            command_line.parsers()[0].print_help()
            return 0 if args else BROKEN
        return run(args)
    except SystemExit as shown:  # argparse has printed a command's help
        return int(shown.code or 0)
    except RunError as error:
        console.complain(str(error))
        return BROKEN
    except BrokenPipeError:
        console.read_no_more(sys.stdout)
        return 0
    except OSError as error:
        console.complain(refused(error))
        return BROKEN
    except KeyboardInterrupt:
        with suppress(OSError):  # the terminal may be gone
            console.complain("Stopped with Ctrl-C; everything that this command had started was ended.")
        return INTERRUPTED


def run(args: list[str]) -> int:
    """Run a command; returns its exit code. Raises RunError."""
    options = command_line.parse(args)
    from pipeline.run import folders  # the overview of the commands needs nothing installed

    folders.new_id()  # a FOCUS_RUN_ID that cannot be used is refused before a site is started
    return int(command_line.COMMANDS[options.command].load().main(options))


def listen_for_the_end() -> None:
    """Take Ctrl-C from here on, also one that came while Python started.

    The same are a cancelled CI job's SIGTERM, and the SIGHUP of a terminal that is closed or an SSH connection that is
    lost (not under nohup, which ignores it).
    """

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    def hang_up(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # system and shell both send it; a second one would cut teardowns off
        raise KeyboardInterrupt

    def not_lost(dropped: sys.UnraisableHookArgs) -> None:
        if isinstance(dropped.exc_value, KeyboardInterrupt):
            again = threading.Timer(AGAIN_S, interrupt_again)
            again.daemon = True
            again.start()
        else:
            sys.__unraisablehook__(dropped)

    # Python drops what is raised in a `__del__` or a weak reference's callback, which may be where Ctrl-C comes.
    sys.unraisablehook = not_lost
    signal.signal(signal.SIGTERM, interrupt)
    if sys.platform != "win32":
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, hang_up)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def interrupt_again() -> None:
    """Ctrl-C for the main thread, which it wakes."""
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def refused(error: OSError) -> str:
    """What the system would not let us do, and what helps."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{where}: free some space, for example old folders in results/runs, and start again."
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"This user may not write or run what is needed{where}: correct its rights or owner and start again."
    return f"The system refused: {error}; repair that and start again ('python run.py doctor' may show more)."


def end(code: int) -> NoReturn:
    """Leave with this exit code. After a Ctrl-C that hit an import, Python would turn it into death by SIGINT."""
    console.flush()
    if code == INTERRUPTED:
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    end(main(sys.argv[1:]))
