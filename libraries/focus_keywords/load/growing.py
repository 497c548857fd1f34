"""Keywords about a number of open views that grows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base import cleanup, demands
from focus_core.base.failures import fail_with
from focus_core.base.objects import field_of
from focus_core.base.quantities import Percent
from focus_core.base.words import ChannelRange
from focus_core.load import action_data, growth, policy, views_at_once
from focus_core.load.growth import Growth, LoadStep, LoadSteps
from focus_core.load.rate_steps import RateSteps
from focus_core.run import shown_values
from focus_core.site import data as site_data
from focus_core.views import closing
from focus_core.views.view import ViewRequest, Views
from robot.api import logger
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

from focus_keywords.getters import CHECK, checked
from focus_keywords.load.capacity import clients_of_users

Kind = Literal["live", "historic"]
Health = Literal["healthy", "degraded", "unhealthy"]
_RAISED: dict[str, Any] = {
    "last": int,
    "by": int,
    "begin": int,
    "kind": Kind,
    "channels": ChannelRange,
    "every": timedelta,
    "window": timedelta,
}
_CHECK: dict[str, Any] = {name: CHECK[name] for name in ("operator", "expected", "message")}
_STEPS: dict[str, Any] = {"steps": LoadSteps, **_CHECK}
_ANY_STEPS: dict[str, Any] = {"steps": LoadSteps | RateSteps, **_CHECK}
_COUNT: dict[str, Any] = {"health": Health, "at_least": Percent, **_ANY_STEPS}
_FIELD: dict[str, Any] = {"field": str, **_ANY_STEPS}
_OF_KIND: dict[str, Any] = {"steps": LoadSteps, "kind": Kind}
_REMOVED: dict[str, Any] = {"steps": LoadSteps, "at_least": Percent}


class GrowingLoad:
    """Views that are opened step by step and stay open; only for exclusive suites tagged ``load``."""

    @keyword(tags=("Load", "View"), types=_RAISED)
    def raise_number_of_views(
        self,
        last: int,
        *,
        by: int,
        begin: int | None = None,
        kind: Kind = "live",
        channels: ChannelRange | None = None,
        every: timedelta | None = None,
        window: timedelta | None = None,
    ) -> LoadSteps:
        """Opens views in steps until ``last`` are open, reads them all the time, looks at the site after each step, and
        returns the steps.

        The first step opens ``begin`` views, the others ``by`` more each. A step lasts as long as the site says
        (``load.step_s``) unless ``every`` says otherwise. Two unhealthy steps, one after the other, end it: a step is
        healthy when all views give frames and GET /ack is answered in time, degraded with 80 % of them. A historic view
        plays a ``window`` of an hour, or so long. The views are closed at the end of the test.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Get Breakpoint    ${steps}    >=    6
        """
        demands.at_least(1, last=last, by=by, begin=begin or by)
        site = site_data.site()
        policy.check(site, BuiltIn().get_variable_value("${TEST_TAGS}") or [])
        windows = site.limits.max_windows
        grown = Growth(
            clients_of_users(views_at_once.users_needed(last, windows)),
            windows=windows,
            liveness_s=site.timings.health_s,
            first_frame_s=site.timings.first_frame_s,
        )
        cleanup.current().add(f"views up to {last}", lambda: _close(grown))
        request = _request(kind, channels, window.total_seconds() if window else 3600)
        seconds = every.total_seconds() if every else site.load.step_s
        steps = grown.to(growth.levels(begin or by, last, by), lambda: request, seconds, _report)
        logger.info(shown_values.table("Steps of the load", steps), html=True)
        logger.info(f"{steps.most_open} views were open at the same time; up to {steps.breakpoint} all was healthy.")
        return steps

    @keyword(tags=("Load", "Getter", "Assertion"), types=_ANY_STEPS)
    def get_breakpoint(
        self,
        steps: LoadSteps | RateSteps,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> int:
        """Returns and checks up to how many open views, or up to which rate or size of a burst, every step of a load
        was healthy.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Get Breakpoint    ${steps}    >=    6
        """
        what = f"Level up to which all is healthy{steps.refused_with}"
        return int(checked(what, lambda: steps.breakpoint, operator, expected, message))

    @keyword(tags=("Load", "Getter", "Assertion"), types=_STEPS)
    def get_most_open_views(
        self,
        steps: LoadSteps,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> int:
        """Returns and checks how many views were open at the same time and gave frames.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Get Most Open Views    ${steps}    >=    6
        """
        return int(
            checked(
                f"Views open at the same time{steps.refused_with}", lambda: steps.most_open, operator, expected, message
            )
        )

    @keyword(tags=("Load", "Getter", "Assertion"), types=_STEPS)
    def get_share_of_open_views(
        self,
        steps: LoadSteps,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Percent:
        """Returns and checks how many percent of the views that a load was to open were open at the same time.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Get Share Of Open Views    ${steps}    >=    80 %
        """
        what = f"Share of {steps.planned} views that were open at the same time{steps.refused_with}"
        return Percent(checked(what, lambda: steps.open_share, operator, expected, message))

    @keyword(tags=("Load", "Getter", "Assertion"), types=_COUNT)
    def get_load_step_count(
        self,
        steps: LoadSteps | RateSteps,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        health: Health | None = None,
        at_least: Percent | None = None,
    ) -> int:
        """Returns and checks how many steps a load had: all, those of one ``health``, or those in which ``at_least`` so
        many percent of the views were open, or of the actions succeeded.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Get Load Step Count    ${steps}    ==    3    at_least=100 %
        | Get Load Step Count    ${steps}    ==    0    health=unhealthy
        """

        def read() -> int:
            return sum(
                (health is None or step.health == health) and (at_least is None or step.success >= at_least)
                for step in steps
            )

        return int(checked(f"Number of steps{steps.refused_with}", read, operator, expected, message))

    @keyword(tags=("Load", "Getter", "Assertion"), types=_FIELD)
    def get_load_step_field(
        self,
        steps: LoadSteps | RateSteps,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Any:
        """Returns and checks a field of each step: of views ``views``, ``open_views``, ``success``, ``answer_mean``,
        ``liveness``, ``refusals`` or ``health``; of `Raise Load` ``level``, ``asked``, ``succeeded``, ``success``,
        ``p50``, ``p95``, ``errors`` or ``health``.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Get Load Step Field    ${steps}    answer_mean    <    2 s
        """
        what = f"{field} of each step{steps.refused_with}"
        return checked(what, lambda: field_of(steps, "step", field), operator, expected, message)

    @keyword(tags=("Load", "Assertion"), types=_OF_KIND)
    def views_of_load_should_be(self, steps: LoadSteps, kind: Kind) -> None:
        """Fails when the server has views of a load, by their metadata, that are not of the ``kind``: live or historic.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Views Of Load Should Be    ${steps}    live
        """
        others = growth.of_another_kind(steps.opened, closing.owner_of, kind)
        fail_with(f"Not all of {len(steps.opened)} views are {kind}", others)

    @keyword(tags=("Load", "Assertion"), types=_REMOVED)
    def views_of_load_should_be_removed(self, steps: LoadSteps, *, at_least: Percent) -> None:
        """Closes the views of a load and fails when the server still knows more of them than ``at_least`` allows, or
        when the cluster has anything of them after ``job_removed_s``.

        | ${steps} =    Raise Number Of Views    6    by=2
        | Views Of Load Should Be Removed    ${steps}    at_least=90 %
        """
        _close_views(steps.opened)
        share = growth.removed_share(steps.opened, closing.owner_of)
        logger.info(f"{share} of {len(steps.opened)} views are removed.")
        left = closing.left(steps.opened, site_data.site().timings.job_removed_s)
        allowed = len(steps.opened) * (100 - at_least) / 100
        if share < at_least or len(left) > allowed:
            shown = f"; left are {', '.join(left[:5])}" if left else ""
            raise AssertionError(f"Only {share} of {len(steps.opened)} views were removed, not {at_least}{shown}")


def _request(kind: str, channels: ChannelRange | None, window_s: float) -> ViewRequest:
    return action_data.slow_view(kind, channels, window_s)


def _report(step: LoadStep) -> None:
    logger.console(f"    {step}")


def _close(grown: Growth) -> None:
    grown.end()
    if not grown.opened.closed:
        _close_views(grown.opened)


def _close_views(views: Views) -> None:
    views.closed = True
    growth.close(views, closing.owner_of, site_data.site().timings.job_removed_s)
