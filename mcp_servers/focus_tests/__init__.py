"""The server for who writes and reads tests: words, suites, checks, runs, failures."""
