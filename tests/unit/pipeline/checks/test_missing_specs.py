"""docs/missing-specs.md: made of data and suites; no test is named that does not exist."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.checks import missing_specs
from pipeline.checks.missing_specs import Rule, SuiteTest, page, sections, suite_tests
from pipeline.errors import RunError

TESTS = [
    SuiteTest("suites/api/a.robot", "Shared One", frozenset({"PZ-1", "smoke"})),
    SuiteTest("suites/api/a.robot", "Shared Two", frozenset({"PZ-1"})),
]


def shown(*named: str) -> str:
    return page({"Answers": [Rule("A rule", "this", "that", "known bug PZ-B001: wrong", named)]}, TESTS)


def test_a_rule_is_shown_with_its_tests() -> None:
    assert "\n".join(
        [
            "## Answers",
            "",
            "### A rule",
            "",
            "- Question: Shall it be so: this?",
            "- Answer: none yet",
            "- Tests assume: this",
            "- Server: that",
            "- State: known bug PZ-B001: wrong",
            "- Tests:",
            "  - Shared One (PZ-1), `suites/api/a.robot`",
            "  - Shared Two (PZ-1), `suites/api/a.robot`",
        ]
    ) in shown("PZ-1")
    assert "Shared One" not in shown("PZ-1 Shared Two")
    assert "- Tests: none yet" in shown()


def test_where_the_server_does_otherwise_both_ways_are_asked_about_and_an_answer_is_shown() -> None:
    rule = Rule("A rule", "this", "that", "open question", (), disputed=True, answer="that, by J. Doe, 2026-11-30")
    text = page({"Answers": [rule]}, TESTS)
    assert "- Question: Which shall hold: (a) this; or (b) that?" in text
    assert "- Answer: that, by J. Doe, 2026-11-30" in text


def test_every_test_that_a_rule_names_exists() -> None:
    all_tests = suite_tests()
    missing = [
        f"{rule.sentence}: {entry}"
        for rules in sections().values()
        for rule in rules
        for entry in rule.tests
        if not any(test.is_named(entry) for test in all_tests)
    ]
    assert missing == []


def test_rules_are_complete_and_hold_nothing_else() -> None:
    content = yaml.safe_load(missing_specs.RULES.read_text(encoding="utf-8"))
    for entry in [entry for entries in content.values() for entry in entries]:
        assert (
            {"rule", "assumed", "server", "tests"}
            <= entry.keys()
            <= {"rule", "assumed", "server", "tests", "site_data", "answer"}
        )
    sentences = [rule.sentence for rules in sections().values() for rule in rules]
    assert len(sentences) == len(set(sentences))


def test_what_a_site_says_is_in_its_file() -> None:
    content = yaml.safe_load(missing_specs.RULES.read_text(encoding="utf-8"))
    for entry in [entry for entries in content.values() for entry in entries if "site_data" in entry]:
        value = yaml.safe_load((missing_specs.ROOT / "variables/sites/staging.yaml").read_text(encoding="utf-8"))
        for name in entry["site_data"].split("."):
            value = value[name]


def test_the_sandbox_is_left_out(tmp_path: Path) -> None:
    for folder in ("sandbox", "api"):
        file = tmp_path / "suites" / folder / "mine.robot"
        file.parent.mkdir(parents=True)
        file.write_text("*** Test Cases ***\nOne\n    [Tags]    PZ-1\n    No Operation\n", encoding="utf-8")
    assert [test.file for test in suite_tests(tmp_path / "suites")] == ["suites/api/mine.robot"]


@pytest.mark.nightly
def test_check_compares_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing_specs, "ROOT", tmp_path)
    monkeypatch.setattr(missing_specs, "PAGE", tmp_path / "page.md")
    with pytest.raises(RunError, match=r"python -m pipeline\.checks\.missing_specs"):
        missing_specs.main(["--check"])
    assert missing_specs.main([]) == 0
    assert missing_specs.main(["--check"]) == 0
    (tmp_path / "page.md").write_text("older", encoding="utf-8")
    with pytest.raises(RunError, match="differs from data and suites"):
        missing_specs.main(["--check"])
    with pytest.raises(RunError, match="no option but --check"):
        missing_specs.main(["--pages"])
