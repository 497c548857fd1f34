"""FOCUS_XRAY: a run publishes its results by itself."""

from __future__ import annotations

import os

from pipeline import console
from pipeline.errors import RunError
from pipeline.xray.publishing import Source, publish

VARIABLE = "FOCUS_XRAY"
ON, STRICT = "on", "strict"


def is_strict() -> bool:
    return os.environ.get(VARIABLE, "") == STRICT


def after_publishing(source: Source) -> str:
    """Publish where FOCUS_XRAY is `on` or `strict`; returns a sentence when results did not arrive, else nothing."""
    chosen = os.environ.get(VARIABLE, "")
    if chosen in ("", "off"):
        return ""
    if chosen not in (ON, STRICT):
        return f"{VARIABLE} is '{chosen}': on, strict or off is known; the results were not published."
    try:
        outcome = publish(source)
    except RunError as error:
        return f"Not published: {error}"
    for note in outcome.notes:
        console.say(f"xray: {note}")
    if outcome.key:
        console.say(f"xray: {outcome.key}")
    return "" if outcome.key else "The results did not reach Xray."
