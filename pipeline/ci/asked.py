"""What a form or an event of a CI service asks for. It comes in variables, because it must never stand in a command."""

from __future__ import annotations

import os
import re

from pipeline.errors import RunError
from pipeline.results import stamp

SHARDS, SHARD, ATTEMPT = "FOCUS_SHARDS", "FOCUS_SHARD", "FOCUS_ATTEMPT"
TIER, SUITES, TAGS, PRODUCT_IMAGE = "FOCUS_TIER", "FOCUS_SUITES", "FOCUS_TAGS", "FOCUS_PRODUCT_IMAGE"
# Robot splits a pattern in upper case at AND, OR and NOT, even inside a word.
_TAG = re.compile(r"[a-z0-9_*?-]+")
_IMAGE = re.compile(r"[A-Za-z0-9._:/@-]+")


def number(name: str) -> int | None:
    """A count from 1 on; None where the variable is not set or empty."""
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise RunError(f"{name} is '{text}': set it to a whole number from 1 on.")
    return int(text)


def tier() -> str:
    text = os.environ.get(TIER, "").strip()
    if text not in ("", "smoke", "regression", "nightly"):
        raise RunError(f"{TIER} is '{text}': set it to smoke, regression or nightly, or leave it empty.")
    return text


def options() -> list[str]:
    """Options of pabot: every tag has to match, and the tested image goes into the report."""
    args = [word for tag in os.environ.get(TAGS, "").split() for word in ("--exclude", f"NOT {_checked_tag(tag)}")]
    image = os.environ.get(PRODUCT_IMAGE, "").strip()
    if image and not _IMAGE.fullmatch(image):
        raise RunError(f"{PRODUCT_IMAGE} is '{image}': set it to the tag of an image.")
    return [*args, *(["--metadata", f"{stamp.PRODUCT_IMAGE}:{image}"] if image else [])]


def suites() -> list[str]:
    """Files and folders; they come after all options."""
    names = os.environ.get(SUITES, "").split()
    wrong = next((name for name in names if name.startswith("-")), None)
    if wrong:
        raise RunError(f"{SUITES} holds the option '{wrong}': name files and folders only.")
    return names


def _checked_tag(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        raise RunError(f"{TAGS} holds '{tag}': write tags and patterns in lower case, separated by blanks.")
    return tag
