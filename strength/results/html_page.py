"""The measurement as one page that needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import Any

# Verdicts that ask nobody to do anything.
_GOOD = ("catches", "sound")
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--good:#2a7d46;--bad:#c0392b;--dim:#888}
body{font:15px/1.45 system-ui,sans-serif;max-width:1150px;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.25rem .5rem;
text-align:left;vertical-align:top}th{font-weight:600}td.n,th.n{text-align:right;white-space:nowrap}
td{overflow-wrap:anywhere}small,.dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}
.stamp{display:inline-block;border:2px solid var(--bad);color:var(--bad);padding:0 .5rem;font-weight:700}
.bar{display:inline-block;width:110px;height:.6rem;background:var(--bad);vertical-align:middle}
.bar i{display:block;height:100%;background:var(--good)}
.big{display:flex;gap:2rem;flex-wrap:wrap}.big div{min-width:9rem}.big b{display:block;font-size:1.9rem}
details{margin:.4rem 0}summary{cursor:pointer}
"""


def html(data: dict[str, Any]) -> str:
    """The page for the content of strength.json."""
    parts = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Strength of {escape(data['area'])}</title>"
        f"<style>{_STYLE}</style><h1>What the tests of {escape(data['area'])} catch</h1>",
        _head(data),
        _problems(data["problems"]),
        _survivors(data["mutants"]),
        _defects(data),
        _tests(data["tests"], data["too_long"]),
        _scores("By endpoint", data["score"]["endpoints"]),
        _scores("By operator", data["score"]["operators"]),
        _scores("By answer", data["score"]["answers"], folded=True),
        _left_out(data),
        _caught(data["mutants"]),
    ]
    return "\n".join(parts) + "</html>\n"


def _head(data: dict[str, Any]) -> str:
    silent = sum(test["verdict"] == "catches nothing" for test in data["tests"])
    flaky = sum(test["verdict"] == "flaky" for test in data["tests"])
    ring1, ring2 = data["score"]["ring1"], data["score"]["ring2"]
    figures = [
        (f"{ring1['share']:.1%}" if ring1["all"] else "-", f"changed answers caught: {ring1['caught']}/{ring1['all']}"),
        (f"{ring2['caught']}/{ring2['all']}" if ring2["all"] else "-", "defects of the site caught"),
        *([] if data["quick"] else [(str(silent), f"of {len(data['tests'])} tests catch nothing")]),
        (str(flaky), "flaky tests"),
    ]
    big = "".join(f"<div><b>{value}</b>{escape(what)}</div>" for value, what in figures)
    phases = ", ".join(f"{escape(name)} {seconds:.0f} s" for name, seconds in data["phases"].items())
    kind = "a fixed sample of the defects and changed answers" if data["quick"] else "everything"
    chosen = "" if data["tests_chosen"] == "*" else f"; tests: {escape(data['tests_chosen'])}"
    return (
        f"<p><span class='stamp'>SIMULATED</span> {escape(data['started'])}, {data['seconds'] / 60:.1f} min with "
        f"{data['workers']} workers, {kind}{chosen}. <small>{phases}</small></p><div class='big'>{big}</div>"
    )


def _problems(problems: list[str]) -> str:
    if not problems:
        return "<h2 class='good'>Nothing is missing</h2>"
    items = "".join(f"<li>{escape(problem)}</li>" for problem in problems)
    return f"<h2 class='bad'>{len(problems)} things to do</h2><ul>{items}</ul>"


def _survivors(mutants: list[dict[str, Any]]) -> str:
    left = [mutant for mutant in mutants if mutant["outcome"] != "caught"]
    if not left:
        return ""
    rows = [
        [
            f"{escape(mutant['operation'])} {mutant['status'] or ''}",
            escape(mutant["property"] or "(answer)"),
            escape(f"{mutant['operator']} {mutant['detail']}"),
            _tried(mutant),
        ]
        for mutant in left
    ]
    table = _table(["answer", "property", "what was changed", "tests that let it pass"], rows)
    return f"<h2>{len(left)} changed answers that nobody catches</h2>{table}"


def _tried(entry: dict[str, Any]) -> str:
    if entry["outcome"] == "not tried":
        return "<span class='dim'>not tried: the time was over</span>"
    if not entry["candidates"]:
        return "no test could: none sees this answer"
    never = "" if entry["applied"] else " <span class='dim'>(the change never came to bear)</span>"
    return f"{entry['tried']} of {entry['candidates']}{never}"


def _defects(data: dict[str, Any]) -> str:
    if not data["defects"]:
        return ""
    rows = [
        [
            escape(defect["name"]),
            escape(defect["sentence"]),
            escape(defect["bug"]),
            escape(defect["by"]) if defect["outcome"] == "caught" else f"<b class='bad'>{defect['outcome']}</b>",
        ]
        for defect in sorted(data["defects"], key=lambda entry: (entry["outcome"] == "caught", entry["name"]))
    ]
    table = _table(["defect", "what it does", "bug", "first caught by"], rows)
    return f"<h2>Defects of the site</h2>{table}{_reasons('Switches that are no fault:', data['no_fault'])}"


def _reasons(title: str, reasons: dict[str, str]) -> str:
    """A list of what was left out and why; nothing when there is nothing."""
    entries = "".join(f"<li>{escape(name)}: {escape(reason)}</li>" for name, reason in reasons.items())
    return f"<p>{title}</p><ul>{entries}</ul>" if entries else ""


def _tests(tests: list[dict[str, Any]], too_long: dict[str, str]) -> str:
    order = {"catches": 1}
    rows = [
        [
            escape(test["name"]),
            f"<span class='{'good' if test['verdict'] in _GOOD else 'bad'}'>{escape(test['verdict'])}</span>",
            str(len(test["catches"])),
            f"{test['seconds']:.2f}",
            _fold(test["catches"]) if test["catches"] else escape(test["message"]),
        ]
        for test in sorted(tests, key=lambda test: (order.get(test["verdict"], 0), len(test["catches"]), test["name"]))
    ]
    explained = (
        "<p><small>A fault counts for the first test that catches it. A test with one catch was asked until it had "
        "caught something; it may well catch more.</small></p>"
    )
    table = _table(["test", "verdict", "#caught first", "#seconds", "what"], rows)
    return f"<h2>Tests</h2>{explained}{table}{_reasons('Not measured, because it takes too long:', too_long)}"


def _scores(title: str, scores: dict[str, dict[str, Any]], *, folded: bool = False) -> str:
    rows = [
        [
            escape(name),
            f"<span class='bar'><i style='width:{score['share']:.0%}'></i></span> {score['share']:.0%}",
            str(score["caught"]),
            str(score["survived"]),
            str(score["not tried"]),
        ]
        for name, score in sorted(scores.items(), key=lambda pair: (pair[1]["share"], pair[0]))
    ]
    table = _table([title.lower().removeprefix("by "), "share", "#caught", "#survived", "#not tried"], rows)
    return f"<details><summary>{title}</summary>{table}</details>" if folded else f"<h2>{title}</h2>{table}"


def _left_out(data: dict[str, Any]) -> str:
    counts = Counter(entry["reason"] for entry in data["left_out"])
    rows = [
        [
            escape(reason),
            str(count),
            _fold(entry["name"] for entry in data["left_out"] if entry["reason"] == reason),
        ]
        for reason, count in sorted(counts.items())
    ]
    if data["not_sampled"]:
        rows.append(["Not in the fixed sample of a quick measurement.", str(data["not_sampled"]), ""])
    total = sum(counts.values()) + data["not_sampled"]
    table = _table(["reason", "#changes", "which"], rows)
    return f"<h2>{total} changed answers left out</h2>{table}" if total else ""


def _caught(mutants: list[dict[str, Any]]) -> str:
    rows = [
        [escape(mutant["name"]), escape(mutant["by"]), f"<small>{escape(mutant['message'][:300])}</small>"]
        for mutant in mutants
        if mutant["outcome"] == "caught"
    ]
    table = _table(["changed answer", "first caught by", "how the test failed"], rows)
    return f"<h2>Caught</h2><details><summary>{len(rows)} changed answers</summary>{table}</details>"


def _fold(items: Iterable[str]) -> str:
    names = list(items)
    inside = "<br>".join(escape(name) for name in names)
    return f"<details><summary>{escape(names[0][:90])} ...</summary>{inside}</details>" if len(names) > 1 else inside


def _table(heads: list[str], rows: list[list[str]]) -> str:
    """Heads that begin with # are of columns of numbers."""
    number = [head.startswith("#") for head in heads]
    css = [" class='n'" if is_number else "" for is_number in number]
    head = "".join(f"<th{c}>{escape(text.lstrip('#'))}</th>" for text, c in zip(heads, css, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{c}>{cell}</td>" for cell, c in zip(row, css, strict=True)) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
