"""Decides which test runs against which mutant or defect, and when."""
