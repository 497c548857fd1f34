"""`run.py contract`: the contract of record against a site, against another one, and against what a run saw."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.contract import record
from focus_core.contract.diff.changes import Severity
from focus_core.run import probes
from focus_core.site import loader as site_loader
from focus_core.site.model import Site

from pipeline import command_line, console
from pipeline.commands import sweep
from pipeline.contract import approvals, checking, coverage, inferred, records, shown
from pipeline.contract.approvals import Approval
from pipeline.errors import RunError
from pipeline.results import contract_seen
from pipeline.run import folders, site


def add_options(parser: argparse.ArgumentParser) -> None:
    """One subcommand a question."""
    questions = parser.add_subparsers(metavar="QUESTION", title="questions", required=True)
    checked = command_line.add_step(
        questions, "check", "a site against the record; ends with 1 where it differs", check
    )
    command_line.add_site(checked)
    checked.add_argument("--proto", type=Path, metavar="FILE", help="the product's .proto of its streams")
    compared = command_line.add_step(
        questions, "diff", "what changes from OLD to NEW break; ends with 1 if one is not approved", diff
    )
    _two(compared)
    compared.add_argument("--json", action="store_true", help="as JSON")
    compared.add_argument("--markdown", type=Path, metavar="FILE", help="write a table for a comment into a file too")
    compared.add_argument("--all", action="store_true", help="changes that harm nobody too")
    from_run = command_line.add_step(
        questions, "infer", "what the server of a run really answers, against the record", infer
    )
    from_run.add_argument("run", nargs="?", default="latest", help="a run's id, its beginning, or latest (default)")
    accepted = command_line.add_step(
        questions, "accept", "approve the breaking changes from OLD to NEW until a day", accept
    )
    _two(accepted)
    accepted.add_argument("--rule", default="", help="only changes that this rule found")
    accepted.add_argument("--operation", default="", help="only changes of this operation, as 'POST /configure'")
    accepted.add_argument("--reason", required=True, help="why it may break")
    accepted.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    accepted.add_argument("--until", required=True, type=_day, metavar="DAY", help="the last day of it, as 2027-01-31")


def _two(parser: argparse.ArgumentParser) -> None:
    what = "a folder of a contract, one of its files, or a revision of git"
    parser.add_argument("old", metavar="OLD", help=what)
    parser.add_argument("new", metavar="NEW", nargs="?", default=str(record.FOLDER), help=f"{what} (default: this one)")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day such as 2027-01-31") from None


def main(options: argparse.Namespace) -> int:
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def check(options: argparse.Namespace) -> int:
    """1 where the site differs from the record."""
    try:
        chosen = _living(options.site)
        probes.require_alive(chosen, "rest")
        found = checking.check(chosen, options.proto)
    except BenchError as error:
        raise RunError(str(error)) from None
    for note in found.notes:
        console.say(f"note: {note}")
    for sentence in found.differs:
        console.say(f"differs: {sentence}")
    console.say(
        f"Site {chosen.name} "
        + (f"differs from the record at {len(found.differs)} places." if found.differs else "is as the record has it.")
    )
    return int(bool(found.differs))


def diff(options: argparse.Namespace) -> int:
    """1 where a change breaks somebody and is not approved."""
    changes = records.compared(records.read(options.old), records.read(options.new))
    left = approvals.unapproved(changes, approvals.read(), _today())
    approved = [one for one in changes if one.severity is Severity.BREAKING and one not in left]
    if options.markdown:
        options.markdown.write_text(shown.table(changes, approved), encoding="utf-8")
    if options.json:
        data = [{**asdict(one), "approved": one in approved, "tests": shown.touching(one, _tests())} for one in changes]
        console.say(json.dumps(data, indent=1, ensure_ascii=False))
        return int(bool(left))
    listed = [one for one in changes if options.all or one.severity is not Severity.HARMLESS]
    for line in shown.lines(listed, _tests(), approved):
        console.say(line)
    counts = ", ".join(f"{sum(one.severity is severity for one in changes)} {severity}" for severity in Severity)
    console.say(f"{len(changes)} changes: {counts}; {len(approved)} approved.")
    return int(bool(left))


def infer(options: argparse.Namespace) -> int:
    """0; what differs is a list, since a run may see what no record has to have."""
    run = folders.find(options.run)
    seen = contract_seen.read(run.folder)
    if seen is None:
        raise RunError(f"Run {run.name} saw nothing of the contract: run suites that ask a site first.")
    found = inferred.of(seen)
    for title, lines in (
        ("not in the record", found.undocumented),
        ("of another type than in the record", found.other_types),
        ("in the record and never seen", found.never_seen),
    ):
        console.say(f"{title} ({len(lines)}):")
        for line in lines:
            console.say(f"  {line}")
    console.say(f"seen: {coverage.sentence(coverage.of(seen))}.")
    return 0


def accept(options: argparse.Namespace) -> int:
    """0 when the approvals were written; nothing to approve is a RunError."""
    changes = records.compared(records.read(options.old), records.read(options.new))
    there = approvals.read()
    left = [
        one
        for one in approvals.unapproved(changes, there, _today())
        if options.rule in ("", one.rule) and options.operation in ("", one.operation)
    ]
    if not left:
        raise RunError(f"From {options.old} to {options.new} there is no breaking change to approve.")
    if options.until < _today():
        raise RunError(f"--until {options.until} is over: name a day to come.")
    keys = {one.key for one in left}
    kept = [one for one in there if (one.operation, one.place, one.rule) not in keys]
    new = [Approval(*one.key, options.reason, options.by, options.until) for one in left]
    approvals.write([*kept, *new])
    for one in left:
        console.say(f"approved until {options.until}: {one}")
    return 0


def _living(option: str | None) -> Site:
    found = site_loader.read(site.chosen_name(option))
    chosen = found if isinstance(found, Site) else sweep.living(found.start)
    if chosen is None:
        raise RunError("The simulated site is not up: start it with 'python run.py site up'.")
    return chosen


def _tests() -> Mapping[str, set[str]]:
    """What each test of the last run asked; nothing where no run is there."""
    try:
        seen = contract_seen.read(folders.latest().folder)
    except RunError:
        return {}
    return seen.tests if seen else {}


def _today() -> date:
    return datetime.now(UTC).date()
