"""The site of this run: chosen once, where a suite opens it.

As a variable file this module gives ``${SITE_DATA}``, which reads nothing before its first attribute.

Dry run, libdoc and editors import this file; none of them may touch a site.
"""

import os
from functools import cache
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.site import loader
from focus_core.site.model import Site, User

_failures: dict[str, BenchError] = {}
# What the running suite opened; None while it has opened nothing.
_opened: str | None = None


def open_site() -> Site:
    """Chooses the site for the running suite and loads it; the simulated one is started when needed.

    Raises ``BenchError`` when two different sites are chosen, or when the chosen one cannot be loaded.
    """
    global _opened
    name = _chosen_name()
    found = _site(name)
    _opened = name
    return found


def opened() -> str | None:
    """The name of the site that is open, for ``reopen``."""
    return _opened


def reopen(name: str | None) -> None:
    """After a suite, its own site is no more; that of the suite around it is open again."""
    global _opened
    _opened = name


def proxy() -> str | None:
    """The proxy that leads to the site that is open; None where no site is open."""
    return None if _opened is None else site().proxy


def site() -> Site:
    """The validated site of this run, loaded once per process.

    Raises the same ``BenchError`` each time when it cannot be loaded: every suite fails with one sentence.
    """
    return _site(site_name())


def _site(name: str) -> Site:
    if name not in _failures:
        try:
            return _load(name)
        except BenchError as error:
            _failures[name] = error
    raise _failures[name]


def site_name() -> str:
    """The site that the suite opened; outside Robot Framework the one that the environment chooses.

    Raises ``BenchError`` in a suite that has opened none: its results would not name the site that they are about.
    """
    if _opened is not None:
        return _opened
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        suite = BuiltIn().get_variable_value("${SUITE_NAME}")
    except RobotNotRunningError:
        return loader.chosen_name()
    raise BenchError(
        f"Suite '{suite}' asks the site and has not opened it: add 'Suite Setup    Open Site    rest', with the "
        "interfaces that it needs, and 'Suite Teardown    Close Site' to its settings."
    )


def _chosen_name() -> str:
    """Robot's ``${SITE}``, else ``FOCUS_SITE``, else the simulated site."""
    from robot.libraries.BuiltIn import BuiltIn

    variable = BuiltIn().get_variable_value("${SITE}")
    if not variable:
        return loader.chosen_name()
    environment = os.environ.get("FOCUS_SITE")
    try:
        agreed = not environment or loader.agree(str(variable), environment)
    except BenchError as error:
        raise BenchError(
            f"The variable ${{SITE}} chooses the site of a run: {error} Rename it where it means something else."
        ) from None
    if not agreed:
        raise BenchError(
            f"Two sites are chosen: '{variable}' by the variable ${{SITE}}, '{environment}' by run.py's --site or the "
            "environment variable FOCUS_SITE; leave one out, or rename ${SITE} where it means something else."
        )
    return str(variable)


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
