"""A zero is a value: it is sent as it is, and a count of nothing is refused before the site is asked."""

from __future__ import annotations

import importlib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.words import ChannelRange, FrequencyRange, Recording
from focus_core.disruption.outage import Measured
from focus_core.disruption.watch import Timeline
from focus_core.site import data as site_data
from focus_core.views.opening import view_request
from focus_core.views.view import ViewType


@pytest.fixture(autouse=True)
def no_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that knows its defaults, and that nobody can ask."""
    defaults = SimpleNamespace(channels=(11, 109), frequency_hz=(0, 1000), nfft=1024, duration_s=10, height=1000)
    monkeypatch.setattr(site_data, "site", lambda: SimpleNamespace(defaults=defaults))


def test_zeros_of_a_view_are_sent() -> None:
    zeros = {"channels": ChannelRange(0, 0), "nfft": 0, "frequency": FrequencyRange(0, 0), "duration": 0.0, "height": 0}
    assert view_request(ViewType.MultiChannel, **zeros).body() == {
        "view_type": 0,
        "channels": {"min": 0, "max": 0},
        "nfftSelection": 0,
        "frequencyRange": {"min": 0, "max": 0},
        "displayTimeAxisDuration": 0,
        "displayInfo": {"height": 0},
        "start_time": None,
        "end_time": None,
    }


def test_a_pod_that_was_ready_at_once_was_ready() -> None:
    seen = Timeline(None, 0.0, 0.0, error_window_s=40.0, attempts=1, failed=0, first_trouble="")
    assert Measured("frozen process", "mongodb", seen, None, None).seconds_lost < 40


NOTHING = [
    ("Access", "Certificate Should Be Valid", ("rest",), {"days": -1}),
    ("Alert", "Alert Should Reach The Operator", ("SD", "low", 5), {"amount": 0}),
    ("Alert", "Send Alert", ("SD", "low", 5), {"copies": 0}),
    ("Alert", "Send Alerts", (0, "SD", "low", 5), {}),
    ("Alert", "Send Alerts In A Row", (0, "SD", "low", 5), {}),
    ("Alert", "Send Alerts At Once", (0, "SD", "low", 5), {}),
    ("Alert", "Alerts Should Arrive Promptly", (0,), {}),
    ("Alert", "Pages Of The List Should Hold Each Alert Once", ([],), {}),
    ("Alert", "Get Alerts", (), {"page": 0}),
    ("Cluster", "Focus Server Should Stay Stable", (0, 12, 90, 20), {}),
    ("Cluster", "Focus Server Should Stay Stable", (60, 0, 90, 20), {}),
    ("Cluster", "Focus Server Should Stay Stable", (60, 12, 0, 20), {}),
    ("Cluster", "Pods Should Declare What They Need", (), {"workload": "mongodb"}),
    ("Cluster", "Pod Of View Should Have Been", (None,), {}),
    ("Cluster", "Get Log Lines", (), {"workload": "mongodb", "last": 0}),
    ("Cluster", "Run In Workload", ("mongodb",), {}),
    ("Cluster", "Workload Should Be Served On", ("mongodb",), {}),
    ("Disruption", "Keep Sending Alerts", (), {"senders": 0}),
    ("Disruption", "Client Should Give Up Its View After", (0,), {}),
    ("Disruption", "Recording Should Have One Gap At Most Since", (None,), {"seconds": 0}),
    ("Load", "Apply Load", ("GET /ack",), {"rate": 0, "duration": timedelta(minutes=1)}),
    ("Load", "Apply Load", ("GET /ack",), {"rate": 1, "duration": timedelta()}),
    ("Load", "Apply Load Of Alerts", (0,), {"rate": 1}),
    ("Load", "Apply Load Of Alerts", (1,), {"rate": 1, "per_request": 0}),
    ("Load", "Apply Load Of Alerts", (), {"rate": 1, "duration": timedelta()}),
    ("Load", "Apply Load Of Views", (0,), {}),
    ("Load", "Apply Load Of Views", (1,), {"rate": 0}),
    ("Load", "Ask For Views At Once", (0,), {}),
    ("Load", "Concurrent Requests Should Be Answered Alike", ("/ack", 0), {}),
    ("Load", "Consecutive Views Should Be Created In Time", (0,), {}),
    ("Load", "Fill The Site", (0, 5), {}),
    ("Load", "Get Answer Times", ("GET /ack",), {"times": 0}),
    ("Load", "Hold Views", (0,), {"duration": timedelta(minutes=1)}),
    ("Load", "Hold Views", (1,), {"duration": timedelta()}),
    ("Load", "Number Of Open Views Should Be At Least", (None, 0), {}),
    ("Load", "Raise Number Of Views", (0,), {"by": 1}),
    ("Load", "Raise Number Of Views", (5,), {"by": 0}),
    ("Load", "Repeated Requests Should Be Answered Alike", ("/channels",), {"times": 0}),
    ("Load", "Share Of Accepted Views Should Be At Least", (None, 0), {}),
    ("Load", "Share Of Running Views Should Be At Least", (None, 0), {}),
    ("Mongo", "Asking For Recordings Should Leave No Connection Open", (), {"requests": 0}),
    ("Mongo", "Get Documents", ("base paths",), {"first": 0}),
    ("Mongo", "No Recording Should Be Lost Since", (0,), {}),
    ("Mongo", "Write Acknowledged Documents", (0,), {}),
    ("Rabbit", "Broker Should Accept Connections At Once", (0,), {}),
    ("Rabbit", "Messages Should Be Confirmed Quickly", (1,), {}),
    ("Rabbit", "Publish Confirmed Messages", (0,), {}),
    ("Recording", "Find A Recording", (), {"at_least": timedelta()}),
    ("Recording", "Get End Of Recording", (Recording(0, 1), timedelta()), {}),
    ("Recording", "Find The Last Seconds Stored", (), {"at_most": timedelta()}),
    ("Recording", "Find Recorded Time", (timedelta(),), {}),
    ("Stream", "Every Stream Should Have Delivered", ([], 1), {}),
    ("Stream", "Get Frames", (None,), {"at_least": 0}),
    ("Stream", "Get Stream Field", ([], "rows"), {}),
    ("Stream", "Read Streams Of View", (None, 0), {}),
    ("Stream", "View Should Stream Steadily", (None, 0), {}),
    ("View", "Close Views", ([],), {}),
    ("View", "Get Waterfall Row Count", (None,), {"newest": 0}),
    ("View", "Longest Window Of The Display Time", (), {"more": -1}),
    ("View", "Open Views At The Same Time", (0,), {}),
    ("View", "Rows Should Stay The Same", (None,), {"rows": 0}),
    ("View", "Streams Should Have Channels", (None,), {}),
    ("View", "Waterfall Should Hold As Many Rows As Asked For", (None,), {}),
    ("View", "Waterfall Should Hold As Many Rows As Asked For", (None, 0), {}),
    ("View", "Waterfall Should Show The View", (None,), {"rows": 0}),
]


@pytest.mark.parametrize(("library", "word", "positional", "named"), NOTHING, ids=lambda value: str(value)[:40])
def test_a_check_of_nothing_is_refused(
    library: str, word: str, positional: tuple[Any, ...], named: dict[str, Any]
) -> None:
    words = getattr(importlib.import_module(f"{library}Library"), f"{library}Library")()
    (name,) = [name for name in words.get_keyword_names() if name.replace("_", " ").lower() == word.lower()]
    with pytest.raises(
        BenchError, match=r"^(\w+( \d)? is a (whole number|number|percentage) |Name at least one |Steps are numbers)"
    ):
        getattr(words, name)(*positional, **named)
