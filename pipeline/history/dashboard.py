"""One page about many runs, made by robotframework-dashboard: charts, offline, every chart leads to the run's log.

Its own database lies in results/dashboard. It is made by the first `history dashboard`; from then on every run is fed
when it has ended, before its folder can be removed.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from pipeline import paths
from pipeline.errors import RunError
from pipeline.history import database
from pipeline.paths import PYTHON
from pipeline.results import catalogue, run_json
from pipeline.results.output_xml import ResultsError
from pipeline.results.stamp import Stamp

SHOWN = 30
# The program ends with 0 whatever it could not read; only what it prints shows that.
_ERROR = re.compile(r"^\s*ERROR:? *(.*)$", re.MULTILINE)
_PROGRAM = "from robotframework_dashboard.main import main; main()"


def page() -> Path:
    return paths.RESULTS / "dashboard.html"


def data() -> Path:
    return paths.RESULTS / "dashboard" / "dashboard.db"


def make() -> tuple[Path, list[str]]:
    """Feed what is new and write the page; returns it, and a sentence for each run that could not be fed."""
    data().parent.mkdir(parents=True, exist_ok=True)
    problems = feed()
    if not data().exists():
        raise RunError("There is no run to show: start one with 'python run.py smoke'.")
    messages = data().with_name("messages.txt")
    messages.write_text("\n".join(templates()) + "\n", encoding="utf-8")
    options = ["--offlinedependencies", "--uselogs", "--quantity", str(SHOWN)]
    options += ["--dashboardtitle", catalogue.product().name]
    found = _run([*options, "--messageconfig", str(messages), "--namedashboard", page().name], paths.RESULTS)
    if found or not page().exists():
        raise RunError(f"The dashboard was not made ({'; '.join(found) or 'no page'}): remove {data().parent}.")
    return page(), problems


def feed_if_used() -> None:
    if data().exists():
        feed()


def feed() -> list[str]:
    """Put every kept run in that counts and is not there yet; returns a sentence for each one that cannot be read."""
    fed = _fed()
    new: dict[tuple[str, ...], list[str]] = {}
    problems = []
    for metrics in sorted((paths.RESULTS / "runs").glob(f"*/{run_json.NAME}")):
        run_id = metrics.parent.name
        if run_id in fed or not (metrics.parent / "output.xml").exists():
            continue
        try:
            run = run_json.read(metrics)
        except ResultsError as error:
            problems.append(str(error))
            continue
        if not run.stamp.dry_run and not run.broken:
            new.setdefault(_filters(run.stamp), []).append(run_id)
    for filters, ids in new.items():
        problems += _feed(filters, ids)
    return problems


def templates() -> Iterator[str]:
    """The reasons of all failures with `${x}` in the place of what varies: alike failures are one bar of the chart."""
    with database.opened() as connection:
        for (line,) in connection.execute("SELECT DISTINCT line FROM cluster ORDER BY line"):
            if "<" in line:
                yield re.sub(r"<(uuid|time|address|hex|pod|n)>", "${x}", line)


def _filters(stamp: Stamp) -> tuple[str, ...]:
    """What the page offers to select by. It separates names, values and pairs by `=` and `:`."""
    values = {"Site": stamp.site, "Branch": stamp.branch or "none", "Command": stamp.command or "none"}
    return tuple(f"{name}={re.sub('[=:]', '-', value)}" for name, value in values.items())


def _feed(filters: Iterable[str], ids: Iterable[str]) -> list[str]:
    """Under names from which the program makes the runs' names and links: results hold no path of this machine then."""
    with tempfile.TemporaryDirectory(dir=data().parent) as folder:
        files = []
        for run_id in ids:
            link = Path(folder) / f"output_{run_id}.xml"
            os.link(paths.RESULTS / "runs" / run_id / "output.xml", link)
            files += ["-o", link.name]
        links = ["--logurl", "runs/{run_alias}/log.html", "--customfilters", ":".join(filters)]
        return _run([*files, *links, "--generatedashboard", "false"], Path(folder))


def _run(options: list[str], folder: Path) -> list[str]:
    """The errors that the program reported."""
    command = [PYTHON, "-c", _PROGRAM, "--databasepath", str(data()), "--listruns", "false", *options]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    errors = [text.strip() for text in _ERROR.findall(done.stdout)]
    if done.returncode and not errors:
        errors = [done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"]
    return errors


def _fed() -> set[str]:
    if not data().exists():
        return set()
    try:
        with closing(sqlite3.connect(data())) as connection:
            return {Path(path).parent.name for (path,) in connection.execute("SELECT path FROM runs")}
    except sqlite3.Error as error:
        raise RunError(f"{data()} cannot be used ({error}): remove {data().parent}, it is made anew.") from None
