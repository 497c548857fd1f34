"""Wrong data that the defects add to the recordings, and its removal.

Each is one document, or one change, that a look at the database finds. Added documents have the defect's name as
`_id`, so that they are found again whatever is wrong with them; changed documents are marked.
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
class RecordingStore:
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
        """A time `hours` before the first sound recording."""
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


def remove_defects(store: RecordingStore) -> None:
    """Remove what the defects have added, and undo what they have changed."""
    store.recordings.delete_many({"_id": {"$in": list(_RECORDINGS)}})
    store.recordings.update_many({_MARK: True}, {"$set": {"deleted": False}, "$unset": {_MARK: ""}})
    store.unrecognized.delete_many({"_id": "unrecognized-elsewhere"})
    store.database.base_paths.delete_many({"_id": "base-path-doubled"})
    store.database.base_paths.update_many(
        {"guid": store.guid}, {"$set": {"base_path": store.path, "is_archive": False}}
    )
    store.database.drop_collection(_FOREIGN_GUID)


def apply_defects(store: RecordingStore, defects: frozenset[str]) -> None:
    """Add what the active defects ask for; nothing of it may be there yet."""
    for name in defects & _RECORDINGS.keys():
        store.recordings.insert_one({**_RECORDINGS[name](store), "_id": name})
    for name in defects & _ELSEWHERE.keys():
        _ELSEWHERE[name](store)


def base_path(database: Database[Document], path: str) -> Document | None:
    """Return the entry of the base path, also while a defect has moved it."""
    return database.base_paths.find_one({"base_path": {"$in": [path, path + _MOVED]}, "_id": {"$type": "objectId"}})


def _whole(store: RecordingStore, hours: int) -> Document:
    """A sound recording of one hour, `hours` before all others."""
    start = store.before_all(hours)
    return store.recording(start, start + _HOUR)


def _orphan(store: RecordingStore) -> Document:
    whole = _whole(store, 2)
    return {name: whole[name] for name in ("uuid", "fiber_metadata")}


def _ends_first(store: RecordingStore) -> Document:
    whole = _whole(store, 4)
    return {**whole, "end_time": whole["start_time"] - _HOUR / 2}


def _start_as_text(store: RecordingStore) -> Document:
    whole = _whole(store, 8)
    return {**whole, "start_time": whole["start_time"].isoformat()}


def _without_fibre(store: RecordingStore) -> Document:
    whole = _whole(store, 10)
    parent = {name: value for name, value in whole["fiber_metadata"]["parent"].items() if name not in ("prr", "dx")}
    return {**whole, "fiber_metadata": {**whole["fiber_metadata"], "parent": parent}}


def _overlapping(store: RecordingStore) -> Document:
    one = store.a_historic_one()
    shift = (one["end_time"] - one["start_time"]) / 2
    return store.recording(one["start_time"] + shift, one["end_time"])


_RECORDINGS: Mapping[str, Callable[[RecordingStore], Document]] = {
    "recording-without-start": _orphan,
    "stale-recording": lambda store: store.recording(store.now - 30 * _HOUR, None),
    "recording-stuck": lambda store: store.recording(store.now - 3 * _HOUR, None),
    "recording-in-future": lambda store: store.recording(store.now + 2 * _HOUR, store.now + 3 * _HOUR),
    "recordings-overlap": _overlapping,
    "duplicate-uuid": lambda store: {**_whole(store, 12), "uuid": store.a_historic_one()["uuid"]},
    "end-before-start": _ends_first,
    "deleted-as-text": lambda store: {**_whole(store, 6), "deleted": "false"},
    "time-as-text": _start_as_text,
    "metadata-missing": _without_fibre,
}


def _delete_most(store: RecordingStore) -> None:
    kept = {"deleted": False, "end_time": {"$type": "date"}, "_id": {"$type": "objectId"}}
    chosen = [one["_id"] for number, one in enumerate(store.recordings.find(kept, {"_id": 1})) if number % 4]
    store.recordings.update_many({"_id": {"$in": chosen}}, {"$set": {"deleted": True, _MARK: True}})


def _list_elsewhere(store: RecordingStore) -> None:
    store.unrecognized.insert_one(
        {
            "_id": "unrecognized-elsewhere",
            "folder_name": "/mnt/old/unknown-1",
            "file_count": "3",
            "update_time": store.now,
        }
    )


def _double_base_path(store: RecordingStore) -> None:
    store.database.base_paths.insert_one(
        {"_id": "base-path-doubled", "base_path": store.path, "guid": _EMPTY_GUID, "is_archive": False}
    )


def _move_base_path(store: RecordingStore) -> None:
    store.database.base_paths.update_one({"guid": store.guid}, {"$set": {"base_path": store.path + _MOVED}})


def _write_flag_as_text(store: RecordingStore) -> None:
    store.database.base_paths.update_one({"guid": store.guid}, {"$set": {"is_archive": "false"}})


def _leave_orphans(store: RecordingStore) -> None:
    store.database[_FOREIGN_GUID].insert_one(_whole(store, 14))


_ELSEWHERE: Mapping[str, Callable[[RecordingStore], None]] = {
    "recordings-mostly-deleted": _delete_most,
    "unrecognized-elsewhere": _list_elsewhere,
    "base-path-doubled": _double_base_path,
    "base-path-moved": _move_base_path,
    "archive-flag-as-text": _write_flag_as_text,
    "orphan-collection": _leave_orphans,
}
