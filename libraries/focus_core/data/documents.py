"""The part of a data set that lies in MongoDB: recordings, unrecognized folders, a base path of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from focus_core.base.errors import BenchError
from focus_core.base.threads import Threads
from focus_core.contract import record
from focus_core.data import damages, names, recordings
from focus_core.data.names import SetName
from focus_core.data.profiles import Profile
from focus_core.data.recordings import FIBRE, Document, Source
from focus_core.mongodb.access import Marked
from focus_core.mongodb.client import BASE_PATHS, UNRECOGNIZED_SUFFIX, MongoSite

if TYPE_CHECKING:
    from concurrent.futures import Future

    from focus_core.site.model import Site

# Written at once; what is made and not yet written is all that takes memory.
# Two writers with batches of 1000 made the server of the simulated site stand still.
_BATCH = 500
# To connect; four times as much for an answer: a server may take long to drop a large collection.
_TIMEOUT_S = 30.0
_OWN_FOLDER = "/prisma/root"


@dataclass(frozen=True)
class Stored:
    """What of a set lies in MongoDB: recordings and where, unrecognized folders, when the sound ones begin and end
    (naive UTC)."""

    recordings: int = 0
    unrecognized: int = 0
    base_path: str | None = None
    start: datetime | None = None
    end: datetime | None = None


def make(site: Site, name: SetName, profile: Profile, seed: int, until: datetime | None) -> Stored:
    """Writes the documents and says what was written; finished recordings end at ``until`` (aware), or before all that
    there are.

    Raises ``BenchError`` when the site has no base path for them or MongoDB does not take them.
    """
    with closing(_mongo(site)) as mongo:
        clock = mongo.clock().replace(tzinfo=None)
        storage = _storage(mongo)
        end = (until.astimezone(UTC).replace(tzinfo=None) if until else None) or _before_all(mongo, storage) or clock
        own = profile.base_path == "own"
        if own:
            _make_base_path(mongo, name, profile)
        elif storage is None:
            raise BenchError(f"MongoDB of site {site.name} has no base path to put recordings in; use base_path own.")
        guid = name.text if own else str(storage)
        source = Source(name.text, seed, end.replace(microsecond=0), clock, _fibre(mongo, storage))
        damaged = Source(name.text, seed, recordings.start_of(profile.recordings, source.end), clock, source.fibre)
        path = _path(mongo, guid)
        made = chain(
            recordings.documents(source, profile.recordings), damages.documents(damaged, dict(profile.damaged))
        )
        written = _write(mongo, guid, name, made)
        folders = _folders(source, profile, guid if own else path)
        unrecognized = _write(mongo, guid + UNRECOGNIZED_SUFFIX, name, folders)
        # A place that holds nothing but folders is one all the same, as in ``found``.
        return Stored(written.count, unrecognized.count, path, written.start, written.end)


def remove(site: Site, name: SetName) -> None:
    """Removes the documents of a set wherever they lie, what was made last first."""
    with closing(_mongo(site)) as mongo:
        own = [one for one in mongo.collections() if one.removesuffix(UNRECOGNIZED_SUFFIX) == name.text]
        shared = [one for one in _places(mongo) if one not in own]
        for collection in reversed(shared):
            mongo.remove_marked(collection, name.text)
        mongo.remove_marked(BASE_PATHS, name.text)
        for collection in reversed(own):
            mongo.drop_own_collection(collection, name.run)


def found(site: Site) -> dict[str, Stored]:
    """What test data the site's MongoDB holds, by the names of their sets."""
    with closing(_mongo(site)) as mongo:
        paths = {place.guid: place.path for place in mongo.base_paths()}
        # A base path that was half made or half removed has its collection all the same.
        own = {one for one in mongo.collections() if names.of_object(one) == one}
        seen: dict[str, Stored] = {one: Stored(base_path=paths.get(one)) for one in own}
        for guid in sorted(own | paths.keys()):
            for mark, held in mongo.marks(guid).items():
                seen[mark] = Stored(held.count, 0, paths.get(guid), held.start, held.end)
        for guid in sorted(own | paths.keys()):
            for mark, held in mongo.marks(guid + UNRECOGNIZED_SUFFIX).items():
                before = seen.get(mark, Stored(base_path=paths.get(guid)))
                seen[mark] = replace(before, unrecognized=held.count)
        return {mark: seen.get(mark, Stored()) for mark in {**seen, **mongo.marks(BASE_PATHS)}}


def _mongo(site: Site) -> MongoSite:
    return MongoSite.of_site(site, timeout=_TIMEOUT_S)


def _places(mongo: MongoSite) -> list[str]:
    """All collections that may hold documents of a set beside those that are wholly its own."""
    present = set(mongo.collections())
    guids = [place.guid for place in mongo.base_paths()]
    return [one for guid in guids for one in (guid, guid + UNRECOGNIZED_SUFFIX) if one in present]


def _storage(mongo: MongoSite) -> str | None:
    """The guid of the base path that is recorded to: of those that are no archive and no test data, the one with the
    newest recording."""
    newest = []
    for place in mongo.base_paths():
        if not place.archive and names.of_object(place.guid) is None:
            latest = mongo.first_of(place.guid, _DATED, [("start_time", -1)])
            newest.append((latest["start_time"] if latest else datetime.min, place.guid))
    return max(newest)[1] if newest else None


_DATED = {"start_time": {"$type": "date"}}


def _before_all(mongo: MongoSite, guid: str | None) -> datetime | None:
    first = mongo.first_of(guid, _DATED, [("start_time", 1)]) if guid else None
    return first["start_time"] if first else None


def _fibre(mongo: MongoSite, guid: str | None) -> dict[str, Any]:
    """The fibre as the newest recording describes it: it stays what it was."""
    known = {"fiber_metadata.parent.prr": {"$gt": 0}}
    newest = mongo.first_of(guid, known, [("start_time", -1)]) if guid else None
    return dict(newest["fiber_metadata"]["parent"] if newest else FIBRE)


def _path(mongo: MongoSite, guid: str) -> str:
    return next(place.path for place in mongo.base_paths() if place.guid == guid)


def _make_base_path(mongo: MongoSite, name: SetName, profile: Profile) -> None:
    # The indexes of the contract of record; a repeated uuid needs one that is not unique.
    repeated = bool(profile.damaged.get("repeated uuid"))
    wanted = record.collections()["recordings"]["indexes"].values()
    indexes = {field: bool(one.get("unique")) and not repeated for one in wanted for field in one["keys"]}
    mongo.make_own_collection(name.text, name.run, indexes)
    place = {"base_path": f"{_OWN_FOLDER}/{name}", "guid": name.text, "is_archive": False}
    mongo.add_marked(BASE_PATHS, name.text, [place])


def _folders(source: Source, profile: Profile, path: str) -> Iterator[Document]:
    chance = source.chance("folders")
    for number in range(profile.unrecognized):
        folder = f"{path if path.startswith('/') else f'{_OWN_FOLDER}/{path}'}/unrecognized-{source.name[-8:]}-{number}"
        yield {"folder_name": folder, "file_count": chance.randrange(1, 50), "update_time": source.now}


def _write(mongo: MongoSite, collection: str, name: SetName, documents: Iterable[Document]) -> Marked:
    """Writes documents, each batch while the next is made; says what was written.

    When it is stopped the batch that is under way is waited for: written after the set was removed, it would stay.
    """
    waiting, written = iter(documents), Marked(0)
    with Threads(1) as writer:
        under_way: Future[None] | None = None
        try:
            while batch := list(islice(waiting, _BATCH)):
                if under_way:
                    under_way.result()
                under_way = writer.submit(mongo.add_marked, collection, name.text, batch)
                written = _with(written, batch)
            if under_way:
                under_way.result()
        except BaseException:
            if under_way:
                under_way.exception()
            raise
    return written


def _with(written: Marked, batch: list[Document]) -> Marked:
    sound = [one for one in batch if one.get("deleted") is False and _dated(one)]
    starts = [one["start_time"] for one in sound] + ([written.start] if written.start else [])
    ends = [one["end_time"] for one in sound] + ([written.end] if written.end else [])
    return Marked(written.count + len(batch), min(starts, default=None), max(ends, default=None))


def _dated(document: Document) -> bool:
    return all(isinstance(document.get(field), datetime) for field in ("start_time", "end_time"))
