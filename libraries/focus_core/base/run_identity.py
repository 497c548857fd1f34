"""Who is running: the run, the lane, and names that no other test of any run uses."""

import getpass
import os
import re
from datetime import UTC, datetime
from functools import cache
from itertools import count
from uuid import uuid4

from focus_core.base import tape
from focus_core.base.errors import BenchError

# A run id becomes part of file names, of names in the cluster and of an HTTP header, on every system.
_RUN_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
# Set by 'run.py ci run'.
_FIRST_LANE = "FOCUS_FIRST_LANE"
_WINDOWS_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)

# What is in the place of a test's token in ids of requests that suites send.
NO_TEST = "0"

_test_token = NO_TEST
_requests = count(1)
_NAMES: tape.Door[str] = tape.Door("name", local=True)


@cache
def run_id() -> str:
    """The id of this run: ``FOCUS_RUN_ID`` if set, else made once per process. ``BenchError`` as of ``new_run_id``."""
    return new_run_id()


def new_run_id() -> str:
    """``FOCUS_RUN_ID`` where a caller sets it, else UTC time and four hex digits, e.g. ``20261122-110000-ab12``.

    Raises ``BenchError`` for an id that cannot be the name of a file on every system.
    """
    chosen = os.environ.get("FOCUS_RUN_ID")
    if chosen is None:
        return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:4]}"
    if not _RUN_ID.fullmatch(chosen) or _WINDOWS_DEVICE.fullmatch(chosen):
        raise BenchError(
            f"FOCUS_RUN_ID is {_shortened(chosen)}, which cannot name a run's files: use 1 to 64 of A-Z, a-z, 0-9, "
            "'.', '_' and '-', a letter or digit first, no '.' last and no device name of Windows; or unset it."
        )
    return chosen


def _shortened(text: str) -> str:
    return repr(text) if len(text) <= 80 else f"{text[:80]!r}... ({len(text)} characters)"


def run_of_lanes() -> str:
    """What the lanes of this run have in common, and no other run has; for what counts within one run only."""
    if not os.environ.get("FOCUS_RUN_ID") and is_lane_of_pabot():
        # Plain pabot gives its lanes no run id; it is the parent process of each.
        return f"pabot {os.getppid()}"
    return run_id()


def is_lane_of_pabot() -> bool:
    """Whether pabot started this process."""
    return _variable_of_pabot("PABOTQUEUEINDEX") is not None


def lane() -> int:
    """The number of this parallel worker, from 0; 0 too when nothing runs in parallel.

    Shards of one run use one site at once, so each begins to count at ``FOCUS_FIRST_LANE``.
    """
    from_environment = os.environ.get("PABOTEXECUTIONPOOLID", "")
    if from_environment.isdigit():
        return _first_lane() + int(from_environment)
    value = _variable_of_pabot("PABOTEXECUTIONPOOLID")
    return _first_lane() + (int(value) if value is not None and value.isdigit() else 0)


def is_shard() -> bool:
    """Whether this is one of the shards of a run, which share its id."""
    return _FIRST_LANE in os.environ


def _first_lane() -> int:
    value = os.environ.get(_FIRST_LANE, "")
    return int(value) if value.isdigit() else 0


def user() -> str:
    """Who runs this on this machine: a name, or the number of a user whom the system has no entry for."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"user-{os.getuid()}"


def unique(prefix: str) -> str:
    """A name for an object that this test creates; it carries the run id, so that a sweep can find it."""
    # Recorded: the answers of a replay are about the names of the recording.
    return tape.through(_NAMES, f"name {prefix}", lambda: f"{prefix}-{run_id()}-{lane()}-{uuid4().hex[:8]}")


def note_test(token: str) -> None:
    """The running test from now on, by a token that no other test has; ``NO_TEST`` between tests."""
    global _test_token
    _test_token = token


def test_token() -> str:
    """The token of the running test, ``NO_TEST`` outside of tests."""
    return _test_token


def request_id() -> str:
    """An id for one request: run, lane, test and a number, e.g. ``20261122-110000-ab12.0.3f9a1c2b.17``.

    Services log it, so that each of their lines can be tied to a test.
    """
    return f"{run_id()}.{lane()}.{_test_token}.{next(_requests)}"


def _variable_of_pabot(name: str) -> str | None:
    """Pabot passes what it knows of a lane as Robot variables."""
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        value = BuiltIn().get_variable_value(f"${{{name}}}")
    except RobotNotRunningError:
        return None
    return None if value is None else str(value)
