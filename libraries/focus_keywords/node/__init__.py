"""Keywords about the SSH node."""
