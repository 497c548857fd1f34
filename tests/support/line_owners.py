"""Whether lines were told to belong to the right test: the site knows, since it logs the id of each request."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from focus_core.logs import entries, journal, monitor
from focus_core.logs.attribution import Attribution
from focus_core.logs.entries import Entry

# The id of a request, as the clients make it: it names the test.
_ID = re.compile(r" ?id=\S+?\.\d+\.(?P<token>[0-9a-f]{8})\.\d+")
_JOB = re.compile(r"job[ =](\d+-\d+)")
# All else that names somebody.
_IDENTITY = re.compile(r"\b(?:client=|job[ =]|for )\S+|/\d+-\d+")


def judged(folder: Path) -> Counter[tuple[str, bool]]:
    """Lines by what they carry, and whether they were told right.

    ``request id``: as they are. ``identity``: as where a site logs no ids of requests, by job or user, and the lines of
    the jobs' own pods. ``nothing``: as where they name nobody at all; right is a verdict that the owner is among.
    """
    skew = monitor.state_of(folder).get("skew") or {}
    found = [entry for entry in entries.read(folder) if entry.kind == "line"]
    ways = {way: Attribution(journal.records(folder), skew) for way in ("request id", "identity", "nothing")}
    # By what Focus Server logs of the request that made it; the lanes' own records are what is on trial.
    jobs = {
        job[1]: owner["token"]
        for entry in found
        if "/configure 200" in entry.text and (owner := _ID.search(entry.text)) and (job := _JOB.search(entry.text))
    }
    counts: Counter[tuple[str, bool]] = Counter()
    for entry in found:
        owner = _ID.search(entry.text)
        if entry.source.job in jobs:
            counts["identity", _is(ways["identity"], entry, jobs[entry.source.job])] += 1
        if not owner or owner["token"] not in ways["nothing"].tests:
            continue
        token = owner["token"]
        counts["request id", _is(ways["request id"], entry, token)] += 1
        unnumbered = _ID.sub("", entry.text)
        if re.search(r"client=lane|job=", unnumbered):
            counts["identity", _is(ways["identity"], replace(entry, text=unnumbered), token)] += 1
        bare = replace(entry, text=_IDENTITY.sub("", unnumbered), source=replace(entry.source, job=""))
        among = any(test.token == token for test in ways["nothing"].of(bare).tests)
        counts["nothing", among] += 1
    return counts


def _is(attribution: Attribution, entry: Entry, token: str) -> bool:
    test = attribution.of(entry).test
    return test is not None and test.token == token


def share(counts: Counter[tuple[str, bool]], kind: str) -> float:
    """The share of right verdicts, in percent."""
    whole = counts[kind, True] + counts[kind, False]
    return 100 * counts[kind, True] / whole if whole else 0.0
