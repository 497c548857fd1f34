"""Measures the budgets that docs/measurements.md quotes."""
