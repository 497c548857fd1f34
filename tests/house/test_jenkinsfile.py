"""The Jenkinsfile, which nothing here can run: its blocks, its sections, and the commands that it starts."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from pipeline import command_line

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Jenkinsfile").read_text(encoding="utf-8")
STRING = re.compile(r"'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
COMMENT = re.compile(r"//[^\n]*")
# What Jenkins knows before a brace: sections of a declarative pipeline, steps with a body, and words of Groovy.
SECTIONS = {
    "pipeline",
    "options",
    "parameters",
    "environment",
    "stages",
    "stage",
    "agent",
    "steps",
    "post",
    "always",
    "when",
}
STEPS = {"script", "node", "dir", "withCredentials", "catchError"}
GROOVY = {"if", "else", "for", "try", "finally", "collect"}
ARGUMENTS = {"${shard.number}": "1", "${params.DISRUPTIVE ? '--yes' : ''}": "--yes"}


def code(text: str) -> str:
    """The text without comments; every string is empty. A comment's sign within a string is none."""
    pieces = re.split(f"({STRING.pattern}|{COMMENT.pattern})", text, flags=re.DOTALL)
    return "".join(
        "''" if piece[:1] in "'\"" and piece else "" if piece.startswith("//") else piece for piece in pieces
    )


def own_functions(text: str) -> set[str]:
    return set(re.findall(r"^def (\w+)\(", text, re.MULTILINE))


def problems(text: str) -> list[str]:
    """Unbalanced brackets, and blocks whose name Jenkins does not know."""
    found, stack = [], []
    pairs = {")": "(", "]": "[", "}": "{"}
    for line, content in enumerate(code(text).splitlines(), 1):
        for sign in content:
            if sign in pairs.values():
                stack.append((sign, line))
            elif sign in pairs and (not stack or stack.pop()[0] != pairs[sign]):
                found.append(f"line {line}: {sign} closes nothing")
    found += [f"line {line}: {sign} is not closed" for sign, line in stack]
    known = SECTIONS | STEPS | GROOVY | own_functions(text)
    blocks = re.findall(r"(\w+) *(?:\((?:[^()]|\([^()]*\))*\))? *\{", code(text))
    return found + [f"there is no block '{name}'" for name in blocks if name not in known]


def commands() -> list[str]:
    found = [double or single for double, single in re.findall(r"runPy (?:\"([^\"]*)\"|'([^']*)')", TEXT)]
    for written, value in ARGUMENTS.items():
        found = [command.replace(written, value) for command in found]
    return found


def test_its_blocks_are_known_and_closed() -> None:
    assert problems(TEXT) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("post {", "postt {"), ("steps {", "steps"), ("runPy 'ci plan'", "runPy('ci plan'"), ("script {", "scrpt {")],
)
def test_a_slip_is_found(right: str, wrong: str) -> None:
    assert right in TEXT
    assert problems(TEXT.replace(right, wrong, 1)) != []


def test_it_has_what_a_declarative_pipeline_needs() -> None:
    shape = code(TEXT)
    for section in ("pipeline {", "agent none", "options {", "parameters {", "stages {", "\n    environment {"):
        assert shape.count(section) == 1, section
    stages = re.findall(r"stage\('(\w+)'\)", TEXT)
    assert stages == ["Quick", "Plan", "Shards", "Alone", "Verdict"]
    assert shape.count("steps {") == len(stages)


def test_every_command_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'FOCUS_SHARDS = "${params.SHARDS}"' in TEXT
    monkeypatch.setenv("FOCUS_SHARDS", "2")
    found = commands()
    assert found == [
        *("ci run --shard 1 --yes", "recover", "sweep", "site down"),
        *("quick --stop-on-critical", "site down", "ci plan", "ci collect", "ci gate"),
    ]
    for command in found:
        command_line.parse(shlex.split(command))


def test_every_command_runs_on_both_kinds_of_agents() -> None:
    """`sh` and `bat` stand side by side in one function, which all stages use."""
    assert re.findall(r"^ *(sh|bat) \"(\w+) run\.py \$\{words\}\"$", TEXT, re.MULTILINE) == [
        ("sh", "python3"),
        ("bat", "py"),
    ]
    assert len(re.findall(r"\b(?:sh|bat|powershell|pwsh)\b *[\"'(]", TEXT)) == 2


def test_a_change_first_gets_the_tests_that_find_most_in_a_minute() -> None:
    stage = TEXT[TEXT.index("stage('Quick')") : TEXT.index("stage('Plan')")]
    assert "when { changeRequest() }" in stage
    assert 'FOCUS_SINCE = "origin/${env.CHANGE_TARGET}"' in stage


def test_no_parameter_stands_in_a_command() -> None:
    """What people type comes as a variable; the box DISRUPTIVE is either true or false."""
    written = re.findall(r"runPy (\"[^\"]*\"|'[^']*')", TEXT)
    assert {name for text in written for name in re.findall(r"params\.(\w+)", text)} == {"DISRUPTIVE"}


def test_the_form_is_that_of_github() -> None:
    form = yaml.safe_load((ROOT / ".github/workflows/manual.yml").read_text(encoding="utf-8"))[True][
        "workflow_dispatch"
    ]
    for name in ("site", "tier"):
        choices = re.search(rf"name: '{name.upper()}', choices: \[(.*?)\]", TEXT)
        assert choices
        assert set(re.findall(r"'(\w*)'", choices[1])) == set(form["inputs"][name]["options"])
    names = {name.lower() for name in re.findall(r"(?:choice|string|booleanParam)\(name: '(\w+)'", TEXT)}
    assert names == {name for name in form["inputs"] if not name.startswith("xray")}


def test_secrets_are_those_that_the_site_files_name() -> None:
    kinds = re.search(r"names \+= \[(.*?)\]", TEXT)
    assert kinds
    built = {
        f"{site}_{kind}_PASSWORD" for site in ("STAGING", "PRODUCTION") for kind in re.findall(r"'(\w+)'", kinds[1])
    }
    sites = [path.read_text(encoding="utf-8") for path in (ROOT / "variables" / "sites").glob("*.yaml")]
    assert built == {name for text in sites for name in re.findall(r"\{env: (\w+)\}", text)}


def test_the_gate_decides_and_not_a_percentage() -> None:
    assert "goOn { runPy 'ci gate' }" in TEXT
    assert "unstableThreshold: 0.0" in TEXT
