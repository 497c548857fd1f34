"""The small files around run.py hold what is true."""

import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from pipeline import command_line
from simulator.__main__ import parser as simulator_parser

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("libraries", "pipeline", "simulator", "strength", "mcp_servers")
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> set[tuple[str, str]]:
    """Name and version of each pin; a package may have several, for different Pythons."""
    return {(canonical(name), version) for name, version in PINNED.findall(text)}


def direct(*extras: str) -> list[str]:
    """What pyproject.toml asks for: what a run needs, and these extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(word for extra in extras for word in project["optional-dependencies"][extra])]


def test_every_direct_requirement_is_pinned() -> None:
    assert [word for word in direct("simulator", "dev") if not pins(word)] == []


def test_the_lock_holds_every_direct_requirement_at_its_version() -> None:
    lock = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert pins("\n".join(direct("simulator", "dev"))) - lock == set()


def test_pip_installs_the_project_and_the_versions_of_the_lock() -> None:
    """requirements.txt is for people, the lock for run.py: both lead to the same packages."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    lock = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert "-e .[simulator]" in text.splitlines()
    assert pins(text) - lock == set()
    assert pins("\n".join(direct("simulator"))) - pins(text) == set()


def test_both_lists_hold_a_package_for_the_same_systems() -> None:
    lock, text = (
        {line.rstrip("\\ ") for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if PINNED.match(line)}
        for name in ("requirements.lock", "requirements.txt")
    )
    assert text - lock == set()


def test_no_package_but_its_own_writes_a_script() -> None:
    """Two packages that write one script leave it to chance whose it is."""
    assert "scripts" not in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_every_package_of_the_lock_has_a_hash() -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    without = [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
    assert without == []


def test_nothing_that_changes_a_result_stands_in_robot_toml() -> None:
    settings = tomllib.loads((ROOT / "robot.toml").read_text(encoding="utf-8"))
    assert set(settings) <= {"paths", "output-dir"}


@pytest.mark.parametrize("name", ["settings.json", "extensions.json", "launch.json"])
def test_the_settings_of_vs_code_can_be_read(name: str) -> None:
    assert json.loads((ROOT / ".vscode" / name).read_text(encoding="utf-8"))


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    calls = re.findall(r"^\"\$python\" (.*)$", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert calls == ["run.py test"]


PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def commands_of(page: Path) -> list[str]:
    """What follows `run.py` wherever a page writes a command; its optional parts are taken as given."""
    written = re.findall(r"python3? run\.py ([^`\n|);]*)", page.read_text(encoding="utf-8"))
    # Two spaces begin a remark beside a command.
    return [re.split(r"\s{2,}", command)[0].translate(str.maketrans("", "", "[]")) for command in written]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_name_only_commands_and_options_that_exist(page: Path) -> None:
    for command in commands_of(page):
        options = command_line.parse(shlex.split(command))
        if options.command == "site":
            simulator_parser().parse_args(options.passed_on)


def test_commands_are_found_in_the_pages() -> None:
    found = {command for page in PAGES for command in commands_of(page)}
    assert {"smoke", "recover --site NAME", "site defect on NAME...", "strength --only mutants"} <= found


def test_pages_and_messages_name_commands_that_run_outside_the_environment() -> None:
    messages = [path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")]
    inside = re.compile(r"(?:^|[`'])python3? -m (?:simulator|pipeline|strength)\b", re.MULTILINE)
    # A docstring, which is for whoever reads the code, writes such a command in backticks.
    naming = [page.name for page in PAGES if inside.search(page.read_text(encoding="utf-8"))]
    naming += [path.name for path in messages if re.search(r"'python3? -m ", path.read_text(encoding="utf-8"))]
    assert naming == []
