"""The registry of defects: complete data, switching through the file, profiles."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path

import pytest
import yaml

from simulator import defects
from simulator.defects import (
    ALL_DEFECTS,
    Sometimes,
    active,
    as_text,
    known,
    parsed,
    profiles,
    read_switches,
    registry,
    sometimes,
)
from simulator.errors import SimulatorError

PROJECT = Path(__file__).parents[3]
KNOWN_BUGS = PROJECT / "variables" / "known_bugs.yaml"
SIMULATOR = PROJECT / "simulator"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    monkeypatch.setattr(defects, "_cache", None)
    return tmp_path / "defects.json"


def test_no_two_defects_share_a_name() -> None:
    """YAML would silently keep the last of two entries."""
    names = re.findall(r"^([^\s#].*):$", defects.FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) == len(set(names))
    assert names == list(registry())


def test_every_name_that_the_site_asks_for_is_registered() -> None:
    """A running part does not look a name up in the registry: a misspelled one would never be on."""
    asked = set()
    for file in SIMULATOR.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("active", "defects.active"):
                asked |= {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
    assert len(asked) > 100
    assert asked - registry().keys() == set()


def test_every_switch_is_named_by_a_part_of_the_site() -> None:
    named: set[object] = set()
    for file in SIMULATOR.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert registry().keys() - named == set()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"effect": "contents"}, "effect is 'contents', not one of content, pod, code"),
        ({"effect": "pod"}, "effect pod and restarts belong together"),
        ({"restarts": "mongodb"}, "effect pod and restarts belong together"),
        ({"bugkey": "PZ-1"}, "unexpected keyword argument 'bugkey'"),
        ({"area": 1}, "every member is a text"),
    ],
)
def test_an_entry_that_is_wrong_is_named(changed: dict[str, object], words: str) -> None:
    entry = {"area": "api", "sentence": "It is so.", "changes": "MongoDB", "effect": "code"}
    parsed({"good": entry})
    with pytest.raises(ValueError, match=f"^bad: .*{words}"):
        parsed({"good": entry, "bad": {**entry, **changed}})


def test_every_defect_says_what_it_is() -> None:
    for name, defect in registry().items():
        assert defect.name == name
        assert defect.sentence.endswith(".")
        assert defect.area
        assert defect.changes
        assert re.fullmatch(r"(PZ-(\d+|B\d{3}))?", defect.bug_key)


def test_every_defect_has_a_test_that_shows_it() -> None:
    """The tests of the site name the defects that they switch; this one fails when a row is added without."""
    named: set[str] = set()
    for file in (Path(__file__).parents[2] / "site").glob("test_*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named |= {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    # In test_focus_server.py, test_focus_playback.py and test_alert_costs.py.
    shown_without_a_site = {"mongo-outage-slow", "answers-late", "info-undescribed", "playback-slow", "alerts-leak"}
    assert set(registry()) - named - shown_without_a_site == set()


def test_every_known_bug_has_an_entry_and_a_build_that_had_it() -> None:
    """Registry and variables/known_bugs.yaml have the same keys; an entry without a switch names why."""
    entries = yaml.safe_load(KNOWN_BUGS.read_text(encoding="utf-8"))
    switched = set(profiles()[ALL_DEFECTS].bug_keys)
    assert switched - entries.keys() == set(), "these bugs need an entry in variables/known_bugs.yaml"
    unswitched = {key for key, entry in entries.items() if "switch" not in entry}
    assert unswitched - switched == set(), "these entries need a switch of a profile, or 'switch: why not'"
    assert switched.isdisjoint(entries.keys() - unswitched), "these entries have a switch"


def test_the_profiles_are_the_known_bugs_and_nothing_else() -> None:
    assert profiles()["required"].defects == {}
    assert profiles()[ALL_DEFECTS].defects.keys() == {name for name, one in registry().items() if one.bug_key}
    assert profiles()["older"].defects.keys() > profiles()["deployed"].defects.keys()


def test_the_build_of_the_recorded_runs_answers_in_lists_and_numbers() -> None:
    """Site contract 1.4: what the recorded answers do not show is no defect of that build."""
    never_recorded = {
        *("frequencies-object", "string-port", "view-type-string", "counts-mismatch", "wrong-channel-amount"),
        *("negative-amplitudes", "missing-field-500", "live-metadata-float-channels"),
    }
    assert never_recorded.isdisjoint(profiles()["deployed"].defects)
    assert {"empty-status", "long-window-accepted"} <= profiles()["deployed"].defects.keys()


def test_what_shows_sometimes_is_seldom_repeatable_and_ends() -> None:
    shown = [profile.defects["cni-pending"] for profile in profiles().values() if "cni-pending" in profile.defects]
    assert len(shown) == 3
    for how in shown:
        assert how is not None
        cases = [how.seconds(number) for number in range(1, 2001)]
        assert cases == [how.seconds(number) for number in range(1, 2001)]
        lasting = [seconds for seconds in cases if seconds]
        assert len(lasting) / len(cases) == pytest.approx(how.rate, rel=0.25)
        assert how.lasts_s[0] <= min(lasting)
        assert max(lasting) <= how.lasts_s[1] <= 60


def test_how_often_a_defect_shows_reaches_the_programs(site: Path) -> None:
    how = Sometimes(0.5, 7, (1, 2))
    assert sometimes("cni-pending") is None
    site.write_text(as_text({"empty-status": None, "cni-pending": how}), encoding="utf-8")
    assert read_switches(site) == {"empty-status": None, "cni-pending": how}
    assert (sometimes("cni-pending"), sometimes("empty-status")) == (how, None)
    assert active("cni-pending")


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
