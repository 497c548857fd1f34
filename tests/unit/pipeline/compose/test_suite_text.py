"""The text of suites that were composed by doing."""

from pathlib import Path

import pytest
from focus_core.site import secrets

from pipeline.compose import interfaces, suite_text
from pipeline.compose.suite_text import Draft, Step, with_needed_variables
from pipeline.errors import RunError


def cells(*steps: str) -> list[Step]:
    return [Step(step.split("    ")) for step in steps]


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        (
            ["${view} =    Open Live View", "Close View    ${view}"],
            ["${view} =    Open Live View", "Close View    ${view}"],
        ),
        (["${view} =    Open Live View", "Count Recordings"], ["Open Live View", "Count Recordings"]),
        (
            ["${view} =    Open Live View", "Log    ${view.job_id}"],
            ["${view} =    Open Live View", "Log    ${view.job_id}"],
        ),
        (["${a}    ${b} =    Two", "Log    ${b}"], ["${a}    ${b} =    Two", "Log    ${b}"]),
        (["${view} =    Open Live View", "Log    ${viewer}"], ["Open Live View", "Log    ${viewer}"]),
        (["Close View    ${view}"], ["Close View    ${view}"]),
        (["${View} =    Open Live View", "Log    ${VIEW}"], ["${View} =    Open Live View", "Log    ${VIEW}"]),
    ],
)
def test_only_variables_that_are_used_stay(steps: list[str], kept: list[str]) -> None:
    assert ["    ".join(step.cells) for step in with_needed_variables(cells(*steps))] == kept


def test_a_suite_names_what_its_words_need() -> None:
    draft = Draft(
        "Rows", "Rows of the node.", cells("Log Into The Node"), used={"NodeLibrary", "StreamLibrary", "node"}
    )
    text = draft.text()
    assert "Suite Setup    Open Site    rest    grpc    ssh\n" in text
    assert "Resource    focus.resource\nResource    node.resource\n" in text
    assert "raw_requests" not in text
    assert "Test Tags    sandbox\n" in text


def test_words_that_disrupt_make_a_suite_that_runs_alone() -> None:
    text = Draft("Loss", "A loss.", cells("Take Down    mongodb"), used={"DisruptionLibrary"}).text()
    assert "Test Tags    sandbox    disruptive    exclusive\n" in text


def test_a_known_secret_is_not_written() -> None:
    secrets.register("hunter2-and-more")
    assert "hunter2" not in Draft("A", "A.", cells("Log    hunter2-and-more")).text()


def test_a_comment_stands_above_its_step_and_may_stand_alone() -> None:
    text = Draft("A", "A.", [Step(["Log", "1"], "Why."), Step([], "Left out.")]).text()
    assert text.endswith("A\n    # Why.\n    Log    1\n    # Left out.\n")


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite_text, "SANDBOX", tmp_path)
    path, name = suite_text.path_of("my first check")
    assert (path.name, name) == ("my_first_check.robot", "My First Check")
    path.touch()
    with pytest.raises(RunError, match="choose another name"):
        suite_text.path_of("my first check")


def test_a_suite_of_nothing_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="nothing to save"):
        suite_text.write(Draft("A", "A."), tmp_path / "a.robot")


def test_each_library_of_the_table_is_one_of_the_projects() -> None:
    libraries = {path.stem for path in Path(__file__).resolve().parents[4].glob("libraries/*Library.py")}
    assert set(interfaces.BY_LIBRARY) - {"SSHLibrary"} <= libraries
    assert interfaces.DISRUPTIVE in libraries
