"""What the database holds, as objects that a tester filters, counts and compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from focus_core.base import demands
from focus_core.base.quantities import Hertz, Metres, Moment, Percent, Seconds
from focus_core.base.words import Recording
from focus_core.mongodb.client import BASE_PATHS, UNRECOGNIZED_SUFFIX, MongoSite
from focus_core.mongodb.recordings import IDENTITY_FIELDS, RecordingClass, classify, name_of
from focus_core.mongodb.subjects import UUID_PATTERN

Content = Literal["base paths", "recordings", "unrecognized folders", "other"]
RecordingOrder = Literal["longest", "shortest", "newest", "oldest"]

_FIELDS = (*IDENTITY_FIELDS, "fiber_metadata.num_traces", "fiber_metadata.parent.prr", "fiber_metadata.parent.dx")
# Longest and newest first: what has no length or start comes last.
_ORDERS: dict[RecordingOrder, tuple[str, bool]] = {
    "longest": ("length", True),
    "shortest": ("length", False),
    "newest": ("start", True),
    "oldest": ("start", False),
}


@dataclass(frozen=True)
class StoredRecording:
    """A recording as MongoDB holds it.

    - ``uuid``: its id; that of its document where it has none
    - ``state``: historic, live, deleted, stale (live for more than 24 h), invalid (no start) or orphan (at least two of
      uuid, start, end, deleted missing)
    - ``start``, ``end``: moments (UTC); none where MongoDB has no time there, as the end of one that goes on
    - ``age``: time since its start, by the clock of MongoDB (s); none without a start
    - ``base_path``: the folder that it lies in
    - ``traces``, ``prr``, ``spacing``: number of traces, pulse rate (Hz) and channel spacing (m) of its fibre; none
      where MongoDB has no number there
    - ``length``: time between start and end, to its age where it goes on (s); none without a start
    - ``window``: start and end in whole seconds since the epoch, as a view plays it; none without them
    """

    uuid: str
    state: RecordingClass
    start: Moment | None
    end: Moment | None
    age: Seconds | None
    base_path: str
    traces: int | None
    prr: Hertz | None
    spacing: Metres | None

    @property
    def length(self) -> Seconds | None:
        """Seconds between start and end, or until now."""
        if self.start is None or self.end is None:
            return self.age
        return Seconds((self.end - self.start).total_seconds())

    @property
    def window(self) -> Recording | None:
        """What a historic view can play."""
        if self.start is None or self.end is None:
            return None
        return Recording(int(self.start.timestamp()), int(self.end.timestamp()))

    def __str__(self) -> str:
        return f"{self.state} recording {self.uuid} of {self.length or 'no length'} from {self.start or 'no time'}"


@dataclass(frozen=True)
class RecordingFilter:
    """What recordings are asked for; what is none is not asked."""

    uuid: str | None = None
    state: RecordingClass | None = None
    since: Moment | None = None
    until: Moment | None = None
    at_least: timedelta | None = None
    at_most: timedelta | None = None
    base_path: str | None = None

    def __str__(self) -> str:
        asked = [f"{name.replace('_', ' ')} {value}" for name, value in vars(self).items() if value is not None]
        return f"recording with {', '.join(asked)}" if asked else "recording"

    def accepts(self, one: StoredRecording) -> bool:
        """Whether the recording is one of these: begun since, ended until, at least and at most so long."""
        return (
            self.uuid in (None, one.uuid)
            and self.state in (None, one.state)
            and self.base_path in (None, one.base_path)
            and (self.since is None or (one.start is not None and one.start >= self.since))
            and (self.until is None or (one.end is not None and one.end <= self.until))
            and (self.at_least is None or (one.length is not None and one.length >= self.at_least.total_seconds()))
            and (self.at_most is None or (one.length is not None and one.length <= self.at_most.total_seconds()))
        )


@dataclass(frozen=True)
class StoredBasePath:
    """A base path: a folder of recordings.

    - ``path``: the folder in the storage
    - ``guid``: the name of the collection that lists its recordings
    - ``archive``: whether the recorder does not write to it
    - ``recordings``: number of its recordings, deleted ones included
    - ``live_recordings``: number of those without an end that are not deleted
    """

    path: str
    guid: str
    archive: bool
    recordings: int
    live_recordings: int

    def __str__(self) -> str:
        return f"base path {self.path} with {self.recordings} recordings"


@dataclass(frozen=True)
class StoredCollection:
    """A collection of the database.

    - ``name``: its name; a collection of recordings is named by the guid of its base path
    - ``content``: base paths, recordings, unrecognized folders or other
    - ``base_path``: the folder whose recordings or folders it lists; none where no base path has its guid
    - ``documents``: number of its documents
    - ``indexed_by``: the fields that have an index of their own
    - ``unique_by``: those of them whose index lets no value come twice
    """

    name: str
    content: Content
    base_path: str | None
    documents: int
    indexed_by: list[str]
    unique_by: list[str]

    def __str__(self) -> str:
        return f"collection {self.name} of {self.documents} documents ({self.content})"


@dataclass(frozen=True)
class StoredDocument:
    """A document of a collection.

    - ``id``: its ``_id``
    - ``collection``: the name of its collection
    - ``content``: its fields by their names, without ``_id``
    """

    id: str
    collection: str
    content: dict[str, Any]

    def __str__(self) -> str:
        return f"document {self.id} of {self.collection}"


def recordings(mongo: MongoSite) -> list[StoredRecording]:
    """All recordings of all base paths, the newest of each first."""
    found = [(place.path, one) for place in mongo.base_paths() for one in mongo.recordings_of(place.guid, _FIELDS)]
    now = mongo.clock()
    return [_recording(one, path, now) for path, one in found]


def selected(
    found: Iterable[StoredRecording], asked: RecordingFilter, order: RecordingOrder, first: int | None
) -> list[StoredRecording]:
    """Those that are asked for, in their order; at most the ``first`` ones."""
    attribute, descending = _ORDERS[order]
    accepted = [one for one in found if asked.accepts(one)]
    known = [one for one in accepted if getattr(one, attribute) is not None]
    ordered = sorted(known, key=lambda one: getattr(one, attribute), reverse=descending)
    ordered += [one for one in accepted if getattr(one, attribute) is None]
    if first is None:
        return ordered
    demands.at_least(1, first=first)
    return ordered[:first]


def count(mongo: MongoSite, asked: RecordingFilter) -> int:
    """How many recordings are asked for; all of them are counted by the server."""
    if asked == RecordingFilter():
        return sum(mongo.count(name) for name in mongo.recordings_collections())
    return sum(asked.accepts(one) for one in recordings(mongo))


def share(part: int, whole: int) -> Percent:
    """So many percent ``part`` is. Raises ``AssertionError`` when there is nothing."""
    if not whole:
        raise AssertionError("there is nothing of which it could be a part")
    return Percent(100 * part / whole)


def base_paths(mongo: MongoSite, archive: bool | None) -> list[StoredBasePath]:
    """The base paths, or only those that are an archive or are none, with the numbers of their recordings."""
    live = {"end_time": None, "deleted": False, "start_time": {"$type": "date"}}
    return [
        StoredBasePath(place.path, place.guid, place.archive, mongo.count(place.guid), mongo.count(place.guid, live))
        for place in mongo.base_paths()
        if archive in (None, place.archive)
    ]


def collections(mongo: MongoSite, content: Content | None, base_path: str | None) -> list[StoredCollection]:
    """The collections, or only those of such a content, and of a base path (``none``: of no one)."""
    paths = {place.guid: place.path for place in mongo.base_paths()}
    found = []
    for name in mongo.collections():
        kind, path = _content(name), paths.get(name.removesuffix(UNRECOGNIZED_SUFFIX))
        if content in (None, kind) and base_path in (None, path or "none"):
            found.append(_collection(mongo, name, kind, path))
    return found


def collections_of(mongo: MongoSite, name: str) -> list[str]:
    """The collections that a tester's word means: recordings, base paths, unrecognized folders, or one by its name."""
    word = name.strip().casefold()
    if word == "recordings":
        return mongo.recordings_collections()
    if word == "unrecognized folders":
        return mongo.unrecognized_collections()
    return [BASE_PATHS if word == "base paths" else name]


def _recording(document: Mapping[str, Any], path: str, now: datetime) -> StoredRecording:
    start, end = _moment(document.get("start_time")), _moment(document.get("end_time"))
    fibre = document.get("fiber_metadata") or {}
    parent = fibre.get("parent") or {}
    traces, prr, spacing = (_number(one) for one in (fibre.get("num_traces"), parent.get("prr"), parent.get("dx")))
    return StoredRecording(
        uuid=name_of(document),
        state=classify(document, now),
        start=start,
        end=end,
        age=None if start is None else Seconds((now - start).total_seconds()),
        base_path=path,
        traces=None if traces is None else int(traces),
        prr=None if prr is None else Hertz(prr),
        spacing=None if spacing is None else Metres(spacing),
    )


def _moment(value: object) -> Moment | None:
    return Moment.convert(value) if isinstance(value, datetime) else None


def _number(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _content(name: str) -> Content:
    if name == BASE_PATHS:
        return "base paths"
    if not re.match(UUID_PATTERN, name.removesuffix(UNRECOGNIZED_SUFFIX)):
        return "other"
    return "unrecognized folders" if name.endswith(UNRECOGNIZED_SUFFIX) else "recordings"


def _collection(mongo: MongoSite, name: str, kind: Content, path: str | None) -> StoredCollection:
    alone = [index for index in mongo.indexes(name) if len(index.keys) == 1]
    fields = dict.fromkeys(next(iter(index.keys)) for index in alone)
    unique = dict.fromkeys(next(iter(index.keys)) for index in alone if index.unique)
    return StoredCollection(name, kind, path, mongo.count(name), list(fields), list(unique))
