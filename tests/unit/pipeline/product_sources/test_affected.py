"""Which tests a change of the product's sources touches."""

from __future__ import annotations

from pipeline.checks.missing_specs import SuiteTest
from pipeline.product_sources import affected
from pipeline.results import catalogue

TESTS = [
    SuiteTest("suites/a.robot", "Alerts", frozenset({"alerts", "PZ-1"})),
    SuiteTest("suites/b.robot", "Jobs", frozenset({"cluster"})),
]


def test_every_area_of_the_table_is_a_tag() -> None:
    assert {area for areas in affected.places().values() for area in areas} <= catalogue.areas()


def test_paths_lead_to_tests_and_to_the_command_that_runs_them() -> None:
    found = affected.of(["services/alerts/main.py", "docs/a.md", "helm/values.yaml"], TESTS, ("", "services"))
    assert found.areas["alerts"] == ["services/alerts/main.py"]
    assert found.tests["alerts"] == ["suites/a.robot::Alerts"]
    assert found.tests["cluster"] == ["suites/b.robot::Jobs"]
    assert found.unknown == []
    assert found.command.startswith("python run.py suites --include alerts")


def test_what_is_listed_nowhere_is_reported() -> None:
    found = affected.of(["alerts_new/main.py", "strange.py"], TESTS)
    assert (found.unknown, found.areas, found.command) == (["alerts_new/main.py", "strange.py"], {}, "")
