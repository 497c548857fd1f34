"""What run.py of another product's project does: its tests with site and monitor, its site alone, results into Xray."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from focus_core.base.errors import BenchError
from focus_core.logs import accounts, journal
from focus_core.logs.process import FOLDER, Monitor
from focus_core.site import product
from focus_core.site.model import Absent

from pipeline import command_line, console, processes
from pipeline.__main__ import listen_for_the_end
from pipeline.commands import xray
from pipeline.errors import BROKEN, INTERRUPTED, RunError
from pipeline.paths import PYTHON, RESULTS
from pipeline.results import reading, run_json, stamp, summary
from pipeline.run import folders, reports


@dataclass(frozen=True)
class Project:
    """The folder of the project, the module of its simulated site, and MODULE:CLASS of its site file."""

    folder: Path
    site_module: str
    schema: str

    def environment(self) -> dict[str, str]:
        """Variables by which libraries, resources and site are found by name."""
        ours = [str(self.folder / name) for name in ("libraries", "resources", "site")]
        inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        return {"PYTHONPATH": os.pathsep.join(dict.fromkeys(filter(None, [*ours, *inherited]))), "PYTHONUTF8": "1"}


def main(project: Project, args: list[str]) -> int:
    """A command of the project; returns the exit code."""
    console.use_utf8()
    listen_for_the_end()
    # The monitor is a process of its own and reads the site file too.
    os.environ.update(project.environment())
    sys.path[:0] = [str(project.folder / name) for name in ("libraries", "site")]
    try:
        options, unknown = parser().parse_known_args(args)
        if unknown and options.step is not run_tests:
            raise RunError(f"There is no option '{unknown[0]}': --help shows those there are.")
        if "of_xray" in options:
            return xray.main(options)
        options.passed_on = unknown
        step: Callable[[Project, argparse.Namespace], int] = options.step
        return step(project, options)
    except (RunError, BenchError) as error:
        console.complain(str(error))
        return BROKEN
    except SystemExit as shown:  # argparse has printed a help
        return int(shown.code or 0)
    except KeyboardInterrupt:
        console.complain("Stopped with Ctrl-C; everything that this command had started was ended.")
        return INTERRUPTED


def parser() -> command_line.Parser:
    commands = command_line.Parser(prog="python run.py", description="The tests of a product.")
    steps = commands.add_subparsers(metavar="COMMAND", title="commands", required=True)
    test = steps.add_parser("test", help="run the suites; other options and paths go to robot")
    test.set_defaults(step=run_tests)
    test.add_argument("--site", metavar="FILE", help="the file of a site that is up (default: a simulated one)")
    alone = steps.add_parser("site", help="start the simulated site and keep it until Ctrl-C")
    alone.set_defaults(step=keep_site)
    published = steps.add_parser("xray", help="results into Xray: export, publish, flush, status, map")
    xray.add_options(published)
    published.set_defaults(of_xray=True)
    return commands


def run_tests(project: Project, options: argparse.Namespace) -> int:
    """The suites with robot; exit code of robot, or 252 for a run that must not count."""
    run = folders.Run(
        id=folders.new_id(),
        command="test",
        site="",
        started_in=str(Path.cwd()),
        options=options.passed_on,
        sources=[str(project.folder / "suites")],
        tests=[],
        countable=False,
    ).open()
    with site_file(project, options.site, run.folder) as file:
        site = product.load(file, project.schema)
        marks = stamp.make(run.id, "test", site.name, site.simulated)
        console.say(f"{marks.title} (run {run.id})")
        with monitored(project, file, site, run) as variables:
            code = robot(project, run, marks, options.passed_on, {"FOCUS_SITE": str(file), **variables})
    found = reading.read_one(run.folder / "output.xml", marks)
    if not found.tests:
        raise RunError("No test ran: check the tags, names and folders that you gave.")
    run_json.write(found, run.folder / run_json.NAME)
    summary.write(found, run.folder, logged(run.folder))
    run.judged(code, found.broken, list(found.errors))
    shown = folders.make_latest(run)
    console.say(summary.screen(found, {"log": shown / "log.html", "summary": shown / "summary.md"}, logged(run.folder)))
    return code


def robot(project: Project, run: folders.Run, marks: stamp.Stamp, passed_on: list[str], more: dict[str, str]) -> int:
    """All suites, unless the options name others."""
    command = [PYTHON, "-P", "-m", "robot", "--outputdir", str(run.folder), "--console", "none"]
    command += [*marks.robot_options(), *reports.OPTIONS, "--listener", "pipeline.product.marks.Marks"]
    named = any(Path(one).exists() for one in passed_on)
    command += [*passed_on, *([] if named else [str(project.folder / "suites")])]
    # Both end its tests in order once they run; before, while Python still imports, SIGINT would print a traceback.
    started = processes.start(command, env=os.environ | {"FOCUS_RUN_ID": run.id} | more)
    return processes.wait(started, by=signal.SIGTERM)


def keep_site(project: Project, _options: argparse.Namespace) -> int:
    with site_file(project, None, RESULTS / "site") as file:
        console.say(f"the site is up until Ctrl-C: {file}")
        threading.Event().wait()
    return 0


@contextmanager
def site_file(project: Project, chosen: str | None, folder: Path) -> Iterator[Path]:
    """The file of the site: that which is chosen, or of a simulated one that lives as long as this is open."""
    if chosen:
        path = Path(chosen).absolute()
        if not path.is_file():
            raise RunError(f"There is no site file {chosen}: correct --site, or leave it out for a simulated site.")
        yield path
        return
    command = [PYTHON, "-X", "utf8", "-m", "simulator.product_site", project.site_module]
    folder.mkdir(parents=True, exist_ok=True)
    # Erlang's scripts stand no path with spaces; what the pods logged is kept by the monitor.
    with (
        tempfile.TemporaryDirectory(prefix="site-", ignore_cleanup_errors=True) as scratch,
        (folder / "site.log").open("wb+") as complaints,
    ):
        process = subprocess.Popen(
            [*command, "--folder", scratch],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=os.name != "nt",
        )
        try:
            with console.ticking("starting the simulated site"):
                line = _first_line(process)
            if not line:
                complaints.seek(0)
                said = complaints.read().decode("utf-8", "replace").strip().splitlines()
                raise RunError(said[-1] if said else "The simulated site ended without a word: start it again.")
            yield Path(line)
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait()
            if (cluster := Path(scratch) / "cluster.log").exists():
                shutil.copyfile(cluster, folder / cluster.name)


def _first_line(process: subprocess.Popen[bytes]) -> str:
    stream: IO[bytes] | None = process.stdout
    return stream.readline().decode().strip() if stream else ""


@contextmanager
def monitored(project: Project, file: Path, site: product.ProductSite, run: folders.Run) -> Iterator[dict[str, str]]:
    """Follow the logs of all pods while this is open; what the tests are told of it."""
    if isinstance(site.kubernetes, Absent):
        yield {}
        return
    folder = run.folder / FOLDER
    monitor = Monitor(folder, str(file), run.id, schema=project.schema)
    try:
        yield {journal.FOLDER_VARIABLE: str(folder)}
    finally:
        monitor.stop()


def logged(folder: Path) -> list[str]:
    """What the monitor found, in a sentence; nothing where there was none."""
    found = accounts.read(folder / FOLDER)
    if not found:
        return []
    errors = sum(one["lines"] for one in found["errors"])
    counted = f"The pods logged {sum(found['entries'].values())} entries, {errors} of them errors: {FOLDER}/tests."
    return [counted, *filter(None, [found["banner"]])]
