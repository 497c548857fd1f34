"""What the programs that run.py starts get of a caller's environment: the table of docs/environment.md."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import surroundings

ROOT = Path(__file__).resolve().parents[3]
VALUE = "/of the caller"
SHOW = "import json, os; from pipeline import environment; print(json.dumps(environment.child_environment()))"


def table() -> list[tuple[str, str]]:
    """Variable and decision, row by row."""
    text = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    return [(name, decision.strip()) for names, decision in rows for name in re.findall(r"`([A-Z_0-9]+)`", names)]


def test_every_variable_arrives_as_the_table_says() -> None:
    decisions = dict(table())
    assert len(decisions) == len(table())
    assert set(decisions.values()) == {"ours first", "ours", "passed on", "left out", "refused"}
    given = {name: VALUE for name, decision in decisions.items() if decision != "refused"}
    # What the Python that asks needs itself.
    here = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "1"}
    keep = {name: value for name, value in given.items() if name not in READ_AT_START}
    asked = "import os; os.environ |= " + repr(dict.fromkeys(READ_AT_START, VALUE)) + "\n" + SHOW
    done = subprocess.run([sys.executable, "-c", asked], env=keep | here, cwd=ROOT, capture_output=True, check=True)
    child = json.loads(done.stdout)
    arrived = {name: _arrived(name, child.get(name), (given | here)[name]) for name in given}
    assert arrived == {name: decision for name, decision in decisions.items() if decision != "refused"}


# They would keep Python itself from starting, or end it at a prompt.
READ_AT_START = {name for name, _ in table() if name.startswith(("PYTHON", "LD_", "DYLD_"))} - {"PYTHONHASHSEED"}


def _arrived(name: str, value: str | None, given: str) -> str:
    if value is None:
        return "left out"
    if value == given:
        return "passed on"
    if value.endswith(os.pathsep + given) and name != "PATH":
        return "ours first"
    return "ours"


@pytest.mark.parametrize("name", [name for name, decision in table() if decision == "refused"])
def test_a_refused_variable_is_named_with_what_to_do(name: str) -> None:
    sentence = surroundings.refused({name: "--dryrun"})
    assert sentence.startswith(f"{name} is set, ")
    assert sentence.endswith("unset it and give its options to run.py.")
    assert surroundings.refused({name: " "}) == surroundings.refused({}) == ""


def test_every_decision_in_the_code_stands_in_the_table() -> None:
    named = {name for name, _ in table()}
    code = {*surroundings.PYTHON_KEPT, *surroundings.INSTALLER, *surroundings.INSTALLER_OURS, *surroundings.CHECKS}
    assert code | set(surroundings.REFUSED) <= named


def test_what_python_reads_is_left_out_also_when_no_table_names_it(tmp_path: Path) -> None:
    child = surroundings.for_children({"PYTHONNEXTYEAR": "1", "PYTHON_COLORS": "0"}, tmp_path, tmp_path, [])
    assert "PYTHONNEXTYEAR" not in child
    assert child["PYTHON_COLORS"] == "0"


def test_installers_do_not_see_what_lies_on_pythonpath(tmp_path: Path) -> None:
    child = surroundings.for_children({"PYTHONPATH": "/x"}, tmp_path, tmp_path, [])
    assert "PYTHONPATH" in child
    assert "PYTHONPATH" not in surroundings.for_installers(child)


@pytest.mark.parametrize("name", ["pipeline", "simulator", "yaml", "focus_core", "SiteLibrary", "robot"])
@pytest.mark.parametrize("as_package", [True, False])
def test_a_module_of_the_callers_named_as_ours_is_reported(tmp_path: Path, name: str, as_package: bool) -> None:
    theirs = tmp_path / name / "__init__.py" if as_package else tmp_path / f"{name}.py"
    theirs.parent.mkdir(exist_ok=True)
    theirs.touch()
    ours = [ROOT, ROOT / "libraries"]
    assert f"'{name}' ({tmp_path})" in surroundings.clash({"PYTHONPATH": f"{tmp_path}"}, Path(sys.prefix), ours)


def test_own_libraries_and_our_own_folders_are_no_clash(tmp_path: Path) -> None:
    (tmp_path / "OwnLibrary.py").touch()
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "yaml.txt").touch()
    entries = [str(tmp_path), str(ROOT), str(ROOT / "libraries"), "/nowhere", "", str(tmp_path / "yaml.txt")]
    environ = {"PYTHONPATH": os.pathsep.join(entries)}
    assert surroundings.clash(environ, Path(sys.prefix), [ROOT, ROOT / "libraries"]) == ""
