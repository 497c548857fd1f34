"""Many requests and many views at once."""
