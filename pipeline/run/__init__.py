"""Running suites: selection, lanes, progress, run folders."""
