"""What the pods logged that is wrong, as the report of a run shows it: on the screen and in summary.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.results.summary import cell

TESTS_ON_SCREEN = 10
SERVICES_ON_SCREEN = 4
TESTS_IN_SUMMARY = 50
NEW_TEMPLATES = 20


def screen(summary: Mapping[str, Any]) -> list[str]:
    """A few lines; none where nothing is wrong."""
    lines = []
    if summary.get("banner"):
        lines.append(f"pod monitor: {summary['banner']}")
    errors = summary.get("errors") or []
    own = [test for test in summary.get("tests") or [] if test["errors"]]
    if errors:
        shown = ", ".join(
            f"{one['lines']} x {one['pattern']} in {one['service']}" for one in errors[:SERVICES_ON_SCREEN]
        )
        more = f" and {len(errors) - SERVICES_ON_SCREEN} more kinds" if len(errors) > SERVICES_ON_SCREEN else ""
        lines.append(f"pods logged errors: {shown}{more}")
    for test in own[:TESTS_ON_SCREEN]:
        lines.append(f"  {test['errors']:>4}  {test['name']}")
    if len(own) > TESTS_ON_SCREEN:
        lines.append(f"  ... and {len(own) - TESTS_ON_SCREEN} more tests: see summary.md")
    return ["", *lines] if lines else []


def markdown(summary: Mapping[str, Any]) -> list[str]:
    """The section of summary.md."""
    state = summary.get("monitor") or {}
    lines = ["", "## Logs of the pods", ""]
    if summary.get("banner"):
        lines += [f"**{cell(summary['banner'])}**", ""]
    if state.get("begun"):
        lines += [f"{_figures(state)} [By test](pod_logs/tests/index.html).", ""]
    errors = summary.get("errors") or []
    if errors:
        lines += ["| service | pattern | lines |", "|---|---|---:|"]
        lines += [f"| {cell(one['service'])} | {cell(one['pattern'])} | {one['lines']} |" for one in errors]
    own = [test for test in summary.get("tests") or [] if test["errors"]]
    if own:
        lines += ["", "| test | its error lines | patterns |", "|---|---:|---|"]
        for test in own[:TESTS_IN_SUMMARY]:
            kinds = ", ".join(f"{count} {name}" for name, count in test["patterns"].items())
            lines.append(f"| [{cell(test['name'])}](pod_logs/{test['file']}) | {test['errors']} | {cell(kinds)} |")
    new = summary.get("new_templates") or []
    if new:
        lines += ["", f"{len(new)} kinds of lines that no earlier run of this site had:", ""]
        lines += [f"- {cell(one)}" for one in new[:NEW_TEMPLATES]]
        if len(new) > NEW_TEMPLATES:
            lines.append(f"- and {len(new) - NEW_TEMPLATES} more in pod\\_logs/templates.json")
    return lines


def _figures(state: Mapping[str, Any]) -> str:
    counted = ("lines", "bytes", "streams", "reconnects", "gaps", "dropped")
    shown = ", ".join(f"{state.get(name, 0)} {name}" for name in counted)
    cost = f"{state.get('cpu_s', 0):.1f} s of CPU, {state.get('memory_mb', 0):.0f} MB"
    return f"{shown}, worst lag {state.get('worst_lag_s', 0):.2f} s; {cost}."
