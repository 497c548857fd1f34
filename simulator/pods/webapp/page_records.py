"""What operators add to alerts and to the fibre: notes, reviews, reference lines. Kept as long as the web app lives."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.defects import active
from simulator.pods.webapp.alerts import FIBRE_METRES, Alert
from simulator.pods.webapp.errors import ApiError, invalid

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
    """Notes and reviews by alert id, and the reference lines; used by requests of several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._notes: dict[str, list[Note]] = {}
        self._reviews: dict[str, str] = {}
        self._lines: dict[int, ReferenceLine] = {}

    def notes(self, alert_id: str) -> list[Note]:
        """Return the notes of an alert, oldest first."""
        with self._lock:
            return list(self._notes.get(alert_id, ()))

    def review(self, alert_id: str) -> str:
        """Return how far an alert has been looked into."""
        return self._reviews.get(alert_id, REVIEWS[0])

    def reviewed(self, alert: Alert) -> dict[str, Any]:
        """Return the alert as a list shows it, with its review and the number of its notes."""
        row = alert.as_json()
        return row | {"review": self.review(alert.ext_id), "notes": len(self.notes(alert.ext_id))}

    def add_note(self, alert_id: str, author: str, text: object) -> Note:
        """Keep a note; 400 for one that is empty, too long or one too many."""
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_NOTE or not _is_text(text):
            raise invalid(f"A note needs a text of 1 to {LONGEST_NOTE} characters.")
        with self._lock:
            notes = self._notes.setdefault(alert_id, [])
            if len(notes) >= MOST_NOTES:
                raise invalid(f"An alert has at most {MOST_NOTES} notes.")
            self._number += 1
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            note = Note(self._number, alert_id, author, now, text.strip())
            if not active("page-note-lost"):
                notes.append(note)
            return note

    def set_review(self, alert_id: str, review: object) -> str:
        """Set how far an alert has been looked into; 400 for a word that is none of them."""
        if review not in REVIEWS:
            raise invalid(f"review must be one of {', '.join(REVIEWS)}.")
        self._reviews[alert_id] = str(review)
        return str(review)

    def forget(self, alert_ids: set[str]) -> None:
        """Drop what belongs to deleted alerts."""
        with self._lock:
            for alert_id in alert_ids:
                self._notes.pop(alert_id, None)
                self._reviews.pop(alert_id, None)

    def lines(self) -> list[ReferenceLine]:
        """Return the reference lines in the order in which they were added."""
        with self._lock:
            return list(self._lines.values())

    def add_line(self, name: object, distance: object) -> ReferenceLine:
        """Add a reference line; 400 for a bad or taken name and for a place that is not on the fibre."""
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
            raise invalid(f"name must be a text of 1 to {_LONGEST_NAME} characters that can be printed.")
        if not isinstance(distance, int) or isinstance(distance, bool) or not 0 <= distance <= FIBRE_METRES:
            raise invalid(f"distance_m must be a whole number of metres on the fibre: 0 to {FIBRE_METRES}.")
        with self._lock:
            if len(self._lines) >= MOST_LINES:
                raise invalid(f"There are at most {MOST_LINES} reference lines.")
            if any(line.name == name.strip() for line in self._lines.values()):
                raise invalid("There is a reference line with this name already.")
            self._number += 1
            line = ReferenceLine(self._number, name.strip(), distance)
            self._lines[line.id] = line
            return line

    def remove_line(self, number: int) -> None:
        """Remove a reference line; 404 where there is none of that id."""
        with self._lock:
            if self._lines.pop(number, None) is None:
                raise ApiError(404, "NotFoundError", "There is no such reference line.")


def _is_text(text: str) -> bool:
    """Return whether all signs can be shown: lines may be broken, but no control sign and no half pair is text."""
    return all(sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs") for sign in text)
