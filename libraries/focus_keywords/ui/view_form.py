"""Keywords about the form by which a view of the analysis is opened or changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from focus_core.base.quantities import Moment
from focus_core.base.words import ChannelRange, FrequencyRange
from focus_core.ui import locators
from focus_core.ui.times import local_field
from robot.api.deco import keyword

from focus_keywords.ui.browser import BrowserOfProcess

Kind = Literal["MultiChannel", "SingleChannel", "Waterfall"]
Time = Literal["Live", "History"]


class ViewForm:
    """The form of a view, filled in as a user does."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=("ui",))
    def fill_view_form(
        self,
        *,
        view_type: Kind | None = None,
        channels: ChannelRange | None = None,
        frequency: FrequencyRange | None = None,
        nfft: int | None = None,
        duration: timedelta | None = None,
        rows: int | None = None,
        time: Time | None = None,
        start: Moment | None = None,
        end: Moment | None = None,
    ) -> None:
        """Fills in the fields of the open form that are named, and leaves the others as they are.

        | Open Operator Page    analysis
        | Open View Form
        | Fill View Form    view_type=MultiChannel    channels=11-50    nfft=512    rows=200
        """
        self._choose("view type", view_type)
        self._choose("time", time)
        self._fill("start", local_field(start) if start else None)
        self._fill("end", local_field(end) if end else None)
        self._fill("first", channels.first if channels else None)
        self._fill("last", channels.last if channels else None)
        self._fill("nfft", nfft)
        self._fill("low", f"{frequency.low:g}" if frequency else None)
        self._fill("high", f"{frequency.high:g}" if frequency else None)
        self._fill("duration", f"{duration.total_seconds():g}" if duration else None)
        self._fill("rows", rows)

    def _fill(self, field: str, value: Any) -> None:
        if value is not None:
            self._browser.library.fill_text(locators.selector("analysis", f"field {field}"), str(value))

    def _choose(self, field: str, word: str | None) -> None:
        from Browser.utils.data_types import SelectAttribute

        if word is not None:
            selector = locators.selector("analysis", f"field {field}")
            self._browser.library.select_options_by(selector, SelectAttribute.text, word)
