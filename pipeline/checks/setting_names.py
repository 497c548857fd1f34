"""What `robocop format` repairs beside its own rules: RIDE 2.2 saves `Test Tags` as `Task Tags`, and so on."""

from __future__ import annotations

from typing import Any

from robot.api.parsing import ModelTransformer, Token

TEST_SETTINGS = {Token.TEST_SETUP, Token.TEST_TEARDOWN, Token.TEST_TEMPLATE, Token.TEST_TIMEOUT, Token.TEST_TAGS}


class TestSettingNames(ModelTransformer):  # type: ignore[misc] # Robot's class is not typed
    """In a file of tests `Task Setup`, `Task Tags` and their like are called `Test Setup`, `Test Tags`, ..."""

    __test__ = False

    def visit_Statement(self, node: Any) -> Any:  # noqa: N802 - the name that Robot calls
        if node.type in TEST_SETTINGS:
            name = node.get_token(node.type)
            name.value = name.value.replace("Task ", "Test ")
        return node
