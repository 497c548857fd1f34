"""What a load is made of, as plain data that travels as JSON. Times are seconds, rates are actions a second.

An action is one request, or a session of several steps without thinking time; it begins when the schedule says so,
whatever became of those before it (open model).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from focus_core.base.errors import BenchError

# A server of the site, "focus" or "webapp"; any other name of one whose address the plan has in its urls.
Server = str
CriticalFigure = Literal["errors", "unauthorised", "p50", "p95", "p99"]
# Far more than all generators of a machine can begin: a slip of the pen, and a schedule that nobody could hold.
_MOST_RATE = 1_000_000
# Timeouts are looked at ten times a second, by a process that may be late.
_SPARE_S = 2.0


@dataclass(frozen=True)
class Until:
    """A request is sent again every ``every_s`` until a member of its JSON answer has the value, for ``within_s``."""

    member: str
    value: str
    every_s: float = 0.25
    within_s: float = 30


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    ``path`` follows the address of the ``server``. ``bodies`` are texts that are sent in turn. In path and bodies
    ``$number`` is the number of the action, which no other one of the load has, ``$begun`` when it began (microseconds
    since the epoch), ``$run`` the id of the run, and a name of ``keeps`` what that member of an earlier answer of the
    session was. Another status than ``statuses`` is an error.
    """

    method: str
    path: str
    bodies: tuple[str, ...] = ()
    server: Server = "focus"
    statuses: tuple[int, ...] = (200,)
    keeps: tuple[str, ...] = ()
    until: Until | None = None
    name: str = ""
    kind: Literal["request"] = "request"

    def __str__(self) -> str:
        return self.name or f"{self.method} {self.path}"


@dataclass(frozen=True)
class ReadFrames:
    """Reads ``frames`` frames of a stream of the view that an earlier step of the session configured.

    That step ``keeps`` ``stream_url`` and ``stream_port``. The connection is tried ``tries`` times, ``every_s`` apart.
    """

    frames: int = 1
    stream: int = 0
    tries: int = 5
    every_s: float = 1
    within_s: float = 30
    name: str = "frames"
    kind: Literal["frames"] = "frames"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Publish:
    """Publishes a persistent JSON message and waits for the broker's confirm; one that no queue wants is an error.

    ``exchange`` is the site's unless another is named; ``bodies`` are as those of a request.
    """

    routing_key: str
    bodies: tuple[str, ...]
    exchange: str | None = None
    name: str = ""
    kind: Literal["publish"] = "publish"

    def __str__(self) -> str:
        return self.name or f"publish {self.routing_key}"


Step = Request | ReadFrames | Publish


@dataclass(frozen=True)
class Action:
    """What begins at each time of the schedule: its steps, one after the other.

    ``weight`` is its share among the actions of a plan. A session whose step fails goes on with its ``closing`` steps,
    which are always done once the first step has been answered as expected.
    """

    steps: tuple[Step, ...]
    name: str = ""
    weight: float = 1
    closing: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return self.name or " + ".join(map(str, (*self.steps, *self.closing)))


@dataclass(frozen=True)
class Phase:
    """A part of the schedule, in which the rate goes evenly from ``rate`` to ``to_rate`` (the same when left out)."""

    seconds: float
    rate: float
    to_rate: float | None = None

    @property
    def last_rate(self) -> float:
        return self.rate if self.to_rate is None else self.to_rate

    @property
    def count(self) -> float:
        """How many actions are due in it."""
        return self.seconds * (self.rate + self.last_rate) / 2


@dataclass(frozen=True)
class HeldViews:
    """Live or historic views that are opened before the load begins, ``at_once`` at a time, and read to its end.

    ``bodies`` of POST /configure are taken in turn; every stream of every view is read, every frame counted. Users take
    turns. A stream that ends is opened again, ``reconnects`` times.
    """

    number: int
    bodies: tuple[str, ...]
    at_once: int = 20
    first_frame_s: float = 30
    reconnects: int = 3


@dataclass(frozen=True)
class FollowedAlerts:
    """The alerts of the actions are followed to the exchange: a queue of the load's own, bound before it begins, gets a
    copy of each that passes under ``routing_key``.

    Their ids are made by ``alert_ids`` with this ``prefix``; each action sends ``per_action`` of them. Those that were
    confirmed are awaited for ``within_s`` after the last action. ``one_sender``: all pass by one channel of the broker,
    which keeps their order; otherwise two keep it when the second began after the first was answered.
    """

    prefix: str
    routing_key: str
    per_action: int = 1
    one_sender: bool = False
    within_s: float = 5


@dataclass(frozen=True)
class Critical:
    """The load stops when, over the last ``seconds``, a figure is above ``most``.

    ``errors`` is the share of failed actions in percent, ``unauthorised`` that of those answered with 401; ``p50``,
    ``p95``, ``p99`` are seconds from the intended start. Fewer than ``at_least`` ended actions break no limit.
    """

    figure: CriticalFigure
    most: float
    seconds: float = 5
    at_least: int = 20

    def __str__(self) -> str:
        unit = "s" if self.figure.startswith("p") else "%"
        return f"{self.figure} over {self.seconds:g} s above {self.most:g} {unit}"


@dataclass(frozen=True)
class Plan:
    """A load. At least one of ``actions`` and ``views``; ``phases`` say how long it lasts, for views alone with rate 0.

    ``site`` is a name or a path as for the suites, ``users`` are users of it, who take turns; without users nobody logs
    in. ``urls`` replace the addresses of the site's servers, or stand alone where there is no site. ``connections`` is
    how many may be open at once: what is due while all are busy waits, and its clock runs. ``keep_alive=False`` opens a
    connection for each request. ``start_at`` is the epoch second at which the schedule begins; ``share`` (2, 4) does
    every fourth action, from the second on, and holds every fourth view.
    """

    phases: tuple[Phase, ...]
    actions: tuple[Action, ...] = ()
    views: HeldViews | None = None
    alerts: FollowedAlerts | None = None
    site: str = ""
    users: tuple[str, ...] = ()
    urls: Mapping[Server, str] = field(default_factory=dict)
    connections: int = 500
    keep_alive: bool = True
    timeout_s: float = 60
    critical: tuple[Critical, ...] = ()
    start_at: float | None = None
    share: tuple[int, int] = (1, 1)

    @property
    def seconds(self) -> float:
        """How long actions begin."""
        return sum(phase.seconds for phase in self.phases)

    @property
    def highest_rate(self) -> float:
        return max((max(phase.rate, phase.last_rate) for phase in self.phases), default=0)

    @property
    def patience_s(self) -> float:
        """How long after the last action is due everything has to be over."""
        return _SPARE_S + self.timeout_s + max((self._waits(action) for action in self.actions), default=0)

    def _waits(self, action: Action) -> float:
        """How long the steps of an action may take beyond one timeout."""
        steps = (*action.steps, *action.closing)
        repeated = sum(step.until.within_s for step in steps if isinstance(step, Request) and step.until)
        frames = sum(step.within_s for step in steps if isinstance(step, ReadFrames))
        return repeated + frames + (len(steps) - 1) * self.timeout_s

    def to_json(self) -> str:
        """The plan in one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Plan:
        """The plan of a line. Raises ``BenchError`` that names what is wrong with it."""
        # Imported here: a suite that loads nothing must not pay for it.
        from pydantic import TypeAdapter, ValidationError

        try:
            plan = TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "all of it"
            raise BenchError(f"The plan of the load cannot be used: {where}: {first['msg']}; correct it.") from None
        plan.check()
        return plan

    def check(self) -> None:
        """Raises ``BenchError`` for a plan that cannot be carried out."""
        wrong = next((text for text, is_wrong in self._mistakes().items() if is_wrong), None)
        if wrong:
            raise BenchError(f"The plan of the load cannot be used: {wrong}; correct it.")

    def _mistakes(self) -> dict[str, bool]:
        part, parts = self.share
        steps = [step for action in self.actions for step in (*action.steps, *action.closing)]
        numbers = [number for phase in self.phases for number in (phase.seconds, phase.rate, phase.last_rate)]
        return {
            "a rate or a time is no number": not all(map(math.isfinite, numbers)),
            f"a rate is above {_MOST_RATE} a second": self.highest_rate > _MOST_RATE,
            "it has neither actions nor views": not self.actions and self.views is None,
            "it lasts no time": self.seconds <= 0 or any(phase.seconds <= 0 for phase in self.phases),
            "a rate is below 0": any(min(phase.rate, phase.last_rate) < 0 for phase in self.phases),
            "its actions have no rate": bool(self.actions) and self.highest_rate <= 0,
            "an action has no step": any(not action.steps for action in self.actions),
            "HEAD is not among its methods": any(isinstance(step, Request) and step.method == "HEAD" for step in steps),
            "an action has no weight": any(action.weight <= 0 for action in self.actions),
            "two actions have one name": len({str(action) for action in self.actions}) < len(self.actions),
            "a message has no body": any(isinstance(step, Publish) and not step.bodies for step in steps),
            "it has views without a body": self.views is not None and not (self.views.bodies and self.views.number > 0),
            "it may open no connection": self.connections < 1,
            f"there is no part {part} of {parts}": not 1 <= part <= parts,
            "it names neither a site nor an address": not self.site and not self.urls,
            "users need a site": bool(self.users) and not self.site,
            "alerts are followed on a site only": self.alerts is not None and not self.site,
            "alerts are followed by one generator only": self.alerts is not None and parts > 1,
        }


def request(call: str, *bodies: Any, weight: float = 1, server: Server = "focus", status: int = 200) -> Action:
    """The action of one request, written as ``GET /channels``; each body is a text, or data for JSON."""
    method, _, path = call.partition(" ")
    if not method.isupper() or not path.startswith("/"):
        raise BenchError(f"A request is written like GET /channels, not '{call}'.")
    texts = tuple(body if isinstance(body, str) else json.dumps(body) for body in bodies)
    return Action((Request(method, path, texts, server, (status,)),), weight=weight)
