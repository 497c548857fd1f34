"""Response mutants: one change in one kind of answer each."""
