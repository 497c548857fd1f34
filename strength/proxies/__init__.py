"""Proxies between the tests and the site; they apply the armed mutants."""
