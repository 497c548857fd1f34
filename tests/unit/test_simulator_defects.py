"""The registry of defects: complete data, switching through the file, profiles."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

from simulator import defects
from simulator.defects import PROFILES, REGISTRY, active, known
from simulator.errors import SimulatorError


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    monkeypatch.setattr(defects, "_cache", None)
    return tmp_path / "defects.json"


def test_every_defect_says_what_it_is() -> None:
    for name, defect in REGISTRY.items():
        assert defect.name == name
        assert defect.sentence.endswith(".")
        assert defect.area
        assert defect.changes
        assert defect.bug_key == "" or defect.bug_key.startswith("PZ-")


def test_every_defect_has_a_test_that_shows_it() -> None:
    """The tests of the site name the defects that they switch; this one fails when a row is added without."""
    named: set[str] = set()
    for file in (Path(__file__).parents[1] / "simulator").glob("test_*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named |= {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    shown_without_a_site = {"mongo-outage-slow"}  # tests/unit/test_focus_server.py
    assert set(REGISTRY) - named - shown_without_a_site == set()


def test_every_known_bug_that_can_be_shown_has_a_defect() -> None:
    assert len(REGISTRY) >= 60
    keys = {defect.bug_key for defect in REGISTRY.values()} - {""}
    known_keys = {
        *("PZ-13238", "PZ-13266", "PZ-13267", "PZ-13268", "PZ-13269", "PZ-13271", "PZ-13272", "PZ-13503", "PZ-13640"),
        *("PZ-13667", "PZ-13669", "PZ-13670", "PZ-13759", "PZ-13760", "PZ-13761", "PZ-13983", "PZ-13984", "PZ-13985"),
        *("PZ-13986", "PZ-14093", "PZ-14712", "PZ-14713", "PZ-14714", "PZ-14757", "PZ-14925", "PZ-14975", "PZ-14976"),
        *("PZ-14977", "PZ-15003"),
    }
    assert known_keys <= keys


def test_profiles_name_known_defects_only() -> None:
    assert PROFILES["required"] == ()
    assert set(PROFILES["deployed"]) < set(REGISTRY)
    bugs = {REGISTRY[name].bug_key for name in PROFILES["deployed"]}
    assert {"PZ-13272", "PZ-13667", "PZ-13983", "PZ-14975", "PZ-14976", "PZ-14977"} <= bugs


def test_switching_is_seen_at_once(site: Path) -> None:
    assert not active("empty-status")
    for number, names in enumerate((["empty-status"], [], ["empty-status", "string-port"]), start=1):
        site.write_text(json.dumps(names))
        os.utime(site, ns=(number, number))
        assert active("empty-status") is ("empty-status" in names)


def test_without_a_site_nothing_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOCUS_SIMULATOR_STATE", raising=False)
    assert not active("empty-status")


def test_asking_for_an_unknown_defect_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(KeyError):
        active("no-such-defect")


def test_an_unknown_name_is_answered_with_the_near_ones() -> None:
    with pytest.raises(SimulatorError, match="'deleted-index'; near matches: deleted-index-missing"):
        known("deleted-index")
    with pytest.raises(SimulatorError, match="lists the known ones"):
        known("zzz")
