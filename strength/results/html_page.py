"""The measurement as one self-contained page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from strength.results.results import NOT_TRIED

# Verdicts that need no action.
GOOD = ("detects", "passing")
_MESSAGE_LENGTH = 300
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(data: dict[str, Any]) -> str:
    """The page for the content of strength.json."""
    verdicts = Counter(test["verdict"] for test in data["tests"])
    return _PAGES.get_template("page.html.jinja").render(
        data,
        good=GOOD,
        not_tried=NOT_TRIED,
        message_length=_MESSAGE_LENGTH,
        verdicts=verdicts,
        survivors=[mutant for mutant in data["mutants"] if mutant["outcome"] != "killed"],
        killed=[mutant for mutant in data["mutants"] if mutant["outcome"] == "killed"],
        defects=sorted(data["defects"], key=lambda defect: (defect["outcome"] == "detected", defect["name"])),
        tests=sorted(data["tests"], key=_urgency),
        endpoints=_by_share(data["score"]["endpoints"]),
        operators=_by_share(data["score"]["operators"]),
        answers=_by_share(data["score"]["answers"]),
        left_out=_by_reason(data["left_out"]),
    )


def _urgency(test: dict[str, Any]) -> tuple[bool, int, str]:
    """Tests that need action first, then those with few detections."""
    return test["verdict"] == "detects", len(test["detections"]), test["name"]


def _by_share(scores: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The lowest scores first."""
    return sorted(scores.items(), key=lambda pair: (pair[1]["share"], pair[0]))


def _by_reason(left_out: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The names of the mutants that were left out, by reason."""
    reasons = sorted({entry["reason"] for entry in left_out})
    return {reason: [entry["name"] for entry in left_out if entry["reason"] == reason] for reason in reasons}
