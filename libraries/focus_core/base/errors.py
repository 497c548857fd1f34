"""Errors that are not about the product.

A wrong product is an ``AssertionError``. Everything below is about the bench: its text is one sentence for the person
who must repair it, naming the cause and the repair.
"""


class BenchError(RuntimeError):
    """The test bench, not the product, is wrong: a site that is not there, a missing secret, a refused disruption."""

    # Robot puts the class name before the message unless this is set; the sentence is enough.
    ROBOT_SUPPRESS_NAME = True


class SiteFileError(BenchError):
    """A site file cannot be used: file, key, value and what is allowed, in one sentence."""


class SecretMissingError(BenchError):
    """A secret that the site file refers to is not there."""
