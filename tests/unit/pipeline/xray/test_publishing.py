"""Runs reach Xray once, whatever goes wrong on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.fake_xray import CLIENT_SECRET, FakeXray, Fault
from support.xray_runs import a_run, a_test, attempt, in_folder, many, settings_file

from pipeline.errors import RunError
from pipeline.results.model import Verdict
from pipeline.xray import publishing, settings
from pipeline.xray.publishing import Outcome, Source, flush, publish
from pipeline.xray.spool import Spool

BAD = attempt(Verdict.FAILED, "no frames came", evidence=("pod_logs/job.log", "view.png"))


def published(source: Source, fake: FakeXray) -> Outcome:
    return publish(source, sleep=fake.advance)


def spool() -> Spool:
    return Spool(settings.load().state_folder)


def test_300_tests_are_three_requests_and_the_key_stands_in_the_run(fake: FakeXray, tmp_path: Path) -> None:
    outcome = published(in_folder(a_run(*many(300)), tmp_path / "run"), fake)
    assert len(fake.requests) == 3
    assert len(fake.runs()) == 300
    assert {run["status"] for run in fake.runs().values()} == {"PASSED", "FAILED"}
    (execution,) = fake.executions.values()
    assert outcome.key == execution["key"]
    assert json.loads((tmp_path / "run/run.json").read_text())["execution"] == outcome.key
    assert f"Xray execution: {outcome.key}" in (tmp_path / "run/summary.md").read_text()
    assert spool().entries() == []


def test_the_same_run_twice_makes_nothing_new(fake: FakeXray, tmp_path: Path) -> None:
    source = in_folder(a_run(*many(3)), tmp_path / "run")
    first = published(source, fake)
    before = len(fake.requests)
    second = published(source, fake)
    assert (second.key, len(fake.requests), len(fake.executions)) == (first.key, before, 1)


def test_another_machine_finds_the_execution_by_its_label(
    fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = in_folder(a_run(*many(3), a_test("Bad", "PZ-90100", BAD)), tmp_path / "run")
    (tmp_path / "run/pod_logs").mkdir()
    (tmp_path / "run/pod_logs/job.log").write_text("line\n")
    first = published(source, fake)
    fake.advance(60)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    assert published(source, fake).key == first.key
    assert len(fake.executions) == 1
    assert len(fake.runs()["PZ-90100"]["evidence"]) == 1


def test_a_repetition_updates_the_same_execution_and_shows_both_attempts(fake: FakeXray, tmp_path: Path) -> None:
    bad, good = attempt(Verdict.FAILED, "no frames came"), attempt(Verdict.PASSED)
    first = published(in_folder(a_run(*many(250), a_test("T", "PZ-90299", bad)), tmp_path / "one"), fake)
    before = len(fake.requests)
    again = replace(
        a_run(*many(250), a_test("T", "PZ-90299", bad, good), run_id="20261122-120000-cd34"),
        start="2026-11-22T12:00:00",
    )
    second = published(in_folder(again, tmp_path / "two", name="20261122-110000-ab12"), fake)
    assert second.key == first.key
    assert len(fake.requests) - before == 3  # login, one read of all runs, import
    run = fake.runs()["PZ-90299"]
    assert run["status"] == "PASSED"
    assert "Attempt 1" in run["comment"]
    assert "failed: no frames came" in run["comment"]
    assert "Attempt 2" in run["comment"]
    late = published(in_folder(a_run(a_test("T", "PZ-90299", bad)), tmp_path / "one"), fake)
    assert "later run" in late.notes[-1]
    assert fake.runs()["PZ-90299"]["status"] == "PASSED"


def test_defects_that_people_linked_survive_an_update(fake: FakeXray, tmp_path: Path) -> None:
    published(in_folder(a_run(a_test("T", "PZ-90001", BAD)), tmp_path / "run"), fake)
    fake.runs()["PZ-90001"]["defects"].append("10077")
    bug = attempt(Verdict.KNOWN_BUG, "Known bug PZ-13667: x", bugs=("PZ-13667", "PZ-Q001"))
    published(in_folder(a_run(a_test("T", "PZ-90001", bug)), tmp_path / "run"), fake)
    run = fake.runs()["PZ-90001"]
    assert run["status"] == "FAILED"
    assert sorted(run["defects"]) == ["10077", "PZ-13667"]


@pytest.mark.parametrize(
    ("fault", "imports"),
    [
        (Fault("multipart", 500, after=True), 2),
        (Fault("multipart", 504, after=True), 2),
        (Fault("multipart", after=True, silent=True), 2),
        (Fault("multipart", 502), 2),
        (Fault("multipart", silent=True), 2),
        (Fault("multipart", 429, headers={"Retry-After": "0"}), 2),
        (Fault("multipart", 503, headers={"Retry-After": "0"}), 2),
    ],
    ids=lambda value: f"{value.status}{value.after}{value.silent}" if isinstance(value, Fault) else "",
)
def test_one_execution_whatever_happens_to_the_request_that_makes_it(
    fake: FakeXray, tmp_path: Path, fault: Fault, imports: int
) -> None:
    fake.faults.append(fault)
    outcome = published(in_folder(a_run(*many(3)), tmp_path / "run"), fake)
    assert outcome.key
    assert len(fake.executions) == 1
    assert len(fake.runs()) == 3
    assert sum("import" in request for request in fake.requests) == imports


@pytest.mark.parametrize("repeated", [False, True])
def test_what_stays_in_doubt_is_kept_and_found_later(fake: FakeXray, tmp_path: Path, repeated: bool) -> None:
    source = in_folder(a_run(*many(3)), tmp_path / "run")

    def search_fails_after_the_creation(number: int, _step: str) -> None:
        if number == 4:
            fake.faults.append(Fault("getTestExecutions", 502))

    fake.faults.append(Fault("multipart", 500, after=True))
    fake.hook = search_fails_after_the_creation
    assert published(source, fake).key == ""
    (entry,) = spool().entries()
    assert "an execution may have been made" in entry.state
    if repeated:  # other results under the same label, before anyone flushed
        assert published(in_folder(a_run(*many(4)), tmp_path / "again"), fake).key
    else:
        assert flush(sleep=fake.advance) == ({entry.label: next(iter(fake.executions.values()))["key"]}, [])
    assert len(fake.executions) == 1
    assert len(fake.runs()) == 3 + repeated


def test_a_doubt_is_not_settled_by_a_later_request_that_was_not_carried_out(
    fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support.fake_xray.LAG_S", 80.0)
    fake.faults += [Fault("multipart", 500, after=True), Fault("multipart", 425)]
    assert published(in_folder(a_run(*many(3)), tmp_path / "run"), fake).key == ""
    assert len(flush(sleep=fake.advance)[0]) == 1
    assert len(fake.executions) == 1


def test_a_body_that_is_too_large_is_halved(fake: FakeXray, tmp_path: Path) -> None:
    fake.most_bytes = 12_000
    outcome = published(in_folder(a_run(*many(100)), tmp_path / "run"), fake)
    assert outcome.key
    assert len(fake.runs()) == 100
    assert len(fake.executions) == 1


def test_a_large_run_is_split_before_it_is_sent(
    fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "MOST_BYTES", 9000)
    published(in_folder(a_run(*many(100)), tmp_path / "run"), fake)
    assert len(fake.runs()) == 100
    assert max(len(body) for body in fake.bodies) < 12_000


def test_a_token_that_expires_is_replaced(fake: FakeXray, tmp_path: Path) -> None:
    fake.hook = lambda number, step: fake.expire_token() if (number, step) == (3, "before") else None
    assert published(in_folder(a_run(*many(3)), tmp_path / "run"), fake).key
    assert len(fake.executions) == 1
    assert fake.requests.count("authenticate") == 2


def test_evidence_goes_with_the_results_or_as_files_of_its_own(fake: FakeXray, tmp_path: Path) -> None:
    source = in_folder(a_run(a_test("T", "PZ-90001", BAD), a_test("U", "PZ-90002")), tmp_path / "run")
    (tmp_path / "run/pod_logs").mkdir()
    (tmp_path / "run/pod_logs/job.log").write_text("password=hunter2 and more\n", encoding="utf-8")
    (tmp_path / "run/view.png").write_bytes(b"x" * 100_000)
    assert published(source, fake).key
    small, large = fake.runs()["PZ-90001"]["evidence"]
    assert small["filename"].endswith(".log")
    assert len(fake.attachments[large["attachment"]]["content"]) == 100_000
    assert fake.runs()["PZ-90002"]["evidence"] == []
    assert all(b"hunter2" not in body for body in fake.bodies)


def test_what_xray_refuses_waits_until_it_is_repaired(fake: FakeXray, tmp_path: Path) -> None:
    fake.faults.append(Fault("multipart", 400, text="Field 'labels' cannot be set"))
    outcome = published(in_folder(a_run(*many(3)), tmp_path / "run"), fake)
    assert outcome.key == ""
    assert "Field 'labels' cannot be set" in outcome.notes[-1]
    assert flush(sleep=fake.advance)[0] == {}
    assert len(flush(again=True, sleep=fake.advance)[0]) == 1


def test_a_status_that_the_project_does_not_have_is_refused_before_anything_is_sent(
    fake: FakeXray, tmp_path: Path
) -> None:
    fake.statuses = ("PASSED", "FAILED", "EXECUTING", "TODO")
    outcome = published(in_folder(a_run(*many(3)), tmp_path / "run"), fake)
    assert "'not run: ABORTED' is none of the project's statuses" in outcome.notes[-1]
    assert fake.executions == {}


def test_warnings_of_a_good_answer_are_shown(fake: FakeXray, tmp_path: Path) -> None:
    outcome = published(in_folder(a_run(a_test("T", "PZ-90001"), a_test("U", "PZ-77777")), tmp_path / "run"), fake)
    assert "Xray: Test PZ-77777 not found" in outcome.notes


def test_an_xray_that_is_not_there_leaves_the_results_in_the_spool(fake: FakeXray, tmp_path: Path) -> None:
    source = in_folder(a_run(*many(3)), tmp_path / "run")
    settings_file(tmp_path / "xray.yaml", fake.url, requests=1)
    outcome = published(source, fake)
    assert "the most of one command" in outcome.notes[-1]
    assert [entry.tests for entry in spool().entries()] == [3]
    assert fake.executions == {}


@pytest.mark.parametrize(
    ("stamp", "broken", "words"),
    [
        ({"simulated": True}, "", "--force-simulated"),
        ({"dry_run": True}, "", "a dry run is not published"),
        ({}, "A lane died.", "--incomplete"),
    ],
)
def test_what_is_no_result_of_the_product_is_not_published(
    fake: FakeXray, tmp_path: Path, stamp: dict[str, bool], broken: str, words: str
) -> None:
    run = replace(a_run(*many(1), **stamp), broken=broken)
    with pytest.raises(RunError, match=words):
        published(in_folder(run, tmp_path / "run"), fake)
    assert fake.requests == []


def test_a_simulated_run_that_is_forced_is_labelled(fake: FakeXray, tmp_path: Path) -> None:
    source = in_folder(a_run(*many(1), simulated=True, site="simulated"), tmp_path / "run")
    assert publish(source, force_simulated=True).key
    (execution,) = fake.executions.values()
    assert execution["labels"] == ["focus-run-20261122-110000-ab12", "simulated"]
    assert "SIMULATED" in execution["info"]["fields"]["summary"]


def test_secrets_are_in_no_file_and_in_no_message(
    fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.faults.append(Fault("multipart", 400, text=f"bad request of {CLIENT_SECRET} with {fake.token}"))
    outcome = published(in_folder(a_run(*many(3)), tmp_path / "run"), fake)
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    for text in [*kept, *(note.encode() for note in outcome.notes)]:
        assert CLIENT_SECRET.encode() not in text
        assert fake.token.encode() not in text
    monkeypatch.setenv("XRAY_CLIENT_SECRET", "wrong-secret")
    outcome = published(in_folder(a_run(*many(2)), tmp_path / "run"), fake)
    assert "check XRAY_CLIENT_ID" in outcome.notes[-1]
    assert "wrong-secret" not in outcome.notes[-1]


def test_results_go_into_the_execution_that_is_asked_for_and_stay_there(
    fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published(in_folder(a_run(*many(2)), tmp_path / "one"), fake)
    fake.advance(60)
    monkeypatch.setenv("FOCUS_XRAY_EXECUTION", first.key)
    other = in_folder(a_run(a_test("T", "PZ-90150"), run_id="20261123-110000-ab12"), tmp_path / "two")
    assert published(other, fake).key == first.key
    assert set(fake.runs()) == {"PZ-90000", "PZ-90001", "PZ-90150"}
    monkeypatch.delenv("FOCUS_XRAY_EXECUTION")
    again = in_folder(replace(other.run, tests=(a_test("T", "PZ-90151"),)), tmp_path / "two")
    assert published(again, fake).key == first.key
    assert len(fake.executions) == 1


def test_an_issue_that_is_no_execution_is_refused_and_the_results_are_kept(
    fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_XRAY_EXECUTION", "PZ-90000")
    outcome = published(in_folder(a_run(*many(2)), tmp_path / "one"), fake)
    assert outcome.key == ""
    assert "PZ-90000 is no Test Execution: choose another FOCUS_XRAY_EXECUTION." in outcome.notes[-1]
    assert fake.executions == {}
    assert len(spool().entries()) == 1


def test_another_plan_can_be_asked_for_and_must_be_a_key(fake: FakeXray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_XRAY_PLAN", "PZ-77")
    assert settings.load().plan == "PZ-77"
    monkeypatch.setenv("FOCUS_XRAY_PLAN", "the plan")
    with pytest.raises(RunError, match="FOCUS_XRAY_PLAN is 'the plan': set it to the key of an issue"):
        settings.load()
    assert fake.requests == []
