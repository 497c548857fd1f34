"""Plans of shards: that every test is in exactly one, how long they last, and what runs alone at the end."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from pipeline import command_line, paths
from pipeline.ci import packing, plan
from pipeline.ci.packing import PlannedTest
from pipeline.commands import ci, ci_shards
from pipeline.errors import RunError
from pipeline.history import database
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp


def a_test(file: str, name: str = "A", *tags: str) -> PlannedTest:
    return PlannedTest(f"suites/{file}.robot", 3, name, f"Suites.{file}.{name}", tags)


def planned(tests: list[PlannedTest], durations: dict[str, float], shards: int) -> plan.Plan:
    return plan.Plan("run-1", "nightly", "abc", "Suites", (), ("suites",), plan.cut(tests, durations, shards))


@pytest.mark.parametrize("file", ["suites/api/x.robot", "examples/suites/api/x.robot", "results/try/x.robot"])
def test_a_planned_test_bears_the_id_that_its_result_has(file: str) -> None:
    result = TestResult("A", "X.A", "X", f"/checkout/{file}", 3, (), "", (), "api", ())
    assert PlannedTest(file, 3, "A", "X.A", ()).id == result.id


@pytest.mark.parametrize("shards", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("seed", range(5))
def test_five_hundred_suites_last_at_most_a_quarter_longer_than_they_have_to(shards: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - durations, no secrets
    tests = [a_test(f"s{number}", f"T{test}", "api") for number in range(500) for test in range(chance.randint(1, 4))]
    durations = {test.id: chance.lognormvariate(0.5, 1.2) for test in tests}
    # A few suites of minutes, as they are in practice.
    durations |= {tests[number].id: chance.uniform(60, 300) for number in range(0, 1000, 100)}
    made = planned(tests, durations, shards)
    suites = packing.suites(tests, durations)
    assert len(suites) == 500
    bound = max(packing.seconds(suites) / shards, max(suite.seconds for suite in suites))
    assert made.makespan() <= 1.25 * bound
    assert Counter(test.id for test in made.tests) == Counter(test.id for test in tests)
    assert [shard.number for shard in made.shards] == list(range(1, shards + 1))


def test_exclusive_and_disruptive_suites_are_the_last_shard_alone() -> None:
    tests = [
        *(a_test("free", "A"), a_test("other", "B")),
        *(a_test("alone", "C", "exclusive"), a_test("alone", "D"), a_test("breaks", "E", "disruptive")),
    ]
    made = planned(tests, {}, 2)
    assert [(shard.last, {test.name for test in shard.tests}) for shard in made.shards] == [
        (False, {"A"}),
        (False, {"B"}),
        (True, {"C", "D", "E"}),
    ]
    assert [one["shard"] for one in plan.matrix(made, last=False)["include"]] == [1, 2]
    assert [one["name"] for one in plan.matrix(made, last=True)["include"]] == ["shard-3"]
    assert made.makespan() == 4 * packing.GUESS_S
    assert plan.matrix(planned(tests[:2], {}, 2), last=True) == {"include": []}


def test_critical_suites_come_first_and_no_shard_is_empty() -> None:
    tests = [a_test("long", "A"), a_test("short", "B", "critical"), a_test("nothing", "C"), a_test("none", "D")]
    durations = dict(zip((test.id for test in tests), (50.0, 1.0, 0.0, 0.0), strict=True))
    assert [test.name for test in planned(tests, durations, 1).tests][:2] == ["B", "A"]
    assert [len(shard.tests) for shard in planned(tests, durations, 9).shards] == [1, 1, 1, 1]


def test_a_test_that_never_passed_lasts_as_long_as_its_area_does() -> None:
    tests = [
        *(a_test("a", "Known", "api"), a_test("b", "Also", "api"), a_test("c", "New", "api")),
        *(a_test("d", "Far", "live"), a_test("e", "Of No Known Area", "alerts")),
    ]
    durations = {tests[0].id: 2.0, tests[1].id: 4.0, tests[3].id: 30.0}
    assert [suite.seconds for suite in packing.suites(tests, durations)] == [2.0, 4.0, 3.0, 30.0, 12.0]


def test_the_suite_that_makes_more_shards_useless_is_named() -> None:
    tests = [a_test(f"s{number}") for number in range(10)]
    durations = {test.id: 1.0 for test in tests} | {tests[4].id: 9.0}
    assert plan.advice(planned(tests, durations, 1)).startswith("suites/s4.robot alone lasts 9 s: more than 2 shards")
    assert plan.advice(planned(tests, durations, 2)).endswith("split this suite.")
    assert not plan.advice(planned(tests, dict.fromkeys(durations, 0.0), 2))


def test_what_is_in_no_shard_or_in_two_is_found() -> None:
    suites = packing.suites([a_test("a"), a_test("b")], {})
    tests = [test for suite in suites for test in suite.tests]
    assert packing.not_covered(tests, [suites[:1], suites[1:]]) == []
    assert packing.not_covered(tests, [suites[:1]]) == ["suites/b.robot::A"]
    assert packing.not_covered(tests, [suites, suites[:1]]) == ["suites/a.robot::A"]


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = planned([a_test("a", "A", "api"), a_test("b", "בדיקה", "exclusive")], {}, 3)
    plan.write(made, tmp_path / "deep" / plan.NAME)
    assert plan.read(tmp_path / "deep" / plan.NAME) == made
    assert made.shard(2).last
    with pytest.raises(RunError, match=r"no shard 7: its shards are 1 to 2\."):
        made.shard(7)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 0}', '{"schema": 1, "shards": [1]}'])
def test_what_is_no_plan_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / plan.NAME).write_text(text)
    with pytest.raises(RunError, match="ci plan"):
        plan.read(tmp_path / plan.NAME)


def test_the_command_plans_the_real_suites_by_what_they_lasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setenv(ci_shards.OUTPUTS, str(tmp_path / "outputs"))
    monkeypatch.setenv("FOCUS_RUN_ID", "planned-1")
    options = command_line.parse(["ci", "plan", "--shards", "2", "--tier", "regression", "suites/api", "suites/alerts"])
    assert ci.main(options) == 0
    outputs = dict(line.split("=", 1) for line in (tmp_path / "outputs").read_text().splitlines())
    assert outputs["run_id"] == "planned-1"
    assert outputs["has_last"] == "true"
    assert [one["shard"] for one in json.loads(outputs["shards"])["include"]] == [1, 2]
    made = plan.read(tmp_path / "ci" / "planned-1" / plan.NAME)
    assert made.sources == ("suites/api", "suites/alerts")
    assert all("regression" in test.tags for test in made.tests)
    assert "suites/api/limits.robot" in {test.file for test in made.shards[-1].tests}
    # What a test lasted in an earlier run is what the next plan counts with.
    slow = next(test for test in made.shards[0].tests)
    attempt = Attempt(Verdict.PASSED, "2026-11-22T11:00:00", 900.0)
    result = TestResult(slow.name, slow.full_name, "", slow.file, 1, slow.tags, "", (), "api", (attempt,))
    with database.opened() as connection:
        stamp = Stamp("run-1", "nightly", "simulated", True, "1", "abc")
        database.add(connection, Run(stamp, "2026-11-22T11:00:00", 900.0, (result,)))
    monkeypatch.setenv("FOCUS_RUN_ID", "planned-2")
    assert ci.main(options) == 0
    again = plan.read(tmp_path / "ci" / "planned-2" / plan.NAME)
    assert max(suite.seconds for shard in again.shards for suite in shard.suites) >= 900
    assert "robot alone lasts" in capsys.readouterr().out


def test_a_plan_of_nothing_or_of_foreign_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    (tmp_path / "a.robot").write_text("*** Test Cases ***\nA\n    No Operation\n")
    for args, reason in (
        (["--include", "nothing", "suites/alerts"], "no tests matching tag"),
        ([str(tmp_path / "a.robot")], "outside of this checkout"),
        (["--shard", "1/2"], "Only pabot would know"),
    ):
        with pytest.raises(RunError, match=reason):
            ci.main(command_line.parse(["ci", "plan", "--shards", "2", *args]))
