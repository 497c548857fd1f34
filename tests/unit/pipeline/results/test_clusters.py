"""Failures of one cause are one cluster, those of two are two."""

from __future__ import annotations

import pytest

from pipeline.results import clusters
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Job 7-1731 removed after 12.5 s", "Job 8-2 removed after 3 s"),
        ("pod focus-server-6d4cf56db6-x7k2p is gone", "pod focus-server-5b8d9c7f4b-qqz4m is gone"),
        ("no answer from 127.0.0.1:8443", "no answer from 10.0.3.7:443"),
        ("seen at 2026-11-30T16:13:31.277Z", "seen at 2026-12-01T08:00:00Z"),
        ("task 3f2b8c1e-1111-4222-8333-0123456789ab failed", "task 00000000-aaaa-4bbb-8ccc-dddddddddddd failed"),
        ("queue test_3fa9c1d2 has 3 messages", "queue test_00b1ef77 has 12 messages"),
        ("GET /channels answered 500 after 3 tries", "GET /channels answered 500 after 9 tries"),
    ],
)
def test_what_varies_makes_no_cluster_of_its_own(one: str, other: str) -> None:
    assert clusters.normalised(one) == clusters.normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("POST /configure answered 500, expected 200", "POST /configure answered 503, expected 200"),
        ("NFFT 8192 was accepted", "NFFT 8192 was refused"),
        ("highest_channel is missing", "lowest_channel is missing"),
    ],
)
def test_what_names_the_cause_stays(one: str, other: str) -> None:
    assert clusters.normalised(one) != clusters.normalised(other)


def a_test(number: int, keyword: str, reason: str) -> TestResult:
    attempt = Attempt(Verdict.FAILED, reason=reason, keywords=("Outer", keyword))
    return TestResult(f"T{number}", f"T{number}", "", "suites/x.robot", number, (), "", (), "api", (attempt,))


CAUSES = [
    (
        f"Keyword {cause % 7}",
        f"{'abcdefghijklmn'[cause]} view {{n}} answered {500 + cause % 3} after {{s}} s on pod-{{p}}",
    )
    for cause in range(14)
]


def test_500_failures_of_14_causes_are_14_clusters() -> None:
    tests = []
    for number in range(500):
        keyword, reason = CAUSES[number % 14]
        pod = "".join("bcdfghjklmnpqrstvwxz2456789"[(number * 7 + at * 11) % 27] for at in range(5))
        tests.append(a_test(number, keyword, reason.format(n=number, s=number / 8, p=pod)))
    found = clusters.of(Run(Stamp("r", "smoke", "s", False, "", ""), "", 1.0, tuple(tests)))
    assert [len(one.tests) for one in found] == [36] * 10 + [35] * 4
    assert all(len({test.reason.split()[0] for test in one.tests}) == 1 for one in found)
