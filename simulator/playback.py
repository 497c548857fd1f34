"""How fast recordings are played: one rule for the stream and for the rows over REST."""

from __future__ import annotations

PLAYBACK_SPEED = 10.0


def speed(time_scale: float) -> float:
    """Return the seconds of recording that are played in one second."""
    return PLAYBACK_SPEED / time_scale
