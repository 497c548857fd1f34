"""Content of a fresh site: recordings and indexes in MongoDB.

Everything here can be repeated: it makes the content what the active defects ask for, and leaves the rest alone.
The shapes are those of the site's recorder; each write is journaled (j=True) before it counts.
"""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

from simulator.content.mongodb_defects import RecordingStore, apply_defects, base_path, remove_defects

BASE_PATH = "/prisma/root/recordings"
RECORDINGS = 200
HISTORY = timedelta(days=14)
FIBRE_METRES = 10000
_MANY = "many-by-defect"
# A file of the recorder is as long as in its settings, or ends with what it was to hold.
_FILE_SECONDS, _CLIP_SECONDS = 300, (5, 10)
# One recording broke off and went on: a window across it has a gap.
_BROKEN, _GAP = RECORDINGS - 5, timedelta(seconds=60)
# Short: an interrupted start waits for it.
_SELECT_MS = 2000

Document = dict[str, Any]


def seed_database(uri: str, database: str, defects: frozenset[str]) -> None:
    """Fill the database with about 200 recordings of the last two weeks and set the indexes.

    Most last 20 to 80 minutes, some 5 to 10 s, some exactly as long as a file of the recorder's settings. One is live
    (started less than 24 h ago, no end), ten per cent are deleted.
    """
    with MongoClient[Document](uri, serverSelectionTimeoutMS=_SELECT_MS) as client:
        target = client.get_database(database, write_concern=WriteConcern(w=1, j=True))
        guid = _base_path_guid(target)
        recordings = target[guid]
        now = datetime.now(UTC)
        store = RecordingStore(target, BASE_PATH, guid, _sound_recording, _naive(now))
        remove_defects(store)
        if recordings.estimated_document_count() == 0:
            recordings.insert_many(_recordings(now))
            target[f"{guid}-unrecognized_recordings"].insert_many(_unrecognized(now))
        _set_indexes(recordings, defects)
        apply_defects(store, defects)
        _set_unrecognized(target[f"{guid}-unrecognized_recordings"], many="unrecognized-many" in defects)


def _base_path_guid(database: Database[Document]) -> str:
    known = base_path(database, BASE_PATH)
    if known:
        return str(known["guid"])
    guid = str(uuid.uuid4())
    database.base_paths.insert_one({"base_path": BASE_PATH, "guid": guid, "is_archive": False})
    return guid


def _recordings(now: datetime) -> list[Document]:
    # A fixed sequence: two sites differ in their dates only, so a failure can be repeated.
    chance = random.Random(210_1000)  # noqa: S311 - test data, not a secret
    slot = HISTORY / RECORDINGS
    first = now - HISTORY
    made = []
    for number in range(RECORDINGS - 2):
        start = first + slot * number + timedelta(seconds=chance.randrange(0, 900))
        length = timedelta(seconds=_seconds_of_special(number) or chance.randrange(1200, 4800))
        if number == _BROKEN:
            middle = start + length / 2
            made.append(_recording(start, middle, deleted=False))
            made.append(_recording(middle + _GAP, start + length, deleted=False))
        else:
            made.append(_recording(start, start + length, deleted=number % 10 == 4))
    made.append(_recording(now - timedelta(minutes=50), None, deleted=False))
    return made


def _seconds_of_special(number: int) -> int:
    """Return the length of one recording in ten, 0 for the others: half of them are clips, half whole files."""
    shortest, longest = _CLIP_SECONDS
    if number % 20 == 9:
        return shortest + number // 20 % (longest - shortest + 1)
    return _FILE_SECONDS if number % 20 == 16 else 0


def _recording(start: datetime, end: datetime | None, *, deleted: bool) -> Document:
    # The recorder stores naive UTC times in whole milliseconds.
    own, parent = str(uuid.uuid4()), str(uuid.uuid4())
    return {
        "uuid": own,
        "start_time": _naive(start),
        "end_time": None if end is None else _naive(end),
        "deleted": deleted,
        "fiber_metadata": {
            "layer_type": "smart_recorder",
            "uuid": own,
            "cmd": "record",
            "version": "TLV-1.3",
            "num_traces": 10000,
            "parent": {
                "layer_type": "prp2_recording",
                "uuid": parent,
                "dx": 1.0213698148727417,
                "prr": 2000.0,
                "dtype": "float32",
                "num_samples_per_trace": 9791,
                "fiber_start_meters": 0,
                "fiber_length_meters": FIBRE_METRES,
                "number_of_channels": 9791,
                "sw_version": "11.17.10513",
                "fiber_description": "Simulated fibre",
            },
        },
    }


def _sound_recording(start: datetime, end: datetime | None) -> Document:
    return _recording(start.replace(tzinfo=UTC), end and end.replace(tzinfo=UTC), deleted=False)


def _unrecognized(now: datetime) -> list[Document]:
    return [
        {
            "folder_name": f"{BASE_PATH}/unknown-{number}",
            "file_count": 3 + number,
            "update_time": _naive(now - timedelta(days=number + 1)),
        }
        for number in range(8)
    ]


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=moment.microsecond // 1000 * 1000)


def _set_indexes(recordings: Collection[Document], defects: frozenset[str]) -> None:
    missing = {
        "uuid_1": "uuid-index-missing" in defects,
        "deleted_1": "deleted-index-missing" in defects,
        "start_time_1": "start-index-missing" in defects,
    }
    present = recordings.index_information()
    for field in ("end_time", "uuid", "deleted", "start_time"):
        name = f"{field}_1"
        unique = field == "uuid" and "duplicate-uuid" not in defects
        if name in present and (missing.get(name) or unique != bool(present[name].get("unique"))):
            recordings.drop_index(name)
        if not missing.get(name):
            recordings.create_index(field, name=name, unique=unique)


def _set_unrecognized(unrecognized: Collection[Document], *, many: bool) -> None:
    unrecognized.delete_many({"folder_name": {"$regex": f"/{_MANY}-"}})
    if many:
        now = _naive(datetime.now(UTC))
        names = (f"{BASE_PATH}/{_MANY}-{number}" for number in range(RECORDINGS // 2))
        unrecognized.insert_many([{"folder_name": name, "file_count": 1, "update_time": now} for name in names])


def set_default_login(root_uri: str, defects: frozenset[str]) -> None:
    """Make the login admin, admin under its defect, and remove it otherwise."""
    with MongoClient[Document](root_uri, serverSelectionTimeoutMS=_SELECT_MS) as client:
        users = client.admin.command("usersInfo", "admin")["users"]
        if "mongodb-default-login" in defects and not users:
            client.admin.command("createUser", "admin", pwd="admin", roles=["root"])  # noqa: S106 - the defect
        elif "mongodb-default-login" not in defects and users:
            client.admin.command("dropUser", "admin")
