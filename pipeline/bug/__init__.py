"""A report of a failed test that a developer can use."""
