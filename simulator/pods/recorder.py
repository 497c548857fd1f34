"""Program of the SEGY recorder's pod: keeps one live recording in MongoDB and closes it into a historic one.

A file is five minutes long (times the site's time scale, at least two seconds); the next one begins where it ended.
Each write is journaled before it counts. While MongoDB is away the recorder keeps trying, and its file gets longer
meanwhile. How far the data reach stands in a file of the storage, so that the next recorder can close what a killed
one left open.

Environment of the pod: MONGODB_URI, MONGODB_DATABASE, STORAGE (a folder that outlives the pod), RECORDING_MACHINE,
TIME_SCALE; optional: STORAGE_MOUNT_PATH (the recordings' base path).
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pymongo
from pymongo import MongoClient, WriteConcern
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from simulator import defects
from simulator.layout.state import write_atomically
from simulator.pods.log import start_log

FILE_SECONDS = 300.0
SHORTEST_FILE_SECONDS = 2.0
_TICK_SECONDS = 0.5
_DATABASE_SECONDS = 2.0
# A tick may be as late as a database that does not answer makes it; later ones come after a pause of the program.
_INTERRUPTED_SECONDS = 4.0
# What a pod has left between SIGTERM and SIGKILL is little, and MongoDB may be ending as well.
_FAREWELL_SECONDS = 0.5
# Older open recordings are no dead recorder's: an operator has to look at them.
_MINE = timedelta(hours=24)
# A file with less than this has nothing that can be played.
_PLAYABLE = timedelta(seconds=1)

Document = dict[str, Any]

log = logging.getLogger("recorder")


@dataclass(frozen=True)
class Live:
    """The recording that is being written; times are naive UTC in whole milliseconds, as MongoDB keeps them."""

    id: str
    start: datetime


class Recorder:
    """Writes recordings of one base path. PyMongoError means that nothing was done and the call can be repeated."""

    def __init__(self, client: MongoClient[Document], storage: Path) -> None:
        self._database = client.get_database(
            os.environ["MONGODB_DATABASE"], write_concern=WriteConcern(w=1, j=True, wtimeout=2000)
        )
        self._base_path = os.environ.get("STORAGE_MOUNT_PATH", "/prisma/root/recordings")
        self._machine = os.environ["RECORDING_MACHINE"]
        self._length = timedelta(
            seconds=max(SHORTEST_FILE_SECONDS, FILE_SECONDS * float(os.environ.get("TIME_SCALE", "1")))
        )
        self._position = storage / "recorder-position.json"
        self._live: Live | None = None

    def tick(self) -> None:
        """Bring the recordings up to date: close what is left open, open a recording, close it when it is long."""
        recordings = self._collection()
        if recordings is None:
            return
        if defects.active("recorder-stopped"):
            self.close()
            self._live = None
            return
        if self._live is None:
            start = self._close_what_is_open(recordings)
            if not defects.active("recorder-not-resuming"):
                self._open(recordings, start)
        elif _now() - self._live.start >= self._length:
            ended, self._live = self._live, None  # what goes wrong from here on is found again as left open
            now = _now()
            self._open(recordings, now)  # first, so that there is a live recording at any time
            lost = self._length / 4 if defects.active("recorder-gaps") else timedelta()
            self._close(recordings, ended, now - lost)
        self._note_position()

    def close(self) -> None:
        """End the live recording now."""
        recordings = self._collection()
        if recordings is not None and self._live is not None:
            self._close(recordings, self._live, _now())

    def interrupt(self) -> None:
        """Lose hold of the live recording (defects only): what it holds is known up to the last note."""
        self._live = None

    def _collection(self) -> Collection[Document] | None:
        """Return the collection of the base path, None while the site's database is not filled yet."""
        known = self._database.base_paths.find_one({"base_path": self._base_path, "is_archive": {"$ne": True}})
        if known is None:
            return None
        recordings = self._database[str(known["guid"])]
        # Indexes, beside the one on _id, come last when a site's database is made.
        return recordings if self._live or len(recordings.index_information()) > 1 else None

    def _close_what_is_open(self, recordings: Collection[Document]) -> datetime:
        """Close what a recorder left open when it died; return the time from which on nothing is recorded."""
        now = end = _now()
        # The time comes first: SecantusDB takes the index of the first condition that has one, and of many recordings
        # it would read so many that the answer comes too late, is asked for again, and keeps the server from all else.
        mine = {"start_time": {"$gt": now - _MINE, "$lte": now}, "end_time": None, "deleted": False}
        left_open = list(recordings.find(mine, {"uuid": 1, "start_time": 1}).sort("start_time", 1))
        for one, following in zip_longest(left_open, left_open[1:]):
            end = following["start_time"] if following else min(now, self._known_end(one) or now)
            self._close(recordings, Live(one["uuid"], one["start_time"]), end)
        return end if now - end < timedelta(seconds=2 * _TICK_SECONDS) else now

    def _known_end(self, recording: Document) -> datetime | None:
        """Return how far the data of a recording reach, None when its recorder left no note."""
        try:
            noted = json.loads(self._position.read_text(encoding="utf-8"))
            until = datetime.fromisoformat(noted["until"])
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return until if noted.get("uuid") == recording["uuid"] else None

    def _close(self, recordings: Collection[Document], live: Live, end: datetime) -> None:
        change: Document = {"end_time": end}
        if end - live.start < _PLAYABLE:
            end = max(end, live.start + timedelta(milliseconds=1))
            change = {"end_time": end, "deleted": True}
        recordings.update_one({"uuid": live.id, "end_time": None}, {"$set": change})
        seconds = (end - live.start).total_seconds()
        log.info("closed recording %s after %.1f s%s", live.id, seconds, ", too short" if "deleted" in change else "")

    def _open(self, recordings: Collection[Document], start: datetime) -> None:
        live = Live(str(uuid.uuid4()), start)
        recordings.insert_one(self._document(recordings, live))
        self._live = live
        log.info("opened recording %s at %s", live.id, f"{start.isoformat(timespec='milliseconds')}Z")

    def _document(self, recordings: Collection[Document], live: Live) -> Document:
        # The fibre stays what it was: its description is that of the recording before.
        known: Document = {"fiber_metadata.parent.prr": {"$gt": 0}}
        newest_first = [("start_time", pymongo.DESCENDING)]
        of_late = {"start_time": {"$gt": live.start - _MINE}}
        before = recordings.find_one(of_late | known, sort=newest_first) or recordings.find_one(
            known, sort=newest_first
        )
        fibre = dict(before["fiber_metadata"]["parent"]) if before else {"layer_type": "prp2_recording"}
        fibre |= {"uuid": str(uuid.uuid4()), "recording_machine_name": self._machine}
        return {
            "uuid": live.id,
            "start_time": live.start,
            "end_time": None,
            "deleted": False,
            "fiber_metadata": {
                "layer_type": "smart_recorder",
                "uuid": live.id,
                "cmd": "record",
                "version": "TLV-1.3",
                "num_traces": 10000,
                "parent": fibre,
            },
        }

    def _note_position(self) -> None:
        if self._live:
            noted = {"uuid": self._live.id, "until": _now().isoformat(timespec="milliseconds")}
            write_atomically(self._position, json.dumps(noted))


def main() -> int:
    """Record until SIGTERM."""
    start_log()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    storage = Path(os.environ["STORAGE"])
    storage.mkdir(parents=True, exist_ok=True)
    milliseconds = int(_DATABASE_SECONDS * 1000)
    with MongoClient[Document](
        os.environ["MONGODB_URI"],
        serverSelectionTimeoutMS=milliseconds,
        connectTimeoutMS=milliseconds,
        socketTimeoutMS=milliseconds,
        maxPoolSize=1,
    ) as client:
        recorder = Recorder(client, storage)
        answers = True
        last = time.monotonic()
        while not ended.wait(_TICK_SECONDS):
            if defects.active("recorder-crashes"):
                log.critical("the storage of the recordings does not answer: giving up")
                return 1
            now, before = time.monotonic(), last
            last = now
            if now - before > _INTERRUPTED_SECONDS and defects.active("recorder-not-resuming"):
                recorder.interrupt()
            try:
                recorder.tick()
                if not answers:
                    log.info("MongoDB answers again")
                answers = True
            except PyMongoError as problem:
                if answers:
                    log.error("MongoDB does not answer, trying again: %s", type(problem).__name__)
                answers = False
                if defects.active("recorder-drops-outage"):
                    recorder.interrupt()
        try:
            with pymongo.timeout(_FAREWELL_SECONDS):
                recorder.close()
        except PyMongoError as problem:
            log.error("the live recording stays open for the next recorder: %s", type(problem).__name__)
    return 0


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(tzinfo=None, microsecond=now.microsecond // 1000 * 1000)


if __name__ == "__main__":
    sys.exit(main())
