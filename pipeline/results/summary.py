"""What a run reports about itself, on the screen and in summary.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.results import clusters, hidden, limits
from pipeline.results.comparison import Comparison
from pipeline.results.model import Run, Verdict

FAILURES_ON_SCREEN = 12
ERRORS_ON_SCREEN = 4
BUGS_ON_SCREEN = 4
COLUMNS = {verdict: verdict.value for verdict in Verdict}
# What stands in a summary even where there is none of it.
ALWAYS = (Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED)


def counts(run: Run) -> str:
    """How many tests have each verdict, in words."""
    numbers = {verdict: run.count(verdict) for verdict in Verdict}
    return ", ".join(
        f"{number} {'known bugs' if verdict == Verdict.KNOWN_BUG and number > 1 else verdict}"
        for verdict, number in numbers.items()
        if number or verdict in ALWAYS
    )


def write(
    run: Run, folder: Path, notes: Sequence[str] = (), against: Comparison | None = None, more: Sequence[str] = ()
) -> None:
    """summary.md; `notes` are sentences about the run as a whole, `against` compares it with an earlier one.

    `more` are the lines of a section of its own.
    """
    text = markdown(run, notes, against) + "".join(f"{line}\n" for line in more)
    (folder / "summary.md").write_text(text, encoding="utf-8", errors="backslashreplace")


def screen(
    run: Run,
    pages: Mapping[str, Path],
    notes: Sequence[str] = (),
    against: Comparison | None = None,
    more: Sequence[str] = (),
) -> str:
    """The summary that fits one screen; `pages` are the pages to name, by what they are, `more` further lines."""
    lines = ["", run.stamp.title, f"{'area':<18}" + "".join(f"{title:>11}" for title in COLUMNS.values())]
    for area in run.areas:
        lines.append(f"{area:<18}" + "".join(f"{run.count(verdict, area):>11}" for verdict in COLUMNS))
    bad = run.of(Verdict.FAILED)
    if bad:
        lines += ["", "failed:"]
    for test in bad[:FAILURES_ON_SCREEN]:
        lines += [f"  {test.long_name}", f"      {test.reason}"]
    if len(bad) > FAILURES_ON_SCREEN:
        lines.append(f"  ... and {len(bad) - FAILURES_ON_SCREEN} more: see the report")
    lines += _known_bugs(run)
    if run.errors:
        lines += ["", "errors while reading the suites:", *(f"  {error}" for error in run.errors[:ERRORS_ON_SCREEN])]
    lines += more
    slowest = max(run.tests, key=lambda test: test.seconds, default=None)
    lines += ["", *notes]
    if against:
        lines.append(str(against))
    lines.append(f"{counts(run)} in {run.seconds:.1f} s")
    if slowest:
        lines.append(f"slowest: {slowest.seconds:.1f} s {slowest.long_name}")
    lines += [f"{what + ':':<8}{path}" for what, path in pages.items()]
    return "\n".join(lines)


def _known_bugs(run: Run) -> list[str]:
    """What must be known of the hidden tests, and the bugs that hide most of them."""
    bugs = hidden.by_bug(run)
    if not bugs:
        return []
    lines = ["", "known bugs:", *(f"  {warning}" for warning in hidden.warnings(run, limits.limits()))]
    lines += [f"  {bug.key} ({len(bug.tests)}): {bug.title}" for bug in bugs[:BUGS_ON_SCREEN]]
    left = bugs[BUGS_ON_SCREEN:]
    return [*lines, f"  ... and {len(left)} more: see summary.md"] if left else lines


def markdown(run: Run, notes: Sequence[str] = (), against: Comparison | None = None) -> str:
    """summary.md: counts per area, then what failed, what known bugs hide and what was skipped, with the reason."""
    stamp = run.stamp
    lines = [f"# {stamp.title}", ""]
    if run.broken:
        lines += [f"**This run does not count.** {cell(run.broken)}", ""]
    branch = f", branch {cell(stamp.branch)}" if stamp.branch else ""
    lines += [
        f"{counts(run)} in {run.seconds:.1f} s",
        "",
        f"Run {stamp.run_id}, version {stamp.version}, commit {stamp.commit}{branch}.",
        *([f"Disruption approved by {cell(stamp.approval)}."] if stamp.approval else []),
        "",
        *_notes([*([str(against)] if against else []), *notes]),
        "| area | " + " | ".join(COLUMNS.values()) + " |",
        "|---" + "|---:" * len(COLUMNS) + "|",
    ]
    for area in run.areas:
        lines.append(f"| {area} | " + " | ".join(str(run.count(verdict, area)) for verdict in COLUMNS) + " |")
    if run.errors:
        lines += ["", "## Errors while reading the suites", "", *(f"- {cell(error)}" for error in run.errors)]
    if against:
        lines += _compared(against)
    lines += _clusters(run)
    for verdict, heading in ((Verdict.FAILED, "Failed"), (Verdict.NOT_RUN, "Not run")):
        lines += _section(run, verdict, heading)
    bugs = hidden.by_bug(run)
    if bugs:
        lines += ["", "## Known bugs", "", *(f"- {cell(one)}" for one in hidden.warnings(run, limits.limits()))]
        lines += ["", "| bug | tests that it hides | what is wrong |", "|---|---:|---|"]
        lines += [f"| {bug.key} | {len(bug.tests)} | {cell(bug.title)} |" for bug in bugs]
    lines += _section(run, Verdict.KNOWN_BUG, "Hidden by known bugs")
    lines += _section(run, Verdict.SKIPPED, "Skipped")
    return "\n".join(lines) + "\n"


def _notes(notes: Sequence[str]) -> list[str]:
    return [*(f"- {cell(note)}" for note in notes), *([""] if notes else [])]


def _compared(against: Comparison) -> list[str]:
    """The tests whose verdict changed; those that still fail stand among the failed ones."""
    lines = []
    for heading, tests in (("New failures", against.new), ("Fixed", against.fixed)):
        if tests:
            lines += ["", f"## {heading}, against run {against.run_id}", ""]
            lines += [f"- {cell(test.long_name)}" for test in tests]
    return lines


def _clusters(run: Run) -> list[str]:
    """Failures of one cause together, where that is shorter than the list of all."""
    found = [cluster for cluster in clusters.of(run) if len(cluster.tests) > 1]
    if not found:
        return []
    rows = [f"| {len(one.tests)} | {cell(one.keyword)} | {cell(one.example)} |" for one in found]
    return ["", "## Failures alike", "", "| tests | keyword | for example |", "|---:|---|---|", *rows]


def _section(run: Run, verdict: Verdict, heading: str) -> list[str]:
    tests = run.of(verdict)
    rows = [f"- **{cell(test.long_name)}**: {cell(test.reason)}" for test in tests]
    return ["", f"## {heading}", "", *rows] if tests else []


def cell(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in text)
