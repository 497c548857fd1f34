"""The run and the failed test that a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError
from pipeline.replay import bundles
from pipeline.replay.bundles import Bundle
from pipeline.results import reading
from pipeline.results.model import Run, TestResult, Verdict
from pipeline.run import folders

LISTED = 20


@dataclass(frozen=True)
class Failure:
    """A failed test of a run whose folder is `folder`; `bundle` is None where the test left none."""

    run: Run
    test: TestResult
    folder: Path
    bundle: Bundle | None

    @property
    def output(self) -> Path:
        return self.folder / "output.xml"


def failure(run: str, name: str) -> Failure:
    """The test whose name has `name` in it, of the run `run`. Raises RunError where there is not exactly one."""
    folder = folder_of(run)
    result = reading.read_run([folder / "output.xml"])
    if not result.tests:
        raise RunError(result.broken)
    test = one_of([one for one in result.tests if one.verdict in (Verdict.FAILED, Verdict.KNOWN_BUG)], name)
    files = [folder / file for file in test.evidence if file.endswith(".zip")]
    kept = [file for file in files if file.is_file()]
    return Failure(result, test, folder, bundles.read(kept[-1]) if kept else None)


def folder_of(run: str) -> Path:
    """`latest`, an id or its beginning, or a folder with an output.xml. Raises RunError otherwise."""
    return Path(run) if (Path(run) / "output.xml").is_file() else folders.find(run).folder


def one_of(tests: list[TestResult], name: str) -> TestResult:
    """The only failed test whose name is `name`, or has it in it, upper and lower case alike."""
    wanted = name.casefold()
    found = [test for test in tests if test.name.casefold() == wanted]
    found = found or [test for test in tests if wanted in test.long_name.casefold()]
    if len(found) == 1:
        return found[0]
    shown = "".join(f"\n  {test.long_name}" for test in (found or tests)[:LISTED])
    if found:
        raise RunError(f"{len(found)} failed tests have '{name}' in their name, give more of one:{shown}")
    raise RunError(f"No failed test of this run has '{name}' in its name.{' These failed:' if tests else ''}{shown}")
