"""The node behind SSH."""
