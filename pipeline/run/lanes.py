"""Runs suites in parallel lanes with pabot, and judges the run."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from robot.conf import RobotSettings

from pipeline import console, processes
from pipeline.baseline import checking
from pipeline.contract.after_run import note_contract
from pipeline.coverage import shares
from pipeline.errors import BROKEN, INTERRUPTED, RunError
from pipeline.history.after_run import after_run
from pipeline.monitor import shown as shown_logs
from pipeline.monitor import watching
from pipeline.paths import PYTHON
from pipeline.results import contract_seen, loads, reading, run_json, stamp, summary
from pipeline.results.model import Run, Verdict
from pipeline.run import (
    chosen,
    interrupted,
    lane,
    last_check,
    options,
    pabot_process,
    progress,
    reports,
    selection,
    site,
)
from pipeline.run import folders as runs
from pipeline.run.chosen import ChosenTest
from pipeline.run.last_check import LastCheck
from pipeline.run.selection import Selection
from pipeline.xray.after_run import after_publishing, is_strict
from pipeline.xray.publishing import Source
from pipeline.xray.settings import CREDENTIALS, JIRA_CREDENTIALS

LANES = 4
# Pabot's own end after that of the lanes: it kills what is left, and merges the results.
STOP_S = pabot_process.LANES_S + 20.0
# Robot's meaning: 0-250 failed tests; above, the run itself is broken.
MOST_FAILURES = 250
# Where the listener of the libraries notes a failed critical test, and looks before each test.
STOP_VARIABLE = "FOCUS_STOP_MARKER"
# The evidence that tests leave beside their log.
EVIDENCE = ("png", "jsonl")
# That which lies in folders of its own.
IN_FOLDERS = ("pod_logs/*.log", "bundles/*.zip")
# What the pod monitor writes, beside the logs of services.
OF_MONITOR = ("pod_logs/*.json", "pod_logs/tests/*")
# All of it, as it lies in a run's folder.
FILES = (*(f"*.{ending}" for ending in EVIDENCE), loads.PATTERN, contract_seen.PARTS, *IN_FOLDERS, *OF_MONITOR)


@dataclass(frozen=True)
class Again:
    """Tests of an earlier run to run again: its results are merged with the new ones, both attempts are shown."""

    first: runs.Run
    tests: list[ChosenTest]


@dataclass(frozen=True)
class Shard:
    """These tests alone, a part of a run: the suites start in this `order` of their full names.

    Its results go to `folder`, below results, and wait there for 'ci collect': the history learns only of the whole.
    Shards that reach the same `stop_marker` end together when a critical test fails.
    """

    tests: list[ChosenTest]
    order: list[str]
    folder: str
    stop_marker: Path


@dataclass(frozen=True)
class Quick:
    """These tests alone, best first; each of `lanes` runs its suites, by full names, in one process."""

    tests: list[ChosenTest]
    lanes: list[list[str]]


@dataclass(frozen=True)
class Plan:
    """A run about to start: what it is called, its site, pabot's arguments, whether disruption needs no question.

    `stop_on_critical`: no test begins any more once a critical one has failed. `monitor`: off, on, strict, or nothing
    for what FOCUS_MONITOR says.
    """

    command: str
    site_name: str
    args: list[str]
    yes: bool = False
    again: Again | None = None
    shard: Shard | None = None
    quick: Quick | None = None
    stop_on_critical: bool = False
    monitor: str = ""


def run(plan: Plan) -> int:
    """Run and show the summary; returns Robot's meaning of the exit code."""
    mode = watching.mode(plan.monitor)
    with tempfile.TemporaryDirectory(prefix="focus-run-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        only = narrowed(plan, scratch)
        selected = selection.select([*only, *plan.args], scratch)
        if not selected.tests:
            raise RunError("No test is selected: check the tags, names and folders that you gave.")
        site.refuse_second_choice(plan.site_name, selected.site)
        chosen_site = site_for(selected, plan.site_name, plan.yes)
        current = describe(plan, selected, only).open()
        marks = stamp.make(current.id, plan.command, chosen_site.name, chosen_site.simulated, selected.options.dry_run)
        marks = replace(marks, approval=site.approved(chosen_site, selected.disruptive))
        console.say(f"{marks.title}: {selected.how} (run {current.id})")
        check = None if selected.options.dry_run else LastCheck(chosen_site.file, current.id)
        mode = "off" if selected.options.dry_run else mode
        with watching.watched(mode, chosen_site.file, current.folder, current.id) as monitor:
            try:
                code = execute(
                    current, chosen_site, marks, scratch, selected, stop_marker(plan, current), monitor.environment
                )
                monitor.end()
            except KeyboardInterrupt:
                monitor.wait()
                current.judged(INTERRUPTED, interrupted.SENTENCE, [])
                shown = shown_folder(current)
                gather_evidence(current.folder)
                counts = interrupted.report(current, marks, selected)
                with suppress(OSError):  # the terminal may be gone
                    console.say(f"{counts}\nresults so far: {shown}")
                raise
            restarted = [*(plan.again.first.restarted if plan.again else []), *(check.restarted() if check else [])]
            return finish(code, current, shown_folder(current), marks, selected, plan.again, restarted, monitor)


def narrowed(plan: Plan, scratch: Path) -> list[str]:
    """Options that leave only the tests of a repetition, of a shard or of a quick run."""
    part = plan.again or plan.shard or plan.quick
    if not part:
        return []
    only = chosen.write(part.tests, scratch / "chosen.json")
    lines: list[str] = []
    if plan.shard:
        lines = [f"--suite {name}" for name in plan.shard.order]
    elif plan.quick:
        lines = [line for lane in plan.quick.lanes for line in ("{", *(f"--suite {name}" for name in lane), "}")]
    if lines:
        order = scratch / "order.txt"
        order.write_text("\n".join([*lines, ""]), encoding="utf-8")
        only += ["--ordering", str(order)]
    return only


def stop_marker(plan: Plan, current: runs.Run) -> Path | None:
    """The file that stops all lanes as soon as it is there; None for a run that goes on."""
    if not plan.stop_on_critical:
        return None
    return plan.shard.stop_marker if plan.shard else current.folder / "stopped.txt"


def shown_folder(current: runs.Run) -> Path:
    """The folder to name on the screen; `latest` leads to whole runs only."""
    return current.folder if current.within else runs.make_latest(current)


def site_for(selected: Selection, name: str, yes: bool) -> site.ChosenSite:
    """The site, open and ready for these tests; a dry run only looks it up, since it asks none."""
    if selected.options.dry_run:
        return site.look_up(name)
    site.confirm_disruption(name, selected.disruptive, yes)
    return site.open_site(name)


def describe(plan: Plan, selected: Selection, only: list[str]) -> runs.Run:
    """What is kept of the run. Of a repeated one: the tests of both, without the option that chose among them."""
    again = plan.again
    return runs.Run(
        id=runs.next_attempt_id() if again else runs.new_id(),
        command=plan.command,
        site=plan.site_name,
        started_in=str(Path.cwd()),
        options=selected.options.args[len(only) :],
        sources=selected.sources,
        tests=again.first.tests if again else selected.tests,
        origin=again.first.name if again else "",
        countable=selected.countable and (again is None or again.first.countable),
        within=plan.shard.folder if plan.shard else "",
    )


def execute(
    current: runs.Run,
    chosen_site: site.ChosenSite,
    marks: stamp.Stamp,
    scratch: Path,
    selected: Selection,
    marker: Path | None = None,
    monitor: Mapping[str, str] | None = None,
) -> int:
    """Start pabot and show the lanes' progress; returns pabot's exit code.

    `monitor` are the variables of the environment by which the lanes find the pod monitor.
    """
    progress_file = scratch / "progress.jsonl"
    # A test may log its environment: what only the publishing needs stays out of it.
    own = {name: value for name, value in os.environ.items() if name not in (*CREDENTIALS, *JIRA_CREDENTIALS)}
    environment = own | {
        "FOCUS_SITE": str(chosen_site.file),
        "FOCUS_RUN_ID": current.id,
        progress.FILE_VARIABLE: str(progress_file),
        pabot_process.OWNER_VARIABLE: str(os.getpid()),
        lane.STOPPED_VARIABLE: str(scratch / "stopped"),
        # pabot deletes other runs' temporary files when they share a folder.
        "TMPDIR": str(scratch),
        "TEMP": str(scratch),
        "TMP": str(scratch),
        **(monitor or {}),
    }
    if marker:
        environment[STOP_VARIABLE] = str(marker)
    display = progress.Display(progress_file, len(selected.tests) if selected.countable else None)
    with (current.folder / "pabot.log").open("wb") as log:
        command = [PYTHON, "-P", "-m", pabot_process.__name__, *pabot_options(current, marks, selected)]
        command += [*selected.args, "--artifacts", artifacts(selected)]
        process = processes.start(command, env=environment, stdout=log, stderr=log)
        return processes.wait(process, display.look, by=signal.SIGTERM, grace=STOP_S)


def pabot_options(current: runs.Run, marks: stamp.Stamp, selected: Selection) -> list[str]:
    """Options of every run; the caller's own come later and win.

    A short run is cut into one chunk a lane, which saves starting a process for each suite; in a longer one each lane
    takes the next suite, which keeps them all busy to the end (docs/decisions/0010-lanes.md).
    """
    chunks = current.command == "smoke" and not selected.options.dry_run  # pabot finds no test in those of a dry run
    return [
        *("--processes", str(LANES), "--pabotlibport", "0", "--pabotconsole", "quiet"),
        *(lane.OF_PABOT if os.name != "nt" else ()),
        *(["--chunk"] if chunks else []),
        "--artifactsinsubfolders",
        *("--outputdir", str(current.folder), "--xunit", "xunit.xml"),
        *reports.OPTIONS,
        *("--listener", "pipeline.run.progress.Progress"),
        *marks.robot_options(),
    ]


def artifacts(selected: Selection) -> str:
    """The files that pabot puts beside the merged log: our evidence and what the caller asks for."""
    pabot = selected.options.pabot
    endings = dict.fromkeys([*EVIDENCE, *pabot["artifacts"]])
    return ",".join([*endings, *([] if pabot["artifactstimestamps"] else ["notimestamps"])])


def merge(first: Path, folder: Path, marks: stamp.Stamp, selected: Selection) -> int:
    """Merge the second attempts in `folder` into a copy of the first run's results; returns rebot's exit code.

    The results of the second attempt alone are kept in `folder/second`.
    """
    second = folder / "second"
    second.mkdir()
    shutil.copy2(folder / "output.xml", second)
    # Pictures, pod logs and bundles of the first attempt are named relative to the log.
    for pattern in FILES:
        for path in first.parent.rglob(pattern):
            if "pabot_results" not in path.parts:
                target = folder / path.relative_to(first.parent)
                # What bears the same name in both is about all tests of an attempt: the newest counts.
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, target)
    command = [PYTHON, "-m", "robot.rebot", "--merge", "--outputdir", str(folder), "--output", "output.xml"]
    command += [
        "--xunit",
        "xunit.xml",
        *reports.OPTIONS,
        *marks.robot_options(),
        *options.for_rebot(selected.options.robot),
    ]
    command += [str(first), str(second / "output.xml")]
    with (folder / "pabot.log").open("ab") as log:
        return processes.wait(processes.start(command, stdout=log, stderr=log))


def finish(
    code: int,
    current: runs.Run,
    shown: Path,
    marks: stamp.Stamp,
    selected: Selection,
    again: Again | None,
    restarted: list[str],
    monitor: watching.Watched,
) -> int:
    """Merge with the first attempt, write summary and metrics, show them, and report what the run is worth."""
    folder = current.folder
    output = folder / "output.xml"
    if not output.exists():
        console.say(tail(folder / "pabot.log"))
        broken = f"The run wrote no result (pabot's exit code {code}); its words are in {shown / 'pabot.log'}."
        current.judged(code or BROKEN, broken, [], restarted)
        raise RunError(broken)
    gather_evidence(folder)
    result = reading.read_run([output], marks)
    errors = list(result.errors)
    of_loads = checking.note(result, folder)
    if again:
        # What the first attempt has and the second has not is copied.
        monitor.wait()
        errors = errors_left(again, errors)
        first = again.first.folder / "output.xml"
        if reading.read_run([first]).tests:  # a lane that died may leave a file without any
            merged = merge(first, folder, marks, selected)
            code = merged if code <= MOST_FAILURES else code
            both = reading.read_run([first, folder / "second" / "output.xml"], marks)
            result = replace(both, start=result.start, seconds=result.seconds)
        result = replace(result, errors=tuple(errors))
    broken = why_broken(code, result, current.tests if current.countable else ())
    result = replace(result, broken=broken)
    run_json.write(result, folder / run_json.NAME)
    against, notes = after_run(result) if not current.within else (None, [])
    if not marks.dry_run and not current.within:
        notes = [*notes, *of_loads, *checking.after_run(folder), shares.line(result), *note_contract(folder)]
    if restarted:
        notes = [*notes, last_check.sentence(restarted)]
        code = code or 1
    monitor.wait()
    logged = watching.summary_of(folder)
    summary.write(result, folder, notes, against, [] if logged is None else shown_logs.markdown(logged))
    more = [] if logged is None else shown_logs.screen(logged)
    console.say(summary.screen(result, pages(selected, folder, shown), notes, against, more))
    if broken:
        if code > MOST_FAILURES:
            console.say(tail(folder / "pabot.log"))
        console.complain(broken)
        code = code if code > MOST_FAILURES else BROKEN
    else:
        # The merged log holds it all; what the lanes wrote is worth keeping only where the merge cannot be trusted.
        shutil.rmtree(folder / "pabot_results", ignore_errors=True)
    current.judged(code, broken, errors, restarted)
    # The results of a shard are published with those of the whole run, by 'ci collect'.
    return code if current.within else published(current, result, code)


def published(current: runs.Run, result: Run, code: int) -> int:
    """The exit code after FOCUS_XRAY was obeyed: results that cannot be published change it only where it is strict."""
    problem = after_publishing(Source(result, current.name, [current.folder], current.folder))
    if not problem:
        return code
    console.complain(problem)
    return code or (BROKEN if is_strict() else 0)


def errors_left(again: Again, errors: list[str]) -> list[str]:
    """The second attempt's errors, and the first one's of suites that did not run again."""
    repeated = {test.source for test in again.tests}
    others = {test.source for test in again.first.tests} - repeated
    kept = [error for error in again.first.errors if any(f"'{source}'" in error for source in others)]
    return list(dict.fromkeys([*errors, *kept]))


def pages(selected: Selection, folder: Path, shown: Path) -> dict[str, Path]:
    """Report and log as the options name them, where they were written; `shown` is the folder's name on the screen."""
    settings = RobotSettings(selected.options.robot | {"outputdir": str(folder)})
    found = {"report": settings.report, "log": settings.log}
    return {
        what: shown / path.relative_to(folder) if path.is_relative_to(folder) else path
        for what, path in found.items()
        if path and path.exists()
    }


def gather_evidence(folder: Path) -> None:
    """The lanes' evidence into one folder, under the names that the log has; pabot itself would rename the files."""
    for pattern in (loads.PATTERN, contract_seen.PARTS):
        for path in (folder / "pabot_results").rglob(pattern):
            shutil.copy2(path, folder)
    for kind in IN_FOLDERS:
        for path in (folder / "pabot_results").rglob(kind):
            (folder / path.parent.name).mkdir(exist_ok=True)
            shutil.copy2(path, folder / path.parent.name)


def why_broken(code: int, result: Run, expected: Collection[ChosenTest]) -> str:
    """One sentence when the run must not count, else nothing: pabot may call a run green whose lane died."""
    if result.broken:
        return result.broken
    places = result.places
    missing = sorted(test.full_name for test in expected if test.place not in places)
    if missing:
        return (
            f"{len(missing)} of {len(expected)} selected tests have no result, the first is '{missing[0]}': a "
            "lane died or was stopped; see pabot.log and pabot_results in the run's folder, and run them with "
            "'python run.py rerun'."
        )
    if code > MOST_FAILURES:
        return f"The run is broken (pabot's exit code {code}); its words are in pabot.log in the run's folder."
    if result.errors:
        return f"Robot could not read or import everything: {result.errors[0]}"
    # Nothing passes either where a critical test of another shard stopped this one; that is no green run for a gate.
    if not code and not result.passed and not result.count(Verdict.NOT_RUN):
        return "No test passed, so this run proves nothing: look at the skip messages in the report."
    if not code and result.failed:
        return f"pabot ended with 0 although {result.failed} tests failed: see pabot.log in the run's folder."
    return ""


def tail(path: Path, lines: int = 25) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
