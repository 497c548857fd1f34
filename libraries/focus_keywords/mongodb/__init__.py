"""Keywords about MongoDB: the server, and the quality of its data."""
