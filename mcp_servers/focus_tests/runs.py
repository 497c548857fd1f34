"""Finished runs: which there are, what failed in one, what differs between two."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from mcp_servers.base.allowed import run_name
from mcp_servers.base.text import untrusted
from pipeline.bug import found
from pipeline.history import database, queries
from pipeline.results import clusters, reading
from pipeline.results.model import Run, Verdict

_MOST = 50
_MESSAGE = 600


def runs(limit: Annotated[int, Field(ge=1, le=_MOST)] = 10) -> dict[str, Any]:
    """The newest runs: id, start, site, and how many tests passed, failed, were known bugs, skipped, not run."""
    with database.opened() as connection:
        rows = queries.runs(connection, limit)
    return {
        "runs": [
            {
                "run": row.id,
                "start": row.start,
                "command": row.command,
                "site": row.site,
                "commit": row.commit,
                "counts": {str(verdict): count for verdict, count in row.counts.items()},
                "does_not_count": row.broken,
            }
            for row in rows
        ]
    }


def failures(run: str = "latest") -> dict[str, Any]:
    """What failed in a run (its id, a beginning of it, or latest), failures alike together."""
    read = _read(run)
    failed = [*read.of(Verdict.FAILED), *read.of(Verdict.KNOWN_BUG)]
    alike: dict[tuple[str, str], list[Any]] = {}
    for test in failed:
        alike.setdefault(clusters.key(test.keywords, test.reason), []).append(test)
    return {
        "run": read.stamp.run_id,
        "site": read.site,
        "does_not_count": read.broken,
        "errors": [untrusted(error, _MESSAGE) for error in read.errors],
        "counts": {str(verdict): read.count(verdict) for verdict in Verdict},
        "failures": [
            {
                "tests": [test.id for test in tests],
                "verdict": str(tests[0].verdict),
                "bugs": list(tests[0].bugs),
                "keyword": (tests[0].keywords or ("",))[-1],
                "message": untrusted(tests[0].message, _MESSAGE),
            }
            for tests in sorted(alike.values(), key=len, reverse=True)
        ],
    }


def _read(run: str) -> Run:
    return reading.read_run([found.folder_of(run_name(run)) / "output.xml"])


def compare(run: str, other: str = "latest") -> dict[str, Any]:
    """The tests that ended otherwise in two runs; '-' where one of them lacks the test."""
    with database.opened() as connection:
        ids = [queries.find(connection, one) for one in (run, other)]
        here, there = (queries.verdicts(connection, one) for one in ids)
    changed = [{"test": test, ids[0]: one, ids[1]: two} for test, one, two in queries.changed(here, there)]
    return {"runs": ids, "changed": len(changed), "tests": changed}
