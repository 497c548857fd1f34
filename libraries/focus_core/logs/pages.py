"""The pages of the tests' logs. Plain HTML without scripts: they open from any disk, mail or CI artifact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from focus_core.logs.belonging import TestLog
from focus_core.logs.entries import Entry
from focus_core.logs.recorder import as_text, time_text

# What a page shows; the rest stands in the .log file beside it.
_MOST_SHOWN = 1_000

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 14px sans-serif; margin: 1.5em; max-width: 110em }}
h1 {{ font-size: 1.2em }} h2 {{ font-size: 1.05em; margin-top: 1.5em }}
table {{ border-collapse: collapse }} td, th {{ padding: 2px 10px; text-align: left; border-bottom: 1px solid #ddd }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12px; line-height: 1.35; margin: 0 }}
.critical, .error {{ color: #a00 }} .warning {{ color: #850 }} .shared {{ opacity: 0.6 }} .mark {{ color: #06c }}
img {{ max-width: 100%; border: 1px solid #ccc }}
</style></head><body>
"""


def test(log: TestLog, marked: Sequence[tuple[Entry, str]], picture: str) -> str:
    """The page of one test; ``marked`` are its entries in order of time, those that it may share with a mark."""
    one, name = log.test, log.test.file
    parts = [_HEAD.format(title=escape(one.name)), f"<h1>Logs of the pods: {escape(one.name)}</h1>"]
    ended = "still running" if one.end == math.inf else f"{one.end - one.begin:.1f} s"
    parts.append(
        f"<p>{escape(one.status or 'no result')}, from {time_text(one.begin)} for {ended}; lane {one.lane[1]}"
        f"{f', user {escape(one.user)}' if one.user else ''}. {len(log.own)} lines are this test's, "
        f"{len(log.shared)} may be those of a test that ran beside it (grey).</p>"
    )
    errors = f'<a href="{name}_errors.log">its errors</a>, ' if log.errors else ""
    parts.append(f'<p>{errors}<a href="{name}.log">all as text</a>, <a href="index.html">all tests</a></p>')
    if picture:
        parts.append(f'<p><img src="{picture}" alt="time line of the test"></p>')
    if log.errors:
        rows = "\n".join(_line(entry, "") for entry in log.errors[:_MOST_SHOWN])
        parts.append(f"<h2>Errors of this test ({len(log.errors)})</h2>\n<pre>{rows}</pre>")
    rows = "\n".join(_line(entry, mark) for entry, mark in marked[:_MOST_SHOWN])
    parts.append(f"<h2>Everything in its time</h2>\n<pre>{rows or 'No pod logged anything while this test ran.'}</pre>")
    left = len(marked) - _MOST_SHOWN + log.left_out
    if left > 0:
        parts.append(f"<p>... and {left} more in the .log file and in events.jsonl</p>")
    return "\n".join([*parts, "</body></html>\n"])


def index(logs: Sequence[TestLog]) -> str:
    """The list of all tests of a run, those with errors first."""
    ordered = sorted(logs, key=lambda log: (not log.errors, not log.shared_errors, log.test.begin))
    rows = "\n".join(
        f'<tr><td class="{"error" if log.errors else ""}">{len(log.errors) or ""}</td>'
        f"<td>{log.shared_errors or ''}</td><td>{len(log.own)}</td><td>{escape(log.test.status)}</td>"
        f'<td><a href="{log.test.file}.html">{escape(log.test.name)}</a></td></tr>'
        for log in ordered
    )
    return (
        f"{_HEAD.format(title='Logs of the pods, by test')}<h1>Logs of the pods, by test</h1>\n"
        "<table><tr><th>its errors</th><th>errors it may share</th><th>its lines</th><th>result</th>"
        "<th>test</th></tr>\n"
        f"{rows}\n</table></body></html>\n"
    )


def _line(entry: Entry, mark: str) -> str:
    shown = escape(f"{mark}{as_text(entry)}".rstrip("\n"))
    classes = " ".join(filter(None, [entry.severity, "shared" if mark else "", "mark" if entry.kind != "line" else ""]))
    return f'<span class="{classes}">{shown}</span>' if classes else shown
