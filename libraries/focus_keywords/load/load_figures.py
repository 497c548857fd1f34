"""Keywords that read the figures of a load."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base.objects import ValueOfEach
from focus_core.base.quantities import Percent, Seconds
from focus_core.load import figures, showing
from focus_core.load.figures import Load
from focus_core.load.result import Series
from robot.api import logger
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_AT_MOST = (AssertionOperator["<"], AssertionOperator["<="])
Statistic = Literal["highest", "lowest", "last", "growth", "growth share", "slope", "least slope"]
_STATISTICS: dict[str, Callable[[Series], float]] = {
    "highest": lambda series: max(_values(series)),
    "lowest": lambda series: min(_values(series)),
    "last": lambda series: _values(series)[-1],
    "growth": lambda series: _values(series)[-1] - _values(series)[0],
    "slope": lambda series: figures.slope(series.points)[0],
    "least slope": lambda series: figures.slope(series.points)[0] - figures.slope(series.points)[1],
}
_CHECK: dict[str, Any] = {name: CHECK[name] for name in ("operator", "expected", "message")}
_FIGURE: dict[str, Any] = {"load": Load, "figure": str, "action": str, "phase": int, **_CHECK}
_RESOURCE: dict[str, Any] = {"load": Load, "resource": str, "of": Statistic, **_CHECK}
_SCALED: dict[str, Any] = {"smaller": Load, "larger": Load, "figure": str, "at_least": float, "at_most": float}
_VALID: dict[str, Any] = {"load": Load, "limit": timedelta}


class LoadFigures:
    """What a load has come to, returned and checked."""

    @keyword(tags=("Load", "Getter", "Assertion"), types=_FIGURE)
    def get_load_figure(
        self,
        load: Load,
        figure: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        action: str | None = None,
        phase: int | None = None,
    ) -> Any:
        """Returns and checks a figure of a load.

        Numbers: ``asked``, ``succeeded``, ``failed``, ``tries`` (on average); shares: ``success``, ``errors``, ``kept
        rate``, ``slowdown`` (of the second half, by its middle second); rates a second: ``rate``, ``asked rate``;
        ``causes`` and ``statuses`` are lists. Times are a statistic (``p50``, ``p95``, ``p99``, ``mean``, ``slowest``)
        of the whole way from when it was due, or of ``service`` (from when it was sent), ``first byte``, ``connect``:
        ``first byte p95``. Of views that are held open: ``opened views``, ``refused views``, ``silent views``,
        ``frames``, ``frames a second``, ``gaps``, ``reconnects``, ``fairness`` (the slowest view to the fastest),
        ``bytes``, ``bytes a second``, ``row age p95``, ``first frame p95``, ``configure p95``. Of alerts that are
        followed to the exchange: ``sent alerts``, ``confirmed alerts``, ``arrived alerts``, ``lost alerts`` (confirmed,
        and never came), ``doubled alerts``, ``misordered alerts`` (came after one that its sender sent later), ``wrong
        alerts`` (another class, severity or distance), ``arrival p95`` (from the beginning of the request or message
        until the alert came).

        ``action`` is one of several, as ``GET /channels``, or a step, as ``configure``. ``phase`` is a part of the
        load, from 1 on; its percentiles are those of its middle second. A percentile needs enough actions: 20 for p95,
        100 for p99. The load has to be valid, as in `Load Should Be Valid`, but
        for the numbers of alerts.

        | ${load} =    Apply Load    GET /ack    rate=20    duration=5 s
        | Get Load Figure    ${load}    p95    <    500 ms
        | Get Load Figure    ${load}    first byte p95    <    200 ms    action=GET /ack
        """
        if not figures.is_of_alerts(figure):
            load.result.check_valid()

        def read() -> Any:
            if phase is not None:
                return figures.figure_of_phase(load, figure, phase)
            return figures.figure(load, figure, action)

        if operator in _AT_MOST and action is None and phase is None and figures.is_time(figure):
            _note_limit(load, figure, expected)
        of = "".join([f" of {action}" if action else "", f" in phase {phase}" if phase else ""])
        return checked(f"{figure} of {load.name}{of}", read, operator, expected, message)

    @keyword(tags=("Load", "Getter", "Assertion"), types=_RESOURCE)
    def get_load_resource(
        self,
        load: Load,
        resource: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        of: Statistic | None = None,
    ) -> Any:
        """Returns and checks what was measured of a resource every two seconds while the load lasted.

        Resources are ``memory of focus server`` (or of another workload of the site file, or of ``views``), ``CPU of
        ...`` in cores, ``connections to MongoDB``, ``messages in all queues``; a name that there is not is answered
        with those that there are. ``of`` them is the ``highest``, ``lowest`` or ``last`` value; the ``growth`` from the
        first to the last, or the ``growth share`` in percent of the first; the ``slope`` in an hour of a straight line
        through all of them, or the ``least slope``: the lower end of the interval that holds the true one with 95 %.

        | ${load} =    Apply Load    GET /channels    rate=20    duration=5 s
        | Get Load Resource    ${load}    memory of focus server    <    2 GiB    of=highest
        """

        def read() -> Any:
            series = figures.resource(load, resource)
            if of == "growth share":
                first = _values(series)[0]
                return Percent(100 * (_values(series)[-1] / first - 1) if first else 0)
            if of:
                return figures.in_unit(_STATISTICS[of](series), series.unit)
            return ValueOfEach([figures.in_unit(value, series.unit) for value in _values(series)])

        which = f"{of} of " if of else ""
        return checked(f"{which}{resource} under {load.name}", read, operator, expected, message)

    @keyword(tags=("Load", "Assertion"), types=_SCALED)
    def load_should_scale(
        self, smaller: Load, larger: Load, figure: str, *, at_least: float, at_most: float | None = None
    ) -> None:
        """Fails when a figure of the larger load is not at least ``at_least`` times that of the smaller one, or more
        than ``at_most`` times.

        | ${smaller} =    Hold Views    2    duration=5 s
        | ${larger} =    Hold Views    4    duration=5 s
        | Load Should Scale    ${smaller}    ${larger}    frames a second    at_least=1.4    at_most=2.6
        """
        found = figures.ratio(larger, smaller, figure)
        logger.info(f"{figure} of {larger.name} is {found:.2f} times that of {smaller.name}.")
        if found < at_least or (at_most is not None and found > at_most):
            most = f" and at most {at_most:g}" if at_most is not None else ""
            raise AssertionError(
                f"{figure} of {larger.name} is {found:.2f} times that of {smaller.name}, allowed are at least "
                f"{at_least:g}{most}."
            )

    @keyword(tags=("Load", "Assertion"), types=_VALID)
    def load_should_be_valid(self, load: Load, *, limit: timedelta | None = None) -> None:
        """Ends the test with an error of the bench, not of the product, when the generator itself was late or busy.

        1 % of the requests may begin more than 10 ms late, or more than a tenth of the ``limit`` that they are held
        against.

        | ${load} =    Apply Load    GET /channels    rate=20    duration=5 s
        | Load Should Be Valid    ${load}    limit=200 ms
        """
        load.result.check_valid(limit.total_seconds() if limit else None)


def _note_limit(load: Load, figure: str, expected: Any) -> None:
    """Of a time; what is expected of another figure is no limit in seconds."""
    with suppress(ValueError):
        showing.note_limit(load, figure, float(Seconds.convert(expected)))


def _values(series: Series) -> list[float]:
    return [value for _, value in series.points]
