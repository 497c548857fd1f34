"""Runs suites in parallel lanes with pabot, and judges the run."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from robot.errors import DataError

from pipeline import console, processes
from pipeline.errors import BROKEN, RunError
from pipeline.paths import PYTHON
from pipeline.results import output_xml, stamp, summary
from pipeline.results.summary import Summary
from pipeline.run import folders as runs
from pipeline.run import progress, selection, site

LANES = 4
# Robot's meaning: 0-250 failed tests; above, the run itself is broken.
MOST_FAILURES = 250
# Each test has a key of its own, which would fill the statistics with rows of 1.
STATISTICS = ("--tagstatexclude", "pz-*")


@dataclass(frozen=True)
class Plan:
    """A run about to start: what it is called, its site, pabot's arguments."""

    command: str
    site_name: str
    args: list[str]


def run(plan: Plan, merge_into: Path | None = None) -> int:
    """Run and show the summary; returns Robot's meaning of the exit code.

    `merge_into` is the output.xml of an earlier run: the new results replace its own, both attempts are shown.
    """
    with tempfile.TemporaryDirectory(prefix="focus-run-", ignore_cleanup_errors=True) as scratch:
        chosen_tests = selection.select(plan.args, Path(scratch))
        if chosen_tests.tests is not None and not chosen_tests.tests:
            raise RunError("No test is selected: check the tags, names and folders that you gave.")
        site.refuse_second_choice(plan.site_name, chosen_tests.site)
        chosen_site = site.open_site(plan.site_name)
        sources = [str(Path(source).resolve()) for source in chosen_tests.sources]
        current = runs.Run(runs.new_id(), plan.command, plan.site_name, sources).open()
        marks = stamp.make(current.id, plan.command, chosen_site.name, chosen_site.simulated)
        count = "" if chosen_tests.tests is None else f": {len(chosen_tests.tests)} tests"
        console.say(f"{marks.title}{count} (run {current.id})")
        try:
            code = execute(current, chosen_site, marks, Path(scratch), chosen_tests)
        except KeyboardInterrupt:
            console.say(f"results so far: {runs.make_latest(current)}")
            raise
    shown = runs.make_latest(current)
    if merge_into and code <= MOST_FAILURES:
        code = merge(merge_into, current.folder, marks)
    return finish(code, current.folder, shown, marks, chosen_tests.tests)


def execute(
    current: runs.Run,
    chosen_site: site.ChosenSite,
    marks: stamp.Stamp,
    scratch: Path,
    chosen_tests: selection.Selection,
) -> int:
    """Start pabot and show the lanes' progress; returns pabot's exit code."""
    progress_file = scratch / "progress.jsonl"
    environment = os.environ | {
        "FOCUS_SITE": str(chosen_site.file),
        "FOCUS_RUN_ID": current.id,
        progress.FILE_VARIABLE: str(progress_file),
        # pabot deletes other runs' temporary files when they share a folder.
        "TMPDIR": str(scratch),
        "TEMP": str(scratch),
        "TMP": str(scratch),
    }
    total = None if chosen_tests.tests is None else len(chosen_tests.tests)
    display = progress.Display(progress_file, total)
    with (current.folder / "pabot.log").open("wb") as log:
        command = [PYTHON, "-P", "-m", "pabot.pabot", *pabot_options(current, marks)]
        command += chosen_tests.args
        process = processes.start(command, env=environment, stdout=log, stderr=log)
        return processes.wait(process, display.look)


def pabot_options(current: runs.Run, marks: stamp.Stamp) -> list[str]:
    """Options of every run; the caller's own come later and win.

    A short run is cut into one chunk a lane, which saves starting a process for each suite; in a longer one each lane
    takes the next suite, which keeps them all busy to the end (docs/decisions/0010-lanes.md).
    """
    return [
        *("--processes", str(LANES), "--pabotlibport", "0", "--pabotconsole", "quiet"),
        *(["--chunk"] if current.command == "smoke" else []),
        *("--artifacts", "png,jsonl", "--artifactsinsubfolders"),
        *("--outputdir", str(current.folder), "--xunit", "xunit.xml", "--exitonerror"),
        *STATISTICS,
        *("--listener", "pipeline.run.progress.Progress"),
        *marks.robot_options(),
    ]


def failed_tests(output: Path) -> list[str]:
    """Names of the failed tests in an output.xml. Raises RunError when the run left none."""
    try:
        result = output_xml.read(output)
    except DataError:
        raise RunError(
            "The last run left no result to repeat: start it anew, for example 'python run.py smoke'."
        ) from None
    return [test.full_name for test in result.suite.all_tests if test.failed]


def merge(first: Path, folder: Path, marks: stamp.Stamp) -> int:
    """Merge the second attempts in `folder` into a copy of the first run's results; returns rebot's exit code."""
    second = folder / "second"
    second.mkdir()
    for name in ("output.xml", "log.html", "report.html", "xunit.xml"):
        (folder / name).replace(second / name)
    # Pictures and pod logs of the first attempt are named relative to the log.
    for pattern in ("*.png", "*.jsonl", "pod_logs/*.log"):
        for path in first.parent.rglob(pattern):
            if "pabot_results" not in path.parts:
                target = folder / path.relative_to(first.parent)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)
    command = [PYTHON, "-m", "robot.rebot", "--merge", "--outputdir", str(folder), "--output", "output.xml"]
    command += ["--xunit", "xunit.xml", *STATISTICS, *marks.robot_options(), str(first), str(second / "output.xml")]
    with (folder / "pabot.log").open("ab") as log:
        return processes.wait(processes.start(command, stdout=log, stderr=log))


def finish(code: int, folder: Path, shown: Path, marks: stamp.Stamp, expected: frozenset[str] | None) -> int:
    """Write summary and metrics, show them, and say what the run is worth."""
    output = folder / "output.xml"
    if not output.exists():
        console.say(tail(folder / "pabot.log"))
        raise RunError(f"The run wrote no result (pabot's exit code {code}); its words are in {shown / 'pabot.log'}.")
    gather_pod_logs(folder)
    result = summary.read(output, marks)
    broken = why_broken(code, result, expected)
    summary.write(result, folder, broken)
    console.say(summary.screen(result, shown))
    if broken:
        if code > MOST_FAILURES:
            console.say(tail(folder / "pabot.log"))
        console.complain(broken)
        return code if code > MOST_FAILURES else BROKEN
    # The merged log holds it all; what the lanes wrote is worth keeping only where the merge cannot be trusted.
    shutil.rmtree(folder / "pabot_results", ignore_errors=True)
    return code


def gather_pod_logs(folder: Path) -> None:
    """The lanes' evidence into one folder, under the names that the log tells; pabot itself would rename the files."""
    for path in (folder / "pabot_results").rglob("pod_logs/*.log"):
        (folder / "pod_logs").mkdir(exist_ok=True)
        shutil.copy2(path, folder / "pod_logs")


def why_broken(code: int, result: Summary, expected: frozenset[str] | None) -> str:
    """One sentence when the run must not count, else nothing: pabot may call a run green whose lane died."""
    missing = sorted((expected or frozenset()) - {test.name for test in result.tests})
    if missing:
        return (
            f"{len(missing)} of {len(expected or ())} selected tests have no result, the first is '{missing[0]}': a "
            "lane died; see pabot.log and pabot_results in the run's folder, and start again."
        )
    if code > MOST_FAILURES:
        return f"The run is broken (pabot's exit code {code}); its words are in pabot.log in the run's folder."
    if not code and not result.passed:
        return "No test passed, so this run proves nothing: look at the skip messages in the report."
    if not code and result.failed:
        return f"pabot ended with 0 although {result.failed} tests failed: see pabot.log in the run's folder."
    return ""


def tail(path: Path, lines: int = 25) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
