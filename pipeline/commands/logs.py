"""`run.py logs collect|errors|test|diff`: what pods logged."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.logs import accounts, process
from focus_core.site import loader

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.run import folders as runs

LINES = 500
SHOWN = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    collect = command_line.add_step(
        actions, "collect", "save what all pods of a site have logged by now, and find the errors", show_now
    )
    command_line.add_site(collect)
    collect.add_argument(
        "--lines", type=command_line.count, default=LINES, metavar="N", help=f"of each pod's last (default {LINES})"
    )
    errors = command_line.add_step(
        actions, "errors", "errors in the pods' logs of a run, by service, pattern and test", show_errors
    )
    _add_run(errors)
    test = command_line.add_step(actions, "test", "what the pods logged for one test of a run", show_test)
    test.add_argument("test", metavar="TEST", help="its name, or a part of it that no other test has")
    _add_run(test)
    diff = command_line.add_step(
        actions, "diff", "kinds of lines that one of two runs has and the other has not", show_difference
    )
    for name in ("here", "there"):
        diff.add_argument(name, metavar="RUN", help="a run's id, its beginning, latest, or a folder of 'logs collect'")


def main(options: argparse.Namespace) -> int:
    """Exit code 0; 1 when 'collect' or 'errors' found errors."""
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def show_now(options: argparse.Namespace) -> int:
    from pipeline.monitor import collecting
    from pipeline.run import site

    name = site.chosen_name(options.site)
    try:
        chosen = loader.running(name)
        found = collecting.collect(chosen, options.lines)
    except BenchError as error:
        raise RunError(str(error)) from None
    for problem in found.silent:
        console.complain(f"not read: {problem}")
    console.say(f"{found.lines} lines of the pods of {chosen.name} are in {found.folder}")
    for (pod, pattern), number in found.errors.most_common(SHOWN):
        console.say(f"{number:>6} x {pattern:<20} {pod}")
    for kind in found.new[:SHOWN]:
        console.say(f"   new: {kind}")
    return int(bool(found.errors))


def show_errors(options: argparse.Namespace) -> int:
    folder = place(options.run)
    summary = accounts.read(folder)
    if not summary:
        raise RunError(_no_logs(options.run))
    if summary.get("banner"):
        console.say(summary["banner"])
    for one in summary["errors"]:
        console.say(f"{one['lines']:>6} x {one['pattern']:<20} {one['service']}")
    for test in summary["tests"]:
        if test["errors"]:
            console.say(f"\n{test['errors']:>6} lines of {test['name']} ({test['status']}), {folder / test['file']}")
            for line in test["shown"]:
                console.say(f"       {line}")
    if not summary["errors"]:
        console.say("No pod logged an error.")
    return int(bool(summary["errors"]))


def show_test(options: argparse.Namespace) -> int:
    folder = place(options.run) / accounts.TESTS
    from focus_core.logs import journal
    from focus_core.logs.attribution import Attribution

    tests = Attribution(journal.records(folder.parent)).tests.values()
    wanted = options.test.casefold()
    found = [test for test in tests if wanted in test.name.casefold()]
    exact = [test for test in found if test.name.casefold().rpartition(".")[2] == wanted]
    found = exact or found
    if len({test.name for test in found}) != 1:
        why = "no test has" if not found else f"{len({test.name for test in found})} tests have"
        raise RunError(f"'{options.test}' names no one test of the run: {why} it in the name; give more of the name.")
    path = folder / f"{found[-1].file}.log"
    try:
        console.say(path.read_text(encoding="utf-8").rstrip())
    except OSError:
        raise RunError(_no_logs(options.run)) from None
    console.say(f"page: {path.with_suffix('.html')}")
    return 0


def show_difference(options: argparse.Namespace) -> int:
    from pipeline.monitor import comparing

    here, there = (comparing.counts(place(name), name) for name in (options.here, options.there))
    difference = comparing.compare(here, there)
    for title, kinds in (
        (f"only in {options.there}", difference.only_there),
        (f"only in {options.here}", difference.only_here),
    ):
        console.say(f"{title}: {len(kinds)} kinds of lines")
        for number, kind in kinds[:SHOWN]:
            console.say(f"{number:>8}  {kind}")
    console.say(f"far more or less often: {len(difference.changed)} kinds of lines")
    for before, after, kind in difference.changed[:SHOWN]:
        console.say(f"{before:>8} -> {after:<8}  {kind}")
    return 0


def place(name: str) -> Path:
    """The folder with the logs of a run, or of a collection. Raises RunError where there is none."""
    from pipeline.monitor import collecting

    collected = Path(name) if Path(name).is_dir() else collecting.FOLDER / name
    if name != "latest" and collected.is_dir():
        return collected
    folder = runs.find(name).folder / process.FOLDER
    if not folder.is_dir():
        raise RunError(_no_logs(name))
    return folder


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--run", default="latest", metavar="RUN", help="a run's id, its beginning, or latest (the default)"
    )


def _no_logs(name: str) -> str:
    return f"There are no logs of pods of run {name}: it was made with --monitor off, or its site has no Kubernetes."
