"""The two ways in which a command ends early."""

BROKEN = 252
INTERRUPTED = 253


class RunError(Exception):
    """The command cannot go on; the text is one sentence with cause and repair."""
