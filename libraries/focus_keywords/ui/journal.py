"""Getters of the alerts that the page shows: rows of the journal, balloons of the map, notes of an alert."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base import cleanup
from focus_core.base.objects import field_of
from focus_core.base.quantities import Metres
from focus_core.run import clients
from focus_core.ui import locators, shown
from focus_core.ui.shown import Balloon, Note, ReferenceLine, ShownAlert
from focus_core.webapp.alerts import Alert
from robot.api.deco import keyword

from focus_keywords.alerts import sending
from focus_keywords.getters import CHECK, checked
from focus_keywords.ui.browser import BrowserOfProcess

AlertField = Literal[
    "id",
    "alert_class",
    "severity",
    "colour",
    "icon",
    "distance",
    "time",
    "time_shown",
    "end",
    "status",
    "review",
    "notes",
]
BalloonField = Literal["id", "alert_class", "severity", "distance", "x"]
LineField = Literal["name", "distance", "x"]
SentBy = Literal["me"]

_TAGS = ("ui", "Getter", "Assertion")
_OF: dict[str, Any] = {"alert": Alert, "sent_by": SentBy}
_CELLS = ("id", "type", "distance", "start", "end", "status", "review", "notes", "severity mark", "severity icon")
_ROWS = """(rows, css) => rows.map((row) => {
    const part = (name) => row.querySelector(css[name]);
    const text = (name) => part(name)?.innerText.trim() ?? "";
    const time = (name) => part(name)?.querySelector("time")?.dateTime ?? "";
    const mark = part("severity mark"), icon = part("severity icon");
    return {
        id: text("id"), type: text("type"), severity: mark?.innerText.trim() ?? "",
        colour: mark ? getComputedStyle(mark).backgroundColor : "",
        icon: Boolean(icon?.checkVisibility({ visibilityProperty: true, opacityProperty: true })),
        distance: text("distance"), start: time("start"), startText: text("start"), end: time("end"),
        status: text("status"), review: text("review"), notes: text("notes"),
    };
})"""
_BALLOONS = """(marks) => marks.map((mark) => {
    const box = mark.getBoundingClientRect();
    return { name: mark.getAttribute("aria-label") ?? mark.textContent.trim(), x: box.x + box.width / 2 };
})"""
_NOTES = """(notes, css) => notes.map((note) => {
    const text = note.querySelector(css.text);
    return { text: text.innerText, author: note.querySelector(css.author).innerText.trim(),
             direction: getComputedStyle(text).direction };
})"""
_LINES = (
    """(rows) => rows.map((row) => ({ name: row.dataset.name, cells: [...row.cells].map((cell) => cell.innerText) }))"""
)
_DRAWN = """(lines) => Object.fromEntries(lines.map((line) => {
    const box = line.getBoundingClientRect();
    return [line.dataset.name, box.x + box.width / 2];
}))"""


class JournalGetters:
    """Alerts as the page shows them, returned and checked."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=_TAGS, types=CHECK | _OF)
    def get_journal_alerts(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: SentBy | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[ShownAlert]:
        """Returns the alerts of the journal's page that is shown, in the order of its rows; with an operator their ids
        are checked. ``alert``: this one alone. ``sent_by=me``: those of this test.

        | ${alert} =    Send Alert    SD    high    1250 m
        | Open Operator Page    journal
        | Get Journal Alerts    ==    ${alert.id}    alert=${alert}    within=5 s
        """
        read = lambda: self._alerts(alert, sent_by)  # noqa: E731 - used once
        found: list[ShownAlert] = checked("Alerts of the journal", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | _OF)
    def get_journal_alert_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: SentBy | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many alerts the journal's page shows; filters are those of `Get Journal Alerts`.

        | Send Alert    SD    high    1250 m
        | Open Operator Page    journal
        | Get Journal Alert Count    ==    1    sent_by=me    within=5 s
        """
        read = lambda: len(self._alerts(alert, sent_by))  # noqa: E731 - used once
        found: int = checked("Alerts in the journal", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types={"field": AlertField} | CHECK | _OF)
    def get_journal_alert_field(
        self,
        field: AlertField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: SentBy | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of an alert of the journal, or the list of it where several fit, in the order of the rows;
        filters are those of `Get Journal Alerts`.

        | ${alert} =    Send Alert    SD    high    1250 m
        | Open Operator Page    journal
        | Get Journal Alert Field    colour    ==    red    alert=${alert}    within=5 s
        """
        read = lambda: field_of(self._alerts(alert, sent_by), "alert of the journal", field)  # noqa: E731 - used once
        return checked(f"{field} in the journal", read, operator, expected, message, within, during)

    @keyword(tags=_TAGS, types={"field": BalloonField} | CHECK | _OF)
    def get_balloon_field(
        self,
        field: BalloonField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: SentBy | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of a balloon of the map, or the list of it where several fit; filters are those of
        `Get Journal Alerts`. ``x`` is where its middle is, in pixels of the window.

        | ${alert} =    Send Alert    SC    high    1250 m
        | Open Operator Page    map
        | Get Balloon Field    distance    ==    1250 m    alert=${alert}    within=5 s
        """
        read = lambda: field_of(self._balloons(alert, sent_by), "balloon", field)  # noqa: E731 - used once
        return checked(f"{field} of the balloon", read, operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=CHECK | _OF)
    def get_balloon_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: SentBy | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many balloons the map shows; filters are those of `Get Journal Alerts`.

        | Send Alert    SC    high    1250 m
        | Open Operator Page    map
        | Get Balloon Count    ==    1    sent_by=me    within=5 s
        """
        read = lambda: len(self._balloons(alert, sent_by))  # noqa: E731 - used once
        found: int = checked("Balloons of the map", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK)
    def get_shown_notes(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Note]:
        """Returns the notes of the alert whose details are open, in their order; with an operator their texts are
        checked.

        | ${alert} =    Send Alert    SD    high    1250 m
        | Open Operator Page    journal    alert=${alert}
        | Get Shown Notes    ==    ${{[]}}    within=5 s
        """
        found: list[Note] = checked("Notes of the alert", self._notes, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types={"field": LineField} | CHECK | {"line": str})
    def get_reference_line_field(
        self,
        field: LineField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        line: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of the reference line named ``line``, or the list of it of all that the table shows, in its
        order; ``x`` is where the map draws it, in pixels of the window.

        | Open Operator Page    map
        | ${names} =    Get Reference Line Field    name
        """
        read = lambda: field_of(self._lines(line), "reference line", field)  # noqa: E731 - used once
        return checked(f"{field} of reference lines", read, operator, expected, message, within, during)

    @keyword(tags=("ui",))
    def remove_reference_line_at_end(self, name: str) -> None:
        """The reference line of that name is removed after the test, whatever happens; one that an earlier run has left
        is removed at once.

        | Remove Reference Line At End    North gate
        """
        _remove_line(name)
        cleanup.current().add(f"Reference line {name}", lambda: _remove_line(name))

    def _alerts(self, alert: Alert | None, sent_by: SentBy | None) -> list[ShownAlert]:
        css = {name: locators.css("journal", f"cell {name}") for name in _CELLS}
        rows = self._browser.script(_ROWS, selector=locators.selector("journal", "row"), arg=css, all_elements=True)
        return [one for one in map(shown.alert_of, rows or []) if _is_meant(one.id, alert, sent_by)]

    def _balloons(self, alert: Alert | None, sent_by: SentBy | None) -> list[Balloon]:
        marks = self._browser.script(_BALLOONS, selector=locators.selector("map", "balloon"), all_elements=True)
        return [one for one in map(shown.balloon_of, marks or []) if _is_meant(one.id, alert, sent_by)]

    def _notes(self) -> list[Note]:
        css = {name: locators.css("details", f"note {name}") for name in ("text", "author")}
        found = self._browser.script(_NOTES, selector=locators.selector("details", "note"), arg=css, all_elements=True)
        return [Note(**one) for one in found or []]

    def _lines(self, line: str | None) -> list[ReferenceLine]:
        rows = self._browser.script(_LINES, selector=locators.selector("map", "line row"), all_elements=True)
        drawn = self._browser.script(_DRAWN, selector=locators.selector("map", "reference line"), all_elements=True)
        return [
            ReferenceLine(one["name"], Metres.convert(one["cells"][1]), (drawn or {}).get(one["name"]))
            for one in rows or []
            if line in (None, one["name"])
        ]


def _remove_line(name: str) -> None:
    webapp = clients.webapp()
    lines = webapp.call("GET", "reference-line").body
    for line in lines if isinstance(lines, list) else []:
        if line.get("name") == name:
            webapp.call("DELETE", f"reference-line/{line['id']}")


def _is_meant(ident: str, alert: Alert | None, sent_by: SentBy | None) -> bool:
    return (alert is None or ident == alert.id) and (sent_by is None or ident in sending.ids_of_this_test)
