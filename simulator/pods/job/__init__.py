"""The two programs of a view: the job that streams its rows, and the job that clears up after it."""
