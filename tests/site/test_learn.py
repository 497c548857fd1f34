"""The checker of the exercises judges: solutions pass, typical wrong answers do not, and are told what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.site_commands import Site

from pipeline.learn import exercises, reading_check, suite_check
from pipeline.learn.exercises import Exercise, exercise
from pipeline.learn.site import TrainingSite

SUITES = (1, 2, 3, 4)
pytestmark = pytest.mark.nightly


@pytest.fixture
def training(simulated_site: Site) -> TrainingSite:
    state_dir = Path(simulated_site["state_dir"])
    return TrainingSite(state_dir / "site.yaml", state_dir)


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str, str], Exercise]:
    """An exercise whose file holds the solution with this part of it replaced; nothing of it in the checkout."""
    monkeypatch.setattr(exercises, "SANDBOX", tmp_path / "sandbox")
    monkeypatch.setattr(exercises, "RESULTS", tmp_path / "results")

    def write(number: int, part: str = "", other: str = "") -> Exercise:
        one = exercise(number)
        text = one.solution.read_text(encoding="utf-8")
        assert part in text
        one.learners_file.parent.mkdir(parents=True, exist_ok=True)
        one.learners_file.write_text(text.replace(part, other) if part else text, encoding="utf-8")
        return one

    return write


@pytest.mark.parametrize("number", SUITES)
def test_a_solution_passes(number: int, learner: Callable[..., Exercise], training: TrainingSite) -> None:
    one = learner(number)
    assert suite_check.before_running(one) == ""
    assert suite_check.problem(one, training) == ""


WRONG = [
    (1, "    View Should Answer What Was Asked    ${view}\n", "", "Which word compares the answer"),
    (1, "    Every Stream Should Deliver Frames    ${view}    at_least=3\n", "", "Which word waits for the frames"),
    (1, "at_least=3\n", "at_least=3\n    Fail    not ready\n", "On a site without a defect"),
    (2, "channels=-1-50    field=channels.min", "channels=60-1    field=channels", "add a row like channels=-1-50"),
    (2, "height=0    field=displayInfo.height", "channels=7-1    field=channels", "A height of zero is accepted"),
    (3, "    Only Channels Should Have Changed    ${view}\n", "", "nothing but the channels"),
    (
        4,
        "    Historic View Should Be Unavailable    MongoDB\n",
        "",
        "Show, while MongoDB is away, that one is unavailable",
    ),
    (4, "    Views Should Open And Play\n", "", "Historic views stay refused when MongoDB is back"),
]


@pytest.mark.parametrize(("number", "part", "other", "told"), WRONG)
def test_a_wrong_answer_is_told_what_is_missing(
    number: int, part: str, other: str, told: str, learner: Callable[..., Exercise], training: TrainingSite
) -> None:
    one = learner(number, part, other)
    assert suite_check.before_running(one) == ""
    assert told in suite_check.problem(one, training)


def test_a_run_to_read_is_made_and_answers_are_compared_with_it(
    learner: Callable[..., Exercise], training: TrainingSite
) -> None:
    one = learner(5)
    reading_check.make_failed_run(one, training)
    assert reading_check.problem(one) == ""
    assert "stands behind 'is'" in reading_check.problem(learner(5, "seen: 1", "seen: 3"))
    assert "Read the switches" in reading_check.problem(learner(5, "alert-severity-lowered", "alerts-late"))
    one.learners_file.write_bytes(one.start.read_bytes())
    assert "'test' has no answer yet" in reading_check.problem(one)
