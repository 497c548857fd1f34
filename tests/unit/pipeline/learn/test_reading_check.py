"""What a learner says of a failed run is compared with that run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.learn import exercises, reading_check
from pipeline.learn.exercises import Exercise, exercise
from pipeline.results import stamp
from pipeline.results.model import Attempt, Run, TestResult, Verdict

MESSAGE = "The alert passed the exchange changed:\n- severity is 1 instead of 3"


def result(name: str, attempt: Attempt) -> TestResult:
    return TestResult(name, name, "", "suite.robot", 1, (), "", (), "", (attempt,))


def a_run(*attempts: Attempt) -> Run:
    tests = tuple(result(f"Test {number}", attempt) for number, attempt in enumerate(attempts, 1))
    return Run(stamp.make("run", "learn", "simulated", simulated=True), "", 0.0, tests)


FAILED = Attempt(Verdict.FAILED, message=MESSAGE, reason=MESSAGE.split("\n")[0], keywords=("Outer", "Inner"))


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exercise:
    monkeypatch.setattr(exercises, "SANDBOX", tmp_path)
    monkeypatch.setattr(exercises, "RESULTS", tmp_path)
    monkeypatch.setattr(reading_check.reading, "read_one", lambda _path: a_run(Attempt(Verdict.PASSED), FAILED))
    return exercise(5)


def say(one: Exercise, **changed: object) -> str:
    """The checker's sentence about right answers with these changed."""
    right = {"test": "Test 2", "keyword": "inner", "field": "severity", "seen": 1, "expected": 3}
    given = {**right, "defect": "alert-severity-lowered", **changed}
    one.learners_file.write_text("".join(f"{name}: {value}\n" for name, value in given.items()), encoding="utf-8")
    return reading_check.problem(one)


def test_right_answers_are_all_that_is_asked(learner: Exercise) -> None:
    assert say(learner) == ""


@pytest.mark.parametrize("question", ["test", "keyword", "field", "seen", "expected", "defect"])
def test_a_wrong_answer_is_named_and_told_where_to_look(learner: Exercise, question: str) -> None:
    told = say(learner, **{question: "wrong"})
    assert told.startswith(f"'{question}' is not 'wrong'. {learner.mentions[question]}")
    assert str(learner.results / "log.html") in told


def test_a_question_without_an_answer_is_named(learner: Exercise) -> None:
    learner.begin()
    assert reading_check.problem(learner).startswith("'test' has no answer yet.")


@pytest.mark.parametrize(("text", "told"), [("test: [", "is no YAML"), ("just words\n", "has no answers")])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(learner: Exercise, text: str, told: str) -> None:
    learner.learners_file.write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=told):
        reading_check.problem(learner)


@pytest.mark.parametrize("run", [a_run(FAILED, FAILED), a_run(Attempt(Verdict.FAILED, message="another reason"))])
def test_a_run_that_failed_otherwise_is_refused(run: Run) -> None:
    with pytest.raises(RunError, match="learn 5 --restart"):
        reading_check.right_answers(exercise(5), run)
