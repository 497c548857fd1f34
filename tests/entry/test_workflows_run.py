"""The workflows are run: every command of the Linux path, from the plan over its shards to one verdict."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.checkout import Checkout
from support.github_runner import Runner

pytestmark = pytest.mark.nightly

SUITES = ("suites/preflight", "suites/api/health.robot", "suites/api/side_effects.robot")
AUTHOR = ("-c", "user.name=test", "-c", "user.email=test@localhost")
FORM = {"site": "simulated", "tier": "smoke", "suites": " ".join(SUITES), "shards": "2"}
WAIT_S = 1800.0


@pytest.fixture
def runner(copy: Callable[[str], Checkout], tmp_path: Path) -> Runner:
    """Of a repository that nobody changes meanwhile: all shards have to be of one commit."""
    root = copy("checkout").root
    for words in (["init", "-q"], ["add", "-A"], [*AUTHOR, "commit", "-q", "-m", "as it is here"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return Runner(root, tmp_path / "r")


def test_a_form_becomes_shards_and_one_verdict(runner: Runner) -> None:
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


def test_a_form_that_asks_for_nothing_ends_with_the_sentence_and_no_shard(runner: Runner) -> None:
    ended = runner.dispatch("manual.yml", FORM | {"tags": "no_such_tag"}, WAIT_S)
    assert ended.code != 0
    assert "contains no tests not matching tags 'NOT smoke' or 'NOT no_such_tag'" in ended.out
    assert ended.jobs == {"plan": False}
    assert not list(runner.artifacts.glob("shard-*"))


def test_a_pull_request_gets_the_quick_verdict_and_then_that_of_smoke(runner: Runner) -> None:
    base = subprocess.run(["git", "rev-parse", "HEAD"], cwd=runner.checkout, check=True, capture_output=True, text=True)
    ended = runner.happen("pull_request", {"pull_request": {"base": {"sha": base.stdout.strip()}}}, "smoke.yml", WAIT_S)
    assert ended.code == 0, ended.out
    assert "touched by the change: 0" in ended.out
    assert {name: ended.jobs[name] for name in ("quick", "plan", "verdict")} == {
        "quick": True,
        "plan": True,
        "verdict": True,
    }
    assert ended.out.index("quick: the verdict came after") < ended.out.index("shard-1")


def test_the_product_gets_a_verdict_on_its_image(runner: Runner) -> None:
    asked = {"image": "2.4.1", "repository": "owner/focus-server", "commit": "0" * 40, "site": "simulated"}
    payload = {"client_payload": {**asked, "tier": "smoke"}}
    # The job after it would put the verdict on the product's commit.
    ended = runner.happen("repository_dispatch", payload, "product.yml", WAIT_S, job="tests")
    assert ended.code == 0, ended.out
    (metrics,) = (runner.artifacts / "report").glob("*/metrics.json")
    run = json.loads(metrics.read_text(encoding="utf-8"))
    assert (run["product_image"], run["command"], run["failed"], run["not_run"]) == ("2.4.1", "smoke", 0, 0)
