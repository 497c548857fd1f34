"""The exercise in which the learner reads a failure: a run with a defect on, and what the learner says of it."""

from __future__ import annotations

import re
from typing import Any

import yaml

from pipeline import console
from pipeline.errors import RunError
from pipeline.learn.exercises import FOLDER, Exercise
from pipeline.learn.site import TrainingSite
from pipeline.results import reading
from pipeline.results.model import Run, TestResult, Verdict
from pipeline.results.output_xml import ResultsError

# As the checks of messages word a difference.
DIFFERENCE = re.compile(r"- (?P<field>\w+) is (?P<seen>\S+) instead of (?P<expected>\S+)")
_AGAIN = "'python run.py learn 5 --restart' makes it again"


def make_failed_run(exercise: Exercise, site: TrainingSite) -> None:
    """Run the exercise's suite with its defect on. Raises RunError where not exactly one test failed."""
    (defect,) = exercise.defects
    console.say("making a run that fails ...")
    with site.with_defect(defect):
        run = site.run(FOLDER / exercise.folder / "suite.robot", exercise.results)
    right_answers(exercise, run)


def problem(exercise: Exercise) -> str:
    """What is still wrong with the learner's answers, in a sentence; empty when nothing is. Raises RunError."""
    try:
        run = reading.read_one(exercise.results / "output.xml")
    except ResultsError:
        raise RunError(f"The run to read is gone: {_AGAIN}.") from None
    given = answers(exercise)
    for question, right in right_answers(exercise, run).items():
        answer = given.get(question, "")
        if answer.casefold() != right.casefold():
            wrong = f"is not '{answer}'" if answer else "has no answer yet"
            return f"'{question}' {wrong}. {exercise.mentions[question]}\nThe log: {exercise.results / 'log.html'}"
    return ""


def answers(exercise: Exercise) -> dict[str, str]:
    """What the learner wrote, each a text in one line. Raises RunError where YAML cannot read it."""
    file = exercise.learners_file
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        place = str(error).split("\n")[-1].strip()
        raise RunError(f"{file.name} is no YAML ({place}): write each answer behind its colon and a blank.") from None
    if not isinstance(content, dict):
        raise RunError(f"{file.name} has no answers: write each behind its colon, or begin again with --restart.")
    return {str(name): "" if value is None else " ".join(str(value).split()) for name, value in content.items()}


def right_answers(exercise: Exercise, run: Run) -> dict[str, str]:
    """By question. Raises RunError where the run did not fail as it should."""
    test = failure(run)
    found = DIFFERENCE.search(test.message)
    if not found or not test.keywords:
        raise RunError(f"The run to read failed in another way than it should ({test.reason}): {_AGAIN}.")
    (defect,) = exercise.defects
    return {"test": test.name, "keyword": test.keywords[-1], **found.groupdict(), "defect": defect}


def failure(run: Run) -> TestResult:
    """The one test that failed. Raises RunError where there is another number of them."""
    failed = run.of(Verdict.FAILED)
    if len(failed) != 1:
        raise RunError(f"{len(failed)} tests of the run to read failed instead of one: {_AGAIN}.")
    return failed[0]
