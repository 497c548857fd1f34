"""Who is running: the run, the lane, and names that no other test of any run uses."""

import os
from datetime import UTC, datetime
from functools import cache
from uuid import uuid4


@cache
def run_id() -> str:
    """The id of this run, e.g. ``20261122-110000-ab12``: ``FOCUS_RUN_ID`` if set, else made once per process."""
    return os.environ.get("FOCUS_RUN_ID") or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:4]}"


def run_of_lanes() -> str:
    """What the lanes of this run have in common, and no other run has; for what counts within one run only."""
    if not os.environ.get("FOCUS_RUN_ID") and _variable_of_pabot("PABOTQUEUEINDEX") is not None:
        # Plain pabot gives its lanes no run id; it is the parent process of each.
        return f"pabot {os.getppid()}"
    return run_id()


def lane() -> int:
    """The number of this parallel worker, from 0; 0 too when nothing runs in parallel."""
    from_environment = os.environ.get("PABOTEXECUTIONPOOLID", "")
    if from_environment.isdigit():
        return int(from_environment)
    value = _variable_of_pabot("PABOTEXECUTIONPOOLID")
    return int(value) if value is not None and value.isdigit() else 0


def unique(prefix: str) -> str:
    """A name for an object that this test creates; it carries the run id, so that a sweep can find it."""
    return f"{prefix}-{run_id()}-{lane()}-{uuid4().hex[:8]}"


def _variable_of_pabot(name: str) -> str | None:
    """Pabot passes what it knows of a lane as Robot variables."""
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        value = BuiltIn().get_variable_value(f"${{{name}}}")
    except RobotNotRunningError:
        return None
    return None if value is None else str(value)
