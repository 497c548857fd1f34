"""`run.py xray`: results and keys between this project and Xray."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.results import reading, run_json
from pipeline.run import folders
from pipeline.xray import creating, keys, mapping, publishing, settings
from pipeline.xray.api import Api
from pipeline.xray.client import Client
from pipeline.xray.converter import convert
from pipeline.xray.publishing import Source
from pipeline.xray.spool import Spool

LATEST = "latest"
ROWS_OF_A_KIND = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    compare = command_line.add_step(actions, "map", "the automated tests against the plan, both ways", show_map)
    compare.add_argument("--offline", action="store_true", help="against variables/xray_tests.csv; Xray is not asked")
    compare.add_argument("--json", action="store_true", help="for programs, whole")
    compare.add_argument("--strict", action="store_true", help="exit code 1 also for what is only not automated")
    export = command_line.add_step(actions, "export", "the JSON that would be sent, without evidence", export_run)
    publish = command_line.add_step(actions, "publish", "results of a run into Xray", publish_run)
    for one in (export, publish):
        one.add_argument(
            "runs",
            nargs="*",
            default=[LATEST],
            metavar="RUN",
            help="a run's id, its beginning, 'latest' (default), or the output.xml of each piece of one run",
        )
        one.add_argument("--as", dest="name", default="", metavar="NAME", help="the name of a run in several pieces")
    publish.add_argument("--force-simulated", action="store_true", help="also of a simulated site, labelled so")
    publish.add_argument("--incomplete", action="store_true", help="also of a run that does not count")
    publish.add_argument("--create", action="store_true", help="make Tests for the local keys of this run first")
    publish.add_argument("--strict", action="store_true", help="exit code 1 when the results did not arrive")
    flush = command_line.add_step(actions, "flush", "send what could not be sent before", flush_spool)
    flush.add_argument("--again", action="store_true", help="also what Xray refused")
    command_line.add_step(actions, "status", "what is still to be sent", show_status)


def main(options: argparse.Namespace) -> int:
    """Exit code 0, or 1 for mistakes in the mapping and results that did not arrive; wrong use is a RunError."""
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def show_map(options: argparse.Namespace) -> int:
    chosen = settings.load()
    created = keys.created()
    tests = mapping.automated()
    plan = (
        mapping.offline() if options.offline else mapping.online(_api(chosen), chosen, mapping.keys_of(tests, created))
    )
    rows = mapping.compare(tests, plan, chosen, created, live=not options.offline)
    counts = Counter(row.kind for row in rows)
    if options.json:
        found = [{"kind": row.kind, "key": row.key, "title": row.title, "tests": list(row.tests)} for row in rows]
        counted = {kind.value: counts[kind] for kind in mapping.Kind}
        console.say(json.dumps({"tests": len(tests), "counts": counted, "rows": found}, indent=1, ensure_ascii=False))
    else:
        _show_rows(rows, counts)
        console.say(f"\n{len(tests)} tests, {len(plan.planned)} Tests in the plan")
    wrong = mapping.MISTAKES + ((mapping.Kind.NOT_IN_PLAN, mapping.Kind.NOT_AUTOMATED) if options.strict else ())
    return int(any(row.kind in wrong for row in rows))


def _show_rows(rows: list[mapping.Row], counts: Counter[mapping.Kind]) -> None:
    for kind in mapping.Kind:
        if not counts[kind]:
            continue
        console.say(f"\n{kind.value}: {counts[kind]}")
        for row in [row for row in rows if row.kind == kind][:ROWS_OF_A_KIND]:
            console.say("  " + "  ".join(filter(None, [row.key, row.title, ", ".join(row.tests)])))
        if counts[kind] > ROWS_OF_A_KIND:
            console.say(f"  ... and {counts[kind] - ROWS_OF_A_KIND} more: --json shows all")


def export_run(options: argparse.Namespace) -> int:
    source = find(options.runs, options.name)
    converted = convert(source.run, publishing.label(source.name), settings.load(), keys.created())
    if source.run.broken:
        console.complain(f"This run does not count: {source.run.broken}")
    console.say(json.dumps({"info": converted.info, "tests": converted.tests}, indent=1, ensure_ascii=False))
    return 0


def publish_run(options: argparse.Namespace) -> int:
    source = find(options.runs, options.name)
    publishing.refuse(source.run, force_simulated=options.force_simulated, incomplete=options.incomplete)
    if options.create:
        _create(source)
    outcome = publishing.publish(source, force_simulated=options.force_simulated, incomplete=options.incomplete)
    for note in outcome.notes:
        console.say(note) if outcome.key else console.complain(note)
    if outcome.key:
        console.say(f"published: {outcome.key}")
        return 0
    return int(options.strict)


def _create(source: Source) -> None:
    chosen = settings.load()
    spool = Spool(chosen.state_folder)
    tests = {test.id: (test.name, test.tags) for test in source.run.tests}
    with spool.locked():
        wanted = creating.scenarios(tests, keys.created())
        made = creating.Creator(_api(chosen), spool, chosen).create(wanted)
    for local, key in made.items():
        console.say(f"{local} is {key} now")


def flush_spool(options: argparse.Namespace) -> int:
    sent, problems = publishing.flush(again=options.again)
    for label, key in sent.items():
        console.say(f"{label}: {key}")
    for problem in problems:
        console.complain(problem)
    console.say(f"{len(sent)} sent, {len(problems)} still here")
    return int(bool(problems))


def show_status(_options: argparse.Namespace) -> int:
    spool = Spool(settings.load().state_folder)
    entries = spool.entries()
    for entry in entries:
        console.say(f"{entry.label}: {entry.state}")
    console.say(f"{len(entries)} to be sent")
    return 0


def find(names: list[str], name: str) -> Source:
    """One run: from its folder, or of the output.xml of its pieces."""
    paths = [Path(one) for one in names if Path(one).is_file()]
    if not paths:
        if len(names) > 1:
            raise RunError("Publish one run at a time: several names are for the output.xml of its pieces.")
        found = folders.find(names[0])
        return Source(run_json.read(found.folder / run_json.NAME), name or found.name, [found.folder], found.folder)
    if len(paths) < len(names):
        raise RunError(f"{next(one for one in names if not Path(one).is_file())} is no file: name an output.xml.")
    run = reading.read_run(paths)
    if not run.tests:
        raise RunError(run.broken or f"{paths[0]} holds no test: name the output.xml of a run.")
    ids = {reading.read_run([path]).stamp.run_id for path in paths} if len(paths) > 1 and not name else set()
    if len(ids) > 1:
        raise RunError(f"These are pieces of {len(ids)} runs: name the whole with --as NAME.")
    wanted = name or run.stamp.run_id
    if not wanted:
        raise RunError("These results name no run: give it a name with --as NAME.")
    return Source(run, wanted, [path.parent for path in paths])


def _api(chosen: settings.Settings) -> Api:
    return Api(Client(chosen, settings.credentials()))
