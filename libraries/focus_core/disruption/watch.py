"""Asks a service and looks at its pods all through a fault, and reports afterwards what happened when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from focus_core.disruption.cluster_changes import TargetPod

_PAUSE_S = 0.1
# The longest that one question may hang.
_LAST_ANSWER_S = 15.0


@dataclass(frozen=True)
class Attempt:
    """One question: monotonic seconds of its begin and end, and its trouble (empty: it was answered)."""

    begun: float
    ended: float
    trouble: str


@dataclass(frozen=True)
class Look:
    """The pods at one moment: which containers run, and whether all pods are ready (no pod is not ready)."""

    at: float
    containers: frozenset[str]
    ready: bool


@dataclass(frozen=True)
class Timeline:
    """When what happened in an outage, in seconds after the fault; nothing for what did not happen.

    - ``first_error_s``, ``pod_ready_s``, ``first_success_s``: the first error that a client saw, the pods ready again,
      the first client that was served after its errors
    - ``error_window_s``: for how long clients saw errors; 0 when none saw any
    - ``attempts``, ``failed``: how often clients asked, and how often in vain
    - ``first_trouble``: what the first error was
    - ``moments``: the same seconds by what happened, in that order
    - ``errors``: begin and end of the errors
    """

    first_error_s: float | None
    pod_ready_s: float | None
    first_success_s: float | None
    error_window_s: float
    attempts: int
    failed: int
    first_trouble: str

    def __str__(self) -> str:
        return ", ".join(f"{name} after {at:.1f} s" for name, at in self.moments.items())

    @property
    def moments(self) -> dict[str, float]:
        """What happened, with its second after the fault, in that order."""
        known = {
            "fault": 0.0,
            "first error": self.first_error_s,
            "pod ready": self.pod_ready_s,
            "first success": self.first_success_s,
        }
        happened = {name: at for name, at in known.items() if at is not None}
        return dict(sorted(happened.items(), key=lambda entry: entry[1]))

    @property
    def errors(self) -> tuple[float, float]:
        """Begin and end of the error window."""
        begin = self.first_error_s or 0.0
        return begin, begin + self.error_window_s


@dataclass
class Watch:
    """Two threads, one for the service and one for its pods, so that a service that hangs hides no pod."""

    ask: Callable[[], None]
    look: Callable[[], list[TargetPod]]
    attempts: list[Attempt] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    def start(self) -> None:
        """Begins to watch."""
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(step,), daemon=True) for step in (self._attempt, self._look)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends when the last question is answered."""
        self._ended.set()
        for thread in self._threads:
            thread.join(_LAST_ANSWER_S)

    def timeline(self, struck: float) -> Timeline:
        """What was seen after ``struck`` (monotonic seconds)."""
        after = [attempt for attempt in list(self.attempts) if attempt.ended > struck]
        failed = [attempt for attempt in after if attempt.trouble]
        first_error = max(failed[0].begun - struck, 0.0) if failed else None
        served = [attempt for attempt in after if not attempt.trouble and failed and attempt.begun > failed[-1].begun]
        first_success = served[0].ended - struck if served else None
        last = first_success if first_success is not None else (after[-1].ended - struck if after else 0.0)
        return Timeline(
            first_error_s=first_error,
            pod_ready_s=self._pod_ready(struck),
            first_success_s=first_success,
            error_window_s=last - first_error if first_error is not None else 0.0,
            attempts=len(after),
            failed=len(failed),
            first_trouble=failed[0].trouble if failed else "",
        )

    def _pod_ready(self, struck: float) -> float | None:
        """When the pods were ready again; None when they were never seen otherwise than before."""
        looks = list(self.looks)
        before = [look for look in looks if look.at <= struck]
        known = before[-1].containers if before else frozenset()
        disturbed = False
        for look in looks:
            if look.at <= struck:
                continue
            disturbed = disturbed or not look.ready or look.containers != known
            if disturbed and look.ready:
                return look.at - struck
        return None

    def _repeat(self, step: Callable[[], None]) -> None:
        while not self._ended.is_set():
            step()
            self._ended.wait(_PAUSE_S)

    def _attempt(self) -> None:
        begun, trouble = time.monotonic(), ""
        try:
            self.ask()
        except Exception as error:  # noqa: BLE001 - whatever a client raises is what a user of the service sees
            trouble = " ".join(str(error).split())[:200] or type(error).__name__
        self.attempts.append(Attempt(begun, time.monotonic(), trouble))

    def _look(self) -> None:
        at = time.monotonic()
        try:
            pods = self.look()
        except Exception:  # noqa: BLE001 - a cluster that does not answer for a moment is no finding about the pods
            return
        containers = frozenset(pod.container_id for pod in pods if pod.container_id)
        self.looks.append(Look(at, containers, bool(pods) and all(pod.ready for pod in pods)))
