"""Wrong data that the defects put among the recordings, and take away again.

Each is one document, or one change, that a look at the database finds; what was put in has an `_id` of its own (the
defect's name), so that it is found again whatever is wrong with it. Changes of documents that were there are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

Document = dict[str, Any]

# Names of collections that no base path has, and of one that a second base path names though it does not exist.
_FOREIGN_GUID = "5b0c9f8e-6f1d-4c39-9d2a-000000000001"
_EMPTY_GUID = "5b0c9f8e-6f1d-4c39-9d2a-000000000002"
_MARK = "deleted_by_defect"
_MOVED = "/segy"


@dataclass(frozen=True)
class Place:
    """One base path: its database, its recordings, and how one of them is written (start, end -> document)."""

    database: Database[Document]
    path: str
    guid: str
    recording: Callable[[datetime, datetime | None], Document]
    now: datetime

    @property
    def recordings(self) -> Collection[Document]:
        return self.database[self.guid]

    @property
    def unrecognized(self) -> Collection[Document]:
        return self.database[f"{self.guid}-unrecognized_recordings"]

    def before_all(self, hours: int) -> datetime:
        """A time so long before the first sound recording."""
        first = self.recordings.find_one({"_id": {"$type": "objectId"}, "start_time": {"$type": "date"}}, sort=_BY_TIME)
        return (self.now if first is None else first["start_time"]) - timedelta(hours=hours)

    def a_historic_one(self) -> Document:
        """A finished recording of the middle of the history, which is not deleted."""
        sound = {"_id": {"$type": "objectId"}, "end_time": {"$type": "date"}, "deleted": False}
        found = list(self.recordings.find(sound, sort=_BY_TIME).skip(20).limit(1))
        if not found:
            raise LookupError("no finished recording")
        return found[0]


_BY_TIME = [("start_time", 1)]
_HOUR = timedelta(hours=1)


def take_away(place: Place) -> None:
    """Remove what the defects have put in, and undo what they have changed."""
    place.recordings.delete_many({"_id": {"$in": list(_RECORDINGS)}})
    place.recordings.update_many({_MARK: True}, {"$set": {"deleted": False}, "$unset": {_MARK: ""}})
    place.unrecognized.delete_many({"_id": "unrecognized-elsewhere"})
    place.database.base_paths.delete_many({"_id": "base-path-doubled"})
    place.database.base_paths.update_many(
        {"guid": place.guid}, {"$set": {"base_path": place.path, "is_archive": False}}
    )
    place.database.drop_collection(_FOREIGN_GUID)


def put_in(place: Place, defects: frozenset[str]) -> None:
    """Put in what the active defects ask for; nothing of it may be there yet."""
    for name in defects & _RECORDINGS.keys():
        place.recordings.insert_one({**_RECORDINGS[name](place), "_id": name})
    for name in defects & _ELSEWHERE.keys():
        _ELSEWHERE[name](place)


def base_path(database: Database[Document], path: str) -> Document | None:
    """Return the entry of the base path, also while a defect has moved it."""
    return database.base_paths.find_one({"base_path": {"$in": [path, path + _MOVED]}, "_id": {"$type": "objectId"}})


def _whole(place: Place, hours: int) -> Document:
    """A sound recording of one hour, so long before all others."""
    start = place.before_all(hours)
    return place.recording(start, start + _HOUR)


def _orphan(place: Place) -> Document:
    whole = _whole(place, 2)
    return {name: whole[name] for name in ("uuid", "fiber_metadata")}


def _ends_first(place: Place) -> Document:
    whole = _whole(place, 4)
    return {**whole, "end_time": whole["start_time"] - _HOUR / 2}


def _start_as_text(place: Place) -> Document:
    whole = _whole(place, 8)
    return {**whole, "start_time": whole["start_time"].isoformat()}


def _without_fibre(place: Place) -> Document:
    whole = _whole(place, 10)
    parent = {name: value for name, value in whole["fiber_metadata"]["parent"].items() if name not in ("prr", "dx")}
    return {**whole, "fiber_metadata": {**whole["fiber_metadata"], "parent": parent}}


def _overlapping(place: Place) -> Document:
    one = place.a_historic_one()
    shift = (one["end_time"] - one["start_time"]) / 2
    return place.recording(one["start_time"] + shift, one["end_time"])


_RECORDINGS: Mapping[str, Callable[[Place], Document]] = {
    "recording-without-start": _orphan,
    "stale-recording": lambda place: place.recording(place.now - 30 * _HOUR, None),
    "recording-stuck": lambda place: place.recording(place.now - 3 * _HOUR, None),
    "recording-in-future": lambda place: place.recording(place.now + 2 * _HOUR, place.now + 3 * _HOUR),
    "recordings-overlap": _overlapping,
    "duplicate-uuid": lambda place: {**_whole(place, 12), "uuid": place.a_historic_one()["uuid"]},
    "end-before-start": _ends_first,
    "deleted-as-text": lambda place: {**_whole(place, 6), "deleted": "false"},
    "time-as-text": _start_as_text,
    "metadata-missing": _without_fibre,
}


def _delete_most(place: Place) -> None:
    kept = {"deleted": False, "end_time": {"$type": "date"}, "_id": {"$type": "objectId"}}
    chosen = [one["_id"] for number, one in enumerate(place.recordings.find(kept, {"_id": 1})) if number % 4]
    place.recordings.update_many({"_id": {"$in": chosen}}, {"$set": {"deleted": True, _MARK: True}})


def _list_elsewhere(place: Place) -> None:
    place.unrecognized.insert_one(
        {
            "_id": "unrecognized-elsewhere",
            "folder_name": "/mnt/old/unknown-1",
            "file_count": "3",
            "update_time": place.now,
        }
    )


def _double_base_path(place: Place) -> None:
    place.database.base_paths.insert_one(
        {"_id": "base-path-doubled", "base_path": place.path, "guid": _EMPTY_GUID, "is_archive": False}
    )


def _move_base_path(place: Place) -> None:
    place.database.base_paths.update_one({"guid": place.guid}, {"$set": {"base_path": place.path + _MOVED}})


def _write_flag_as_text(place: Place) -> None:
    place.database.base_paths.update_one({"guid": place.guid}, {"$set": {"is_archive": "false"}})


def _leave_orphans(place: Place) -> None:
    place.database[_FOREIGN_GUID].insert_one(_whole(place, 14))


_ELSEWHERE: Mapping[str, Callable[[Place], None]] = {
    "recordings-mostly-deleted": _delete_most,
    "unrecognized-elsewhere": _list_elsewhere,
    "base-path-doubled": _double_base_path,
    "base-path-moved": _move_base_path,
    "archive-flag-as-text": _write_flag_as_text,
    "orphan-collection": _leave_orphans,
}
