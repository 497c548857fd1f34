"""What operators add to alerts and to the fibre: notes, reviews, reference lines. The next pod goes on with them."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.defects import active
from simulator.pods.webapp.alerts import FIBRE_METRES, Alert
from simulator.pods.webapp.alerts import KEPT as MOST_ALERTS
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.kept import Kept

LONGEST_NOTE = 2000
MOST_NOTES = 1000
REVIEWS = ("new", "in review", "confirmed", "false alarm")
MOST_LINES = 200
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Note:
    """A note that a user left at an alert; time in ISO 8601, UTC."""

    id: int
    alertId: str  # noqa: N815 - as on the wire
    author: str
    time: str
    text: str


@dataclass(frozen=True)
class ReferenceLine:
    """A named place on the fibre, in metres from its start."""

    id: int
    name: str
    distance_m: int


class Records:
    """Notes and reviews by alert id, and the reference lines; used by requests of several threads.

    An alert that has some is kept with them: without it nobody would find them again.
    """

    def __init__(self, kept: Kept) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        notes = (note["id"] for row in kept.records.values() for note in row["notes"])
        self._number = max((*notes, *map(int, kept.reference_lines)), default=0)

    def alerts(self) -> list[Alert]:
        """Return the alerts that have notes or a review."""
        with self._lock:
            return [Alert.from_row(one) for row in self._kept.records.values() for one in row["alerts"]]

    def notes(self, alert_id: str) -> list[Note]:
        """Return the notes of an alert, oldest first."""
        with self._lock:
            return [Note(**note) for note in self._kept.records.get(alert_id, {}).get("notes", ())]

    def review(self, alert_id: str) -> str:
        """Return how far an alert has been looked into."""
        return str(self._kept.records.get(alert_id, {}).get("review", REVIEWS[0]))

    def reviewed(self, alert: Alert) -> dict[str, Any]:
        """Return the alert as a list shows it, with its review and the number of its notes."""
        row = alert.as_json()
        return row | {"review": self.review(alert.ext_id), "notes": len(self.notes(alert.ext_id))}

    def add_note(self, alerts: Sequence[Alert], author: str, text: object) -> Note:
        """Keep a note at the alerts of one id; 400 for one that is empty, too long or one too many."""
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_NOTE or not _is_text(text):
            raise invalid(f"A note needs a text of 1 to {LONGEST_NOTE} characters.")
        with self._lock:
            row = self._row(alerts)
            if len(row["notes"]) >= MOST_NOTES:
                raise invalid(f"An alert has at most {MOST_NOTES} notes.")
            self._number += 1
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            note = Note(self._number, alerts[0].ext_id, author, now, text.strip())
            if not active("page-note-lost"):
                row["notes"].append(asdict(note))
                self._kept.save()
            return note

    def set_review(self, alerts: Sequence[Alert], review: object) -> str:
        """Set how far the alerts of one id have been looked into; 400 for a word that is none of them."""
        if review not in REVIEWS:
            raise invalid(f"review must be one of {', '.join(REVIEWS)}.")
        with self._lock:
            self._row(alerts)["review"] = review
            self._kept.save()
        return str(review)

    def _row(self, alerts: Sequence[Alert]) -> dict[str, Any]:
        """Return what is kept of the alerts of one id, the newest last; beyond the most the oldest is forgotten."""
        alert_id, records = alerts[0].ext_id, self._kept.records
        row = records.pop(alert_id, {"notes": [], "review": REVIEWS[0]})
        records[alert_id] = row
        row["alerts"] = [alert.as_row() for alert in alerts]
        if len(records) > MOST_ALERTS:
            del records[next(iter(records))]
        return row

    def forget(self, alert_ids: set[str]) -> None:
        """Drop what belongs to deleted alerts."""
        with self._lock:
            if not alert_ids.isdisjoint(self._kept.records):
                for alert_id in alert_ids:
                    self._kept.records.pop(alert_id, None)
                self._kept.save()

    def lines(self) -> list[ReferenceLine]:
        """Return the reference lines in the order in which they were added."""
        with self._lock:
            return [ReferenceLine(**row) for row in self._kept.reference_lines.values()]

    def add_line(self, name: object, distance: object) -> ReferenceLine:
        """Add a reference line; 400 for a bad or taken name and for a place that is not on the fibre."""
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
            raise invalid(f"name must be a text of 1 to {_LONGEST_NAME} characters that can be printed.")
        if not isinstance(distance, int) or isinstance(distance, bool) or not 0 <= distance <= FIBRE_METRES:
            raise invalid(f"distance_m must be a whole number of metres on the fibre: 0 to {FIBRE_METRES}.")
        with self._lock:
            rows = self._kept.reference_lines
            if len(rows) >= MOST_LINES:
                raise invalid(f"There are at most {MOST_LINES} reference lines.")
            if any(row["name"] == name.strip() for row in rows.values()):
                raise invalid("There is a reference line with this name already.")
            self._number += 1
            line = ReferenceLine(self._number, name.strip(), distance)
            rows[str(line.id)] = asdict(line)
            self._kept.save()
            return line

    def remove_line(self, number: int) -> None:
        """Remove a reference line; 404 where there is none of that id."""
        with self._lock:
            if self._kept.reference_lines.pop(str(number), None) is None:
                raise ApiError(404, "NotFoundError", "There is no such reference line.")
            self._kept.save()


def _is_text(text: str) -> bool:
    """Return whether all signs can be shown: lines may be broken, but no control sign and no half pair is text."""
    return all(sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs") for sign in text)
