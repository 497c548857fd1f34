"""Keywords about recordings: found to be played, listed by the Focus Server."""
