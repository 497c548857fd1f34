"""Disruption by approval: a named person allows faults on one site for a window of time, and says why.

The approval is a small YAML file, which ``FOCUS_APPROVAL`` names (``run.py ... --approval FILE``):

    site: staging
    server_url: https://10.10.100.113/server
    approved_by: Dana Cohen
    reason: Release 4.2 must survive the loss of MongoDB
    begins: 2026-12-01T20:00:00+02:00
    ends: 2026-12-01T23:00:00+02:00

It counts from ``begins`` until before ``ends``, for the site of that name whose server has that address, and
only where the policy of the site is ``disruption: by_approval``.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import yaml

from focus_core.base import yaml_files
from focus_core.base.errors import BenchError
from focus_core.site.model import Part, Text, Url, Within, in_home

if TYPE_CHECKING:
    from focus_core.site.model import Site

VARIABLE = "FOCUS_APPROVAL"
POLICY = "by_approval"
# Nobody keeps a site in mind for longer: who needs more asks again.
LONGEST = timedelta(hours=24)
HOW_TO_GET_ONE = (
    "ask the owner of the site for one, write it down (site, server_url, approved_by, reason, begins, ends: "
    "docs/disruption.md) and name the file with --approval FILE or FOCUS_APPROVAL"
)


class ApprovalError(BenchError):
    """An approval that cannot be read, or does not count for this site at this time."""


class Approval(Part):
    """What the file says. ``server_url`` is that of the site file: a name can be given to any site. ``approved_by`` is
    a first and a last name; both times have a zone."""

    site: Text
    server_url: Url
    approved_by: Annotated[str, Within(pattern=r"^\s*[^\W\d_]\S*\s+\S+")]
    reason: Annotated[str, Within(pattern=r"\S+\s+\S+", min_length=10)]
    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.begins.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("begins and ends with a zone, as 2026-12-01T20:00:00+02:00")
        if not self.begins < self.ends <= self.begins + LONGEST:
            raise ValueError(f"ends after begins, and at most {LONGEST.total_seconds() / 3600:.0f} hours after it")

    def __str__(self) -> str:
        reason = " ".join(self.reason.split()).rstrip(".")
        return f"{' '.join(self.approved_by.split())}, {self.begins.isoformat()} to {self.ends.isoformat()}: {reason}"

    def why_not(self, site: Site, now: datetime) -> str:
        """Why it does not count for the site at that moment; empty when it does."""
        if self.site != site.name:
            return f"The approval of {self.approved_by} is for site {self.site}, not for {site.name}"
        if self.server_url.rstrip("/") != site.server_url.rstrip("/"):
            return (
                f"The approval of {self.approved_by} is for the server at {self.server_url}, not for {site.server_url}"
            )
        if now < self.begins:
            return f"The approval of {self.approved_by} begins at {self.begins.isoformat()}"
        if now >= self.ends:
            return f"The approval of {self.approved_by} ended at {self.ends.isoformat()}"
        return ""


def read(path: Path) -> Approval:
    """The approval in a file. Raises ``ApprovalError``: file, key, what is allowed."""
    from pydantic import TypeAdapter, ValidationError

    try:
        content: Any = yaml_files.read(path)
        return TypeAdapter(Approval).validate_python(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ApprovalError(f"The approval {path} cannot be read ({error}); correct it.") from None
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, one['loc'])) or 'all of it'}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_url=False)
        ]
        raise ApprovalError(f"The approval {path} cannot be used: {'; '.join(problems)}; correct it.") from None


def refusal(site: Site, now: datetime | None = None) -> str:
    """Why no approval allows faults on the site now, with how to get one; empty when one does."""
    named = os.environ.get(VARIABLE)
    asked = f"The policy of site {site.name} allows disruption by approval only"
    if not named:
        return f"{asked}, and there is none: {HOW_TO_GET_ONE}."
    try:
        reason = read(in_home(named)).why_not(site, now or datetime.now(UTC))
    except ApprovalError as error:
        return f"{asked}. {error}"
    return f"{asked}. {reason}: {HOW_TO_GET_ONE}." if reason else ""


def record(site: Site, now: datetime | None = None) -> str:
    """What a run's record says about the approval it was made under; empty where there is none that counts."""
    if site.policy.disruption != POLICY or refusal(site, now):
        return ""
    return str(read(in_home(os.environ[VARIABLE])))
