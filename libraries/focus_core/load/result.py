"""What a load has come to, as plain data that travels as JSON. Times are seconds; moments count from the beginning."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from focus_core.base.errors import BenchError
from focus_core.load.times import Times

# What the generator itself may be late, and how much of a core it may use, before its figures count for nothing.
MOST_LATE_S = 0.010
MOST_LATE_OF_LIMIT = 0.1
MOST_CPU_PERCENT = 80.0

Ended = Literal["", "stopped", "critical", "deadline"]
_NO_TIMES = Times()


@dataclass(frozen=True)
class Outcome:
    """What became of the actions of one name, or of a step of them.

    - ``name``: of the action or step
    - ``asked``: how many were begun
    - ``succeeded``: how many were answered as expected
    - ``statuses``: how many answers had which status, by its number as text
    - ``errors``: how many failed, by cause: ``status 503``, ``timeout``, ``connection refused``, ``connection lost``,
      ``no HTTP``, ``no frame``, ``not confirmed``, ``not routed``, ``never so``
    - ``total``: times from the intended start to the end, of those that succeeded or timed out
    - ``service``: times from the request really sent to the end, of the same
    - ``first_byte``: times from the request really sent to the first byte of the answer
    - ``repeated``: how often a request was sent again until it was answered so, or a connection tried again
    - ``steps``: of a session, the same for each of its steps
    """

    name: str
    asked: int = 0
    succeeded: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    errors: Mapping[str, int] = field(default_factory=dict)
    total: Times = field(default=_NO_TIMES, repr=False)
    service: Times = field(default=_NO_TIMES, repr=False)
    first_byte: Times = field(default=_NO_TIMES, repr=False)
    repeated: int = 0
    steps: tuple[Outcome, ...] = ()

    @property
    def failed(self) -> int:
        return self.asked - self.succeeded

    @property
    def success_percent(self) -> float:
        """100 for none at all: nothing has failed."""
        return 100 * self.succeeded / self.asked if self.asked else 100.0

    @property
    def error_percent(self) -> float:
        return 100 - self.success_percent

    def __str__(self) -> str:
        errors = "".join(f", {number} {cause}" for cause, number in self.errors.items())
        return f"{self.name}: {self.succeeded} of {self.asked} succeeded{errors}; {self.total}"


@dataclass(frozen=True)
class Interval:
    """What happened in a part of the time, a second as a rule.

    - ``at``: when it began
    - ``seconds``: how long it was
    - ``asked``: actions that were due in it
    - ``succeeded``, ``failed``: actions that ended in it
    - ``p50``, ``p95``, ``p99``, ``slowest``: from the intended start, of those that ended; none where none did
    - ``late``: the worst lateness of the generator
    - ``connections``: open at its end
    - ``waiting``: actions that were due at its end and had no connection
    - ``frames``: that the held views gave
    - ``cpu``: of the generator, in percent of a core
    """

    at: float
    seconds: float
    asked: int = 0
    succeeded: int = 0
    failed: int = 0
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    slowest: float | None = None
    late: float = 0.0
    connections: int = 0
    waiting: int = 0
    frames: int = 0
    cpu: float = 0.0


@dataclass(frozen=True)
class HeldView:
    """A view that was read while the load lasted.

    - ``job_id``, ``user``: whose it is
    - ``streams``: how many it has
    - ``frames``, ``rows``, ``bytes``: that all of them gave
    - ``gaps``: rows that are missing between those that came
    - ``reconnects``: how often a stream that ended was opened again
    - ``first_frame``: from the answer to the first frame; none where none came
    - ``frames_a_second``: from the first frame to the end of the load
    - ``longest_silence``: between two frames of one stream
    - ``problem``: what was wrong with it in the end, empty for nothing
    """

    job_id: str
    user: str
    streams: int
    frames: int = 0
    rows: int = 0
    bytes: int = 0
    gaps: int = 0
    reconnects: int = 0
    first_frame: float | None = None
    frames_a_second: float = 0.0
    longest_silence: float = 0.0
    problem: str = ""

    def __str__(self) -> str:
        trouble = f": {self.problem}" if self.problem else ""
        return f"job {self.job_id}: {self.frames} frames, {self.gaps} gaps, {self.reconnects} reconnects{trouble}"


@dataclass(frozen=True)
class ViewsOutcome:
    """What became of the held views.

    - ``asked``: how many were asked for
    - ``refused``: how many were not opened, by cause
    - ``views``: those that were
    - ``configure``: times of the answers to POST /configure
    - ``first_frame``: times from the answer to the first frame of each view
    - ``row_age``: ages of the last row of each frame when it arrived
    """

    asked: int
    refused: Mapping[str, int] = field(default_factory=dict)
    views: tuple[HeldView, ...] = ()
    configure: Times = _NO_TIMES
    first_frame: Times = _NO_TIMES
    row_age: Times = _NO_TIMES

    @property
    def frames(self) -> int:
        return sum(view.frames for view in self.views)

    @property
    def gaps(self) -> int:
        return sum(view.gaps for view in self.views)

    @property
    def reconnects(self) -> int:
        return sum(view.reconnects for view in self.views)

    @property
    def silent(self) -> list[HeldView]:
        """Views that gave no frame."""
        return [view for view in self.views if not view.frames]

    @property
    def fairness(self) -> float:
        """The rate of the slowest view to that of the fastest: 1 when all are served alike, 0 when one gets nothing."""
        rates = [view.frames_a_second for view in self.views]
        fastest = max(rates, default=0.0)
        return min(rates) / fastest if fastest else 0.0


@dataclass(frozen=True)
class AlertsOutcome:
    """What became of the alerts that were followed to the exchange.

    - ``sent``: how many the actions carried
    - ``confirmed``: how many of them the web app or the broker confirmed
    - ``arrived``: how many different ones came through the exchange
    - ``lost``: were confirmed and did not come
    - ``doubled``: came more than once
    - ``misordered``: came after one that was sent later
    - ``wrong``: had another class, severity or distance
    - ``arrival``: times from the beginning of the action until the alert came
    - ``problems``: some of these, each in a sentence
    - ``broken``: why the queue saw not all that passed, empty when it did
    """

    sent: int
    confirmed: int
    arrived: int
    lost: int
    doubled: int
    misordered: int
    wrong: int
    arrival: Times = field(default=_NO_TIMES, repr=False)
    problems: tuple[str, ...] = ()
    broken: str = ""

    def __str__(self) -> str:
        found = f"{self.lost} lost, {self.doubled} doubled, {self.misordered} misordered, {self.wrong} wrong"
        return f"{self.arrived} of {self.sent} alerts came, {self.confirmed} were confirmed: {found}; {self.arrival}"


@dataclass(frozen=True)
class Series:
    """A resource while the load lasted: ``points`` are moments with values in ``unit`` (cores, bytes, %, messages)."""

    name: str
    unit: str
    points: tuple[tuple[float, float], ...]

    @property
    def highest(self) -> float:
        return max((point[1] for point in self.points), default=0.0)


@dataclass(frozen=True)
class Result:
    """A load that is over.

    - ``begun``: when its schedule began, an epoch second
    - ``seconds``: from then to the last answer
    - ``planned``: how long actions were to begin
    - ``asked``: how many actions were due until it ended
    - ``actions``: what became of them, by name
    - ``views``: what became of the held views, none without
    - ``late``: how late the generator itself began actions; of several generators, that of the worst
    - ``cpu``: of the generator over all, in percent of a core; of several generators, that of the busiest
    - ``connect``: times of opening connections, TLS included
    - ``intervals``: what happened when
    - ``resources``: what was sampled meanwhile
    - ``unsampled``: what could not be, each with the reason in a sentence
    - ``ended``: empty when the schedule was carried out, else why it was not: stopped, critical, deadline
    - ``why``: that in a sentence
    - ``left``: jobs that the load opened and that could not be removed
    - ``generators``: how many processes made it
    - ``phases``: what became of the actions that were due in each phase, where there is more than one
    - ``alerts``: what became of the alerts that were followed, none without
    """

    begun: float
    seconds: float
    planned: float
    asked: int
    actions: tuple[Outcome, ...] = ()
    views: ViewsOutcome | None = None
    late: Times = _NO_TIMES
    cpu: float = 0.0
    connect: Times = _NO_TIMES
    intervals: tuple[Interval, ...] = ()
    resources: tuple[Series, ...] = ()
    unsampled: tuple[str, ...] = ()
    ended: Ended = ""
    why: str = ""
    left: tuple[str, ...] = ()
    generators: int = 1
    phases: tuple[Outcome, ...] = ()
    alerts: AlertsOutcome | None = None

    @property
    def whole(self) -> Outcome:
        """All actions as one."""
        return combined("all actions", self.actions)

    @property
    def asked_rate(self) -> float:
        """Actions a second that were due."""
        return self.asked / self.planned if self.planned else 0.0

    @property
    def rate(self) -> float:
        """Actions a second that succeeded, while actions began and until the last was answered."""
        lasted = max(self.seconds, self.planned if not self.ended else 0.0)
        return self.whole.succeeded / lasted if lasted else 0.0

    def action(self, name: str) -> Outcome:
        """What became of the actions of that name, or of such a step. Raises ``BenchError`` that lists the names."""
        known = {one.name: one for action in self.actions for one in (*action.steps, action)}
        if name not in known:
            raise BenchError(f"The load had no action '{name}'; it had {', '.join(known) or 'none'}.")
        return known[name]

    def invalid(self, limit_s: float | None = None) -> list[str]:
        """Why the figures count for nothing, for a limit of so many seconds; empty when they are valid.

        The bench was too slow, not the product: 99 % of all actions have to begin within 10 ms of their time and within
        a tenth of the limit, and the generator has to have a fifth of its core left.
        """
        most = MOST_LATE_S if limit_s is None else min(MOST_LATE_S, MOST_LATE_OF_LIMIT * limit_s)
        late, found = self.late.percentile(99) * 1000, []
        if late > most * 1000:
            found.append(f"1 % of the actions began {late:.1f} ms late or more, allowed are {most * 1000:.1f} ms")
        if self.cpu > MOST_CPU_PERCENT:
            found.append(f"the generator used {self.cpu:.0f} % of a core, allowed are {MOST_CPU_PERCENT:.0f} %")
        return found

    def check_valid(self, limit_s: float | None = None) -> None:
        """Raises ``BenchError`` when the figures count for nothing."""
        found = self.invalid(limit_s)
        if found:
            raise BenchError(
                f"The load is INVALID: {' and '.join(found)}; repeat it on a machine with less to do, or at a lower "
                "rate."
            )

    def to_json(self) -> str:
        """The result in one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Result:
        """The result of a line. Raises ``BenchError`` when it is none."""
        # Imported here: a suite that loads nothing must not pay for it.
        from pydantic import TypeAdapter, ValidationError

        try:
            return TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            raise BenchError(f"The load left no result that can be read: {error.errors()[0]['msg']}.") from None

    def __str__(self) -> str:
        ended = f"; {self.why}" if self.why else ""
        views = f"; {self.views.frames} frames of {len(self.views.views)} views" if self.views else ""
        return f"{self.asked} actions in {self.seconds:.1f} s: {self.whole}{views}{ended}"


def combined(name: str, parts: tuple[Outcome, ...]) -> Outcome:
    """Several outcomes as one, without their steps."""
    return Outcome(
        name,
        sum(part.asked for part in parts),
        sum(part.succeeded for part in parts),
        sums([part.statuses for part in parts]),
        sums([part.errors for part in parts]),
        Times.merged(part.total for part in parts),
        Times.merged(part.service for part in parts),
        Times.merged(part.first_byte for part in parts),
        sum(part.repeated for part in parts),
    )


def sums(parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Numbers by name, added."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: sum(part.get(name, 0) for part in parts) for name in names}
