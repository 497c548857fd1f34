"""Processes that run one test at a time, each on a site of its own."""
