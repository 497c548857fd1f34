"""Why a test failed: rules on what real runs left, and on the same with one thing changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from focus_core.logs import entries, monitor
from focus_core.logs.entries import Entry, Source
from focus_core.run.known_bugs import KnownBug
from support import failed_run, loopback
from support.loopback import Answer, http_server

from pipeline.bug import found
from pipeline.bug.found import Failure
from pipeline.errors import RunError
from pipeline.explain import evidence, rules, shown
from pipeline.explain.evidence import Evidence, PodEvent

LATE = "Job 7-12 is Running: waited 30 s, 61 tries, last seen: Pending."
RESTART = PodEvent(101.0, "focus-1", "container main restarted (1 times by now); it ended with 137, OOMKilled")
VIOLATION = {"where": "focus-server GET /channels 200", "path": "highest", "rule": "required", "sentence": "is missing"}


@pytest.fixture(scope="module")
def failure(tmp_path_factory: pytest.TempPathFactory) -> Failure:
    return found.failure(str(failed_run.make(tmp_path_factory.mktemp("failed"))), "neither work")


@pytest.fixture(scope="module")
def of_run(failure: Failure) -> Evidence:
    return evidence.of(failure)


def said(known: Evidence, message: str) -> Evidence:
    """The same evidence of a failure with another message."""
    test = known.failure.test
    attempts = tuple(replace(one, message=message, reason=message) for one in test.attempts)
    return replace(known, failure=replace(known.failure, test=replace(test, attempts=attempts)))


def call(status: int, name: str = "GET http://127.0.0.1:1/channels") -> dict[str, Any]:
    """An HTTP call as a bundle has it; status 0 is one without an answer."""
    answer: dict[str, Any] = {"answer": {"status": status, "text": "{}"}}
    lost: dict[str, Any] = {"error": {"name": "NoAnswerError", "text": "connection refused"}}
    return {"door": "http", "request": name, "detail": {"headers": {}, "body": None}, "seconds": 0.1} | (
        answer if status else lost
    )


def names(known: Evidence) -> list[str]:
    return [cause.name for cause in rules.causes(known)]


def test_a_real_run_whose_answer_breaks_the_contract(of_run: Evidence) -> None:
    assert names(of_run)[0] == "contract change"
    text = shown.text(of_run, rules.causes(of_run))
    assert "likely cause: contract change" in text
    assert "not as the contract has it" in text
    assert "1. python run.py contract check --site staging" in text
    assert "log.html" in text
    assert failed_run.SECRET not in text


@pytest.mark.nightly
def test_a_real_run_on_a_site_that_is_gone(tmp_path: Path) -> None:
    run = failed_run.against(f"http://127.0.0.1:{loopback.free_port()}", tmp_path)
    known = evidence.of(found.failure(str(run), "neither work"))
    (cause, *_) = rules.causes(known)
    assert cause.name == "site down"
    assert cause.next_steps[0] == "python run.py doctor --site staging"


@pytest.mark.nightly
def test_a_real_run_against_a_server_that_breaks_down(tmp_path: Path) -> None:
    with http_server({"GET /ack": Answer(200, {}), "GET /channels": Answer(500, {"detail": "boom"})}) as server:
        run = failed_run.against(server.url, tmp_path)
    known = evidence.of(found.failure(str(run), "neither work"))
    cause = next(one for one in rules.causes(known) if one.name == "first failing request")
    assert "/channels" in cause.sentence
    assert "500" in cause.shown_by[0]


@pytest.mark.parametrize(
    ("known", "likely"),
    [
        ({"calls": (call(0), call(0))}, "site down"),
        ({"calls": ({"door": "probe", "request": "probe rest", "error": {"text": "refused"}},)}, "site down"),
        ({"calls": (call(200), call(0))}, "first failing request"),
        ({"calls": (call(200), call(503))}, "first failing request"),
        ({"calls": (call(404),)}, "unexpected value"),
        ({"bugs": (KnownBug("PZ-1", "it is empty"),), "calls": (call(503),)}, "known bug"),
        ({"violations": (VIOLATION,), "calls": (call(503),)}, "contract change"),
        ({"changes": (RESTART,)}, "errors of pods"),
        ({"errors": (PodEvent(101.0, "focus-1", "ERROR no disk"),)}, "errors of pods"),
        ({"alike": 4, "failed": 6}, "common cause"),
        ({}, "unexpected value"),
    ],
)
def test_what_is_known_leads_to_the_cause(of_run: Evidence, known: dict[str, Any], likely: str) -> None:
    plain = said(Evidence(of_run.failure), "highest is 2, expected 3")
    assert names(replace(plain, **known))[0] == likely


@pytest.mark.parametrize(
    ("message", "known", "likely"),
    [
        ("Site lab is dead: nothing answers of rest. Connection refused", {"bugs": (KnownBug("PZ-1", "x"),)}, "site"),
        (LATE, {"changes": (RESTART,)}, "time limit with pod restarts"),
        (LATE, {"silent": ("grpc-job-7-12 (Pending)",)}, "time limit with pod restarts"),
        (LATE, {"changes": (PodEvent(1.0, "focus-1", "container main is running"),)}, "time limit"),
        (LATE, {"errors": (PodEvent(1.0, "focus-1", "ERROR no disk"),)}, "time limit"),
        ("POST /configure was 409, expected 200", {"calls": (call(404), call(409, "POST /configure"))}, "first"),
        ("POST /configure was 200, expected 400 or 409", {"calls": (call(409),)}, "unexpected value"),
    ],
)
def test_the_message_leads_to_the_cause(of_run: Evidence, message: str, known: dict[str, Any], likely: str) -> None:
    assert names(replace(said(Evidence(of_run.failure), message), **known))[0].startswith(likely)


def test_all_causes_that_may_be_are_named(of_run: Evidence) -> None:
    known = replace(said(Evidence(of_run.failure), LATE), changes=(RESTART,), calls=(call(503),), alike=1, failed=1)
    found_causes = rules.causes(known)
    text = shown.text(known, found_causes)
    assert [line for line in text.splitlines() if line.startswith("also: ")] == [
        "also: first failing request",
        "also: time limit",
        "also: errors of pods",
        "also: common cause",
    ]
    assert "OOMKilled" in text
    assert "curl -sS" in text


def test_pods_of_the_tests_own_time_are_read_from_the_monitor(failure: Failure, tmp_path: Path) -> None:
    pod = Source("focus_server", "focus-1", "main")
    written = [
        Entry("state", 95.0, pod, "container main restarted (1 times by now); it ended with 1"),
        Entry("state", 103.0, pod, "container main restarted (2 times by now); it ended with 137"),
        Entry("line", 104.0, pod, "ERROR no disk id=20261130-100000-ab12.0.aaaaaaa1.3", "error", "error"),
        Entry("line", 105.0, pod, "INFO all is well id=20261130-100000-ab12.0.aaaaaaa1.4"),
    ]
    folder = tmp_path / "pod_logs"
    (folder / "journal").mkdir(parents=True)
    (folder / entries.FILE).write_text("".join(f"{one.to_json()}\n" for one in written), encoding="utf-8")
    (folder / monitor.FILE).write_text("{}", encoding="utf-8")
    lane = {"token": "aaaaaaa1", "run": "20261130-100000-ab12", "lane": 0, "file": "x-1", "job_prefix": "grpc-job-"}
    records = [
        {"what": "test", "name": f"Suites.{failure.test.long_name}", "at": 100.0, **lane},
        {"what": "end", "token": "aaaaaaa1", "at": 110.0, "status": "FAIL"},
    ]
    (folder / "journal" / "1.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records), encoding="utf-8")
    known = evidence.of(replace(failure, folder=tmp_path))
    assert known.monitored
    assert [str(event) for event in known.changes] == [
        "focus-1: container main restarted (2 times by now); it ended with 137"
    ]
    assert [event.text for event in known.errors] == [written[2].text]


def test_violations_are_those_at_operations_that_the_test_asked(failure: Failure, tmp_path: Path) -> None:
    other = {**VIOLATION, "where": "focus-server GET /ack 200", "bug": "", "count": 1}
    explained = {**VIOLATION, "path": "lowest", "bug": "PZ-1", "count": 1}
    seen = {
        **{name: {} for name in ("calls", "parameters", "shapes", "unknown")},
        "tests": {f"Suites.{failure.test.long_name}": ["focus-server GET /channels"]},
        "violations": [{**VIOLATION, "bug": "", "count": 1}, other, explained],
    }
    (tmp_path / "contract.json").write_text(json.dumps(seen), encoding="utf-8")
    known = evidence.of(replace(failure, folder=tmp_path))
    assert [(one["where"], one["path"]) for one in known.violations] == [(VIOLATION["where"], "highest")]


def test_a_test_that_did_not_fail_is_named_with_those_that_did(failure: Failure) -> None:
    with pytest.raises(RunError, match=r"No failed test of this run has 'no such' in its name. These failed:"):
        found.failure(str(failure.folder), "no such")
