"""Exactly the chosen tests, whatever their names hold."""

from pathlib import Path

from pipeline.run import chosen
from pipeline.run.selection import select

SUITE = """\
*** Test Cases ***
Plain
    No Operation

Plain [2] * ? \\\\ "a" it's AND more
    No Operation

Some Name
    No Operation
"""


def test_names_are_no_patterns_and_lines_may_move(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.robot").write_text(SUITE)
    everything = select([str(tmp_path)], tmp_path).tests
    wanted = [everything[1], everything[5]]
    (tmp_path / "a.robot").write_text(SUITE.replace("***\nPlain\n", "***\n\n\nPlain\n"))
    options = chosen.write(wanted, tmp_path / "chosen.json")
    found = select([*options, "--name", "Another Top", str(tmp_path)], tmp_path).tests
    assert [(test.source, test.name) for test in found] == [(test.source, test.name) for test in wanted]


def test_what_is_named_first_runs_first(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.robot").write_text(SUITE)
    everything = select([str(tmp_path)], tmp_path).tests
    options = chosen.write([everything[5], everything[3], everything[0]], tmp_path / "chosen.json")
    found = select([*options, str(tmp_path)], tmp_path).tests
    assert [test.full_name for test in found] == ["B.Some Name", "B.Plain", "A.Plain"]
