"""Known bugs and open questions: what fails because of what on which site (``variables/known_bugs.yaml``)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from focus_core.base import project, yaml_files
from focus_core.base.failures import LIKE_THESE

FILE = project.VARIABLES / "known_bugs.yaml"
# A number of this project for a rule that nobody has decided; every other key is a bug's.
QUESTION = "PZ-Q"

_SEVERAL = "Several failures occurred:"
_ALSO_TORN_DOWN = re.compile(r"^Also (keyword )?teardown failed:", re.MULTILINE)


@dataclass(frozen=True)
class KnownBug:
    """``shows`` is the pattern of a problem that only this bug writes; empty: it explains nothing.

    ``fails`` are tests that fail as long as the bug is there, by key, or by key and name where several tests share the
    key; ``everywhere``: what it shows is explained in every test, not only in these; ``sometimes``: it shows now and
    then, so that a test that passes shows nothing.
    """

    key: str
    title: str
    shows: str = ""
    fails: frozenset[str] = frozenset()
    everywhere: bool = False
    sometimes: bool = False
    sites: frozenset[str] = frozenset()

    def __str__(self) -> str:
        kind = "Open question" if self.key.startswith(QUESTION) else "Known bug"
        return f"{kind} {self.key}: {self.title}."

    def fails_test(self, name: str, tags: Iterable[str]) -> bool:
        """Whether a test with this name and these tags is one of ``fails``."""
        return any(not self.fails.isdisjoint((tag, f"{tag} {name}")) for tag in tags)

    def explains(self, problem: str, summary: str = "") -> bool:
        """Whether a problem is this bug and not another one. The pattern, in any case of letters, may begin in the
        summary above the problem (``GET /channels is wrong: highest_channel is 2337``), but has to reach the problem.
        """
        text = f"{summary} {problem}" if summary else problem
        matches = re.finditer(self.shows, text, re.IGNORECASE | re.DOTALL) if self.shows else ()
        return any(match.end() > len(text) - len(problem) for match in matches)


def read(path: Path = FILE) -> list[KnownBug]:
    """Every known bug and open question of the file."""
    return [_bug(key, entry) for key, entry in content(path).items()]


def content(path: Path = FILE) -> dict[str, dict[str, Any]]:
    """The file as it stands there, by key."""
    return yaml_files.read(path) or {}


def of_site(site_name: str, declared: Iterable[str]) -> list[KnownBug]:
    """The bugs of a site: named for it here, or declared in its site file."""
    declared = set(declared)
    return [bug for bug in _all() if site_name in bug.sites or bug.key in declared]


def explanation(failures: Sequence[str], bugs: Sequence[KnownBug]) -> list[KnownBug]:
    """The bugs that together explain every problem of these failures; none as soon as one problem is left over."""
    found: dict[str, KnownBug] = {}
    for failure in failures:
        if _ALSO_TORN_DOWN.search(failure):
            return []
        summary, *problems = failure.split("\n- ")
        for problem in problems or [failure]:
            if problems and re.fullmatch(rf"and \d+ {LIKE_THESE}", problem):
                continue
            # Every bug that fits is named: a line that two bugs can write does not show which.
            fitting = [bug for bug in bugs if bug.explains(problem, summary if problems else "")]
            if not fitting:
                return []
            found |= {bug.key: bug for bug in fitting}
    return list(found.values())


def failures_of(body: Iterable[Any]) -> list[str]:
    """The message of each keyword that failed in a test's body (Robot's result model).

    The test's own message joins them, and Robot cuts what is longer than forty lines out of its middle.
    """
    found = []
    for item in body:
        if getattr(item, "status", "") != "FAIL":
            continue
        inner = failures_of(item.body) if item.message.startswith(_SEVERAL) else []
        found += inner or [item.message]
    return found


def _bug(key: str, entry: dict[str, Any]) -> KnownBug:
    return KnownBug(
        key=key,
        title=entry["title"],
        shows=entry.get("shows", ""),
        fails=frozenset(entry.get("fails", ())),
        everywhere=entry.get("everywhere", False),
        sometimes=entry.get("sometimes", False),
        sites=frozenset(entry.get("sites", ())),
    )


@cache
def _all() -> tuple[KnownBug, ...]:
    return tuple(read())
