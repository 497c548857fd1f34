"""What a shard's pod does with what its engine gives it, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from pipeline import paths
from pipeline.ci import plan as plans
from pipeline.ci.packing import PlannedTest
from pipeline.ci.plan import Plan
from pipeline.errors import RunError
from pipeline.k8s import shard
from pipeline.results import stamp


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a plan of two shards; results are below the test's own folder."""
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    tests = [PlannedTest(f"suites/{name}.robot", 2, name, f"{name}.{name}", ()) for name in ("one", "two")]
    commit = stamp.make("", "", "", simulated=False).commit
    plan = Plan("run-1", "suites", commit, "Suites", (), ("suites",), plans.cut(tests, {}, 2))
    plans.write(plan, plan.folder / plans.NAME)
    return plan.folder / plans.NAME


def given(plan: Path, **variables: str) -> dict[str, str]:
    return {"FOCUS_PLAN": str(plan), "RUN_ID": "run-1", "SHARD_TOTAL": "2"} | variables


def test_an_index_from_0_on_is_a_shard_from_1_on(planned: Path) -> None:
    task = shard.of_environment(given(planned, JOB_COMPLETION_INDEX="0", FAILURES="0"))
    assert (task.shard, task.attempt) == (1, 1)


def test_the_last_phase_counts_from_its_first_shard(planned: Path) -> None:
    assert shard.of_environment(given(planned, JOB_COMPLETION_INDEX="0", FIRST_SHARD="2")).shard == 2


def test_an_engine_that_numbers_shards_and_attempts_itself_is_obeyed(planned: Path) -> None:
    task = shard.of_environment(given(planned, SHARD_INDEX="2", ATTEMPT="3"))
    assert (task.shard, task.attempt) == (2, 3)


def test_failures_make_the_attempt(planned: Path) -> None:
    assert shard.of_environment(given(planned, JOB_COMPLETION_INDEX="1", FAILURES="2")).attempt == 3


def test_results_that_are_there_are_never_written_over(planned: Path) -> None:
    (planned.parent / "shard-2" / "attempt-4").mkdir(parents=True)
    assert shard.of_environment(given(planned, JOB_COMPLETION_INDEX="1", FAILURES="0")).attempt == 5


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SHARD_INDEX": "3"}, "The plan has no shard 3: its shards are 1 to 2."),
        ({"SHARD_INDEX": "x"}, "SHARD_INDEX is 'x': the engine has to set it to a whole number."),
        ({}, "JOB_COMPLETION_INDEX is '': the engine has to set it to a whole number."),
        ({"SHARD_INDEX": "1", "RUN_ID": "run-2"}, "The pod is of run 'run-2' with 2 shards, the plan of run 'run-1'"),
        ({"SHARD_INDEX": "1", "SHARD_TOTAL": "4"}, "The pod is of run 'run-1' with 4 shards, the plan of run 'run-1'"),
        ({"SHARD_INDEX": "1", "FOCUS_PLAN": "/nowhere"}, "/nowhere is no plan"),
    ],
)
def test_what_does_not_fit_the_plan_is_refused(planned: Path, variables: dict[str, str], words: str) -> None:
    with pytest.raises(RunError, match=r"^" + words.replace("(", r"\(").replace(".", r"\.")):
        shard.of_environment(given(planned) | variables)


def test_another_commit_than_that_of_the_plan_is_refused(planned: Path) -> None:
    data = json.loads(planned.read_text())
    planned.write_text(json.dumps(data | {"commit": "0123456789ab"}))
    with pytest.raises(RunError, match="build the image of that commit"):
        shard.of_environment(given(planned, SHARD_INDEX="1"))


def test_only_what_another_attempt_cannot_change_is_bad_data(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shard, "listen_for_the_end", lambda: None)  # pytest has its own Ctrl-C
    for name, value in given(planned, SHARD_INDEX="1").items():
        monkeypatch.setenv(name, value)

    monkeypatch.setenv("FOCUS_SITE", "nowhere")
    assert shard.main([]) == shard.BAD_DATA
    assert "There is no site 'nowhere'" in capsys.readouterr().err

    site = tmp_path / "site.yaml"
    user = {"username": "tester", "password": {"env": "NOWHERE_PASSWORD"}}
    content = {"name": "nowhere", "focus": {"url": "http://127.0.0.1:9/focus-server"}, "users": [user]}
    site.write_text(yaml.safe_dump(content))
    monkeypatch.setenv("FOCUS_SITE", str(site))
    assert shard.main([]) == shard.BAD_DATA
    assert "NOWHERE_PASSWORD" in capsys.readouterr().err

    # A site that does not answer may do so the next time.
    monkeypatch.setenv("NOWHERE_PASSWORD", "x")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(shard, "run", lambda _task, _args: missing())
    assert shard.main([]) == shard.BROKEN
    assert capsys.readouterr().err == "run.py: Nothing answers.\n"

    monkeypatch.setattr(shard, "run", lambda _task, _args: stopped())
    assert shard.main([]) == shard.STOPPED


def missing() -> int:
    raise RunError("Nothing answers.")


def stopped() -> int:
    raise KeyboardInterrupt
