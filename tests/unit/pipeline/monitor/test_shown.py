"""What a report shows of the pods' logs."""

from __future__ import annotations

from typing import Any

from pipeline.monitor import shown

TEST = {"name": "Suite.T", "errors": 2, "shared_errors": 0, "file": "tests/T-1.html", "patterns": {"error": 2}}
SUMMARY: dict[str, Any] = {
    "banner": "1 gaps of 2.0 s in all: lines may be missing there.",
    "monitor": {
        "begun": 1.0,
        "lines": 7,
        "bytes": 70,
        "streams": 2,
        "worst_lag_s": 0.5,
        "cpu_s": 1.2,
        "memory_mb": 60.0,
    },
    "errors": [{"service": "focus_server", "pattern": "error", "lines": 2}],
    "tests": [TEST, TEST | {"errors": 0, "shared_errors": 3}],
    "new_templates": ["focus_server: no *"],
}


def test_nothing_is_shown_where_nothing_is_wrong() -> None:
    assert shown.screen({"banner": "", "errors": [], "tests": []}) == []


def test_the_screen_names_services_and_the_first_tests() -> None:
    many = SUMMARY | {"tests": [TEST | {"name": f"Suite.T{number}"} for number in range(12)]}
    lines = shown.screen(many)
    assert lines[1:3] == [
        "pod monitor: 1 gaps of 2.0 s in all: lines may be missing there.",
        "pods logged errors: 2 x error in focus_server",
    ]
    assert [line.split()[-1] for line in lines[3:13]] == [f"Suite.T{number}" for number in range(10)]
    assert lines[13] == "  ... and 2 more tests: see summary.md"


def test_the_summary_links_each_test_and_names_what_is_new() -> None:
    text = "\n".join(shown.markdown(SUMMARY))
    assert "| focus\\_server | error | 2 |" in text
    assert "| [Suite.T](pod_logs/tests/T-1.html) | 2 | 2 error |" in text
    assert (
        "7 lines, 70 bytes, 2 streams, 0 reconnects, 0 gaps, 0 dropped, worst lag 0.50 s; 1.2 s of CPU, 60 MB." in text
    )
    assert "- focus\\_server: no \\*" in text


def test_a_run_without_a_monitor_that_works_says_so() -> None:
    text = "\n".join(shown.markdown({"banner": "The pod monitor did not run: no rights."}))
    assert "**The pod monitor did not run: no rights.**" in text
