"""Getters of the rows of a view, as GET /waterfall/{id}/{rows} answers them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.objects import field_of
from focus_core.views import waterfall_rows
from focus_core.views.view import View
from focus_core.views.waterfall_rows import WaterfallRow
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_GETTER = ("View", "Waterfall", "Getter", "Assertion")
_TYPES = CHECK | {"view": View, "newest": int}


class WaterfallRows:
    """Rows of a view over REST. ``newest`` is how many of its newest rows are asked for."""

    @keyword(tags=_GETTER, types=_TYPES)
    def get_waterfall_rows(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        newest: int = 20,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[WaterfallRow]:
        """Returns the newest rows of a view, oldest first; none before it runs and none after a playback.

        A row has ``begin``, ``seconds``, ``job_id``, ``channels``, ``frequencies``, ``lowest``, ``highest``, ``mean``.
        With an operator, the moments at which they begin are checked.

        | ${rows} =    Get Waterfall Rows    ${view}    newest=40
        | Get Waterfall Rows    ${view}    >=    10 seconds ago    newest=5    within=10 s
        """
        read = _reader(view, newest)
        rows: list[WaterfallRow] = checked(f"Rows of the {view}", read, operator, expected, message, within, during)
        return rows

    @keyword(tags=_GETTER, types=_TYPES)
    def get_waterfall_row_count(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        newest: int = 20,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many rows come when the ``newest`` so many are asked for.

        | Get Waterfall Row Count    ${view}    ==    40    newest=40    within=10 s
        """
        read = _reader(view, newest)
        what = f"Number of rows of the {view}"
        count: int = checked(what, lambda: len(read()), operator, expected, message, within, during)
        return count

    @keyword(tags=_GETTER, types=_TYPES | {"field": str})
    def get_waterfall_row_field(
        self,
        view: View,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        newest: int = 20,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of each of the newest rows, oldest first; of one row its value.

        Fields are those of `Get Waterfall Rows`. What is expected is expected of each row.

        | Get Waterfall Row Field    ${view}    channels    ==    11-109    within=10 s
        | Get Waterfall Row Field    ${view}    lowest    >=    0    newest=40    within=10 s
        """
        read = _reader(view, newest)
        what = f"{field} of the rows of the {view}"
        return checked(what, lambda: field_of(read(), "row", field), operator, expected, message, within, during)


def _reader(view: View, newest: int) -> Any:
    demands.at_least(1, newest=newest)
    return lambda: waterfall_rows.newest(view, newest)
