"""RIDE's names of settings become the project's again, and nothing else changes."""

from __future__ import annotations

from robot.api.parsing import get_model

from pipeline.checks.setting_names import TestSettingNames

AFTER_RIDE = """\
*** Settings ***
Suite Setup       Open Site    rest
Task Setup        Log    Task Tags
Task Tags         alerts    smoke

*** Test Cases ***
Task Tags
    [Tags]    Task Setup
    Task Setup
"""


def test_settings_of_tasks_are_settings_of_tests() -> None:
    model = get_model(AFTER_RIDE)
    TestSettingNames().visit(model)
    text = "".join(token.value for section in model.sections for token in _tokens(section))
    expected = AFTER_RIDE.replace("Task Setup        Log", "Test Setup        Log")
    assert text == expected.replace("Task Tags         alerts", "Test Tags         alerts")


def _tokens(node: object) -> list[object]:
    if hasattr(node, "tokens"):
        return list(node.tokens)
    header = [node.header] if getattr(node, "header", None) else []
    return [token for child in [*header, *node.body] for token in _tokens(child)]
