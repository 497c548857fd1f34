"""What is reported of a run that Ctrl-C ended: tests that had ended keep their verdicts, all others are not run."""

from __future__ import annotations

from dataclasses import replace

from pipeline.results import reading, run_json, summary
from pipeline.results.model import Run
from pipeline.results.stamp import Stamp
from pipeline.run import folders as runs
from pipeline.run.selection import Selection

SENTENCE = "The run was stopped with Ctrl-C."
_WHY = "the run was stopped before this test began"


def report(current: runs.Run, marks: Stamp, selected: Selection) -> str:
    """Write summary.md and metrics.json of what the lanes left; returns the counts in words."""
    result = replace(result_of(current, marks, selected), broken=SENTENCE)
    run_json.write(result, current.folder / run_json.NAME)
    summary.write(result, current.folder)
    return f"{summary.counts(result)} in {result.seconds:.1f} s"


def result_of(current: runs.Run, marks: Stamp, selected: Selection) -> Run:
    """The run with all selected tests, as far as it is known which ones they are."""
    output = current.folder / "output.xml"
    result = reading.read_run([output] if output.exists() else [], marks)
    if not current.countable:
        return result
    there = result.places
    left = [
        reading.without_result(test.name, test.full_name, test.source, test.line, tags, _WHY)
        for test, tags in zip(selected.tests, selected.tags, strict=True)
        if test.place not in there
    ]
    return replace(result, tests=(*result.tests, *left))
