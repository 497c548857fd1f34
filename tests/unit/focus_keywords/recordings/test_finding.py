"""Recordings over midnight, in lists that a server may answer."""

from __future__ import annotations

import pytest
from focus_core.base.words import Recording
from focus_keywords.recordings.finding import RecordingFinder

DAY_S = 24 * 60 * 60


def found(monkeypatch: pytest.MonkeyPatch, *recordings: tuple[int, int]) -> Recording:
    listed = [Recording(*times) for times in recordings]
    monkeypatch.setattr(RecordingFinder, "_recordings", lambda _self: listed)
    return RecordingFinder().find_a_recording_over_midnight()


def test_the_latest_midnight_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    latest, last = 20_000 * DAY_S, 19_999 * DAY_S
    recordings = [(last - 5, last + 5), (latest - 100, latest + 60), (latest + 100, latest + 200)]
    assert found(monkeypatch, *recordings) == Recording(latest - 5, latest + 5)
    assert found(monkeypatch, *recordings[::2]) == Recording(last - 5, last + 5)


def test_a_recording_that_only_touches_midnight_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = 20_000 * DAY_S
    with pytest.raises(AssertionError, match="no recording of the last four weeks during which a day ended"):
        found(monkeypatch, (midnight - 100, midnight + 4), (midnight - 4, midnight + 100), (midnight, midnight + 50))
