"""``python -m focus_core.load``: carries out the plan that stands on the first line of standard input.

Each interval is a line of JSON on standard error, the result one on standard output. The load stops early when standard
input is closed, at SIGTERM, and at Ctrl-C. Exit code 2: it could not be carried out, 1: the
product did not let it in; for the reason on the last line.

Without a parent, on another machine: ``--plan FILE``, and as one of several generators ``--rate-share 1/4 --start-at
EPOCH``; the line of the result then begins with ``HDR1``. In an Indexed Job of Kubernetes ``--generators 4`` is enough:
each pod knows its index.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.load.generator import Generator
from focus_core.load.merging import MARK
from focus_core.load.plan import Plan
from focus_core.load.result import Interval, Result

EXIT_PRODUCT, EXIT_BENCH = 1, 2


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        plan = _plan(options)
        result = asyncio.run(_carry_out(plan, watch_stdin=not options.plan))
    except (AssertionError, BenchError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_BENCH if isinstance(error, BenchError) else EXIT_PRODUCT
    sys.stdout.write(f"{MARK if options.rate_share else ''}{result.to_json()}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m focus_core.load", description="Makes a load as a plan says.")
    parser.add_argument("--plan", metavar="FILE", help="a file with the plan, in the place of standard input")
    parser.add_argument("--rate-share", metavar="N/M", type=_share, help="is generator N of M")
    parser.add_argument("--generators", metavar="M", type=int, help="is one of M; which: JOB_COMPLETION_INDEX, from 0")
    parser.add_argument("--start-at", metavar="EPOCH", type=float, help="the epoch second at which all of them begin")
    return parser


def _share(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not (part.isdecimal() and parts.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{text}' is no share, which is written like 1/4")
    return int(part), int(parts)


def _plan(options: argparse.Namespace) -> Plan:
    try:
        text = Path(options.plan).read_bytes() if options.plan else sys.stdin.buffer.readline()
    except OSError as error:
        why = error.strerror or error
        raise BenchError(f"The plan {options.plan} cannot be read ({why}); name a file that is there.") from None
    plan = Plan.from_json(text)
    if options.generators:
        options.rate_share = (int(os.environ.get("JOB_COMPLETION_INDEX", 0)) + 1, options.generators)
    plan = replace(plan, share=options.rate_share or plan.share, start_at=options.start_at or plan.start_at)
    plan.check()
    return plan


async def _carry_out(plan: Plan, *, watch_stdin: bool) -> Result:
    generator = Generator(plan, _show)
    # What is loaded by now is never garbage; a collection would have to go through it again and again.
    gc.freeze()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no such handlers; there the parent closes standard input.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, generator.stop)
    if watch_stdin:
        threading.Thread(target=_when_stdin_ends, args=(loop, generator.stop), daemon=True).start()
    return await generator.run()


def _when_stdin_ends(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    # Not by sys.stdin: at the end of the process its lock would be held by this thread.
    with suppress(OSError, RuntimeError):
        while os.read(sys.stdin.fileno(), 4096):
            continue
        loop.call_soon_threadsafe(stop)


def _show(interval: Interval) -> None:
    sys.stderr.write(f"{json.dumps(asdict(interval))}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
