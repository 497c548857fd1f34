"""Known bugs: which tests fail because of which bug on which site (``variables/known_bugs.yaml``)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from focus_core import yaml_files

FILE = Path(__file__).resolve().parents[2] / "variables" / "known_bugs.yaml"


@dataclass(frozen=True)
class KnownBug:
    """``fails`` are the keys of the tests that it fails; ``shows`` is a pattern that the failure text must contain."""

    key: str
    title: str
    fails: frozenset[str]
    sites: frozenset[str]
    shows: str

    def explains(self, failure: str) -> bool:
        """Whether a failure with this text is this bug and not another one."""
        return re.search(self.shows, failure, re.IGNORECASE) is not None


def read(path: Path = FILE) -> list[KnownBug]:
    """Every known bug of the file."""
    content = yaml_files.read(path) or {}
    return [
        KnownBug(
            key=key,
            title=entry["title"],
            fails=frozenset(entry["fails"]),
            sites=frozenset(entry.get("sites", ())),
            shows=entry.get("shows", ""),
        )
        for key, entry in content.items()
    ]


def of_test(tags: Iterable[str], site_name: str, declared: Iterable[str]) -> list[KnownBug]:
    """The bugs that fail a test with these tags on a site: named for the site here, or declared in its site file."""
    tags, declared = set(tags), set(declared)
    return [bug for bug in _all() if bug.fails & tags and (site_name in bug.sites or bug.key in declared)]


@cache
def _all() -> tuple[KnownBug, ...]:
    return tuple(read())
