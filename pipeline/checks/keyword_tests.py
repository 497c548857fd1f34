"""Runs `tests/keywords`: Robot tests whose documented outcome may be a failure, judged by robotstatuschecker.

`python -m pipeline.checks.keyword_tests FOLDER` leaves output.xml, log.html and xunit.xml there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from robot.rebot import rebot
from robot.run import run
from robotstatuschecker import process_output

from pipeline import console
from pipeline.paths import ROOT
from pipeline.results import reading
from pipeline.results.model import Verdict


def main(folder: Path) -> int:
    """The number of tests that did not end as documented."""
    output = folder / "output.xml"
    tests = ROOT / "tests" / "keywords"
    broken = run(str(tests), outputdir=str(folder), log=None, report=None, exitonerror=True, console="quiet")
    if broken > 250:
        return int(broken)
    process_output(str(output))
    for test in reading.read_one(output).of(Verdict.FAILED):
        console.say(f"{test.long_name}: {test.message}")
    return int(rebot(str(output), outputdir=str(folder), xunit="xunit.xml", report=None, logtitle="Keyword tests"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
