"""Errors that pods log while a test runs, and that belong to it."""

from __future__ import annotations

import re

from focus_core.base.errors import BenchError
from focus_core.logs.entries import Entry
from focus_core.run import report, test_logs
from focus_core.site.data import site
from robot.api.deco import keyword


class PodErrors:
    """What is wrong in the logs, by the patterns of ``variables/log_patterns.yaml`` and of the site's file."""

    @keyword(tags=("kubernetes", "Assertion"))
    def no_pod_should_have_logged_an_error(self, *, allowing: str | None = None) -> None:
        """Fails when a pod logged an error that belongs to this test: one that names a request, view, alert or user of
        it, or that was written while no other test ran.

        ``allowing`` is a regular expression of lines that this test expects, in any case of letters; they do not fail
        it in a strict run either. With the pod monitor (``--monitor on``) lines of pods that are gone count too;
        without it only those of pods that are there, and only lines that name something of this test.

        | Open Live View    channels=1-3
        | No Pod Should Have Logged An Error    allowing=MongoDB does not answer
        """
        if allowing:
            test_logs.allow(_expression(allowing))
        found = test_logs.own_entries(site())
        errors = test_logs.errors(found)
        _show(found)
        if errors:
            raise AssertionError(test_logs.sentence(errors))


def _expression(allowing: str) -> re.Pattern[str]:
    try:
        return re.compile(allowing, re.IGNORECASE)
    except re.error as error:
        raise BenchError(f"allowing is no regular expression: '{allowing}' ({error}); correct it.") from None


def _show(found: list[Entry]) -> None:
    """The lines that were looked at, at a fold."""
    lines = "\n".join(f"[{entry.source.pod}] {entry.text}" for entry in found if entry.kind == "line")
    report.log_fold(f"{sum(entry.kind == 'line' for entry in found)} lines of pods belong to this test so far", lines)
