"""What the files in variables say of a test by its tags: its area, its key, further keys, the title of a known bug."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from focus_core.run import known_bugs

from pipeline.paths import ROOT

NO_AREA = "other"


@dataclass(frozen=True)
class Product:
    """What is tested, as reports name it, and the version of its tests where git knows none."""

    name: str
    version: str


@cache
def product() -> Product:
    return Product(**_read("product.yaml"))


def area(tags: Iterable[str]) -> str:
    """The area tag of a test, by the tag dictionary."""
    return next((tag for tag in tags if tag in areas()), NO_AREA)


def key(tags: Iterable[str]) -> str:
    """The primary key of a test: a tag that looks as the dictionary demands, or nothing."""
    return next((tag for tag in tags if _key_pattern().fullmatch(tag)), "")


@cache
def areas() -> frozenset[str]:
    return frozenset(_dictionary()["areas"])


@cache
def covers() -> dict[str, tuple[str, ...]]:
    """The further keys of each primary key."""
    return {key: tuple(others) for key, others in _read("xray_covers.yaml").items()}


def bug_title(bug: str) -> str:
    """The title of a known bug or open question, or nothing."""
    return str(known_bugs.content().get(bug, {}).get("title", ""))


@cache
def _key_pattern() -> re.Pattern[str]:
    return re.compile(_dictionary()["keys"]["pattern"])


@cache
def _dictionary() -> dict[str, dict[str, str]]:
    return _read("tags.yaml")


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "variables" / name).read_text(encoding="utf-8"))
    return found
