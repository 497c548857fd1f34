"""variables/quarantine.yaml: flaky tests whose failures a gate passes over, each with an owner, an issue and an end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import RunError
from pipeline.paths import ROOT
from pipeline.results.model import TestResult

FILE = ROOT / "variables" / "quarantine.yaml"
LONGEST_DAYS = 60
_TEST = re.compile(r"suites/\S.*\.robot::\S.*")
_ISSUE = re.compile(r"[A-Z][A-Z0-9]*-\d+")


@dataclass(frozen=True)
class Entry:
    """`test` is the id of a test, `expires` the last day on which its failures are passed over."""

    test: str
    owner: str
    issue: str
    expires: date


def read(path: Path = FILE) -> list[Entry]:
    """The entries as they stand there. Raises RunError, which names the file, for one that is not whole."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RunError(f"{path.name} cannot be read ({' '.join(str(error).split())}): repair it.") from None
    if not isinstance(found, list):
        raise RunError(f"{path.name} is no list: write '[]' when no test is in quarantine.")
    entries = [_entry(path, number, one) for number, one in enumerate(found, 1)]
    tests = [entry.test for entry in entries]
    twice = next((test for test in tests if tests.count(test) > 1), None)
    if twice:
        raise RunError(f"{path.name} has '{twice}' twice: remove one entry.")
    return entries


def _entry(path: Path, number: int, found: Any) -> Entry:
    where = f"{path.name}, entry {number}"
    wanted = [field.name for field in fields(Entry)]
    if not isinstance(found, dict) or sorted(found) != sorted(wanted):
        raise RunError(f"{where} needs exactly {', '.join(wanted)}: repair it.")
    if not _TEST.fullmatch(str(found["test"])):
        raise RunError(f"{where}: test is '{found['test']}', write it as suites/api/views.robot::Name Of The Test.")
    if not isinstance(found["owner"], str) or not found["owner"].strip():
        raise RunError(f"{where}: owner is empty, name who repairs the test.")
    if not _ISSUE.fullmatch(str(found["issue"])):
        raise RunError(f"{where}: issue is '{found['issue']}', write a key like PZ-12345.")
    # A time is a date too, for Python.
    if type(found["expires"]) is not date:
        raise RunError(f"{where}: expires is '{found['expires']}', write a day like 2026-12-31.")
    return Entry(**found)


def problems(entries: Iterable[Entry], tests: Iterable[TestResult], today: date) -> list[str]:
    """A sentence for each entry that makes a gate red: expired, too far ahead, or of a critical test."""
    by_id = {test.id: test for test in tests}
    found = []
    for entry in entries:
        days = (entry.expires - today).days
        test = by_id.get(entry.test)
        if days < 0:
            found.append(f"The quarantine of '{entry.test}' ({entry.owner}, {entry.issue}) ended on {entry.expires}: "
                         "repair the test or remove the entry.")  # fmt: skip
        elif days > LONGEST_DAYS:
            found.append(f"The quarantine of '{entry.test}' lasts {days} days: {LONGEST_DAYS} are the most.")
        if test and test.critical:
            found.append(f"'{entry.test}' is critical and cannot be in quarantine: remove the entry.")
    return found


def applied(
    entries: Iterable[Entry], failed: Iterable[TestResult], today: date
) -> tuple[list[TestResult], list[TestResult]]:
    """Failed tests that count, and those that are passed over: of an entry that holds, and not critical."""
    held = {entry.test for entry in entries if 0 <= (entry.expires - today).days <= LONGEST_DAYS}
    tests: Sequence[TestResult] = list(failed)
    passed_over = [test for test in tests if test.id in held and not test.critical]
    return [test for test in tests if test not in passed_over], passed_over
