"""The registry of defects: complete data, switching through the file, profiles."""

from __future__ import annotations

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
