"""The gates: what makes each of them red, and the sentence with which it does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import command_line, paths
from pipeline.ci import gates
from pipeline.ci.gates import Evidence, Judged
from pipeline.commands import ci
from pipeline.errors import RunError
from pipeline.results import contract_seen, limits, quarantine, run_json
from pipeline.results.contract_seen import Seen
from pipeline.results.limits import GateLimits, Limits
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.quarantine import Entry
from pipeline.results.stamp import Stamp
from pipeline.run import folders

TODAY = date(2026, 11, 30)
PASS, FAIL, BUG, LOST = Verdict.PASSED, Verdict.FAILED, Verdict.KNOWN_BUG, Verdict.NOT_RUN


def a_test(name: str, *verdicts: Verdict, tags: tuple[str, ...] = (), area: str = "api") -> TestResult:
    attempts = tuple(Attempt(one, reason="late", bugs=("PZ-1",) if one == BUG else ()) for one in verdicts)
    return TestResult(name, f"Api.{name}", "Api", "suites/api.robot", 1, tags, "", (), area, attempts)


def a_run(*tests: TestResult, broken: str = "") -> Run:
    stamp = Stamp("run-1", "nightly", "staging", False, "1", "abc")
    return Run(stamp, "2026-11-30T10:00:00", 9.0, tests, broken=broken)


def evidence(
    *tests: TestResult,
    broken: str = "",
    entries: tuple[Entry, ...] = (),
    rate: float = 1.0,
    restarted: tuple[str, ...] = (),
) -> Evidence:
    return Evidence(
        a_run(*tests, broken=broken), Path(), restarted, Limits(1, 0.5), GateLimits(rate, 1), entries, TODAY
    )


def entry(name: str, days: int = 5) -> Entry:
    return Entry(f"suites/api.robot::{name}", "Roy", "PZ-1", TODAY + timedelta(days=days))


GOOD = [a_test(f"Good {number}", PASS) for number in range(9)]
CRITICAL = ("critical",)


def test_of_a_good_run_every_gate_is_green_and_reports_its_figures() -> None:
    judged = gates.judge(evidence(*GOOD, a_test("Late", FAIL, PASS), a_test("Bug", BUG)))
    assert [(one.gate, one.sentence) for one in judged] == [
        ("complete", "All 11 tests have a result."),
        ("critical", "No critical test failed."),
        ("pass rate", "10 of 10 tests passed (100 %, at least 100 %)."),
        ("flaky", "1 tests passed and failed in this run (at most 1)."),
        ("quarantine", "0 failures are passed over by variables/quarantine.yaml."),
        ("known bugs", "Known bugs hide 1 tests, which is allowed."),
        ("restarts", "No pod was restarted but by the tests."),
        ("baseline", "No load of this run is compared with earlier runs."),
        ("contract", "This run saw nothing of the contract."),
    ]
    assert all(one.green for one in judged)


@pytest.mark.parametrize(
    ("seen", "red", "sentence"),
    [
        (evidence(*GOOD, broken="A lane died."), "complete", "The run does not count. A lane died."),
        (
            evidence(*GOOD, restarted=("focus-1 was restarted 1 times",)),
            "restarts",
            "The last check failed: pods of the site were restarted during the run, and no fault of the tests explains "
            "it: focus-1 was restarted 1 times; look at what they logged before (kubectl logs --previous).",
        ),
        (evidence(*GOOD, a_test("Lost", LOST)), "complete", "1 tests did not run: 'Api.Lost'."),
        (evidence(a_test("Bad", FAIL), rate=0), "complete", "No test passed, so this run proves nothing."),
        (
            evidence(*GOOD, a_test("Bad", FAIL, tags=CRITICAL), rate=0.5),
            "critical",
            "1 critical tests failed: 'Api.Bad'.",
        ),
        (
            evidence(*GOOD, a_test("Bad", FAIL)),
            "pass rate",
            "9 of 10 tests passed (90 %, at least 100 %); failed: 'Api.Bad'.",
        ),
        (
            evidence(*GOOD, a_test("A", FAIL, PASS), a_test("B", FAIL, PASS)),
            "flaky",
            "2 tests passed and failed in this run (at most 1): 'Api.A', 'Api.B'.",
        ),
        (
            evidence(*GOOD, entries=(entry("Bad", -1),)),
            "quarantine",
            "The quarantine of 'suites/api.robot::Bad' (Roy, PZ-1) ended on 2026-11-29: repair the test or remove the "
            "entry.",
        ),
        (
            evidence(*GOOD, *(a_test(name, BUG, area="live") for name in "AB")),
            "known bugs",
            "Too much is hidden: 2 of 2 tests of area live are hidden by known bugs; PZ-1 hides 2 tests: .",
        ),
    ],
)
def test_each_gate_is_red_for_its_own_reason_alone(seen: Evidence, red: str, sentence: str) -> None:
    judged = gates.judge(seen)
    assert [one.gate for one in judged if not one.green] == [red]
    assert next(one for one in judged if not one.green).sentence == sentence


def test_a_dry_run_is_never_green() -> None:
    seen = evidence(*GOOD)
    dry = replace(seen.run, stamp=replace(seen.run.stamp, dry_run=True))
    judged = gates.complete(replace(seen, run=dry))
    assert (judged.green, judged.sentence) == (False, "It was a dry run: no test ran, so this run proves nothing.")


def test_a_quarantine_passes_over_a_failure_but_never_over_a_critical_one() -> None:
    seen = evidence(*GOOD, a_test("Bad", FAIL), a_test("Both", FAIL, PASS), entries=(entry("Bad"), entry("Both")))
    judged = {one.gate: one for one in gates.judge(seen)}
    assert all(one.green for one in judged.values())
    assert judged["quarantine"].sentence.startswith("1 failures are passed over")
    assert judged["flaky"].sentence.startswith("0 tests")
    seen = evidence(*GOOD, a_test("Bad", FAIL, tags=CRITICAL), entries=(entry("Bad"),))
    assert {one.gate for one in gates.judge(seen) if not one.green} == {"critical", "pass rate", "quarantine"}


def test_without_a_test_that_passed_or_failed_there_is_no_rate() -> None:
    judged = gates.pass_rate(evidence(a_test("A", LOST), a_test("B", BUG)))
    assert (judged.green, judged.sentence) == (False, "No test passed or failed, so there is no rate.")


def test_a_rate_is_never_rounded_up_and_long_lists_are_cut() -> None:
    tests = [a_test(f"Good {number}", PASS) for number in range(9996)]
    judged = gates.pass_rate(evidence(*tests, *(a_test(f"Bad {number}", FAIL) for number in range(5))))
    assert "(99.9 %, at least 100 %); failed: 'Api.Bad 0', 'Api.Bad 1', 'Api.Bad 2' and 2 more." in judged.sentence


def test_the_limits_of_the_project_can_be_read() -> None:
    assert 0 <= limits.gate().pass_rate <= 1


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run, which is the latest."""
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(folders, "RESULTS", tmp_path)
    monkeypatch.setattr(quarantine, "FILE", tmp_path / "quarantine.yaml")
    (tmp_path / "quarantine.yaml").write_text("[]")
    run = folders.Run("run-1", "nightly", "staging", "/", [], [], []).open()
    folders.make_latest(run)
    return run.folder


def test_the_command_ends_with_1_when_a_gate_is_red_and_leaves_what_it_found(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = command_line.parse(["ci", "gate"])
    with pytest.raises(RunError, match=r"There is no .*metrics\.json: the run has not ended, or was killed"):
        ci.main(gate)
    with pytest.raises(RunError, match="ci gate"):
        gates.read(kept)
    run_json.write(a_run(*GOOD), kept / run_json.NAME)
    assert ci.main(gate) == 0
    assert "green  complete    All 9 tests have a result." in capsys.readouterr().out
    run_json.write(replace(a_run(*GOOD), broken="A lane died."), kept / run_json.NAME)
    assert ci.main(command_line.parse(["ci", "gate", "run"])) == 1
    assert "RED    complete    The run does not count. A lane died." in capsys.readouterr().out
    assert Judged("complete", False, "The run does not count. A lane died.") in gates.read(kept)
    with pytest.raises(RunError, match="There is no one run 'run-9', no run has this id"):
        ci.main(command_line.parse(["ci", "gate", "run-9"]))


def of_contract(folder: Path, breaking: tuple[str, ...] = (), **violation: object) -> gates.Judged:
    seen = Seen()
    if violation:
        one = {"where": "POST /configure 200", "path": "p", "rule": "type", "sentence": "it is a text", "count": 2}
        seen.violations["x", "p", "type"] = {**one, **violation}
    (folder / contract_seen.NAME).write_text(json.dumps(seen.as_json()), encoding="utf-8")
    return gates.contract(replace(evidence(*GOOD), folder=folder, breaking=breaking))


def test_who_broke_the_contract_is_red(tmp_path: Path) -> None:
    assert of_contract(tmp_path) == gates.Judged("contract", True, "Nothing broke the contract of record.")
    assert of_contract(tmp_path, bug="PZ-1").sentence == "Nothing broke the contract of record but by PZ-1."
    judged = of_contract(tmp_path, rule="type")
    assert not judged.green
    assert judged.sentence == ("The contract of record was broken in 1 way: POST /configure 200: it is a text.")


def test_a_change_of_the_contract_that_nobody_approved_is_red(tmp_path: Path) -> None:
    judged = of_contract(tmp_path, breaking=("it is gone",))
    assert not judged.green
    assert "Not approved, and breaking, of the contract: 1 change: it is gone;" in judged.sentence
