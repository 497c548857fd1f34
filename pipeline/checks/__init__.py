"""The checks of 'run.py test'."""
