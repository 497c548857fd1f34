"""Which tests a command line selects."""

from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.chosen import ChosenTest
from pipeline.run.selection import Selection, refuse_operators, select

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


def names(chosen: Selection) -> list[str]:
    return [test.full_name for test in chosen.tests]


def test_selected_tests_are_named_below_the_top_suite(suites: Path, tmp_path: Path) -> None:
    chosen = select(["--processes", "2", "--include", "pz-1", str(suites)], tmp_path)
    assert names(chosen) == ["A.One", "B.One"]
    assert chosen.sources == [str(suites)]
    assert chosen.how == "2 of 4 tests, by --include pz-1"


def test_a_test_is_known_by_its_file_and_line(suites: Path, tmp_path: Path) -> None:
    (one,) = select(["--test", "Suites.A.Two", str(suites)], tmp_path).tests
    assert one == ChosenTest(str(suites / "a.robot"), 6, "Two", "A.Two")


def test_a_tier_and_tags_mean_both(suites: Path, tmp_path: Path) -> None:
    args = ["--exclude", "NOT smoke", "--include", "pz-1", "--include", "pz-2", str(suites)]
    assert names(select(args, tmp_path)) == ["A.One", "B.One"]


def test_the_callers_own_modifiers_are_heard(suites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "first_only.py").write_text(
        "class first_only:\n    def visit_suite(self, suite):\n        suite.suites = suite.suites[:1]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert names(select(["--prerunmodifier", "first_only", str(suites)], tmp_path)) == ["A.One", "A.Two"]


def test_without_a_folder_the_whole_of_suites_is_meant(
    suites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.run.selection.SUITES", suites)
    chosen = select(["--include", "smoke"], tmp_path)
    assert chosen.args == ["--include", "smoke", str(suites)]
    assert names(chosen) == ["A.One", "B.One"]


@pytest.mark.parametrize("options", [["--shard", "1/2"], ["--argumentfile1", "a.txt", "--argumentfile2", "b.txt"]])
def test_a_selection_that_only_pabot_knows_is_not_counted(suites: Path, tmp_path: Path, options: list[str]) -> None:
    assert not select([*options, str(suites)], tmp_path).countable
    assert select([str(suites)], tmp_path).countable


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["nosuch"], "File or directory to execute does not exist"),
        (["--nosuch"], "--nosuch not recognized"),
        (["--processes", "many"], "Invalid value for --processes"),
        (["--outputdir", "x"], "leave --outputdir out"),
        (["--include", "requires:MONITOR"], "write it in lower case"),
    ],
)
def test_what_cannot_be_run_is_reported_in_one_sentence(tmp_path: Path, args: list[str], sentence: str) -> None:
    with pytest.raises(RunError, match=sentence) as error:
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
