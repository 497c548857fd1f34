"""The verdict of a run as Markdown: for the summary of a CI step, and for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.ci.gates import Judged
from pipeline.results import clusters, summary
from pipeline.results.clusters import Cluster
from pipeline.results.comparison import Comparison
from pipeline.results.model import Run, TestResult, Verdict

# What GitHub takes, in bytes of UTF-8: 1 MiB a step, and 65,536 characters a comment.
SUMMARY_BYTES = 1024 * 1024
COMMENT_BYTES = 65_536
SLOWEST = 10
# What Markdown would read as its own. The invisible character makes "@name" nobody's name: GitHub notifies whom a
# comment names.
_SAFE = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#~"} | {"&": "&amp;", "@": "@\u200b"})
_CUT = "\n\n(cut: the whole is in the report)\n"


@dataclass(frozen=True)
class Shown:
    """A run with what its gates found, how it compares with an earlier one, and addresses by what they lead to.

    `contract` is what the pull request changes of the contract, in Markdown; nothing where it does not touch it.
    """

    run: Run
    judged: Sequence[Judged]
    against: Comparison | None
    links: Mapping[str, str]
    contract: str = ""


@dataclass(frozen=True)
class _Detail:
    """How much is shown: whether passed tests, how many characters of a message, how many lines of a list."""

    passed: bool
    message: int
    lines: int


# What does not fit is shown in less detail: passed tests go first, then messages, then whole lines.
_DETAILS = (
    _Detail(True, 2000, 100_000),
    _Detail(False, 2000, 100_000),
    _Detail(False, 300, 2000),
    _Detail(False, 100, 200),
    _Detail(False, 60, 25),
)


def render(shown: Shown, most_bytes: int, marker: str = "") -> str:
    """The Markdown in at most `most_bytes` bytes; `marker` is its first line."""
    alike = [one for one in clusters.of(shown.run) if len(one.tests) > 1]
    for detail in _DETAILS:
        text = "\n".join([*([marker] if marker else []), *_lines(shown, alike, detail)]) + "\n"
        if len(text.encode()) <= most_bytes:
            return text
    kept = text.encode()[: most_bytes - len(_CUT.encode())].decode(errors="ignore")
    return kept + _CUT


def marker(run: Run) -> str:
    """The hidden line by which the comment about this site and command is found again."""
    name = f"{run.stamp.command} {run.site}".replace("--", "- -").replace(">", "")
    return f"<!-- focus-acceptance {name} -->"


def safe(text: str) -> str:
    """Text that Markdown shows as it is, in one line, and that names nobody."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return text.translate(_SAFE)


def _lines(shown: Shown, alike: Sequence[Cluster], detail: _Detail) -> list[str]:
    run, stamp = shown.run, shown.run.stamp
    red = [one for one in shown.judged if not one.green]
    verdict = f"{_light(not red)} {'red: ' + ', '.join(one.gate for one in red) if red else 'green'}"
    where = ", ".join(filter(None, [f"commit {safe(stamp.commit)}", stamp.branch and f"branch {safe(stamp.branch)}"]))
    lines = [f"## {safe(stamp.title)}: {verdict}", "", f"{summary.counts(run)} in {run.seconds:.0f} s", ""]
    lines += [f"Run {safe(stamp.run_id)}, version {safe(stamp.version)}, {where}.", ""]
    if shown.links:
        lines += [" · ".join(f"[{safe(name)}]({_address(to)})" for name, to in shown.links.items()), ""]
    lines += ["| gate | | |", "|---|---|---|"]
    lines += [f"| {one.gate} | {_light(one.green)} | {_short(one.sentence, detail)} |" for one in shown.judged]
    lines += ["", *shown.contract.splitlines()] if shown.contract else []
    lines += _compared(shown, detail)
    lines += _clusters(alike, detail)
    lines += _section("Not run", run.of(Verdict.NOT_RUN), detail)
    lines += _section("Known bugs", run.of(Verdict.KNOWN_BUG), detail)
    lines += _slowest(run)
    if detail.passed:
        names = [f"- {safe(test.long_name)}" for test in run.of(Verdict.PASSED)]
        lines += _folded(f"Passed ({len(names)})", names)
    return lines


def _light(green: bool) -> str:
    return "🟢" if green else "🔴"


def _compared(shown: Shown, detail: _Detail) -> list[str]:
    failed = shown.run.of(Verdict.FAILED)
    if shown.against is None:
        return _section("Failed", failed, detail)
    since = f", against run {safe(shown.against.run_id)}"
    return [
        *_section(f"New failures{since}", shown.against.new, detail),
        *_section(f"Still failing{since}", shown.against.still, detail),
        *_section(f"Fixed{since}", shown.against.fixed, detail, reasons=False),
    ]


def _clusters(found: Sequence[Cluster], detail: _Detail) -> list[str]:
    if not found:
        return []
    rows = [f"| {len(one.tests)} | {safe(one.keyword)} | {_short(one.example, detail)} |" for one in found]
    return ["", "### Failures alike", "", "| tests | keyword | for example |", "|---:|---|---|", *_some(rows, detail)]


def _section(title: str, tests: Sequence[TestResult], detail: _Detail, *, reasons: bool = True) -> list[str]:
    if not tests:
        return []
    rows = [
        f"- **{safe(test.long_name)}**" + (f": {_short(test.reason, detail)}" if reasons else "") + _tried(test)
        for test in tests
    ]
    return ["", f"### {title} ({len(tests)})", "", *_some(rows, detail)]


def _tried(test: TestResult) -> str:
    """The verdicts of all attempts, where there are several."""
    words = ", ".join(attempt.verdict for attempt in test.attempts)
    return f" (attempts: {words})" if len(test.attempts) > 1 else ""


def _slowest(run: Run) -> list[str]:
    slow = sorted((test for test in run.tests if test.seconds), key=lambda test: -test.seconds)[:SLOWEST]
    return _folded("Slowest", [f"- {test.seconds:.1f} s {safe(test.long_name)}" for test in slow])


def _folded(title: str, rows: list[str]) -> list[str]:
    return ["", f"<details><summary>{title}</summary>", "", *rows, "", "</details>"] if rows else []


def _some(rows: list[str], detail: _Detail) -> list[str]:
    left = len(rows) - detail.lines
    return [*rows[: detail.lines], "", f"... and {left} more: see the report"] if left > 0 else rows


def _short(text: str, detail: _Detail) -> str:
    return safe(text if len(text) <= detail.message else f"{text[: detail.message]} ...")


def _address(text: str) -> str:
    return "".join(character for character in text if character.isprintable() and character not in " ()<>")
