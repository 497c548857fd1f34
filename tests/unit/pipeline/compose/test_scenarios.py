"""Drafts for scenarios of the catalogue."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline import __main__ as command_line
from pipeline.checks.missing_specs import SuiteTest
from pipeline.compose import scenarios
from pipeline.coverage import catalogue
from pipeline.coverage.catalogue import BUGS
from pipeline.errors import RunError
from pipeline.paths import PYTHON

# Shown by tests; by none, since it belongs to the desktop client.
AUTOMATED, OPEN = "PZ-13784", "PZ-9280"


def test_a_draft_has_title_rules_and_words_that_fit() -> None:
    text = scenarios.draft(AUTOMATED, another=True).text()
    assert "Send ROI Change Command via RabbitMQ" in text
    assert "section 6. RabbitMQ" in text
    assert "    Send ROI Command    ${view}    50-150" in text
    assert f"Test Tags    sandbox    {AUTOMATED}" in text
    assert text.index("Open Live View") < text.index("Send ROI Command    ")


def test_a_draft_does_not_pass_before_it_is_finished() -> None:
    assert scenarios.draft(AUTOMATED, another=True).steps[-1].cells[0] == "Fail"


def test_why_nobody_automated_it_stands_in_the_draft() -> None:
    assert catalogue.not_automated()[OPEN].sentence in scenarios.draft(OPEN.lower()).text()


def test_a_scenario_with_tests_is_not_drafted_but_named() -> None:
    with pytest.raises(RunError, match=r"automated already.*\n  suites/live/commands.robot::A ROI Command Changes"):
        scenarios.draft(AUTOMATED)


def test_tests_that_cover_a_scenario_too_are_its_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios.tags_file, "covers", lambda: {"PZ-1000": ("PZ-2000",)})
    tests = [SuiteTest("suites/a.robot", "A", frozenset({"PZ-1000", "api"}))]
    assert scenarios.tests_of("PZ-2000", tests) == tests


def test_a_key_of_no_scenario_is_refused() -> None:
    bug = next(entry.key for entry in catalogue.entries().values() if entry.area == BUGS)
    for key, words in (("PZ-99999", "no scenario"), ("../x", "no scenario"), (bug, "is a bug")):
        with pytest.raises(RunError, match=words):
            scenarios.draft(key)


@pytest.mark.parametrize(("key", "heading"), [("PZ-13784", "6. RabbitMQ"), ("PZ-13909", "1.3 POST /configure")])
def test_the_section_is_the_one_with_its_rules(key: str, heading: str) -> None:
    assert scenarios.section_of(catalogue.entries()[key]).heading.startswith(heading)


def test_another_needs_a_key() -> None:
    with pytest.raises(RunError, match="--another goes with --from-key"):
        command_line.run(["new", "--another", "mine"])


@pytest.mark.nightly
def test_drafts_of_each_area_run_dry(tmp_path: Path) -> None:
    firsts = {entry.area: entry.key for entry in catalogue.entries().values() if entry.area != BUGS}
    for key in {*firsts.values(), AUTOMATED}:
        path = tmp_path / f"{key.replace('-', '_').lower()}.robot"
        path.write_text(scenarios.draft(key, another=True).text(), encoding="utf-8")
    assert len(list(tmp_path.iterdir())) > len(firsts) - 1 > 10
    robot = [
        PYTHON,
        "-m",
        "robot",
        "--dryrun",
        "--exitonerror",
        "--output",
        "NONE",
        "--log",
        "NONE",
        "--report",
        "NONE",
    ]
    done = subprocess.run([*robot, str(tmp_path)], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
