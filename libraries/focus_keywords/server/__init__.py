"""Keywords about the Focus Server: requests of any kind, and its description of itself."""
