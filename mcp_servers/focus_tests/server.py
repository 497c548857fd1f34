"""The server `focus-tests`: its tools, prompts and resources."""

from __future__ import annotations

from mcp_servers.base.toolbox import Toolbox
from mcp_servers.focus_tests import (
    checking,
    dry_run,
    failures,
    prompts,
    refusals,
    resources,
    running,
    runs,
    sandbox,
    suites,
    words,
)

INSTRUCTIONS = (
    "Acceptance tests of the Focus site in Robot Framework. To write a test: find_keywords, keyword, check_test, then "
    "save_test. To read a failure: runs, failures, failure."
)


def toolbox() -> Toolbox:
    """The server. Words and suites are read while a client connects, which takes seconds."""
    tools = Toolbox("focus-tests", INSTRUCTIONS)
    for read in (
        words.find_keywords,
        words.keyword,
        suites.find_tests,
        checking.check_test,
        runs.runs,
        runs.failures,
        runs.compare,
        failures.failure,
        failures.picture,
        failures.draft_bug,
    ):
        tools.reads(read)
    tools.writes(sandbox.plan)(sandbox.save_test)
    tools.writes(running.plan)(running.run_tests)
    prompts.register(tools.server)
    resources.register(tools.server)
    tools.preparations += [words.prepare, refusals.allowed_keywords, suites.index, dry_run.prepare]
    return tools
