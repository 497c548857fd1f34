"""What happens while a load lasts, counted: by name of action and step, and by second."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Sequence
from itertools import accumulate

from focus_core.load.http1 import TIMEOUT, clock
from focus_core.load.plan import Critical, Phase
from focus_core.load.result import Interval, Outcome
from focus_core.load.times import TimesRecorder

# A long load is cut into longer intervals, so that its result stays small.
MOST_INTERVALS = 3600
UNAUTHORISED = "status 401"
_INEXACT_S = 1e-5


class Tally:
    """The counters of one action or step."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked = self.succeeded = self.repeated = 0
        self.statuses: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self._total, self._service, self._first_byte = TimesRecorder(), TimesRecorder(), TimesRecorder()

    def succeed(self, due: float, sent: float, first: float, now: float) -> None:
        """Answered as expected; moments of the clock, ``first`` 0 where there is no first byte."""
        self.succeeded += 1
        self._total.add(now - due)
        self._service.add(now - sent)
        if first:
            self._first_byte.add(first - sent)

    def fail(self, cause: str, due: float, sent: float, now: float) -> None:
        """It failed; one that timed out took at least that long."""
        self.errors[cause] += 1
        if cause == TIMEOUT:
            self._total.add(now - due)
            self._service.add(now - (sent or due))

    def outcome(self, steps: Sequence[Tally] = ()) -> Outcome:
        return Outcome(
            self.name,
            self.asked,
            self.succeeded,
            {str(status): number for status, number in sorted(self.statuses.items())},
            dict(self.errors.most_common()),
            self._total.times(),
            self._service.times(),
            self._first_byte.times(),
            self.repeated,
            tuple(step.outcome() for step in steps),
        )


class Recorder:
    """The intervals and phases of a load. ``watch`` gives open connections and waiting actions; ``critical`` limits are
    judged with each interval."""

    def __init__(
        self, phases: Sequence[Phase], critical: Sequence[Critical], watch: Callable[[], tuple[int, int]]
    ) -> None:
        self._ends = list(accumulate(phase.seconds for phase in phases))
        self._phases = [Tally(f"{phase.rate:g}/s") for phase in phases] if len(phases) > 1 else []
        self.width = max(1, math.ceil(self._ends[-1] / MOST_INTERVALS))
        self.begun, self.seconds = clock(), 0.0
        self.intervals: list[Interval] = []
        self.asked = self.frames = 0
        self.late, self.connect = TimesRecorder(), TimesRecorder()
        self._watch, self._critical = watch, critical
        kept = max((limit.seconds for limit in critical), default=0)
        # Of the last intervals: times of all that ended, and how many failed by cause.
        self._recent: deque[tuple[list[float], Counter[str]]] = deque(maxlen=math.ceil(kept / self.width) or 1)
        self._cpu_begun = time.process_time()
        self._worst_late = 0.0
        self._reset()

    def begin(self, moment: float) -> None:
        """The schedule begins at that moment of the clock; what was before does not count."""
        self.begun, self._cpu_begun, self.frames = moment, time.process_time(), 0
        self._reset()

    def start(self, due: float) -> None:
        """An action is begun."""
        self.asked += 1
        late = clock() - due
        self.late.add(late)
        if self._phases:
            self._phase(due - self.begun).asked += 1
        self._worst_late = max(self._worst_late, late)

    def end(self, seconds: float, cause: str = "") -> None:
        """An action has ended so many seconds after its intended start; ``cause`` of its failure, empty for none."""
        self._times.append(seconds)
        if cause:
            self._causes[cause] += 1
        if self._phases:
            phase = self._phase(clock() - seconds - self.begun)
            if cause:
                phase.fail(cause, 0, 0, seconds)
            else:
                phase.succeed(0, 0, 0, seconds)

    def phases(self) -> tuple[Outcome, ...]:
        """What became of the actions that were due in each phase, where there is more than one."""
        return tuple(phase.outcome() for phase in self._phases)

    def _phase(self, offset: float) -> Tally:
        # The first action of a phase is due at its beginning, give or take what floats are inexact.
        return self._phases[min(bisect_right(self._ends, offset + _INEXACT_S), len(self._phases) - 1)]

    def close_interval(self, seconds: float) -> Interval:
        """The interval that ends now, ``seconds`` long."""
        times, cpu = sorted(self._times), time.process_time()
        connections, waiting = self._watch()
        at = self.intervals[-1].at + self.intervals[-1].seconds if self.intervals else 0.0
        failed = self._causes.total()
        done = Interval(
            round(at, 3),
            round(seconds, 3),
            asked=self.asked - self._asked_before,
            succeeded=len(times) - failed,
            failed=failed,
            p50=share(times, 50),
            p95=share(times, 95),
            p99=share(times, 99),
            slowest=share(times, 100),
            late=round(self._worst_late, 6),
            connections=connections,
            waiting=waiting,
            frames=self.frames - self._frames_before,
            cpu=round(100 * (cpu - self._cpu) / seconds, 1) if seconds else 0.0,
        )
        self.intervals.append(done)
        self._recent.append((self._times, self._causes))
        self._reset()
        return done

    def broken(self) -> str:
        """The first critical limit that is broken, in a sentence; empty when all are kept."""
        for limit in self._critical:
            last = list(self._recent)[-math.ceil(limit.seconds / self.width) :]
            times = sorted(seconds for ended, _ in last for seconds in ended)
            if len(times) < limit.at_least:
                continue
            found = _figure(limit, times, sum((causes for _, causes in last), Counter()))
            if found is not None and found > limit.most:
                return f"A critical limit was broken: {limit} ({found:.3g})."
        return ""

    def close_last(self) -> None:
        """The load is over, somewhere within an interval."""
        self.seconds = max(0.001, clock() - self.begun)
        ended = self.intervals[-1].at + self.intervals[-1].seconds if self.intervals else 0.0
        self.close_interval(max(0.001, self.seconds - ended))

    def cpu(self) -> float:
        """Percent of a core from the beginning until now."""
        return round(100 * (time.process_time() - self._cpu_begun) / max(0.001, clock() - self.begun), 1)

    def _reset(self) -> None:
        self._times: list[float] = []
        self._causes: Counter[str] = Counter()
        self._worst_late = 0.0
        self._asked_before, self._frames_before, self._cpu = self.asked, self.frames, time.process_time()


def _figure(limit: Critical, times: Sequence[float], causes: Counter[str]) -> float | None:
    if limit.figure == "errors":
        return 100 * causes.total() / len(times)
    if limit.figure == "unauthorised":
        return 100 * causes[UNAUTHORISED] / len(times)
    return share(times, int(limit.figure[1:]))


def share(times: Sequence[float], percent: float) -> float | None:
    """The time within which so many percent of ordered times lie (nearest rank), to the microsecond."""
    return round(times[max(0, math.ceil(len(times) * percent / 100) - 1)], 6) if times else None
