"""What happens around a run and to its results. Never imported by a test."""
