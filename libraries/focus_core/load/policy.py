"""Which load may be put on a site at all; nothing here asks it."""

from __future__ import annotations

from collections.abc import Iterable

from focus_core.base.errors import BenchError
from focus_core.site.model import Site

# The least policy that a test with this tag needs.
_NEEDED = {"stress": "full", "load": "light", "soak": "light"}
_ORDER = ("none", "light", "full")


class LoadForbiddenError(BenchError):
    """A load that the site's policy does not allow: the test that wants it is skipped there, with this reason."""

    ROBOT_SKIP_EXECUTION = True


def why_forbidden(site: Site, tags: Iterable[str]) -> str:
    """Why a test with these tags may not load the site; empty when it may, or when no tag says that it does."""
    allowed = _ORDER.index(site.policy.load)
    for tag in sorted(set(tags) & _NEEDED.keys()):
        if _ORDER.index(_NEEDED[tag]) > allowed:
            return (
                f"The policy of site {site.name} allows {_described(site.policy.load)}, and this is tagged {tag}: set "
                f"policy.load to {_NEEDED[tag]} in its file when its owner agrees."
            )
    return ""


def check(site: Site, tags: Iterable[str]) -> None:
    """Raises ``LoadForbiddenError`` where the policy forbids a test with these tags, ``BenchError`` where none of them
    says that it loads the site."""
    tags = set(tags)
    if not tags & _NEEDED.keys():
        raise BenchError(
            "Load belongs into suites that have the site for themselves: tag this one 'load', 'exclusive'."
        )
    if reason := why_forbidden(site, tags):
        raise LoadForbiddenError(reason)


def why_not_chosen(tags: Iterable[str], included: Iterable[str]) -> str:
    """Why a test with these tags waits until somebody asks for it by ``--include soak``; empty for any other test."""
    asked = any("soak" in pattern.lower() for pattern in included)
    if "soak" not in tags or asked:
        return ""
    return "A soak takes hours: it only runs where it is asked for, with --include soak."


def _described(load: str) -> str:
    return {"none": "no load", "light": "no load beyond what it has to carry"}.get(load, "any load")
