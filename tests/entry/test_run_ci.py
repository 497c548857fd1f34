"""Shards of a real run: planned, run, one of them killed, collected and judged; a critical failure ends them all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.checkout import ROOT, Checkout, OwnSite, folder_of, interrupt, wait_for

from pipeline.ci import plan as plans
from pipeline.results import run_json
from pipeline.results.model import Verdict

CRITICAL = """\
*** Settings ***
Library    SiteLibrary

*** Test Cases ***
Broken
    [Tags]    critical
    Fail    nothing answers

Later
    No Operation
"""
LATER = """\
*** Settings ***
Library    SiteLibrary

*** Test Cases ***
Much Later
    No Operation
"""
SELECTED = ("suites/preflight", "suites/alerts", "suites/connectivity")


def test_after_a_critical_failure_no_test_begins_in_any_lane(here: Checkout, site: str, tmp_path: Path) -> None:
    for name, text in (("a", CRITICAL), ("b", LATER)):
        (tmp_path / f"{name}.robot").write_text(text)
    args = ("--site", site, "--processes", "1", str(tmp_path / "a.robot"), str(tmp_path / "b.robot"))
    ended = here.run("suites", "--stop-on-critical", *args)
    assert ended.code == 1, ended.err
    found = run_json.read(folder_of(ended.out) / run_json.NAME)
    assert {test.name: test.verdict for test in found.tests} == {
        "Broken": Verdict.FAILED,
        "Later": Verdict.NOT_RUN,
        "Much Later": Verdict.NOT_RUN,
    }
    assert "A critical test failed: " in found.tests[1].reason


@pytest.mark.nightly
def test_shards_on_a_site_are_one_run_and_the_one_that_was_killed_is_missed(
    here: Checkout, own_site: OwnSite, run_id: str
) -> None:
    planned = here.run("ci", "plan", "--shards", "2", "--tier", "smoke", *SELECTED, "suites/api/limits.robot",
                       env={"FOCUS_RUN_ID": run_id})  # fmt: skip
    assert planned.code == 0, planned.err
    folder = ROOT / "results" / "ci" / run_id
    plan = plans.read(folder / plans.NAME)
    shards = json.loads(re.search(r"^shards: (.*)$", planned.out, re.MULTILINE)[1])["include"]  # type: ignore[index]
    assert [one["shard"] for one in shards] == [1, 2]
    step = ("--plan", str(folder / plans.NAME))
    shard = ("ci", "run", *step, "--site", str(own_site.file), "--shard")

    assert here.run(*shard, "1").code == 0
    killed = here.start(*shard, "2")
    wait_for("shard 2", (folder / "shard-2" / "attempt-1" / "pabot.log").exists)
    assert interrupt(killed).code == 253
    assert not (folder / "shard-2" / "attempt-1" / "DONE.json").exists()

    collected = here.run("ci", "collect", *step)
    assert collected.code == 252
    assert "Shard 2 delivered no whole result" in collected.err
    lost = run_json.read(ROOT / "results" / "runs" / run_id / run_json.NAME).of(Verdict.NOT_RUN)
    assert {test.id for test in lost} == {test.id for one in plan.shards if one.number != 1 for test in one.tests}
    gate = here.run("ci", "gate", run_id)
    assert gate.code == 1
    assert "RED    complete" in gate.out

    for number in [one.number for one in plan.shards[1:]]:
        again = here.run(*shard, str(number))
        assert again.code == 0, again.err
    assert here.run("ci", "collect", *step).code == 0
    run = run_json.read(ROOT / "results" / "runs" / run_id / run_json.NAME)
    assert {test.id for test in run.tests} == {test.id for test in plan.tests}
    assert run.passed == len(plan.tests)
    gate = here.run("ci", "gate", run_id)
    assert gate.code == 0, gate.out
    comment = here.run("ci", "comment", run_id)
    assert comment.code == 0, comment.err
    assert "🟢 green" in (ROOT / "results" / "runs" / run_id / "comment.md").read_text(encoding="utf-8")
