"""Which tests a command line selects."""

from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.selection import refuse_operators, select

SUITE = """\
*** Test Cases ***
One
    [Tags]    smoke    PZ-1
    No Operation

Two
    [Tags]    regression    PZ-2
    No Operation
"""


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    folder = tmp_path / "suites"
    folder.mkdir()
    (folder / "a.robot").write_text(SUITE)
    (folder / "b.robot").write_text(SUITE)
    return folder


def test_selected_tests_are_named_below_the_top_suite(suites: Path, tmp_path: Path) -> None:
    chosen = select(["--processes", "2", "--include", "pz-1", str(suites)], tmp_path)
    assert chosen.tests == {"A.One", "B.One"}
    assert chosen.sources == [str(suites)]


def test_without_a_folder_the_whole_of_suites_is_meant(
    suites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.run.selection.SUITES", suites)
    chosen = select(["--include", "smoke"], tmp_path)
    assert chosen.args == ["--include", "smoke", str(suites)]
    assert chosen.tests == {"A.One", "B.One"}


@pytest.mark.parametrize("options", [["--shard", "1/2"], ["--argumentfile1", "a.txt", "--argumentfile2", "b.txt"]])
def test_a_selection_that_only_pabot_knows_is_not_guessed(suites: Path, tmp_path: Path, options: list[str]) -> None:
    assert select([*options, str(suites)], tmp_path).tests is None


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nosuch"], "File or directory to execute does not exist"),
        (["--nosuch"], "--nosuch not recognized"),
        (["--processes", "many"], "Invalid value for --processes"),
        (["--outputdir", "x"], "leave --outputdir out"),
        (["--include", "requires:MONITOR"], "write it in lower case"),
    ],
)
def test_what_cannot_be_run_is_told_in_one_sentence(tmp_path: Path, args: list[str], said: str) -> None:
    with pytest.raises(RunError, match=said) as error:
        select(args, tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("pattern", ["requires:MONITOR", "PZ-NEW-ORDER", "PANDA-1", "NOTIFY-7", "smokeANDcritical"])
def test_an_operator_inside_a_word_is_refused(pattern: str) -> None:
    with pytest.raises(RunError, match=pattern.lower()):
        refuse_operators([pattern])


@pytest.mark.parametrize("pattern", ["requires:monitor", "smoke AND critical", "PZ-13784", "pz-* NOT slow", "NOT slow"])
def test_other_patterns_are_left_alone(pattern: str) -> None:
    refuse_operators([pattern])


def test_the_last_site_that_a_variable_chooses_counts(suites: Path, tmp_path: Path) -> None:
    (tmp_path / "options").write_text("--variable SITE:one\n", encoding="utf-8")
    asked = ["--argumentfile", str(tmp_path / "options"), "-v", "Site:two:three", "-v", "SITES:x", str(suites)]
    assert select(asked, tmp_path).site == "two:three"
    assert select([str(suites)], tmp_path).site is None
