"""What a run's pods logged, by test: files for people, and ``summary.json`` for the report of the run.

Made from the entries and the records of the lanes when the run has ended, also of a monitor that was killed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from focus_core.logs import entries, journal, monitor, pages
from focus_core.logs.attribution import Attribution
from focus_core.logs.belonging import TestLog
from focus_core.logs.recorder import as_text

SUMMARY = "summary.json"
TESTS = "tests"
# Errors that the summary shows of each test.
_SHOWN = 3


def make(folder: Path) -> dict[str, Any]:
    """Writes the files of all tests and the summary, which it returns. Raises ``OSError``."""
    state = monitor.state_of(folder)
    attribution = Attribution(journal.records(folder), state.get("skew") or {})
    logs = {token: TestLog(test) for token, test in attribution.tests.items()}
    counted: Counter[tuple[str, str]] = Counter()
    ways: Counter[str] = Counter()
    figures = Counter[str]()
    for entry in entries.read(folder):
        verdict = attribution.of(entry)
        entry.at = attribution.at(entry)
        ways[f"{verdict}: {verdict.by}" if len(verdict.tests) < 2 else f"one of several tests: {verdict.by}"] += 1
        if entry.severity:
            counted[entry.source.service, entry.pattern] += 1
        figures[entry.kind] += 1
        for test in verdict.tests:
            logs[test.token].add(entry, verdict)
    tests = folder / TESTS
    tests.mkdir(parents=True, exist_ok=True)
    for log in logs.values():
        write_test(log, tests)
    ordered = sorted(logs.values(), key=lambda log: log.test.begin)
    (tests / "index.html").write_text(pages.index(ordered), encoding="utf-8", errors="backslashreplace")
    summary = _summary(state, ordered, counted, ways, figures, _templates(folder))
    text = json.dumps(summary, ensure_ascii=False, indent=1)
    (folder / SUMMARY).write_text(text, encoding="utf-8", errors="backslashreplace")
    return summary


def read(folder: Path) -> dict[str, Any]:
    """The summary that was made of a run; empty where there is none."""
    try:
        content = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_test(log: TestLog, folder: Path) -> None:
    """The files of one test: its entries, its errors where it has any, and a page with a picture where it failed."""
    name = log.test.file
    marked = [(entry, "") for entry in log.own]
    marked += [(entry, f"(one of {number} tests) ") for entry, number in log.shared]
    marked.sort(key=lambda one: one[0].at)
    lines = [f"{mark}{as_text(entry)}" for entry, mark in marked]
    if log.left_out:
        lines.append(f"... and {log.left_out} more: see events.jsonl\n")
    _write(folder / f"{name}.log", "".join(lines) or "No pod logged anything while this test ran.\n")
    if log.errors:
        _write(folder / f"{name}_errors.log", "".join(map(as_text, log.errors)))
    picture = ""
    if log.test.status == "FAIL":
        # Imported here: most tests pass, and matplotlib is slow to load.
        from focus_core.logs import timeline

        picture = f"{name}.png"
        timeline.draw(folder / picture, log.test, [entry for entry, _ in marked])
    _write(folder / f"{name}.html", pages.test(log, marked, picture))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def _templates(folder: Path) -> Mapping[str, Any]:
    try:
        content = json.loads((folder / monitor.TEMPLATES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _summary(
    state: Mapping[str, Any],
    logs: list[TestLog],
    counted: Counter[tuple[str, str]],
    ways: Counter[str],
    figures: Counter[str],
    templates: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "banner": banner(state),
        "monitor": dict(state),
        "entries": dict(figures),
        "attributed": dict(ways.most_common()),
        "errors": [
            {"service": service, "pattern": pattern, "lines": lines}
            for (service, pattern), lines in counted.most_common()
        ],
        "new_templates": list(templates.get("new", ())),
        "tests": [
            {
                "name": log.test.name,
                "token": log.test.token,
                "status": log.test.status,
                "file": f"{TESTS}/{log.test.file}.html",
                "errors": len(log.errors),
                "shared_errors": log.shared_errors,
                "patterns": dict(Counter(entry.pattern for entry in log.errors).most_common()),
                "shown": [as_text(entry).rstrip() for entry in log.errors[:_SHOWN]],
            }
            for log in logs
            if log.errors or log.shared_errors
        ],
    }


def banner(state: Mapping[str, Any]) -> str:
    """What a reader must know of the monitor: why it has seen nothing, or not all; nothing when all is well."""
    if not state:
        return "The pod monitor wrote nothing: it did not start, or its folder cannot be written."
    if not state.get("begun"):
        return f"The pod monitor did not run: {state.get('trouble')}"
    sentences = []
    if not state.get("ended"):
        sentences.append("The pod monitor was killed before the run ended: what pods logged afterwards is missing.")
    if state.get("trouble"):
        sentences.append(f"At the end of the run {state['trouble']}.")
    if state.get("refused"):
        sentences.append(f"The cluster refused {state['refused']} logs: its user needs the right to get pods/log.")
    if state.get("gaps"):
        sentences.append(
            f"{state['gaps']} gaps of {state.get('gap_seconds', 0):.1f} s in all: lines may be missing there."
        )
    if state.get("dropped"):
        sentences.append(f"{state['dropped']} lines were dropped: more came than could be written.")
    if state.get("not_kept"):
        sentences.append(f"{state['not_kept']} lines were not kept: the run had logged more than fits.")
    return " ".join(sentences)
