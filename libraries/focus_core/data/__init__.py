"""Test data of a site: made from a seed, marked, written down before they are made, and removed again."""
