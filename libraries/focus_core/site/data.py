"""The site of this run. As a variable file it gives ``${SITE_DATA}``, which reads nothing before its first attribute.

Dry run, libdoc and editors import this file; none of them may touch a site.
"""

from functools import cache
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.site import loader
from focus_core.site.model import Site, User

_failures: dict[str, BenchError] = {}


def site() -> Site:
    """The validated site of this run, loaded once per process; the simulated one is started when needed.

    Raises the same ``BenchError`` each time when it cannot be loaded: every suite fails with one sentence.
    """
    name = site_name()
    if name not in _failures:
        try:
            return _load(name)
        except BenchError as error:
            _failures[name] = error
    raise _failures[name]


def site_name() -> str:
    """The chosen site: Robot's ``${SITE}``, else ``FOCUS_SITE``, else the simulated one."""
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        chosen = BuiltIn().get_variable_value("${SITE}")
    except RobotNotRunningError:
        chosen = None
    return str(chosen) if chosen else loader.chosen_name()


def lane_user(of: Site | None = None) -> User:
    """The web app user of this parallel lane, an admin where the site has any; lanes beyond their number share them.

    ``of`` is another site than that of this run.
    """
    from focus_core.base import run_identity

    everybody = (of or site()).users
    users = [user for user in everybody if user.role == "admin"] or everybody
    return users[run_identity.lane() % len(users)]


@cache
def _load(name: str) -> Site:
    return loader.load(name)


class LazySite:
    """Stands for the site in test data."""

    def __getattr__(self, name: str) -> Any:
        # Robot looks for special methods to find out what kind of variable this is.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(site(), name)

    def __repr__(self) -> str:
        return "<the site of this run>"


def get_variables() -> dict[str, LazySite]:
    """What Robot Framework takes from this variable file."""
    return {"SITE_DATA": LazySite()}
