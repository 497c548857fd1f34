"""Keywords that read what the site file says: limits and timings."""

from __future__ import annotations

from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Hertz, Seconds
from focus_core.site.data import site
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_TAGS = ("Site", "Getter", "Assertion")
_TYPES = {"name": str} | {name: CHECK[name] for name in ("operator", "expected", "message")}


class SiteGetters:
    """The site as its file describes it, returned and checked. It never changes, so no word here waits."""

    @keyword(tags=_TAGS, types=_TYPES)
    def get_site_limit(
        self,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Any:
        """Returns a limit of the site: ``lowest_channel``, ``highest_channel``, ``frequency_max_hz`` (Hz),
        ``nfft_single`` and ``nfft_multi`` (lists), ``max_windows`` (views of a client), ``capacity`` (views of the
        site), ``history_windows``, ``rate_limit_per_s`` and ``rate_limit_burst`` (None where not known).

        | ${highest} =    Get Site Limit    highest_channel
        | Get Site Limit    frequency_max_hz    >=    1000 Hz
        """
        value = _named("limit", vars(site().limits), name)
        if name == "frequency_max_hz":
            value = Hertz(value)
        return checked(f"Limit {name} of site {site().name}", lambda: value, operator, expected, message)

    @keyword(tags=_TAGS, types=_TYPES)
    def get_site_timing(
        self,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Any:
        """Returns how long the site may take for something, in seconds, by its name in the site file: ``answer_s``,
        ``job_running_s``, ``alert_visible_s``; a wrong name is answered with all of them. It can stand wherever a time
        is written.

        | ${patience} =    Get Site Timing    alert_visible_s
        | Get Alert Count    ==    0    sent_by=me    within=${patience}
        | Get Site Timing    answer_s    <=    1 s
        """
        value = _named("timing", vars(site().timings), name)
        if name.endswith("_s"):
            value = Seconds(value)
        elif name.endswith("_ms"):
            value = Seconds(value / 1000)
        return checked(f"Timing {name} of site {site().name}", lambda: value, operator, expected, message)


def _named(kind: str, known: dict[str, Any], name: str) -> Any:
    if name not in known:
        raise BenchError(f"A site has no {kind} '{name}'; use one of {', '.join(known)}.")
    return known[name]
