"""A quick run of suites that need no site: the chosen tests run in few processes, the verdict is that of any run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.checkout import Checkout, folder_of

from pipeline.results import run_json
from pipeline.results.model import Verdict

SUITE = """\
*** Settings ***
Library    SiteLibrary

*** Test Cases ***
Test Of {name}
    [Tags]    {tags}
    {step}

Long Test Of {name}
    [Tags]    slow
    Fail    a quick run has no time for this
"""


@pytest.mark.nightly
def test_what_was_chosen_runs_and_the_verdict_names_what_is_unseen(here: Checkout, site: str, tmp_path: Path) -> None:
    for number, name in enumerate("abcdef"):
        tags = "exclusive" if name == "e" else "critical" if name == "f" else "api"
        step = "Fail    nothing answers" if name == "c" else f"Log    {number}"
        (tmp_path / f"{name}.robot").write_text(SUITE.format(name=name.upper(), tags=tags, step=step))
    ended = here.run("quick", "--seconds", "600", "--site", site, str(tmp_path))
    assert ended.code == 1, ended.err
    found = run_json.read(folder_of(ended.out) / run_json.NAME)
    assert {test.name[-1]: test.verdict for test in found.tests} == {
        name: Verdict.FAILED if name == "C" else Verdict.PASSED for name in "ABCDEF"
    }
    assert "quick: 6 of 6 tests (1 critical)" in ended.out
    assert re.search(r"^quick: the verdict came after \d+ s$", ended.out, re.MULTILINE)
