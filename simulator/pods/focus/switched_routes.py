"""Routes that some builds of the Focus Server do not have: switched off they match nothing, so every method is 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from simulator import defects

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_MISSING_WITH = "missing_with"


def missing_with(defect: str) -> Callable[[Endpoint], Endpoint]:
    """Mark a route as one that the site does not have while the defect is on."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MISSING_WITH, defect)
        return endpoint

    return mark


class SwitchedRoute(APIRoute):
    """A route that may be missing."""

    @property
    def present(self) -> bool:
        """Whether the site has the route now."""
        defect = getattr(self.endpoint, _MISSING_WITH, None)
        return defect is None or not defects.active(defect)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as any route does, nothing while the route is missing."""
        return super().matches(scope) if self.present else (Match.NONE, {})
