"""The name of a data set: whatever belongs to the set carries it, and it says whose it is and for how long.

``testdata-20261201T110000Z-20261202T110000Z-RUN-3f9a1c2b``: when it was made, until when it may stay (its lease), the
id of its run, and eight digits of its own. No list has to be kept of what lies on a site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from focus_core.base.run_identity import run_id

PREFIX = "testdata-"
# The kind of the records on disk of what has to be removed.
RECORD_KIND = "test data"
_TIME = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"testdata-(\d{8}T\d{6}Z)-(\d{8}T\d{6}Z)-(.+)-([0-9a-f]{8})")
# What lies in a site under a name longer than this belongs to something of the set: "NAME.17".
_OF_SET = re.compile(rf"({_NAME.pattern})(?:\..*)?")


@dataclass(frozen=True)
class SetName:
    """A name taken apart; times are aware."""

    text: str
    made: datetime
    until: datetime
    run: str

    def __str__(self) -> str:
        return self.text


def new(lease: timedelta) -> SetName:
    """A name that nobody has yet, for data that may stay so long."""
    made = datetime.now(UTC).replace(microsecond=0)
    return parsed(f"{PREFIX}{made:{_TIME}}-{made + lease:{_TIME}}-{run_id()}-{uuid4().hex[:8]}")


def parsed(text: str) -> SetName:
    """The name of a data set taken apart. Raises ``ValueError`` for anything else."""
    match = _NAME.fullmatch(text)
    if not match:
        raise ValueError(f"'{text}' is no name of a data set")
    made, until = (datetime.strptime(part, _TIME).replace(tzinfo=UTC) for part in match.groups()[:2])
    return SetName(text, made, until, match[3])


def of_object(name: object) -> str | None:
    """The set that an alert, a user or a region belongs to by its name; None where that is no test data."""
    match = _OF_SET.fullmatch(str(name))
    return match[1] if match else None
