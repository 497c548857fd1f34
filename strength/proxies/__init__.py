"""Proxies between the tests and the site that apply a mutant."""
