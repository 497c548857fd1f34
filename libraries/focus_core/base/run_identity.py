"""Who is running: the run, the lane, and names that no other test of any run uses."""

import os
from datetime import UTC, datetime
from functools import cache
from uuid import uuid4


@cache
def run_id() -> str:
    """The id of this run, e.g. ``20261122-110000-ab12``: ``FOCUS_RUN_ID`` if set, else made once per process."""
    return os.environ.get("FOCUS_RUN_ID") or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:4]}"


def lane() -> int:
    """The number of this parallel worker, from 0; 0 too when nothing runs in parallel."""
    from_environment = os.environ.get("PABOTEXECUTIONPOOLID", "")
    if from_environment.isdigit():
        return int(from_environment)
    return _lane_of_pabot()


def unique(prefix: str) -> str:
    """A name for an object that this test creates; it carries the run id, so that a sweep can find it."""
    return f"{prefix}-{run_id()}-{lane()}-{uuid4().hex[:8]}"


def _lane_of_pabot() -> int:
    """Pabot passes its worker number as a Robot variable."""
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        value = BuiltIn().get_variable_value("${PABOTEXECUTIONPOOLID}")
    except RobotNotRunningError:
        return 0
    return int(value) if value is not None and str(value).isdigit() else 0
