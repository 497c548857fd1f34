"""The small files around run.py say what is true."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from pipeline.command_line import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    return {canonical(name): version for name, version in PINNED.findall(text)}


def test_the_lock_holds_every_pinned_requirement() -> None:
    lock = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    wanted: dict[str, str] = {}
    for name in ("requirements.txt", "requirements-simulator.txt", "requirements-dev.txt"):
        wanted |= pins((ROOT / name).read_text(encoding="utf-8"))
    assert wanted
    assert {name: lock.get(name) for name in wanted} == wanted


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


def test_the_workflow_runs_a_tier_that_exists() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "smoke.yml").read_text(encoding="utf-8"))
    # YAML reads the key `on` as true.
    inputs = workflow[True]["workflow_dispatch"]["inputs"]
    assert set(inputs["tier"]["options"]) <= set(COMMANDS)
    steps = workflow["jobs"]["smoke"]["steps"]
    assert [step["run"] for step in steps if "run.py" in step.get("run", "")] == ['python run.py "$TIER"']
    always = [step for step in steps if step.get("if") == "always()"]
    assert len(always) == 2
    assert not any("continue-on-error" in step for step in steps)


def test_pages_name_only_commands_that_exist() -> None:
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        unknown = set(re.findall(r"run\.py ([a-z]+)", text)) - set(COMMANDS)
        assert not unknown, f"{page.name}: {unknown}"
