"""What the operator's page shows, as it was read from its elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from focus_core.base.quantities import Metres, Moment
from focus_core.webapp.alerts import AlertClass, Severity

# The colours by which an operator knows a severity (site contract 7.2), as a browser names them.
_COLOURS = {"rgb(255, 255, 255)": "white", "rgb(255, 216, 77)": "yellow", "rgb(224, 49, 49)": "red"}


@dataclass(frozen=True)
class ShownAlert:
    """A row of the journal.

    - ``id``: what the alert was sent with
    - ``alert_class``: SC or SD
    - ``severity``: low, medium or high
    - ``colour``: that of its mark: white, yellow or red, another one as the browser names it
    - ``icon``: whether the mark has its icon
    - ``distance``: its place on the fibre, in metres
    - ``time``: when it began (UTC)
    - ``time_shown``: the same as text, in the time zone of the browser
    - ``end``: when it was closed or will be (UTC), none where nothing is shown
    - ``status``: open or closed
    - ``review``: new, in review, confirmed or false alarm
    - ``notes``: how many it has
    """

    id: str
    alert_class: AlertClass
    severity: Severity
    colour: str
    icon: bool
    distance: Metres
    time: Moment
    time_shown: str
    end: Moment | None
    status: str
    review: str
    notes: int

    def __str__(self) -> str:
        return f"{self.alert_class} alert {self.id} ({self.severity}, {self.distance}, {self.status})"


@dataclass(frozen=True)
class Balloon:
    """An alert on the map.

    - ``id``: what the alert was sent with
    - ``alert_class``: SC or SD
    - ``severity``: low, medium or high
    - ``distance``: its place on the fibre as it is named, in metres
    - ``x``: where its middle is, in pixels of the window
    """

    id: str
    alert_class: AlertClass
    severity: Severity
    distance: Metres
    x: float

    def __str__(self) -> str:
        return f"{self.alert_class} alert {self.id} ({self.severity}, {self.distance}) on the map"


@dataclass(frozen=True)
class Note:
    """A note on an alert.

    - ``text``: what was written
    - ``author``: who wrote it
    - ``direction``: ltr or rtl, how its text runs
    """

    text: str
    author: str
    direction: str

    def __str__(self) -> str:
        return f"note of {self.author}: {self.text}"


@dataclass(frozen=True)
class ReferenceLine:
    """A reference line of the map.

    - ``name``: what it is called
    - ``distance``: its place on the fibre, in metres
    - ``x``: where it is drawn, in pixels of the window; none where it is not
    """

    name: str
    distance: Metres
    x: float | None

    def __str__(self) -> str:
        return f"reference line {self.name} at {self.distance}"


def alert_of(row: Mapping[str, Any]) -> ShownAlert:
    """The alert of a row. Raises ``AssertionError`` for a row that no operator could read."""
    try:
        return ShownAlert(
            id=row["id"],
            alert_class=AlertClass[row["type"]],
            severity=Severity[row["severity"].casefold()],
            colour=_COLOURS.get(row["colour"], row["colour"]),
            icon=bool(row["icon"]),
            distance=Metres.convert(row["distance"]),
            time=Moment.convert(row["start"]),
            time_shown=row["startText"],
            end=Moment.convert(row["end"]) if row["end"] else None,
            status=row["status"].casefold(),
            review=row["review"].casefold(),
            notes=int(row["notes"] or 0),
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise AssertionError(f"A row of the journal cannot be read ({error}): {dict(row)}") from None


def balloon_of(mark: Mapping[str, Any]) -> Balloon:
    """The balloon of a button that is named like "SC alert 17, high, 4163 m". Raises ``AssertionError``."""
    name = str(mark["name"])
    try:
        kind, _, rest = name.partition(" alert ")
        ident, severity, distance = rest.rsplit(", ", 2)
        return Balloon(ident, AlertClass[kind], Severity[severity], Metres.convert(distance), float(mark["x"]))
    except (KeyError, ValueError):
        raise AssertionError(
            f"A balloon of the map is named '{name}', which does not say class, id, severity, distance."
        ) from None
