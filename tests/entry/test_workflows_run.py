"""The workflows are run: every command of the Linux path, from the plan over its shards to one verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.github_runner import Runner

pytestmark = pytest.mark.nightly

SUITES = ("suites/preflight", "suites/api/health.robot", "suites/api/side_effects.robot")
FORM = {"site": "simulated", "tier": "smoke", "suites": " ".join(SUITES), "shards": "2"}
WAIT_S = 1200.0


def test_a_form_becomes_shards_and_one_verdict(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "r")
    ended = runner.dispatch("manual.yml", FORM, WAIT_S)
    assert ended.code == 0, ended.out
    assert {name: ended.jobs[name] for name in ("plan", "verdict")} == {"plan": True, "verdict": True}
    shards = [name for name in ended.jobs if name.startswith("shard-")]
    assert len(shards) == 3, ended.out  # two side by side, then the one with what has to be alone
    plan = json.loads(next((runner.artifacts / "plan").glob("*/plan.json")).read_text(encoding="utf-8"))
    planned = {test["full_name"] for shard in plan["shards"] for suite in shard["suites"] for test in suite["tests"]}
    (metrics,) = (runner.artifacts / "report").glob("*/metrics.json")
    run = json.loads(metrics.read_text(encoding="utf-8"))
    assert len(run["tests"]) == len(planned) > 5
    assert {test["verdict"] for test in run["tests"]} <= {"passed", "known bug"}
    assert list((runner.artifacts / "caches").glob("history-simulated-*"))


def test_a_form_that_asks_for_nothing_ends_with_the_sentence_and_no_shard(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "r")
    ended = runner.dispatch("manual.yml", FORM | {"tags": "no_such_tag"}, WAIT_S)
    assert ended.code != 0
    assert "No test is selected: check the tags, names and folders that you gave." in ended.out
    assert ended.jobs == {"plan": False}
    assert not list(runner.artifacts.glob("shard-*"))
