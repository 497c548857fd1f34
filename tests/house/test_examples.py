"""Every keyword shows a tester how it is written: an example that names it, and that Robot Framework accepts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from robot.run import run

from examples import suite_of_examples
from pipeline.vocabulary import normalized


def test_every_keyword_has_an_example_that_names_it() -> None:
    without = [
        f"{keyword.home}: {keyword.name}"
        for keyword in suite_of_examples.keywords()
        if not any(normalized(keyword.name) in normalized(row) for row in keyword.examples)
    ]
    assert not without


def test_what_an_example_uses_is_prepared() -> None:
    """A variable that nothing makes would be seen only by night."""
    lacking = [
        f"{keyword.name}: {name}"
        for keyword in suite_of_examples.keywords()
        for name in suite_of_examples.missing(suite_of_examples.steps(keyword))
        if name not in suite_of_examples.GIVEN
    ]
    assert not lacking


@pytest.mark.nightly  # they are run then, too
def test_robot_accepts_every_example(tmp_path: Path) -> None:
    suite_of_examples.write_all(tmp_path)
    output = io.StringIO()
    run(str(tmp_path), dryrun=True, output=None, log=None, report=None, console="quiet", stdout=output, stderr=output)
    assert "FAIL" not in output.getvalue()
