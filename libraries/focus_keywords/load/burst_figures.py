"""A keyword that reads figures of views that were asked for at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base.quantities import Percent, Seconds
from focus_core.load.views_at_once import Burst
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

Figure = Literal["asked", "accepted", "refused", "success", "mean", "slowest", "sum", "spread", "jobs"]
_FIGURES: dict[str, Callable[[Burst], Any]] = {
    "asked": lambda burst: len(burst.asked),
    "accepted": lambda burst: len(burst.accepted),
    "refused": lambda burst: len(burst.refused),
    "success": lambda burst: Percent(burst.percent),
    "mean": lambda burst: Seconds(burst.mean),
    "slowest": lambda burst: Seconds(burst.slowest),
    "sum": lambda burst: Seconds(burst.mean * len(burst.asked)),
    "spread": lambda burst: Seconds(burst.spread),
    "jobs": lambda burst: len({job_id for _, job_id in burst.accepted}),
}
_TYPES: dict[str, Any] = {
    "burst": Burst,
    "figure": Figure,
    **{name: CHECK[name] for name in ("operator", "expected", "message")},
}


class BurstFigures:
    """What was answered to views that were asked for at once, in figures."""

    @keyword(tags=("Capacity", "Getter", "Assertion"), types=_TYPES)
    def get_burst_figure(
        self,
        burst: Burst,
        figure: Figure,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Any:
        """Returns and checks a figure of the answers to views that were asked for at once.

        ``asked``, ``accepted``, ``refused`` and ``jobs`` (different ones) are numbers, ``success`` is in percent;
        ``mean``, ``slowest`` and ``sum`` are times of the answers, ``spread`` is the time between the first and the
        last request.

        | ${burst} =    Ask For Views At Once    3    channels=1-3
        | Get Burst Figure    ${burst}    slowest    <=    10 s
        """
        return checked(f"{figure} of {burst}", lambda: _FIGURES[figure](burst), operator, expected, message)
