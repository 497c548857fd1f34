"""Which test meets which mutant or defect, and when."""
