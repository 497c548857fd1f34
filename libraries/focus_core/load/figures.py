"""The figures of a load by a tester's words: ``p95``, ``first byte p99``, ``success``, ``rate``, ``gaps``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from operator import attrgetter
from pathlib import Path
from statistics import linear_regression, mean, median
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Bytes, Percent, Seconds
from focus_core.load.plan import Plan
from focus_core.load.result import AlertsOutcome, Interval, Outcome, Result, Series, ViewsOutcome
from focus_core.load.times import Times

_FEWEST_POINTS = 10
# Of Student's t for ten values and more, two-sided, rounded up.
_T_95 = 2.31
_TIMES = re.compile(r"(?:(.+) )?(p(\d{1,2}(?:\.\d+)?)|mean|slowest|fastest)")


@dataclass(frozen=True)
class Load:
    """A load that was applied; `Get Load Figure` reads its figures, `Get Load Resource` what was measured meanwhile.

    - ``name``: of the profile, or the request
    - ``seconds``: from its beginning to the last answer
    - ``asked``: how many actions were begun: requests, and views from their request to their removal
    - ``succeeded``: how many of them were answered as expected
    - ``errors``: how many failed, by cause
    - ``plan``: what it was to do
    - ``result``: all that became of it
    - ``file``: where plan and result stand, beside the log
    """

    name: str
    plan: Plan = field(repr=False)
    result: Result = field(repr=False)
    file: Path = field(default=Path(), repr=False)

    @property
    def seconds(self) -> Seconds:
        """From its beginning to the last answer."""
        return Seconds(self.result.seconds)

    @property
    def asked(self) -> int:
        """Actions that were begun."""
        return self.result.whole.asked

    @property
    def succeeded(self) -> int:
        """Actions that were answered as expected."""
        return self.result.whole.succeeded

    @property
    def errors(self) -> dict[str, int]:
        """Failed actions by cause."""
        return dict(self.result.whole.errors)

    def __str__(self) -> str:
        return f"load {self.name}: {self.result}"


_OF_ACTIONS: Mapping[str, Callable[[Outcome], Any]] = {
    "asked": lambda one: one.asked,
    "succeeded": lambda one: one.succeeded,
    "failed": lambda one: one.failed,
    "success": lambda one: Percent(one.success_percent),
    "errors": lambda one: Percent(one.error_percent),
    "causes": lambda one: sorted(one.errors),
    "statuses": lambda one: sorted(one.statuses),
    "tries": lambda one: 1 + one.repeated / one.asked if one.asked else 0.0,
}
_OF_TIMES: Mapping[str, Callable[[Outcome], Times]] = {
    "": lambda one: one.total,
    "service": lambda one: one.service,
    "first byte": lambda one: one.first_byte,
}
_OF_ALL: Mapping[str, Callable[[Result], Any]] = {
    "rate": lambda result: result.rate,
    "asked rate": lambda result: result.asked_rate,
    "kept rate": lambda result: _kept_rate(result),
    "slowdown": lambda result: _slowdown(result.intervals),
    "generator cpu": lambda result: Percent(result.cpu),
}
_OF_VIEWS: Mapping[str, Callable[[ViewsOutcome], Any]] = {
    "opened views": lambda views: len(views.views),
    "refused views": lambda views: sum(views.refused.values()),
    "silent views": lambda views: len(views.silent),
    "frames": lambda views: views.frames,
    "gaps": lambda views: views.gaps,
    "reconnects": lambda views: views.reconnects,
    "frames a second": lambda views: sum(view.frames_a_second for view in views.views),
    "fairness": lambda views: Percent(100 * views.fairness),
    "bytes a second": lambda views: Bytes(
        sum(view.bytes / view.frames * view.frames_a_second for view in views.views if view.frames)
    ),
    "bytes": lambda views: Bytes(sum(view.bytes for view in views.views)),
}
_TIMES_OF_VIEWS: Mapping[str, Callable[[ViewsOutcome], Times]] = {
    "configure": lambda views: views.configure,
    "first frame": lambda views: views.first_frame,
    "row age": lambda views: views.row_age,
}
_OF_ALERTS: Mapping[str, Callable[[AlertsOutcome], int]] = {
    f"{name} alerts": attrgetter(name)
    for name in ("sent", "confirmed", "arrived", "lost", "doubled", "misordered", "wrong")
}
_OF_SECONDS: Mapping[str, Callable[[list[Interval]], Any]] = {
    "asked": lambda seconds: sum(one.asked for one in seconds),
    "succeeded": lambda seconds: sum(one.succeeded for one in seconds),
    "failed": lambda seconds: sum(one.failed for one in seconds),
    "success": lambda seconds: Percent(
        _share(sum(one.succeeded for one in seconds), sum(one.failed for one in seconds))
    ),
    "slowest": lambda seconds: Seconds(max((one.slowest or 0 for one in seconds), default=0)),
    "p50": lambda seconds: _middle([one.p50 for one in seconds]),
    "p95": lambda seconds: _middle([one.p95 for one in seconds]),
}


def words() -> list[str]:
    """The names of all figures; a time is one of the ones with a statistic behind it, as ``first byte p95``."""
    times = [*_OF_TIMES, "late", "connect", "arrival", *_TIMES_OF_VIEWS]
    return [*_OF_ACTIONS, *_OF_ALL, *_OF_VIEWS, *_OF_ALERTS, *(f"{name} p95".strip() for name in times)]


def is_time(name: str) -> bool:
    """Whether a figure of that name is a time."""
    return _TIMES.fullmatch(name.casefold()) is not None


def is_of_alerts(name: str) -> bool:
    """Whether a figure of that name counts alerts: a generator that was late has counted them all the same."""
    return _plain(name) in _OF_ALERTS


def figure(load: Load, name: str, action: str | None = None) -> Any:
    """The figure of that name, of all actions or of one of them (or of a step of it).

    Raises ``BenchError`` for a name that there is not, for a percentile of too few actions, and for a load without what
    it is about; ``AssertionError`` where too few of enough actions were answered.
    """
    result, wanted = load.result, _plain(name)
    outcome = result.action(action) if action else result.whole
    if wanted in _OF_ACTIONS:
        return _OF_ACTIONS[wanted](outcome)
    if wanted in _OF_ALL:
        return _OF_ALL[wanted](result)
    if wanted in _OF_VIEWS:
        return _OF_VIEWS[wanted](_views(load, name))
    if wanted in _OF_ALERTS:
        return _OF_ALERTS[wanted](_alerts(load, name))
    match = _TIMES.fullmatch(wanted)
    which = match[1] or "" if match else None
    if match and which is not None:
        if which in _OF_TIMES:
            return _statistic(name, match, _OF_TIMES[which](outcome), outcome.asked)
        if which in _TIMES_OF_VIEWS:
            return _statistic(name, match, _TIMES_OF_VIEWS[which](_views(load, name)), None)
        if which == "arrival":
            return _statistic(name, match, _alerts(load, name).arrival, None)
        if which in ("late", "connect"):
            return _statistic(name, match, result.late if which == "late" else result.connect, None)
    raise BenchError(f"A load has no figure '{name}'; use one of {', '.join(words())}.")


def figure_of_phase(load: Load, name: str, phase: int) -> Any:
    """A figure of one phase of the load, counted from 1. Percentiles are those of its middle second.

    Raises ``BenchError`` for a phase or a figure that there is not.
    """
    if not 1 <= phase <= len(load.plan.phases):
        raise BenchError(f"The load has phases 1 to {len(load.plan.phases)}, not {phase}.")
    if name not in _OF_SECONDS:
        raise BenchError(f"A phase has no figure '{name}'; use one of {', '.join(_OF_SECONDS)}.")
    begin = sum(one.seconds for one in load.plan.phases[: phase - 1])
    end = begin + load.plan.phases[phase - 1].seconds
    inside = [one for one in load.result.intervals if begin <= one.at < end]
    return _OF_SECONDS[name](inside)


def resource(load: Load, name: str) -> Series:
    """What was measured of a resource. Raises ``BenchError`` that lists the resources that there are."""
    known = {series.name.casefold(): series for series in load.result.resources}
    found = known.get(name.casefold())
    if found is None:
        raise BenchError(
            f"The load measured no '{name}'; it measured {', '.join(one.name for one in known.values()) or 'nothing'}."
        )
    return found


def in_unit(value: float, unit: str) -> float:
    """A value with the unit of its resource."""
    kind = {"bytes": Bytes, "%": Percent}.get(unit)
    return kind(value) if kind else value


def slope(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """How much a resource grows in an hour by a straight line through its points, and half of the 95 % interval.

    Raises ``AssertionError`` for fewer than ten points: nothing can be read from them.
    """
    if len(points) < _FEWEST_POINTS:
        raise AssertionError(f"a slope cannot be read from {len(points)} values, {_FEWEST_POINTS} are needed")
    moments, values = [at / 3600 for at, _ in points], [value for _, value in points]
    rise, offset = linear_regression(moments, values)
    left = sum((value - rise * at - offset) ** 2 for at, value in zip(moments, values, strict=True))
    width = sum((at - mean(moments)) ** 2 for at in moments)
    error = sqrt(left / (len(points) - 2) / width) if width else 0.0
    return rise, _T_95 * error


def _views(load: Load, name: str) -> ViewsOutcome:
    if load.result.views is None:
        raise BenchError(f"'{name}' is about views that are held open, and this load had none: use views=NUMBER.")
    return load.result.views


def _alerts(load: Load, name: str) -> AlertsOutcome:
    alerts = load.result.alerts
    if alerts is None:
        raise BenchError(f"'{name}' is about alerts that are followed: use 'Apply Load Of Alerts'.")
    if alerts.broken:
        raise AssertionError(f"{alerts.broken}, so that not all that passed was seen")
    return alerts


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())


def _statistic(name: str, match: re.Match[str], times: Times, asked: int | None) -> Seconds:
    if match[3] is None:
        return Seconds(getattr(times, match[2]))
    percent = float(match[3])
    needed = round(1 / (1 - percent / 100))
    if asked is not None and asked < needed:
        raise BenchError(f"{name} needs {needed} actions at least, and the load had {asked}: make it longer or faster.")
    if times.count < needed:
        raise AssertionError(f"{name} cannot be read from {times.count} answers, {needed} are needed")
    return Seconds(times.percentile(percent))


def _slowdown(seconds: Sequence[Interval]) -> Percent:
    """How much slower the middle second of the second half is than that of the first."""
    answered = [one.p50 for one in seconds if one.p50 is not None]
    half = len(answered) // 2
    if not half:
        raise AssertionError("answers came in fewer than two seconds, which cannot be compared")
    return Percent(100 * (median(answered[-half:]) / median(answered[:half]) - 1))


def _kept_rate(result: Result) -> Percent:
    """How much of the asked rate was served, from the first second with an answer to the last one."""
    served = [one for one in result.intervals if one.succeeded]
    if not served or not result.asked_rate:
        return Percent(0)
    span = served[-1].at + served[-1].seconds - served[0].at
    return Percent(min(100.0, 100 * result.whole.succeeded / span / result.asked_rate))


def ratio(larger: Load, smaller: Load, name: str) -> float:
    """How many times as much the figure of one load is as that of another."""
    return float(figure(larger, name)) / (float(figure(smaller, name)) or 1e-9)


def _share(good: int, bad: int) -> float:
    return 100 * good / (good + bad) if good + bad else 0.0


def _middle(values: list[float | None]) -> Seconds:
    known = [value for value in values if value is not None]
    if not known:
        raise AssertionError("nothing was answered in that phase")
    return Seconds(median(known))
