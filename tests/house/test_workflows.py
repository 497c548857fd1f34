"""The workflows of GitHub: what two linters find, and what the team's Windows runner and its secrets ask of them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import command_line
from pipeline.xray import settings

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
# The first versions whose runtime (Node 24) the runners still have.
FIRST_VERSIONS = {"checkout": 5, "setup-python": 6, "upload-artifact": 6, "download-artifact": 7, "cache": 5}
USES = re.compile(r"uses: actions/([\w-]+)(?:/\w+)?@([0-9a-f]{40}) # v(\d+)\.\d+\.\d+\n")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
# Expressions in commands that nobody outside of this repository can choose.
HARMLESS = {
    "inputs.disruptive && '--yes' || ''": "--yes",
    "needs.tests.result": "success",
    "github.server_url": "https://github.com",
    "github.repository": "owner/name",
    "github.run_id": "7",
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the steps have in variables beside their commands."""
    bound = {name for _, _, step in steps() for name in step.get("env", {})}
    assert {"FOCUS_TIER", "FOCUS_SHARDS", "FOCUS_SHARD", "FOCUS_ATTEMPT"} <= bound
    monkeypatch.setenv("FOCUS_SHARDS", "2")
    monkeypatch.setenv("FOCUS_SHARD", "1")


def workflow(name: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


def triggers(name: str) -> dict[str, Any]:
    found: dict[str, Any] = workflow(name)[True]  # YAML reads the key `on` as true
    return found


def steps() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every step, with its file and its job."""
    jobs = [(path.name, job) for path in FILES for job in workflow(path.name)["jobs"].values()]
    return [(name, job, step) for name, job in jobs for step in job.get("steps", [])]


def commands() -> list[str]:
    """What follows `python run.py` in each step, once for each entry of the job's own matrix."""
    found = []
    for name, job, step in steps():
        if "run" not in step:
            continue
        assert step["run"].startswith("python run.py "), f"{name}: {step['run']}"
        assert len(step["run"].splitlines()) == 1, f"{name}: {step['run']}"
        matrix = job.get("strategy", {}).get("matrix", {})
        entries = matrix["include"] if isinstance(matrix, dict) and matrix else [{}]
        for entry in entries:
            known = HARMLESS | {f"matrix.{key}": str(value) for key, value in entry.items()}
            names = [name.strip() for name in EXPRESSION.findall(step["run"])]
            if f"matrix.{step.get('if', '').removeprefix('matrix.')}" in names and step["if"] not in known:
                continue  # this step is left out for this entry
            text = EXPRESSION.sub("{}", step["run"]).format(*(known[name] for name in names))
            found.append(text.removeprefix("python run.py "))
    return found


def jactionlint(folder: Path) -> subprocess.CompletedProcess[str]:
    # Without the two checkers of scripts: there are none to check.
    return lint("jactionlint", "--shellcheck=", "--pyflakes=", *paths(folder))


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    return lint("zizmor", "--offline", "--config", str(ROOT / ".github" / "zizmor.yml"), *paths(folder))


def paths(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.glob("*.yml"))


def lint(program: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / program), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("linter", [jactionlint, zizmor])
def test_linters_find_nothing(linter: Any) -> None:
    done = linter(FOLDER)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("linter", [jactionlint, zizmor])
def test_linters_find_an_action_that_is_not_pinned_and_a_form_that_reaches_a_command(
    linter: Any, tmp_path: Path
) -> None:
    for path in FILES:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    spoilt = (tmp_path / "checks.yml").read_text(encoding="utf-8")
    spoilt = re.sub(r"actions/checkout@\w+ # v\S+", "actions/checkout@v6", spoilt)
    spoilt = spoilt.replace("run.py test", "run.py test ${{ github.event.pull_request.title }}")
    (tmp_path / "checks.yml").write_text(spoilt, encoding="utf-8")
    done = linter(tmp_path)
    assert done.returncode != 0
    assert "unpinned" in done.stdout + done.stderr
    assert "pull_request.title" in done.stdout + done.stderr


def test_actions_are_pinned_to_commits_of_versions_whose_runtime_still_exists() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        used = USES.findall(text)
        assert len(used) == len(re.findall(r"uses: (?!\./)", text)), path.name
        assert [name for name, _, major in used if int(major) < FIRST_VERSIONS[name]] == [], path.name


def test_an_action_has_one_pin_in_all_workflows() -> None:
    pins = {found for path in FILES for found in USES.findall(path.read_text(encoding="utf-8"))}
    assert sorted(name for name, _, _ in pins) == sorted(FIRST_VERSIONS)


@pytest.mark.usefixtures("asked")
def test_every_step_is_a_command_of_run_py_that_exists() -> None:
    """The Windows runner has no bash, and PowerShell reads variables in another way."""
    found = commands()
    assert {"ci plan", "ci run --yes", "ci collect", "ci gate", "recover", "sweep", "test"} <= set(found)
    for command in found:
        options = command_line.parse(shlex.split(command))
        assert options.command == "site" or not [word for word in getattr(options, "passed_on", []) if word == ""]


def test_no_workflow_chooses_a_shell_or_hides_a_failure() -> None:
    keys = {key for _, job, step in steps() for key in (*job, *step)}
    assert not keys & {"shell", "defaults", "continue-on-error"}


def test_a_pull_request_first_gets_the_tests_that_find_most_in_a_minute() -> None:
    jobs = workflow("smoke.yml")["jobs"]
    assert "pull_request" in triggers("smoke.yml")
    assert jobs["smoke"]["needs"] == "quick"
    assert "python run.py quick --stop-on-critical" in [step.get("run") for step in jobs["quick"]["steps"]]
    assert jobs["quick"]["env"]["FOCUS_SINCE"] == "${{ github.event.pull_request.base.sha }}"


def test_what_a_stopped_shard_left_is_undone_and_delivered_in_any_case() -> None:
    job = workflow("tests.yml")["jobs"]["shard"]
    always = [
        step.get("run") or step["uses"].partition("@")[0] for step in job["steps"] if step.get("if") == "always()"
    ]
    assert always == ["python run.py recover", "python run.py sweep", "actions/upload-artifact"]
    assert workflow("tests.yml")["jobs"]["last"]["steps"] == job["steps"]


def test_forms_offer_the_sites_and_tiers_that_exist() -> None:
    inputs = triggers("manual.yml")["workflow_dispatch"]["inputs"]
    sites = {path.stem for path in (ROOT / "variables" / "sites").glob("*.yaml")}
    assert set(inputs["site"]["options"]) == sites
    assert set(inputs["tier"]["options"]) - {""} <= set(command_line.COMMANDS)


def test_plan_and_execution_of_xray_can_be_chosen_by_hand() -> None:
    collected = next(step for _, _, step in steps() if step.get("run") == "python run.py ci collect")
    for name, variable in settings.ASKED.items():
        asked = f"xray_{name}"
        assert asked in triggers("manual.yml")["workflow_dispatch"]["inputs"]
        assert workflow("manual.yml")["jobs"]["tests"]["with"][asked] == f"${{{{ inputs.{asked} }}}}"
        assert collected["env"][variable] == f"${{{{ inputs.{asked} }}}}"


def test_all_workflows_with_tests_lead_to_one() -> None:
    called = {path.name for path in FILES if "uses: ./.github/workflows/tests.yml" in path.read_text(encoding="utf-8")}
    assert called == {"smoke.yml", "regression.yml", "nightly.yml", "manual.yml", "product.yml"}
    inputs = triggers("tests.yml")["workflow_call"]["inputs"]
    for name in called:
        for job in workflow(name)["jobs"].values():
            assert set(job.get("with", {})) <= set(inputs), name


def test_a_change_from_outside_reaches_neither_a_real_site_nor_a_secret() -> None:
    for path in FILES:
        if "pull_request" in triggers(path.name):
            text = path.read_text(encoding="utf-8")
            assert "secrets" not in text, path.name
            assert "site:" not in text, path.name


def test_secrets_are_those_that_the_site_files_name() -> None:
    sites = [path.read_text(encoding="utf-8") for path in (ROOT / "variables" / "sites").glob("*.yaml")]
    named = {name for text in sites for name in re.findall(r"\{env: (\w+)\}", text)}
    bound = workflow("tests.yml")["jobs"]["shard"]["env"]
    assert {name for name, value in bound.items() if value == f"${{{{ secrets.{name} }}}}"} == named
    declared = set(triggers("tests.yml")["workflow_call"]["secrets"])
    assert {name for name in declared if not name.startswith(("FOCUS_NOTIFY_", "XRAY_"))} == named


def test_a_real_site_has_one_run_at_a_time() -> None:
    found = workflow("tests.yml")["concurrency"]
    assert found["group"].endswith("|| inputs.site }}")
    assert "inputs.site == 'simulated' &&" in found["cancel-in-progress"]
