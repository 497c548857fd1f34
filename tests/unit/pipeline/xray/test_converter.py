"""One result for each key, the worst of its tests, with everything a reader needs and nothing Xray refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from support.xray_runs import a_run, a_test, attempt

from pipeline.results.model import NEVER, Run, Verdict
from pipeline.xray import settings
from pipeline.xray.converter import LONGEST_TEXT, Converted, convert, cut
from pipeline.xray.keys import of_tags

PASSED, FAILED = attempt(Verdict.PASSED), attempt(Verdict.FAILED, "status is 500", keywords=("Open View", "Ask Server"))
HIDDEN = attempt(Verdict.KNOWN_BUG, "Known bug PZ-13667: x", bugs=("PZ-13667",))
SKIPPED = attempt(Verdict.SKIPPED, "The site has no RabbitMQ.")


def converted(run: Run) -> Converted:
    return convert(run, "focus-run-x", settings.load(settings.FILE), {"PZ-N901": "PZ-20001"})


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([PASSED], "PASSED"),
        ([FAILED], "FAILED"),
        ([HIDDEN], "FAILED"),
        ([SKIPPED], "TODO"),
        ([NEVER], "ABORTED"),
        ([PASSED, SKIPPED], "TODO"),
        ([SKIPPED, NEVER], "ABORTED"),
        ([PASSED, NEVER, HIDDEN], "FAILED"),
    ],
)
def test_the_worst_case_decides(verdicts: list[object], status: str) -> None:
    tests = [a_test(f"Case {n}", "PZ-90001", one) for n, one in enumerate(verdicts)]  # type: ignore[arg-type]
    (found,) = converted(a_run(*tests)).tests
    assert found["status"] == status
    assert len(found.get("iterations", [])) == (len(tests) if len(tests) > 1 else 0)


def test_cases_of_one_scenario_are_iterations_with_their_own_status() -> None:
    tests = [a_test("עברית Good", "PZ-90001", PASSED), a_test("Bad", "PZ-90001", FAILED)]
    (found,) = converted(a_run(*tests)).tests
    statuses = {one["name"]: one["status"] for one in found["iterations"]}
    assert statuses == {"עברית Good": "PASSED", "Bad": "FAILED"}
    assert all(one["parameters"] for one in found["iterations"])
    assert found["comment"].index("Bad") < found["comment"].index("Good")
    assert "in Open View > Ask Server" in found["comment"]


def test_known_bugs_are_linked_only_where_jira_has_them() -> None:
    hidden = replace(HIDDEN, bugs=("PZ-13667", "PZ-Q001", "PZ-B002"))
    tagged = a_test("T", "PZ-90002", FAILED, tags=("bug:PZ-13900", "req:PZ-14220"))
    first, second = converted(a_run(a_test("H", "PZ-90001", hidden), tagged)).tests
    assert first["defects"] == ["PZ-13667"]
    assert second["defects"] == ["PZ-13900"]
    assert "Requirements: PZ-14220" in second["comment"]


def test_a_bug_of_an_attempt_that_was_repeated_well_is_not_linked() -> None:
    (found,) = converted(a_run(a_test("T", "PZ-90001", HIDDEN, PASSED))).tests
    assert found["status"] == "PASSED"
    assert "defects" not in found


def test_times_have_an_offset_and_span_all_cases() -> None:
    late = replace(PASSED, start="2026-11-22T11:05:00", seconds=30.0)
    (found,) = converted(a_run(a_test("A", "PZ-90001", PASSED), a_test("B", "PZ-90001", late))).tests
    start, finish = (datetime.fromisoformat(found[name]) for name in ("start", "finish"))
    assert start.utcoffset() is not None
    assert (finish - start).total_seconds() == 330


def test_further_keys_get_the_result_and_local_ones_that_of_the_test_made_for_them() -> None:
    run = a_run(a_test("A", "PZ-13419", FAILED), a_test("B", "PZ-N901"), a_test("C", "PZ-N902"), a_test("D", ""))
    found = converted(run)
    assert {one["testKey"] for one in found.tests} == {"PZ-13419", "PZ-13560", "PZ-13762", "PZ-13895", "PZ-20001"}
    assert found.local == ["PZ-N902"]
    assert found.keyless == ["suites/api/x.robot::D"]


def test_long_texts_are_cut_to_what_xray_takes() -> None:
    long = replace(FAILED, reason="א😀" * 9000)
    found = converted(a_run(a_test("A", "PZ-90001", long), a_test("B", "PZ-90001"))).tests[0]
    for text in (found["comment"], found["iterations"][0]["log"]):
        assert len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert cut("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    assert cut("😀" * 10, 11) == "😀😀 [...]"


def test_keys_with_prefixes_of_other_projects_are_read() -> None:
    keys = of_tags(["xray:PZ-7", "req:PZ-8", "bug:pz-9", "xray:TBD"], {})
    assert (keys.tests, keys.requirements, keys.bugs) == (("PZ-7",), ("PZ-8",), ("PZ-9",))


def test_secrets_in_messages_are_blanked() -> None:
    bad = replace(FAILED, reason="Authorization: Bearer abcdefgh.ijk was refused")
    (found,) = converted(a_run(a_test("A", "PZ-90001", bad, bad))).tests
    assert "abcdefgh" not in found["comment"]


def test_the_image_of_the_product_is_the_revision_and_stands_in_the_description() -> None:
    chosen = settings.load(settings.FILE).model_copy(update={"revision_field": "customfield_10042"})
    run = a_run(a_test("A", "PZ-90001"), product_image="2.4.1")
    fields = convert(run, "focus-run-x", chosen, {}).info["fields"]
    assert fields["customfield_10042"] == "2.4.1"
    assert "Product image 2.4.1." in fields["description"]
    without = convert(a_run(a_test("A", "PZ-90001")), "focus-run-x", chosen, {}).info["fields"]
    assert "customfield_10042" not in without
    assert "Product image" not in without["description"]
    assert "customfield_10042" not in converted(run).info["fields"]
