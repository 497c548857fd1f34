"""What the Focus Server refuses: shapes by the models, meanings by the rules, and each switch that lets one pass."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from simulator.pods.focus.models import ConfigureRequest, TimeRange
from simulator.pods.focus.rules import Violation, time_range_violations, violations

NOW = 1_800_000_000.0
VALID: dict[str, Any] = {
    "displayTimeAxisDuration": 10,
    "nfftSelection": 1024,
    "displayInfo": {"height": 1000},
    "channels": {"min": 1, "max": 50},
    "frequencyRange": {"min": 0, "max": 1000},
    "start_time": None,
    "end_time": None,
    "view_type": 0,
}
HISTORIC = {"start_time": int(NOW) - 600, "end_time": int(NOW) - 300}
WATERFALL = {"view_type": 2, "nfftSelection": 1, "displayTimeAxisDuration": None, "frequencyRange": None}
REMOVED = object()


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """The valid body with dotted fields changed or removed."""
    body = copy.deepcopy(VALID)
    for path, value in changes.items():
        *parents, last = path.split(".")
        place = body
        for parent in parents:
            place = place[parent]
        if value is REMOVED:
            del place[last]
        else:
            place[last] = value
    return body


def broken(changes: dict[str, Any]) -> list[Violation]:
    return violations(ConfigureRequest.model_validate(changed(changes)), 2222, NOW)


@pytest.fixture
def switch_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def switch(*names: str) -> None:
        (tmp_path / "defects.json").write_text(json.dumps(names), encoding="utf-8")
        monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))

    return switch


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"displayTimeAxisDuration": 10.0},
        {"view_type": "0"},
        {"channels": {"min": 1, "max": 2222}},
        {"channels": {"min": 7, "max": 7}},
        {"view_type": 1, "channels": {"min": 7, "max": 7}, "nfftSelection": 65536},
        {"nfftSelection": 128},
        {"nfftSelection": 4096},
        {"frequencyRange": {"min": 999, "max": 1000}},
        HISTORIC,
        {"start_time": int(NOW) - 300, "end_time": int(NOW)},
        WATERFALL,
        {**WATERFALL, "nfftSelection": REMOVED, "displayTimeAxisDuration": REMOVED, "frequencyRange": REMOVED},
    ],
)
def test_accepted(changes: dict[str, Any]) -> None:
    assert broken(changes) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"view_type": 3}, "view_type", ["view_type", "range"]),
        ({"view_type": -1}, "view_type", ["view_type"]),
        ({"view_type": "99"}, "view_type", ["view_type"]),
        ({"displayInfo.height": 0}, "displayInfo.height", ["height", "positive"]),
        ({"displayInfo.height": -100}, "displayInfo.height", ["height", "positive"]),
        ({"displayInfo.height": 20_000}, "displayInfo.height", ["1 ms"]),
        ({"displayInfo.height": 10**30}, "displayInfo.height", ["maximum"]),
        ({"displayTimeAxisDuration": 0}, "displayTimeAxisDuration", ["positive"]),
        ({"displayTimeAxisDuration": -1}, "displayTimeAxisDuration", ["positive"]),
        ({"nfftSelection": 0}, "nfftSelection", ["power of 2"]),
        ({"nfftSelection": -1}, "nfftSelection", ["power of 2"]),
        ({"nfftSelection": 1000}, "nfftSelection", ["power of 2"]),
        ({"nfftSelection": 100_000}, "nfftSelection", ["power of 2"]),
        ({"nfftSelection": 64}, "nfftSelection", ["minimum", "128"]),
        ({"nfftSelection": 8192}, "nfftSelection", ["maximum", "4096"]),
        ({"view_type": 1, "channels": {"min": 7, "max": 7}, "nfftSelection": 131_072}, "nfftSelection", ["65536"]),
        ({"channels": {"min": 50, "max": 1}}, "channels", ["channels.max"]),
        ({"channels": {"min": 0, "max": 50}}, "channels.min", ["lowest channel is 1"]),
        ({"channels": {"min": -1, "max": 50}}, "channels.min", ["channel"]),
        ({"channels": {"min": 1, "max": 2223}}, "channels.max", ["2222", "maximum"]),
        ({"view_type": 1, "channels": {"min": 5, "max": 10}}, "channels", ["single channel"]),
        ({"view_type": 1, "channels": {"min": 9999, "max": 9999}}, "channels.max", ["2222"]),
        ({"frequencyRange": {"min": 500, "max": 100}}, "frequencyRange", ["frequencyRange.max"]),
        ({"frequencyRange": {"min": 250, "max": 250}}, "frequencyRange", ["at least 1 Hz"]),
        ({"frequencyRange": {"min": -1, "max": 500}}, "frequencyRange.min", ["negative"]),
        ({"frequencyRange": {"min": 0, "max": 1001}}, "frequencyRange.max", ["Nyquist", "limit"]),
        ({"start_time": int(NOW) - 60}, "end_time", ["ambiguous", "both"]),
        ({"end_time": int(NOW) - 60}, "start_time", ["ambiguous", "both"]),
        ({"start_time": -100, "end_time": -50}, "start_time", ["negative"]),
        ({"start_time": int(NOW) - 60, "end_time": int(NOW) - 60}, "end_time", ["after start_time"]),
        ({"start_time": int(NOW) - 60, "end_time": int(NOW) + 60}, "end_time", ["future"]),
        ({"start_time": 10**12, "end_time": 10**12 + 10}, "end_time", ["future"]),
        ({"start_time": int(NOW) - 301, "end_time": int(NOW)}, "end_time", ["x 30"]),
    ],
)
def test_refused_for_its_meaning(changes: dict[str, Any], field: str, words: list[str]) -> None:
    (only,) = broken(changes)
    assert only.field == field
    assert all(word.lower() in only.error.lower() for word in words), only.error


def test_every_broken_rule_is_reported() -> None:
    bad = {
        "displayTimeAxisDuration": -1,
        "nfftSelection": 0,
        "channels": {"min": 10, "max": 5},
        "frequencyRange": {"min": 1000, "max": 1000},
        "start_time": 9_999_999_999_999,
        "end_time": 1_000_000_000_000,
        "view_type": 999,
    }
    fields = {one.field.partition(".")[0] for one in broken(bad)}
    assert fields == {"displayTimeAxisDuration", "nfftSelection", "channels", "frequencyRange", "end_time", "view_type"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        *[({name: REMOVED}, name) for name in VALID if name not in ("start_time", "end_time")],
        ({"displayTimeAxisDuration": None}, "displayTimeAxisDuration"),
        ({"nfftSelection": None}, "nfftSelection"),
        ({"frequencyRange": None}, "frequencyRange"),
        ({"view_type": None}, "view_type"),
        ({"displayInfo": {}}, "height"),
        ({"displayInfo.height": "1000"}, "height"),
        ({"channels": [1, 50]}, "channels"),
        ({"channels.min": "1"}, "min"),
        ({"channels.max": True}, "max"),
        ({"nfftSelection": 1024.5}, "nfftSelection"),
        ({"nfftSelection": "1024; DROP TABLE"}, "nfftSelection"),
        ({"nfftSelection": float("nan")}, "nfftSelection"),
        ({"displayTimeAxisDuration": float("inf")}, "displayTimeAxisDuration"),
        ({"displayTimeAxisDuration": False}, "displayTimeAxisDuration"),
        ({"start_time": 1.5}, "start_time"),
        ({"view_type": "invalid"}, "view_type"),
        ({"view_type": "१"}, "view_type"),
        ({"view_type": True}, "view_type"),
        ({**WATERFALL, "nfftSelection": 1024}, "nfftSelection"),
        ({**WATERFALL, "displayTimeAxisDuration": 10}, "displayTimeAxisDuration"),
        ({**WATERFALL, "frequencyRange": {"min": 0, "max": 500}}, "frequencyRange"),
    ],
)
def test_refused_for_its_shape(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ConfigureRequest.model_validate(changed(changes))
    problem = refused.value.errors()[0]
    assert field in (*problem["loc"], problem.get("ctx", {}).get("name"))


@pytest.mark.parametrize(
    ("defect", "changes"),
    [
        ("future-time-accepted", {"start_time": int(NOW) + 60, "end_time": int(NOW) + 120}),
        ("nfft-unchecked", {"nfftSelection": 1000}),
        ("nfft-unchecked", {"nfftSelection": 8192}),
        ("single-min-ne-max-accepted", {"view_type": 1, "channels": {"min": 5, "max": 10}}),
        ("negative-channel-accepted", {"channels": {"min": -1, "max": 50}}),
        ("nyquist-unchecked", {"frequencyRange": {"min": 0, "max": 1500}}),
        ("view-type-unchecked", {"view_type": 99}),
        ("height-unchecked", {"displayInfo.height": -100}),
        ("half-range-accepted", {"start_time": int(NOW) - 60}),
        ("negative-time-accepted", {"start_time": -100, "end_time": -50}),
    ],
)
def test_a_defect_lets_its_bad_input_pass(defect: str, changes: dict[str, Any], switch_on) -> None:
    assert broken(changes)
    switch_on(defect)
    assert broken(changes) == []


def test_time_range_of_a_recordings_query() -> None:
    assert time_range_violations(TimeRange(start_time=0, end_time=1)) == []
    assert [one.field for one in time_range_violations(TimeRange(start_time=-1, end_time=-1))] == [
        "start_time",
        "end_time",
    ]
