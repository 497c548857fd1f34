"""Tags of the suites: all from the dictionary, one scenario key, one area, nested tiers, safe selection patterns."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import suite_files
from support.suite_files import ROOT, Test

from pipeline.results import quarantine

RESERVED = "robot:"
# Texts in which people and pipelines write selections of tests.
SELECTING_FILES = ("run.py", "README.md", "Jenkinsfile", "robot.toml")
SELECTING_FOLDERS = (".github", "docs", "pipeline", "deploy")
SELECTING_SUFFIXES = {".md", ".py", ".yaml", ".yml", ".toml", ".sh", ".txt", ".args"}
OPTION = re.compile(
    r"""(?:--(?:include|exclude|skip|skiponfailure|tagstatinclude|tagstatexclude|tagstatcombine)|(?<![\w-])-[ie])"""
    r"""(?:[=\s]|["'],\s*)["']?([^\s"'`,)\]]+)"""
)
# What Robot Framework 7 takes for an operator, wherever it stands in a pattern.
OPERATOR = re.compile(r"AND|OR|NOT")


@cache
def dictionary() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "variables" / "tags.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def catalogue() -> dict[str, str]:
    with (ROOT / "variables" / "xray_tests.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"].lower(): row["title"] for row in csv.DictReader(file)}


def keys_of(test: Test) -> list[str]:
    pattern = re.compile(dictionary()["keys"]["pattern"], re.IGNORECASE)
    return sorted(tag for tag in test.tags if pattern.fullmatch(tag))


def areas_of(test: Test) -> list[str]:
    return sorted(test.tags & dictionary()["areas"].keys())


def splitting(text: str) -> list[str]:
    """Selection patterns in a text that Robot would split inside a word."""
    return [
        pattern
        for pattern in OPTION.findall(text)
        if any(re.search(rf"\w{match[0]}|{match[0]}\w", pattern) for match in OPERATOR.finditer(pattern))
    ]


def selecting_files() -> list[Path]:
    alone = [ROOT / name for name in SELECTING_FILES]
    below = [
        path for name in SELECTING_FOLDERS for path in (ROOT / name).rglob("*") if path.suffix in SELECTING_SUFFIXES
    ]
    return [path for path in alone + below if path.is_file()]


def unknown_tags(test: Test) -> list[str]:
    groups = ("tiers", "areas", "traits", "capabilities")
    known = {tag.lower() for group in groups for tag in dictionary()[group]}
    return sorted(tag for tag in test.tags - known - set(keys_of(test)) if not tag.startswith(RESERVED))


def is_catalogued(key: str) -> bool:
    return key.startswith(dictionary()["keys"]["local"].lower()) or key in catalogue()


def missing_tiers(test: Test) -> set[str]:
    """Tiers that the test's own ones imply and that it does not have."""
    tiers = dictionary()["tiers"]
    implied = {other for tier in test.tags & tiers.keys() for other in tiers[tier]["implies"]}
    return implied - test.tags


def test_every_tag_is_in_the_dictionary() -> None:
    unknown = {str(test): tags for test in suite_files.tests() if (tags := unknown_tags(test))}
    assert not unknown, f"Not in variables/tags.yaml: {unknown}"


def test_each_test_has_one_key() -> None:
    other = {str(test): keys for test in suite_files.tests() if len(keys := keys_of(test)) != 1}
    assert not other, f"Exactly one scenario key, not: {other}"


def test_the_catalogue_has_every_key() -> None:
    unknown = {str(test): key for test in suite_files.tests() for key in keys_of(test) if not is_catalogued(key)}
    assert not unknown, f"Not in variables/xray_tests.csv: {unknown}"


def test_each_test_has_one_area() -> None:
    other = {str(test): areas for test in suite_files.tests() if len(areas := areas_of(test)) != 1}
    assert not other, f"Exactly one area, not: {other}"


def test_each_test_has_a_tier() -> None:
    without = [str(test) for test in suite_files.tests() if not test.tags & dictionary()["tiers"].keys()]
    assert not without, f"No tier of {list(dictionary()['tiers'])}: {without}"


def test_tiers_are_nested() -> None:
    missing = {str(test): tiers for test in suite_files.tests() if (tiers := missing_tiers(test))}
    assert not missing, f"A tier also needs those that it implies: {missing}"


def test_a_local_key_belongs_to_one_file() -> None:
    files = defaultdict(set)
    for test in suite_files.tests():
        for key in keys_of(test):
            if key.startswith(dictionary()["keys"]["local"].lower()):
                files[key].add(test.file.relative_to(ROOT).as_posix())
    doubled = {key: sorted(names) for key, names in files.items() if len(names) > 1}
    assert not doubled, f"Two scenarios share a local number: {doubled}"


@pytest.mark.parametrize("trait", ["exclusive", "disruptive", "load", "stress", "soak"])
def test_a_trait_of_files_is_on_all_tests_of_a_file(trait: str) -> None:
    for path in suite_files.files():
        tests = [test for test in suite_files.tests() if test.file == path]
        tagged = [test for test in tests if trait in test.tags]
        assert len(tagged) in (0, len(tests)), f"{path.relative_to(ROOT)}: {trait} is for whole files"


def test_disruptive_files_are_exclusive() -> None:
    shared = [str(test) for test in suite_files.tests() if "disruptive" in test.tags and "exclusive" not in test.tags]
    assert not shared


def test_files_of_load_are_exclusive() -> None:
    shared = [str(test) for test in suite_files.tests() if "load" in test.tags and "exclusive" not in test.tags]
    assert not shared


def test_stress_and_soak_are_load() -> None:
    others = [str(test) for test in suite_files.tests() if test.tags & {"stress", "soak"} and "load" not in test.tags]
    assert not others


def test_a_test_in_quarantine_is_there_and_not_critical() -> None:
    known = {f"{test.file.relative_to(ROOT).as_posix()}::{test.name}": test for test in suite_files.tests()}
    for entry in quarantine.read():
        assert entry.test in known, f"variables/quarantine.yaml: there is no test {entry.test}"
        assert "critical" not in known[entry.test].tags, f"variables/quarantine.yaml: {entry.test} is critical"


def test_no_selection_is_split_inside_a_word() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): splitting(path.read_text(encoding="utf-8")) for path in selecting_files()
    }
    split = {name: patterns for name, patterns in found.items() if patterns}
    assert not split, f"Robot splits these at AND, OR, NOT; write them in lower case: {split}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pabot --include requires:MONITOR suites", ["requires:MONITOR"]),
        ("robot -i PANDA-12 suites", ["PANDA-12"]),
        ("['--exclude', 'NOTIFY-7']", ["NOTIFY-7"]),
        ("--include=PZ-NEW-ORDER", ["PZ-NEW-ORDER"]),
        ("--include pz-n001 --include smokeANDcritical", ["smokeANDcritical"]),
        ("--include smoke --exclude requires:monitor -e PZ-13705", []),
    ],
)
def test_the_guard_knows_a_split_pattern(text: str, expected: list[str]) -> None:
    assert splitting(text) == expected
