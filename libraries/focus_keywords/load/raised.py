"""A keyword that puts a load on the site whose rate, or whose bursts, grow step by step."""

from __future__ import annotations

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Percent
from focus_core.load import profile_files, rate_steps
from focus_core.load.rate_steps import RateSteps
from focus_core.run import shown_values
from focus_core.site import data as site_data
from robot.api import logger
from robot.api.deco import keyword

from focus_keywords.load.applied import applied_profile


class RaisedLoad:
    """Loads whose rate grows until the site breaks; only for exclusive suites tagged ``load``."""

    @keyword(tags=("Load",), types={"profile": str, "healthy": Percent})
    def raise_load(self, profile: str, *, healthy: Percent | None = None) -> RateSteps:
        """Puts a load profile with ``steps`` or ``bursts`` on the site and returns its steps.

        A step is healthy when as many percent of its actions succeed as the site demands of alerts
        (``load.alerts.healthy_percent``), or as ``healthy`` says. It ends early where a ``critical`` limit of the
        profile breaks. The ``load`` attribute of the steps is what `Get Load Figure` takes.

        | ${steps} =    Raise Load    alerts by rate
        | Get Breakpoint    ${steps}    >=    5
        """
        found = profile_files.read(profile)
        if not found.levels:
            raise BenchError(f"The load profile {found.name} has neither steps nor bursts; use 'Apply Load Profile'.")
        load = applied_profile(found, found.phases)
        demanded = site_data.site().load.alerts.healthy_percent if healthy is None else healthy
        steps = rate_steps.of_load(load, found.levels, demanded)
        logger.info(shown_values.table("Steps of the load", steps), html=True)
        logger.info(f"Up to {steps.breakpoint:g} all was healthy.")
        return steps
