"""Messages of the broker and frames of streams against the record."""

from __future__ import annotations

from typing import Any

import pytest
from focus_core.contract import messages, seen
from focus_core.contract.seen import Seen

ALERT = {
    "algorun_id": "a", "alert_id": "1", "class_id": 103, "severity": 3, "distance_m": 1250.5,
    "alert_time": "2026-01-01T00:00:00+00:00", "time_interval_s": 150, "is_external": False, "is_dead": False,
    "is_faded": False,
}  # fmt: skip
FRAME = {
    "start_channel": 1, "end_channel": 17, "timestamp_in_milis": [1], "row_index": [0], "data_shape_x": 4352,
    "data_shape_y": 1,
}  # fmt: skip


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> Seen:
    found = Seen()
    monkeypatch.setattr(seen, "_of_process", found)
    return found


@pytest.mark.parametrize("key", ["Algorithm.AlertReport", "Algorithm.AlertReport.MLGround"])
def test_an_alert_is_checked_under_each_of_its_keys(key: str, own: Seen) -> None:
    messages.note_message(key, ALERT)
    assert own.take() == []
    messages.note_message(key, {name: value for name, value in ALERT.items() if name != "severity"})
    assert [str(one) for one in own.take()] == [
        "exchange prisma Algorithm.AlertReport.#: severity is missing (rule required)"
    ]


@pytest.mark.parametrize("key", ["Algorithm.AlertReporting", "a.b", "", "recorder_input"])
def test_a_message_under_another_key_is_no_part_of_the_record(key: str, own: Seen) -> None:
    messages.note_message(key, "anything")
    assert own.as_json()["calls"] == {}


def test_a_command_is_checked(own: Seen) -> None:
    messages.note_message("roi", {"type": "RegionOfInterestCommand", "value": {"start": 1, "end": 8}, "job_id": "7-1"})
    assert own.take() == []
    messages.note_message("roi", {"type": "RegionOfInterestCommand", "value": {"start": -1, "end": 8}})
    assert [one.violation.path for one in own.take()] == ["value.start"]


@pytest.mark.parametrize(
    ("change", "path"), [({"start_channel": 0}, "start_channel"), ({"row_index": ["x"]}, "row_index[0]")]
)
def test_a_frame_is_checked(change: dict[str, Any], path: str, own: Seen) -> None:
    messages.note_frame("DataStream", FRAME)
    assert own.take() == []
    messages.note_frame("DataStream", FRAME | change)
    assert [one.violation.path for one in own.take()] == [path]
