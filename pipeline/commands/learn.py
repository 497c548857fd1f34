"""`run.py learn [NUMBER]`: the exercises. The first call of one gives the file to work in, each other one checks it."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.learn import reading_check, suite_check
from pipeline.learn.exercises import Exercise, all_exercises, exercise
from pipeline.learn.site import training_site
from pipeline.paths import ROOT


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", nargs="?", type=command_line.count, metavar="NUMBER", help="which exercise")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--hint", action="store_true", help="show the hints, the first one first")
    way.add_argument("--solution", action="store_true", help="show the solution")
    way.add_argument("--restart", action="store_true", help="begin it again; your file is kept beside the new one")
    parser.epilog = "The check runs your tests on a simulated site of its own, which ends by itself after ten minutes."


def main(options: argparse.Namespace) -> int:
    if options.number is None:
        if options.hint or options.solution or options.restart:
            raise RunError("Which exercise? Give its number: python run.py learn 1 --hint.")
        return show_all()
    chosen = exercise(options.number)
    if options.hint:
        console.say("\n".join(f"{at}. {hint}" for at, hint in enumerate(chosen.hints, 1)))
        return 0
    if options.solution:
        console.say(chosen.solution.read_text(encoding="utf-8"))
        return 0
    if options.restart or not chosen.learners_file.exists():
        return begin(chosen, again=options.restart)
    return check(chosen)


def show_all() -> int:
    for one in all_exercises():
        console.say(f"{one.number}  {one.title:<28} {state(one)}")
    console.say(
        f"begin one: python run.py learn 1; the texts: {shown(all_exercises()[0].text.parents[1] / 'README.md')}"
    )
    return 0


def state(one: Exercise) -> str:
    if one.passed.exists():
        return f"passed {datetime.fromtimestamp(one.passed.stat().st_mtime):%d.%m.%Y}"
    return f"begun: {shown(one.learners_file)}" if one.learners_file.exists() else "not begun"


def begin(one: Exercise, *, again: bool) -> int:
    if one.kind == "answers":
        reading_check.make_failed_run(one, training_site())
    one.begin(again=again)
    console.say(f"Exercise {one.number}: {one.title}\n\n{one.task}\n")
    if one.kind == "answers":
        console.say(f"the log to read: {one.results / 'log.html'}")
    console.say(f"your file:       {shown(one.learners_file)}\nthe whole text:  {shown(one.text)}")
    if one.kind == "suite":
        console.say(f"try it:          python run.py try {shown(one.learners_file)}")
    console.say(
        f"check it:        python run.py learn {one.number}\nhints:           python run.py learn {one.number} --hint"
    )
    return 0


def check(one: Exercise) -> int:
    """Exit code 0 when it is done, 1 when something is missing."""
    console.say(f"checking {shown(one.learners_file)}")
    found = reading_check.problem(one) if one.kind == "answers" else suite_problem(one)
    if found:
        console.say(f"not yet: {found}\nhints: python run.py learn {one.number} --hint")
        one.passed.unlink(missing_ok=True)
        return 1
    one.results.mkdir(parents=True, exist_ok=True)
    one.passed.touch()
    rest = [other for other in all_exercises() if not other.passed.exists()]
    on = f"Next: python run.py learn {rest[0].number}" if rest else "These were all exercises: docs/recipes is next."
    console.say(f"Exercise {one.number} is done. {on}")
    return 0


def suite_problem(one: Exercise) -> str:
    """What can be seen in the file needs no site."""
    return suite_check.before_running(one) or suite_check.problem(one, training_site())


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
