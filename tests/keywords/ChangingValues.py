"""Values that change from look to look, behind the same arguments as every getter."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_keywords.getters import CHECK, checked
from robot.api import logger
from robot.api.deco import keyword, library


@dataclass(frozen=True)
class Thing:
    """A thing: its name, and its place in the list."""

    name: str
    place: int


@library(scope="TEST", auto_keywords=False)
class ChangingValues:
    """Numbers that rise by one at each look, and things."""

    def __init__(self) -> None:
        self._looks = 0

    @keyword(types=CHECK)
    def get_looks(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """How often it was looked."""

        def look() -> int:
            self._looks += 1
            logger.info(f"look {self._looks}")
            return self._looks

        return checked("Looks", look, operator, expected, message, within, during)

    @keyword(types=CHECK | {"count": int})
    def get_things(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        count: int,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """So many things, named by letters."""
        things = [Thing(chr(ord("a") + place), place) for place in range(count)]
        return checked("Things", lambda: things, operator, expected, message, within, during)

    @keyword(types={"count": int})
    def get_places(self, count: int) -> Any:
        """The numbers below ``count``."""
        return checked("Places", lambda: list(range(count)))
