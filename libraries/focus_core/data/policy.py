"""Where test data may be made at all; nothing here asks the site."""

from __future__ import annotations

from focus_core.base.errors import BenchError
from focus_core.site.model import Site


class DataForbiddenError(BenchError):
    """Data that the site's policy does not allow: the test that wants them is skipped there, with this reason."""

    ROBOT_SKIP_EXECUTION = True


def check(site: Site) -> None:
    """Raises ``DataForbiddenError`` where the site's policy forbids test data."""
    if not site.policy.test_data:
        raise DataForbiddenError(
            f"The policy of site {site.name} forbids test data (policy.test_data is false): set it to true in its file "
            "when its owner agrees."
        )
