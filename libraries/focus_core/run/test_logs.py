"""The running test, as the pod monitor has to know it: when it began and ended, its identity, what belongs to it."""

from __future__ import annotations

import hashlib
import os
import re
import time
from html import escape
from pathlib import Path
from typing import Any

from focus_core.base import run_identity, tape
from focus_core.base.waiting import WaitTimeout
from focus_core.logs import entries, journal
from focus_core.logs.entries import Entry
from focus_core.run import evidence
from focus_core.run.evidence import PodLog
from focus_core.site import data as site_data
from focus_core.site.model import Site

_SHOWN_ERRORS = 5
_STRICT = "strict"
# What a picture of the test can show.
_MOST_STEPS, _MOST_CALLS = 200, 500

_begin = 0
_begun = 0.0
# Of lines that the running test expects.
_allowed: list[re.Pattern[str]] = []


def start(result: Any, site: Site) -> None:
    """Notes that a test begins; ``result`` is Robot's."""
    global _begin, _begun
    place = journal.folder()
    file = Path(evidence.file_name(result.full_name, result.start_time)).stem
    token = hashlib.sha256(f"{result.full_name} {result.start_time} {os.getpid()}".encode()).hexdigest()[:8]
    run_identity.note_test(token)
    _begin = entries.size(place) if place else 0
    _begun = result.start_time.timestamp()
    _allowed.clear()
    journal.note(
        "test",
        token=token,
        name=result.full_name,
        file=file,
        at=_begun,
        run=run_identity.run_id(),
        lane=run_identity.lane(),
        user=site_data.lane_user(site).username,
        job_prefix=site.job_prefix,
    )


def end(result: Any) -> str:
    """Notes that the test has ended, with what a picture of it shows where it failed.

    Returns the links to its logs, as HTML; nothing without a monitor.
    """
    token = run_identity.test_token()
    if token == run_identity.NO_TEST:
        return ""
    details = {"steps": _steps(result), "calls": _calls()} if result.failed else {}
    journal.note("end", token=token, at=time.time(), status=result.status, **details)
    run_identity.note_test(run_identity.NO_TEST)
    if journal.folder() is None:
        return ""
    file = f"pod_logs/tests/{escape(Path(evidence.file_name(result.full_name, result.start_time)).stem)}"
    text = f' (<a href="{file}.log">as text</a>)' if result.failed else ""
    return f'<a href="{file}.html">What the pods logged</a>{text}, there when the run has ended.'


def allow(expression: re.Pattern[str]) -> None:
    """Lines that the running test expects: they are no errors of it, neither for a keyword nor for a strict run."""
    _allowed.append(expression)


def errors(found: list[Entry]) -> list[Entry]:
    """The error lines that the running test does not expect."""
    from focus_core.logs import live

    return [entry for entry in live.errors(found) if not any(one.search(entry.text) for one in _allowed)]


def own_entries(site: Site) -> list[Entry]:
    """All that belongs to the running test alone: from the monitor, or from the pods that are still there.

    Raises ``BenchError`` where there is no monitor and the cluster cannot be asked.
    """
    from focus_core.logs import live

    place, token = journal.folder(), run_identity.test_token()
    if place is not None:
        return live.entries_of_test(place, token, _begin)
    from focus_core.run import clients

    return live.entries_of_cluster(site, clients.cluster(), token, _begun)


def strict_failure() -> str:
    """Why a strict run lets the running test fail; nothing where it does not."""
    place = journal.folder()
    if place is None or os.environ.get(journal.MODE_VARIABLE) != _STRICT:
        return ""
    from focus_core.logs import live

    found = errors(live.entries_of_test(place, run_identity.test_token(), _begin))
    return sentence(found) if found else ""


def sentence(found: list[Entry]) -> str:
    """What is wrong in these lines of logs, in words."""
    shown = "\n".join(f"- {one.source.pod}: {one.text} ({one.pattern})" for one in found[:_SHOWN_ERRORS])
    more = f"\n- and {len(found) - _SHOWN_ERRORS} more" if len(found) > _SHOWN_ERRORS else ""
    lines = "an error" if len(found) == 1 else f"{len(found)} errors"
    return f"The pods logged {lines} that belong{'s' if len(found) == 1 else ''} to this test:\n{shown}{more}"


def seen_by_the_monitor() -> list[PodLog]:
    """What the pods logged while the running test ran, pod by pod; nothing where no monitor has seen it."""
    place = journal.folder()
    if place is None:
        return []
    from focus_core.logs import live

    try:
        found = live.entries_around(place, run_identity.test_token(), _begin)
    except (OSError, WaitTimeout):
        return []
    pods: dict[str, list[str]] = {}
    for entry in found:
        if entry.source.pod and entry.kind != "sample":
            mark = "" if entry.kind == "line" else f"<{entry.kind}> "
            pods.setdefault(entry.source.pod, []).append(f"{mark}{entry.text}")
    return [PodLog(pod, "\n".join(lines)) for pod, lines in pods.items()]


def _steps(result: Any) -> list[tuple[str, float, float, bool]]:
    """The steps of a test: name, begin, seconds, whether it failed."""
    return [
        (
            getattr(item, "name", "") or type(item).__name__,
            item.start_time.timestamp(),
            item.elapsed_time.total_seconds(),
            item.status == "FAIL",
        )
        for item in result.body
        if getattr(item, "start_time", None) is not None
    ][:_MOST_STEPS]


def _calls() -> list[tuple[str, float, float, bool]]:
    """The calls of a test: interface, begin, seconds, whether they had no answer."""
    calls = [call for call in tape.record().during().calls if not call.door.local]
    return [(call.door.name, call.at, call.seconds, call.error is not None) for call in calls[-_MOST_CALLS:]]
