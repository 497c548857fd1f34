"""What the coverage page is made of: areas, scenarios that no test can show, keys that a test covers beside its own."""

from __future__ import annotations

from collections import Counter
from functools import cache

import yaml
from support.suite_files import ROOT

from pipeline.checks.missing_specs import SuiteTest, suite_tests
from pipeline.coverage import catalogue
from pipeline.results import catalogue as tags_file

# More than these, and people try by hand what nobody has tried to automate.
MOST_BY_HAND = 60


@cache
def all_tests() -> list[SuiteTest]:
    return suite_tests()


@cache
def keys() -> set[str]:
    return {tags_file.key(test.tags) for test in all_tests()}


def test_each_category_of_the_catalogue_belongs_to_one_area() -> None:
    about = yaml.safe_load((ROOT / "variables" / "coverage.yaml").read_text(encoding="utf-8"))
    counts = Counter(category for area in about.values() for category in area["categories"])
    used = {entry.category for entry in catalogue.entries().values()} - {catalogue.BUGS}
    assert counts == Counter(used), f"variables/coverage.yaml: {counts - Counter(used) + (Counter(used) - counts)}"


def test_a_scenario_that_is_not_automated_is_in_the_catalogue_and_has_no_test() -> None:
    manual = catalogue.not_automated()
    unknown = manual.keys() - catalogue.entries().keys()
    assert not unknown, f"variables/not_automated.yaml: not in variables/xray_tests.csv: {sorted(unknown)}"
    covered = {other for key in keys() for other in tags_file.covers().get(key, ())}
    automated = manual.keys() & (keys() | covered)
    assert not automated, f"variables/not_automated.yaml: tests show these: {sorted(automated)}"


def test_there_is_one_of_four_reasons_and_a_sentence() -> None:
    for key, manual in catalogue.not_automated().items():
        assert manual.reason in catalogue.REASONS, f"variables/not_automated.yaml: {key}: {manual.reason}"
        assert manual.sentence.endswith("."), f"variables/not_automated.yaml: {key} has no sentence"


def test_few_scenarios_are_tried_by_hand() -> None:
    count = len(catalogue.not_automated())
    assert count <= MOST_BY_HAND, f"variables/not_automated.yaml has {count} scenarios, {MOST_BY_HAND} at most"


def test_no_key_stands_twice_in_a_file() -> None:
    for name in ("xray_covers.yaml", "not_automated.yaml", "coverage.yaml"):
        node = yaml.compose((ROOT / "variables" / name).read_text(encoding="utf-8"))
        assert isinstance(node, yaml.MappingNode)
        counts = Counter(key.value for key, _ in node.value)
        twice = sorted(key for key, count in counts.items() if count > 1)
        assert not twice, f"variables/{name}: {twice}"


def test_covered_keys_are_in_the_catalogue_and_their_tests_exist() -> None:
    for key, others in tags_file.covers().items():
        assert key in keys(), f"variables/xray_covers.yaml: no test has {key}"
        unknown = set(others) - catalogue.entries().keys()
        assert not unknown, f"variables/xray_covers.yaml: not in variables/xray_tests.csv: {sorted(unknown)}"
