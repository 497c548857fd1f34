"""The automated tests against the plan: every kind of finding, and this project's own suites."""

from __future__ import annotations

import pytest
from support.fake_xray import CLIENT_ID, CLIENT_SECRET, FakeXray

from pipeline.xray import keys, mapping, settings
from pipeline.xray.api import Api
from pipeline.xray.client import Client, RefusedError
from pipeline.xray.mapping import MISTAKES, AutomatedTest, Kind
from pipeline.xray.settings import Credentials

TESTS = [
    AutomatedTest("suites/a.robot::Good", "Good", ("PZ-90001",)),
    AutomatedTest("suites/a.robot::Keyless", "Keyless", ("api",)),
    AutomatedTest("suites/a.robot::Unknown", "Unknown", ("PZ-77777",)),
    AutomatedTest("suites/a.robot::No test", "No test", ("PZ-70001",)),
    AutomatedTest("suites/a.robot::Other", "Other", ("xray:QA-5",)),
    AutomatedTest("suites/a.robot::Gherkin", "Gherkin", ("PZ-70002",)),
    AutomatedTest("suites/a.robot::Unplanned", "Unplanned", ("PZ-70003",)),
    AutomatedTest("suites/a.robot::Local", "Local", ("PZ-N901",)),
    AutomatedTest("suites/a.robot::Case 1", "Case 1", ("PZ-90002",)),
    AutomatedTest("suites/a.robot::Case 2", "Case 2", ("PZ-90002",)),
    AutomatedTest("suites/a.robot::Two keys", "Two keys", ("PZ-90003", "xray:PZ-90004")),
]


def api() -> Api:
    return Api(Client(settings.load(), Credentials(CLIENT_ID, CLIENT_SECRET)))


def test_every_kind_of_finding_is_made_of_what_xray_has(fake: FakeXray) -> None:
    fake.add_tests("PZ-70001", kind="no Test", planned=False)
    fake.add_tests("PZ-70002", kind="Gherkin", planned=False)
    fake.add_tests("PZ-70003", planned=False)
    chosen = settings.load()
    wanted = [key for key in mapping.keys_of(TESTS, {}) if key.startswith("PZ-")]
    rows = mapping.compare(TESTS, mapping.online(api(), chosen, wanted), chosen, {}, live=True)
    found = {row.kind: row.key for row in rows if row.kind != Kind.NOT_AUTOMATED}
    assert found == {
        Kind.NO_KEY: "",
        Kind.UNKNOWN: "PZ-77777",
        Kind.NO_TEST: "PZ-70001",
        Kind.OTHER_PROJECT: "QA-5",
        Kind.NOT_EXECUTABLE: "PZ-70002",
        Kind.NOT_IN_PLAN: "PZ-70003",
        Kind.LOCAL: "PZ-N901",
        Kind.SEVERAL_TESTS: "PZ-90002",
        Kind.SEVERAL_KEYS: "PZ-90003, PZ-90004",
    }
    assert sum(row.kind == Kind.NOT_AUTOMATED for row in rows) == 296
    assert [row.kind for row in rows] == sorted((row.kind for row in rows), key=list(Kind).index)


def test_a_plan_that_is_none_is_refused(fake: FakeXray) -> None:
    fake.add_tests()
    with pytest.raises(RefusedError, match="PZ-1 is no Test Plan"):
        api().plan_tests("PZ-1")


def test_offline_the_plan_is_the_file_of_titles() -> None:
    plan = mapping.offline()
    assert len(plan.planned) == 534
    rows = mapping.compare(TESTS[:3], plan, settings.load(settings.FILE), {}, live=False)
    assert {row.key for row in rows if row.kind == Kind.UNKNOWN} == {"PZ-90001", "PZ-77777"}


def test_the_suites_of_this_project_have_no_mistake_against_the_plan() -> None:
    tests = mapping.automated()
    rows = mapping.compare(tests, mapping.offline(), settings.load(settings.FILE), keys.created(), live=False)
    assert [row for row in rows if row.kind in MISTAKES] == []
    assert all(test.id.startswith("suites/") for test in tests)
