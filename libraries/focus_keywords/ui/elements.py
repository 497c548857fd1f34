"""Elements of the page by their entry in a table of locators, and what several of them show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.quantities import Moment
from focus_core.ui import locators
from focus_core.ui.times import local_field
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked
from focus_keywords.ui.browser import BrowserOfProcess

_GETTER = ("ui", "Getter", "Assertion")
_TEXTS = "(elements) => elements.map((element) => element.innerText.trim())"
_VALUES = "(elements, name) => elements.map((element) => element.dataset[name] ?? '')"


class PageElements:
    """What Browser's keywords act on."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=("ui",))
    def find_element(self, view: str, element: str, /, **values: Any) -> str:
        """Returns the selector of an element: its entry in the table of the view (``variables/ui``), with ``values`` in
        the place of what stands there in braces. An element without braces is ``${UI.VIEW.ELEMENT}``.

        | Open Operator Page    journal
        | ${button} =    Find Element    journal    sort    column=Severity
        | Click    ${button}
        """
        return locators.selector(view, element, **values)

    @keyword(tags=_GETTER, types=CHECK | {"view": str, "element": str})
    def get_shown_texts(
        self,
        view: str,
        element: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[str]:
        """Returns the texts of all elements of an entry of a table of locators, in their order on the page.

        | Open Operator Page    analysis
        | Get Shown Texts    analysis    tabs    ==    Analysis 1
        """
        selector = locators.selector(view, element)
        read = lambda: self._browser.script(_TEXTS, selector=selector, all_elements=True) or []  # noqa: E731 - used once
        found: list[str] = checked(f"{element} of the page", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_GETTER, types=CHECK | {"table": str, "element": str, "name": str, "number": int})
    def get_shown_values(
        self,
        table: str,
        element: str,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
        number: int | None = None,
    ) -> list[str]:
        """Returns an attribute ``data-NAME`` of all elements of an entry of a table of locators, in their order;
        ``number`` is that of the view that they are in.

        | Open Operator Page    map
        | ${zoom} =    Get Shown Values    map    map    zoom
        """
        selector = locators.selector(table, element, view=number)
        read = lambda: self._browser.script(_VALUES, selector=selector, arg=name, all_elements=True) or []  # noqa: E731
        found: list[str] = checked(
            f"{name} of {element} of the page", read, operator, expected, message, within, during
        )
        return found

    @keyword(tags=("ui",))
    def fill_filter_times(self, *, since: Moment | None = None, until: Moment | None = None) -> None:
        """Fills in from when and until when the open dialog of the journal's filter keeps alerts.

        | Open Operator Page    journal
        | Open Filter
        | Fill Filter Times    since=10 minutes ago
        """
        self._fill_times("journal", {"filter from": since, "filter to": until})

    @keyword(tags=("ui",))
    def fill_analysis_times(self, *, since: Moment | None = None, until: Moment | None = None) -> None:
        """Fills in from when and until when the form that analyses an alert plays recordings, with a history template.

        | Open Details Of A New Alert
        | Click    ${UI.details.analyse}
        | Select Options By    ${UI.details.analyse_template}    text    History MultiChannel
        | Fill Analysis Times    since=10 minutes ago    until=9 minutes ago
        """
        self._fill_times("details", {"analyse from": since, "analyse to": until})

    def _fill_times(self, view: str, moments: dict[str, Moment | None]) -> None:
        for field, moment in moments.items():
            if moment is not None:
                self._browser.library.fill_text(locators.selector(view, field), local_field(moment))
