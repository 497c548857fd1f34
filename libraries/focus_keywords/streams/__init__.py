"""Keywords about the streams of views."""
