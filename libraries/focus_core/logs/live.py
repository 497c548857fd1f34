"""What the running test's pods have logged so far, for keywords and for a strict run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from focus_core.base.errors import BenchError
from focus_core.base.waiting import NotYet, WaitTimeout, wait_until
from focus_core.logs import entries, journal, monitor
from focus_core.logs.attribution import Attribution
from focus_core.logs.entries import Entry, Source
from focus_core.logs.patterns import Patterns
from focus_core.logs.stamped import epoch

if TYPE_CHECKING:
    from focus_core.cluster.client import ClusterClient
    from focus_core.cluster.objects import LogLine
    from focus_core.site.model import Site

# By then a line that was written has been read, as far as the monitor keeps up.
_SETTLED_S = 0.5
_PATIENCE_S = 3.0
# A monitor that has only just been started looks at the pods by then; where the cluster is away, nobody waits longer.
_FIRST_LOOK_S = 5.0


def entries_of_test(folder: Path, token: str, begin: int) -> list[Entry]:
    """The entries of one test that the monitor has by now, its own only; ``begin`` is where in its file to look from.

    Waits until the monitor has seen what was logged before; a monitor that is gone is not waited for.
    """
    _wait_for_the_monitor(folder)
    attribution = Attribution(journal.records(folder), monitor.state_of(folder).get("skew") or {})
    return _own(entries.read(folder, begin), attribution, token, trusted_ways=None)


def entries_around(folder: Path, token: str, begin: int) -> list[Entry]:
    """The same with those that the test may share with tests that run beside it."""
    _wait_for_the_monitor(folder)
    attribution = Attribution(journal.records(folder), monitor.state_of(folder).get("skew") or {})
    verdicts = ((entry, attribution.of(entry)) for entry in entries.read(folder, begin))
    return [entry for entry, verdict in verdicts if any(test.token == token for test in verdict.tests)]


def entries_of_cluster(site: Site, cluster: ClusterClient, token: str, begun: float) -> list[Entry]:
    """The same without a monitor: asked of the pods that are still there. Raises ``BenchError``.

    Lines that name nothing are left out: nobody knows what else runs.
    """
    patterns = Patterns.of_site(site)
    found: list[Entry] = []
    for pod in cluster.pods():
        source = Source(pod.name, pod.name, "", "", _job(pod.name, site.job_prefix))
        for line in _log_of(cluster, pod.name, begun):
            entry = Entry("line", epoch(line.time), source, line.text)
            pattern = patterns.find(line.text)
            if pattern:
                entry.pattern, entry.severity = pattern.name, pattern.severity
            found.append(entry)
    attribution = Attribution(journal.records())
    return _own(found, attribution, token, trusted_ways=("request id", "job", "name", "user", "line before"))


def _log_of(cluster: ClusterClient, pod: str, begun: float) -> list[LogLine]:
    """What a pod has logged since then; nothing of one that went between two questions."""
    try:
        return cluster.pod_log(pod, since=datetime.fromtimestamp(begun, UTC))
    except BenchError:
        if pod in {one.name for one in cluster.pods()}:
            raise
        return []


def errors(found: Iterable[Entry]) -> list[Entry]:
    """Those that are errors: lines with a pattern; a figure or a state is none."""
    return [entry for entry in found if entry.severity and entry.kind == "line"]


def _own(
    found: Iterable[Entry], attribution: Attribution, token: str, trusted_ways: Sequence[str] | None
) -> list[Entry]:
    own = []
    for entry in found:
        verdict = attribution.of(entry)
        test = verdict.test
        if test is not None and test.token == token and (trusted_ways is None or verdict.by in trusted_ways):
            own.append(entry)
    return own


def _wait_for_the_monitor(folder: Path, now: Callable[[], float] = time.time) -> None:
    wanted = now() + _SETTLED_S

    def beat() -> bool:
        state = monitor.state_of(folder)
        starts = not state.get("looked") and now() < float(state.get("begun") or now()) + _FIRST_LOOK_S
        if not state.get("ended") and (starts or float(state.get("beat") or 0) < wanted):
            raise NotYet("the monitor has not looked yet")
        return True

    patience = _PATIENCE_S if monitor.state_of(folder).get("looked") else _FIRST_LOOK_S
    try:
        wait_until("The pod monitor", beat, timeout=patience, interval=0.05, slowest=0.1)
    except WaitTimeout:
        return


def _job(pod: str, prefix: str) -> str:
    for one in (prefix, "cleanup-job-"):
        if pod.startswith(one):
            return "-".join(pod.removeprefix(one).split("-")[:2])
    return ""
