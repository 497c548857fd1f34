"""Mutants: one changed member of one of the site's answers each."""
