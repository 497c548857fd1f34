"""Shards put together: all of them make the run of one machine, one that is missing makes its tests *not run*."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import command_line, paths
from pipeline.ci import collecting, delivery, plan
from pipeline.ci.delivery import DeliveryError
from pipeline.ci.plan import Plan
from pipeline.commands import ci
from pipeline.errors import BROKEN, RunError
from pipeline.results import reading, run_json
from pipeline.results.model import Run, Verdict
from pipeline.run import folders


def verdicts(run: Run) -> dict[str, str]:
    return {test.name: test.verdict.value for test in run.tests}


def test_whole_shards_are_one_run_like_that_of_one_machine(planned: Plan, run_shard: Callable[..., Path]) -> None:
    for number in (1, 2):
        run_shard(number)
    found = collecting.collect(planned, planned.folder)
    assert found.run.broken == ""
    assert found.notes == []
    assert verdicts(found.run) == {"First Good": "passed", "First Bad": "failed", "Second": "passed"}
    assert (found.run.stamp.run_id, found.run.site, found.run.stamp.branch) == ("run-1", "staging", "main")
    assert [test.long_name for test in found.run.tests] == [test.full_name for test in planned.tests]


def test_of_a_shard_that_never_delivered_every_test_is_not_run(planned: Plan, run_shard: Callable[..., Path]) -> None:
    run_shard(1)
    found = collecting.collect(planned, planned.folder)
    assert found.run.broken == (
        "Shard 2 delivered no whole result, its 1 tests are not run (nothing of it is there): run it again with "
        "'python run.py ci run --shard 2 --plan results/ci/run-1/plan.json' and collect again."
    )
    lost = found.run.of(Verdict.NOT_RUN)
    assert [(test.id, test.key, test.area, test.critical) for test in lost] == [
        ("suites/second.robot::Second", "PZ-13419", "live", True)
    ]
    assert lost[0].reason == "shard 2 delivered no whole result"
    nothing = collecting.collect(planned, planned.folder / "elsewhere")
    assert nothing.run.count(Verdict.NOT_RUN) == 3
    assert nothing.run.commit == "abc"


def test_attempts_of_a_shard_are_merged_and_the_first_failure_stays_seen(
    planned: Plan, run_shard: Callable[..., Path]
) -> None:
    run_shard(1)
    run_shard(2, said="wrong")
    run_shard(2, attempt=2)
    run = collecting.collect(planned, planned.folder).run
    second = next(test for test in run.tests if test.name == "Second")
    assert [attempt.verdict for attempt in second.attempts] == [Verdict.FAILED, Verdict.PASSED]
    assert run.broken == ""


def test_an_attempt_that_was_killed_is_made_up_for_by_a_later_one(
    planned: Plan, run_shard: Callable[..., Path]
) -> None:
    run_shard(1)
    (run_shard(2, said="wrong") / delivery.NAME).unlink()
    run_shard(2, attempt=2)
    found = collecting.collect(planned, planned.folder)
    assert found.run.broken == ""
    assert found.notes == [
        "Shard 2, attempt 1: it ended before it was done (DONE.json is missing); another attempt counts."
    ]
    assert [len(test.attempts) for test in found.run.tests] == [1, 1, 1]


def test_a_shard_that_must_not_count_breaks_the_whole(planned: Plan, run_shard: Callable[..., Path]) -> None:
    run_shard(1, broken="Robot could not import X.")
    run_shard(2)
    assert collecting.collect(planned, planned.folder).run.broken == "Shard 1: Robot could not import X."


def test_what_last_checks_found_is_reported_once(planned: Plan, run_shard: Callable[..., Path]) -> None:
    for number in (1, 2):
        run_shard(number, restarted=["focus-1 was restarted 1 times"])
    assert collecting.collect(planned, planned.folder).restarted == ["focus-1 was restarted 1 times"]


def damage_done(folder: Path) -> None:
    (folder / delivery.NAME).write_text("{")


def damage_output(folder: Path) -> None:
    with (folder / delivery.OUTPUT).open("a") as file:
        file.write(" ")


def take_output(folder: Path) -> None:
    (folder / delivery.OUTPUT).unlink()


def change_run(folder: Path) -> None:
    done = json.loads((folder / delivery.NAME).read_text())
    (folder / delivery.NAME).write_text(json.dumps(done | {"run_id": "run-0"}))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (damage_done, "attempt 1: its DONE.json cannot be read"),
        (damage_output, "attempt 1: its output.xml is not the one that DONE.json names"),
        (take_output, "attempt 1: its output.xml is missing"),
        (change_run, "attempt 1: its DONE.json is of shard 2, attempt 1 of run run-0"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_was_damaged_on_its_way_is_no_result(
    damage: object, reason: str, planned: Plan, run_shard: Callable[..., Path]
) -> None:
    run_shard(1)
    damage(run_shard(2))  # type: ignore[operator]
    run = collecting.collect(planned, planned.folder).run
    assert reason in run.broken
    assert run.count(Verdict.NOT_RUN) == 1


def test_a_shard_is_done_only_when_every_test_of_it_has_a_result(planned: Plan, run_shard: Callable[..., Path]) -> None:
    folder = run_shard(1)
    text = (folder / delivery.OUTPUT).read_text()
    (folder / delivery.OUTPUT).write_text(text.replace('name="First Bad"', 'name="Another"'))
    with pytest.raises(DeliveryError, match=r"1 of its 2 tests have no result, the first is 'suites/first\.robot::F"):
        delivery.finish(planned, planned.shard(1), 1)
    (folder / delivery.OUTPUT).write_text(text[:200])
    with pytest.raises(DeliveryError, match=r"cut off|ends"):
        delivery.finish(planned, planned.shard(1), 1)


def test_a_test_that_nobody_planned_is_reported(planned: Plan, run_shard: Callable[..., Path]) -> None:
    for number in (1, 2):
        run_shard(number)
    fewer = plan.cut([test for test in planned.tests if test.name != "First Good"], {}, 2)
    shards = {shard.suites[0].file: shard.suites for shard in fewer}
    # The same deliveries, of a plan that knows one test less: its counts agree with nothing.
    assert len(shards) == 2
    done = delivery.folder_of(planned, planned.shard(1), 1) / delivery.NAME
    done.write_text(json.dumps(json.loads(done.read_text()) | {"tests": 1}))
    plan.write(Plan("run-1", "nightly", "abc", "Suites", (), ("suites",), fewer), planned.folder / plan.NAME)
    run = collecting.collect(plan.read(planned.folder / plan.NAME), planned.folder).run
    assert "1 tests are in the results and not in the plan, the first is 'suites/first.robot::First Good'" in run.broken


def test_the_command_leaves_the_files_of_a_run(
    planned: Plan, run_shard: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write(planned, planned.folder / plan.NAME)
    first = run_shard(1)
    (first / "pod_logs").mkdir()
    (first / "pod_logs" / "bad.log").write_text("line")
    options = command_line.parse(["ci", "collect"])
    assert ci.main(options) == BROKEN
    assert "Shard 2 delivered no whole result" in capsys.readouterr().err
    run_shard(2, said="wrong")
    run_shard(2, attempt=2)
    assert ci.main(options) == 0
    folder = paths.RESULTS / "runs" / "run-1"
    for name in ("output.xml", "log.html", "report.html", "xunit.xml", "summary.md", "pod_logs/bad.log"):
        assert (folder / name).exists(), name
    assert verdicts(run_json.read(folder / run_json.NAME)) == verdicts(reading.read_one(folder / "output.xml"))
    assert [len(test.attempts) for test in reading.read_one(folder / "output.xml").tests] == [1, 1, 2]
    assert folders.latest().id == "run-1"
    assert "2 passed, 1 failed" in capsys.readouterr().out


@pytest.mark.parametrize("delivered", [[1], []])
def test_log_and_xunit_hold_what_did_not_run(
    delivered: list[int], planned: Plan, run_shard: Callable[..., Path]
) -> None:
    plan.write(planned, planned.folder / plan.NAME)
    for number in delivered:
        run_shard(number)
    assert ci.main(command_line.parse(["ci", "collect"])) == BROKEN
    folder = paths.RESULTS / "runs" / "run-1"
    whole, output = run_json.read(folder / run_json.NAME), reading.read_one(folder / "output.xml")
    assert verdicts(output) == verdicts(whole)
    assert {test.id for test in output.tests} == {test.id for test in planned.tests}
    second = next(test for test in output.tests if test.name == "Second")
    assert second.verdict == Verdict.NOT_RUN
    assert second.reason == "Not run: shard 2 delivered no whole result."
    cases = ET.parse(folder / "xunit.xml").getroot().iter("testcase")  # noqa: S314 - of our own run
    assert {case.get("name"): case.find("failure") is not None for case in cases} == {
        "First Good": not delivered,
        "First Bad": True,
        "Second": True,
    }


def test_a_folder_that_is_not_there_is_named_and_nothing_is_collected(planned: Plan, tmp_path: Path) -> None:
    plan.write(planned, planned.folder / plan.NAME)
    with pytest.raises(RunError, match=r"There is no folder .*nowhere: name the one that holds the shards' folders\."):
        ci.main(command_line.parse(["ci", "collect", "--from", str(tmp_path / "nowhere")]))
    assert not (tmp_path / "results" / "runs").exists()


def test_without_a_plan_there_is_nothing_to_collect(planned: Plan) -> None:
    assert not planned.folder.exists()
    with pytest.raises(RunError, match=r"There is no plan in results/ci: make one with 'python run\.py ci plan"):
        ci.main(command_line.parse(["ci", "collect"]))
