"""What the recordings of a fresh site are like, whatever the time of day at which it is started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from simulator.content import mongodb


def test_a_recording_goes_over_midnight_whenever_a_site_is_started() -> None:
    day, beside = datetime(2026, 11, 30, tzinfo=UTC), timedelta(seconds=5)
    for minutes in range(0, 24 * 60, 15):
        finished = [
            (one["start_time"], one["end_time"])
            for one in mongodb._recordings(day + timedelta(minutes=minutes))
            if one["end_time"] and not one["deleted"]
        ]
        midnights = [(day - timedelta(days=number)).replace(tzinfo=None) for number in range(14)]
        covered = [at for at in midnights for start, end in finished if start <= at - beside and end >= at + beside]
        assert covered, f"Nothing is recorded over midnight when a site is started {minutes} minutes after it."
