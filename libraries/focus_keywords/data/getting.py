"""The test data that a site holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.objects import field_of
from focus_core.data import policy, sets
from focus_core.data.sets import DataSet
from focus_core.site.data import site
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_TAGS = ("Data", "Getter", "Assertion")


class DataGetters:
    """Data sets, whichever run made them."""

    @keyword(tags=_TAGS, types=CHECK | {"run": str})
    def get_data_sets(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        run: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[DataSet]:
        """Returns the data sets of which the site holds something; with an operator checks the list of their names.

        ``run`` leaves out those of other runs. Skipped where the site's policy forbids test data.

        | ${data} =    Generate Regions    1
        | Get Data Sets    contains    ${data.name}
        """
        policy.check(site())
        found: list[DataSet] = checked(
            "Data sets", lambda: _selected(run, None), operator, expected, message, within, during
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | {"field": str, "name": str})
    def get_data_set_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        name: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of one data set by its name, or of each of all. Fails when there is none.

        Fields: name, run, made, until, recordings, unrecognized, base_path, start, end, alerts, users, regions.

        | ${data} =    Generate Users    2
        | Get Data Set Field    users    ==    2    name=${data.name}
        """
        policy.check(site())
        return checked(
            f"{field} of data sets",
            lambda: field_of(_selected(None, name), "data set", field),
            operator,
            expected,
            message,
            within,
            during,
        )


def _selected(run: str | None, name: str | None) -> list[DataSet]:
    return [one for one in sets.found(site()) if run in (None, one.run) and name in (None, one.name)]
