"""Judges a learner's suite: right on a whole site, and red as soon as the site is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from robot.api import TestSuite
from robot.errors import DataError
from robot.running import Keyword

from pipeline import console
from pipeline.errors import RunError
from pipeline.learn.exercises import Exercise
from pipeline.learn.site import TrainingSite
from pipeline.results.model import Run, Verdict

# How Robot numbers the failures of a template's rows.
_ROW = re.compile(r"^\d+\) ", re.MULTILINE)


def problem(exercise: Exercise, site: TrainingSite) -> str:
    """What runs show to be wrong with a learner's suite, in a sentence or two; empty when nothing is. Raises RunError.

    ``before_running`` has found nothing.
    """
    console.say("  on a site without a defect ...")
    whole = site.run(exercise.learners_file, exercise.results / "whole")
    unfit = on_a_whole_site(whole)
    if unfit:
        return f"{unfit}\nIts log: {exercise.results / 'whole' / 'log.html'}"
    for defect, thought in exercise.defects.items():
        console.say(f"  with the defect {defect} on ...")
        with site.with_defect(defect):
            wrong = site.run(exercise.learners_file, exercise.results / defect)
        if not wrong.failed:
            return f"With the defect {defect} on every test still passes. {thought}"
    return ""


def before_running(exercise: Exercise) -> str:
    """What can be seen in the file already. Raises RunError where Robot cannot read it."""
    text = exercise.learners_file.read_text(encoding="utf-8")
    if text.split() == exercise.start.read_text(encoding="utf-8").split():
        return "It is still the file that you began with: do the task in it, then check again."
    calls = list(calls_of(exercise.learners_file))
    if not calls:
        return "No test in it calls a keyword: write the steps of the test, four spaces before each."
    written = [argument for call in calls for argument in call]
    for value, repair in exercise.mentions.items():
        if not any(value in argument for argument in written):
            return repair
    if len(rows_of(exercise.learners_file)) < exercise.rows:
        return f"The table has {len(rows_of(exercise.learners_file))} rows, the task asks for {exercise.rows}."
    return ""


def calls_of(file: Path) -> Iterator[list[str]]:
    """Name and arguments of every keyword that the tests call, setups and teardowns of the suite aside."""
    try:
        suite = TestSuite.from_file_system(file)
    except DataError as error:
        raise RunError(f"Robot cannot read {file.name}: {error}") from None
    for test in suite.all_tests:
        for step in test.body:
            if isinstance(step, Keyword):
                yield [step.name or "", *map(str, step.args)]


def rows_of(file: Path) -> list[list[str]]:
    """The rows of the tests that have a template: no two alike."""
    suite = TestSuite.from_file_system(file)
    rows = [[str(one) for one in step.args] for test in suite.all_tests if test.template for step in test.body]
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def on_a_whole_site(run: Run) -> str:
    if run.errors:
        return f"Robot could not read all of it: {run.errors[0]}"
    bad = [test for test in run.tests if test.verdict != Verdict.PASSED]
    if not bad:
        return ""
    verdict = "fails" if bad[0].verdict == Verdict.FAILED else f"is {bad[0].verdict}"
    rows = len(_ROW.findall(bad[0].message))
    others = f" (the first of {rows} rows that fail)" if rows > 1 else ""
    return f"On a site without a defect '{bad[0].name}' {verdict}: {bad[0].reason or bad[0].message}{others}"
