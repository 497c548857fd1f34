"""Suites that are made by doing: words tried one by one, and requests that were recorded."""
