"""Keywords about load: many views, many requests."""
