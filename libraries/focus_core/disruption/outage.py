"""One fault from its beginning to its end: steady before, made, watched, undone, steady again, measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from focus_core.base import cleanup
from focus_core.base.errors import BenchError
from focus_core.base.waiting import WaitTimeout
from focus_core.disruption import undos
from focus_core.disruption.acknowledged_writes import ACKNOWLEDGED_WRITES, AcknowledgedWrites
from focus_core.disruption.watch import Timeline, Watch
from focus_core.run import undo_records
from focus_core.run.pictures import RecoveryRow

if TYPE_CHECKING:
    from focus_core.disruption.faults import Fault
    from focus_core.disruption.steady import SiteProbes
    from focus_core.run.undo_records import OpenRecord
    from focus_core.site.model import Site

# What the site may take to calm down from what was before.
_STEADY_BEFORE_S = 10.0

# What a program that is ready may take until it has begun its work.
_BEGINNING_S = 5.0

Note = Callable[..., None]


@dataclass(frozen=True)
class Measured:
    """What one fault cost.

    - ``fault``: which it was: deleted pod, killed process, scaled to zero, ...
    - ``workload``: to which it was made, as suites name it
    - ``timeline``: when what happened: ``${measured.timeline.pod_ready_s}`` seconds
    - ``acknowledged``, ``lost``: how many writes of clients were acknowledged, and how many of these were lost; nothing
      for a workload that keeps no data of clients
    - ``seconds_lost``: for how long the workload can have done nothing
    - ``row``, ``sentence``: the same for a picture and for the log
    """

    fault: str
    workload: str
    timeline: Timeline
    acknowledged: int | None
    lost: int | None

    def __str__(self) -> str:
        return self.sentence

    @property
    def seconds_lost(self) -> float:
        """For how long the workload can have done nothing: until its pods were ready, and a moment to begin."""
        ready_s = self.timeline.pod_ready_s
        return (self.timeline.error_window_s if ready_s is None else ready_s) + _BEGINNING_S

    def delays(self, ready_s: float, reconnected_s: float) -> list[str]:
        """What took too long: the pod until it was ready, the first client until it was served after that."""
        times = self.timeline
        ready = times.pod_ready_s if times.pod_ready_s is not None else 0.0
        found = []
        if ready > ready_s:
            found.append(f"{self.workload}: its pod was ready after {ready:.1f} s instead of at most {ready_s:g} s")
        if times.first_success_s is not None and times.first_success_s - ready > reconnected_s:
            late = times.first_success_s - ready
            found.append(
                f"{self.workload}: the first client was served {late:.1f} s after its pod was ready, instead of at "
                f"most {reconnected_s:g} s"
            )
        return found

    @property
    def row(self) -> RecoveryRow:
        """For the picture of several recoveries."""
        kept = "" if self.lost is None else f", {self.lost} of {self.acknowledged} writes lost"
        return RecoveryRow(f"{self.workload}{kept}", self.timeline.moments, self.timeline.errors)

    @property
    def sentence(self) -> str:
        """For the log."""
        times = self.timeline
        seen = f"clients saw errors for {times.error_window_s:.1f} s" if times.failed else "no client saw an error"
        ready = f", pod ready after {times.pod_ready_s:.1f} s" if times.pod_ready_s is not None else ""
        kept = "" if self.lost is None else f", {self.lost} of {self.acknowledged} acknowledged lost"
        return f"{self.fault} of {self.workload}: {seen}{ready}{kept}"


class Measurements(list[Measured]):
    """What several faults cost."""


class Outage:
    """A fault in the life of a test. Whatever happens to the test, its undo is played."""

    def __init__(self, site: Site, fault: Fault, probes: SiteProbes, note: Note) -> None:
        self.fault = fault
        self._site = site
        self._probes = probes
        self._note = note
        self._record: OpenRecord | None = None
        self._writes: AcknowledgedWrites | None = None
        self._watch: Watch | None = None
        self._struck = 0.0
        self._undo_id = ""
        # Until it has begun, and once it is undone.
        self.over = True

    def begin(self, except_for: Collection[str] = ()) -> None:
        """Makes the fault and waits until it has taken effect.

        A site that is not in its steady state is left alone: ``BenchError``. ``except_for`` are workloads with a fault
        of their own, which nothing is expected of.
        """
        self.prepare(except_for)
        self.inject()
        self.wait_until_effective()

    def prepare(self, except_for: Collection[str] = ()) -> None:
        """First part of ``begin``: the site is in its steady state, and is watched from now on."""
        try:
            steady = self._probes.wait_until_steady(_STEADY_BEFORE_S, except_for)
        except WaitTimeout as error:
            raise BenchError(f"No {self.fault} is made to a site that is not in its steady state. {error}") from error
        self._log("steady before", troubles=steady)
        self.over = False
        # First of all: from here on, the end of the test ends the outage too.
        self._undo_id = cleanup.current().add(f"The {self.fault}", self._undo)
        self._start_watching()

    def inject(self) -> None:
        """Second part: what undoes the fault is on disk, then it is made."""
        self._record = undo_records.keep(self._site, self.fault.kind, self.fault.name, self.fault.details)
        self._struck = time.monotonic()
        self._log("fault", details=self.fault.details, pods=[pod.name for pod in self.fault.pods])
        self.fault.inject()

    def wait_until_effective(self) -> None:
        """Third part: the fault is felt."""
        self.fault.wait_until_effective()
        self._log("steady during", troubles=self._probes.troubles())

    def end(self, except_for: Collection[str] = ()) -> Measured:
        """Undoes the fault, waits until the site, ``except_for`` these workloads, is steady again, and measures.

        Raises ``AssertionError`` when the site does not recover in its time or has lost what it had acknowledged.
        """
        self._log("steady after", troubles=self._probes.troubles())
        if self.fault.repairs_itself:
            self.fault.recovered()
        self._undo_fault()
        self._log("undone", seconds=self._since())
        steady = self._probes.wait_until_steady(self._site.timings.reconnected_s, except_for)
        self._log("steady after undo", troubles=steady, seconds=self._since())
        measured = self._measure()
        self._undo()
        cleanup.current().done(self._undo_id)
        if measured.lost:
            raise AssertionError(
                f"{measured.lost} of {measured.acknowledged} writes that {self.fault.name} had acknowledged were lost "
                f"by the {self.fault}."
            )
        return measured

    def _start_watching(self) -> None:
        kind = ACKNOWLEDGED_WRITES.get(self.fault.name)
        if kind and self._probes.has_service(self.fault.name):
            self._writes = kind(self._site)
            self._writes.write()
        ask = self._writes.write if self._writes else self._ask_service
        self._watch = Watch(ask, lambda: self.fault.cluster.pods_of(self.fault.workload))
        self._watch.start()

    def _ask_service(self) -> None:
        trouble = self._probes.trouble_of(self.fault.name)
        if trouble:
            raise AssertionError(trouble)

    def _measure(self) -> Measured:
        assert self._watch is not None  # noqa: S101 - it was started before the fault
        # A client that was in the middle of a question gets the time to be served.
        deadline = time.monotonic() + self._site.timings.reconnected_s
        while (timeline := self._watch.timeline(self._struck)).failed and timeline.first_success_s is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"After the {self.fault} no client was served again: {timeline.first_trouble}.")
            time.sleep(0.1)
        self._watch.stop()
        timeline = self._watch.timeline(self._struck)
        acknowledged, lost = (self._writes.acknowledged, self._writes.missing()) if self._writes else (None, None)
        measured = Measured(self.fault.kind, self.fault.name, timeline, acknowledged, lost)
        self._log("summary", **asdict(timeline), acknowledged=acknowledged, data_lost=lost)
        return measured

    def _undo_fault(self) -> None:
        record, self._record = self._record, None
        if record:
            undos.play(self._site, record)

    def _undo(self) -> None:
        """All of it, at the end of the test at the latest; each part once."""
        self.over = True
        watch, self._watch = self._watch, None
        writes, self._writes = self._writes, None
        try:
            self._undo_fault()
        finally:
            if watch:
                watch.stop()
            if writes:
                undos.play(self._site, writes.record)

    def _since(self) -> float:
        return round(time.monotonic() - self._struck, 3)

    def _log(self, event: str, **facts: Any) -> None:
        # A full disk must not keep a fault from being undone.
        with suppress(OSError):
            self._note(self.fault.kind, self.fault.name, event, **facts)
