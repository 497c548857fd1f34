"""The one error that the simulator's command line prints and turns into a non-zero exit code."""

from __future__ import annotations


class SimulatorError(Exception):
    """One sentence that names the cause and the repair; printed as it is, without a traceback.

    Args:
        sentence: what a caller reads, and the last line that is printed.
        details: lines of a log with more detail; printed before the sentence.
    """

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details
