"""Keywords that return what pods have logged, and what the cluster reports of them: log lines and events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment
from focus_core.cluster.log_lines import lines_with
from focus_core.cluster.objects import Event, LogLine
from focus_core.cluster.owners import Owner, WorkloadName
from focus_core.logs.patterns import Patterns
from focus_core.run import evidence
from focus_core.site.data import site
from focus_core.views.view import View
from robot.api.deco import keyword

from focus_keywords.cluster.found import OF_ANYONE, Things, owner_of

_TAGS = ("kubernetes", "Getter", "Assertion")
Level = Literal["debug", "info", "warning", "error", "critical"]
EventType = Literal["Normal", "Warning"]
_LINES = {**OF_ANYONE, "pod": str, "since": Moment, "level": Level, "containing": str, "pattern": str, "last": int}
_EVENTS = {**OF_ANYONE, "pod": str, "since": Moment, "type": EventType, "reason": str}


def since(text: object) -> Moment:
    """A moment as testers write it, or ``test start``. Raises ``ValueError`` where it is neither."""
    if str(text).strip().casefold() != "test start":
        return Moment.convert(text)
    began = evidence.test_start()
    if began is None:
        raise ValueError("no test has begun; name a moment, like 5 minutes ago")
    return Moment.convert(began)


class LogsAndEvents:
    """What was logged and reported: of a workload, a view (``view``) or the job that clears up (``cleanup_of``)."""

    @keyword(tags=_TAGS, types=_LINES)
    def get_log_lines(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        pod: str | None = None,
        since: Moment | None = None,
        level: Level | None = None,
        containing: str | None = None,
        pattern: str | None = None,
        last: int | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[LogLine]:
        """Returns lines of the pods' logs, pod by pod, oldest first; with an operator their texts are checked.

        ``since`` is a moment, as ``5 minutes ago``, or ``test start``; the cluster's clock counts. ``pod`` is the name
        of a pod or its beginning. ``pattern`` is the name of an error in ``variables/log_patterns.yaml``, or ``any`` of
        them. ``level`` leaves out lines of a lower level and lines that name none. ``containing`` is a part of the text
        in which capitals do not count and a number is a whole number: 7-1 is not found in 7-17. ``last`` looks at so
        many of the last lines of each pod only; at most 1 MB of a log is read.

        | ${lines} =    Get Log Lines    workload=segy_recorder    containing=recording    last=200
        | Log    ${lines[0].time} ${lines[0].level} ${lines[0].text}
        """
        return _lines((workload, view, cleanup_of), pod, since, level, containing, pattern, last).listed(
            operator, expected, message, within, during
        )

    @keyword(tags=_TAGS, types=_LINES)
    def get_log_line_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        pod: str | None = None,
        since: Moment | None = None,
        level: Level | None = None,
        containing: str | None = None,
        pattern: str | None = None,
        last: int | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns the number of lines of logs, chosen as by `Get Log Lines`; a failure shows them.

        | Ask Focus Server    GET    /channels
        | Get Log Line Count    >=    1    workload=focus_server    containing=/channels    within=5 s
        | Get Log Line Count    ==    0    workload=focus_server    level=critical    since=test start
        """
        return _lines((workload, view, cleanup_of), pod, since, level, containing, pattern, last).counted(
            operator, expected, message, within, during
        )

    @keyword(tags=_TAGS, types=_EVENTS)
    def get_events(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        pod: str | None = None,
        type: EventType | None = None,  # noqa: A002 - the word of Kubernetes
        reason: str | None = None,
        since: Moment | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Event]:
        """Returns what the cluster reported of a workload or job and of its pods, oldest first; with an operator the
        list of the reasons is checked.

        ``pod`` is the name of a pod or its beginning, ``type`` is Normal or Warning, ``reason`` one word, as Scheduled,
        Started, Killing, Unhealthy, BackOff; ``since`` a moment, as ``5 minutes ago``, or ``test start``. A cluster
        forgets events after an hour.

        | ${view} =    Open Live View    channels=1-3
        | Get Events    contains    Started    view=${view}    within=30 s
        """
        owner = owner_of(workload, view, cleanup_of)
        return _events(owner, pod, type, reason, since).listed(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=_EVENTS)
    def get_event_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        pod: str | None = None,
        type: EventType | None = None,  # noqa: A002 - the word of Kubernetes
        reason: str | None = None,
        since: Moment | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns the number of events, chosen as by `Get Events`; a failure shows them.

        | Get Event Count    ==    0    workload=webapp    reason=BackOff    since=test start
        """
        owner = owner_of(workload, view, cleanup_of)
        return _events(owner, pod, type, reason, since).counted(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types={**_EVENTS, "field": str})
    def get_event_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        pod: str | None = None,
        type: EventType | None = None,  # noqa: A002 - the word of Kubernetes
        reason: str | None = None,
        since: Moment | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of an event, or the list of it where there are several; chosen as by `Get Events`.

        Fields: reason, type, message, last (when it was seen last), object (the pod or job that it is about). Fails
        where there is no event.

        | ${view} =    Open Live View    channels=1-3
        | Get Event Field    last    >    1 minute ago    view=${view}    reason=Started    within=30 s
        """
        owner = owner_of(workload, view, cleanup_of)
        return _events(owner, pod, type, reason, since).field(field, operator, expected, message, within, during)


def _lines(
    whose: tuple[WorkloadName | None, View | None, View | None],
    pod: str | None,
    since: Moment | None,
    level: Level | None,
    containing: str | None,
    pattern: str | None,
    last: int | None,
) -> Things:
    if last is not None:
        demands.at_least(1, last=last)
    owner = owner_of(*whose)
    words = {"pod": pod, "level": level, "containing": containing, "pattern": pattern, "since": since}
    chosen = ", ".join(f"{name} {value}" for name, value in words.items() if value is not None)
    is_wrong = _by_pattern(pattern) if pattern else None

    def read() -> list[LogLine]:
        lines = lines_with(owner.log_lines(since, last, pod), level and level.upper(), containing)
        return [line for line in lines if is_wrong is None or is_wrong(line)]

    return Things("log line", read, f"{owner} ({chosen})" if chosen else owner)


def _by_pattern(name: str) -> Callable[[LogLine], bool]:
    """Whether a line has this pattern of the file of patterns, or ``any`` of them."""
    patterns = Patterns.of_site(site())
    names = [pattern.name for pattern in patterns.patterns]
    if name != "any" and name not in names:
        raise BenchError(f"There is no pattern '{name}'; use any, or one of {', '.join(names)}.")

    def fits(line: LogLine) -> bool:
        found = patterns.find(line.text)
        return found is not None and name in ("any", found.name)

    return fits


def _events(
    owner: Owner,
    pod: str | None,
    type: EventType | None,  # noqa: A002
    reason: str | None,
    since: Moment | None,
) -> Things:
    def read() -> list[Event]:
        return [
            event
            for event in owner.events()
            if (since is None or event.last >= since) and (pod is None or event.object.startswith(pod))
        ]

    return Things("event", read, owner, type=type, reason=reason)
