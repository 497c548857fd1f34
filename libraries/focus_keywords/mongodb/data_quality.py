"""Keywords about the recordings in MongoDB: what they look like, what they are, and whether they can be true."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.mongodb import client as mongo_client
from focus_core.mongodb import contract_check, recordings_list
from focus_core.mongodb import recordings as mongo_recordings
from focus_core.mongodb import schema as mongo_schema
from focus_core.mongodb.recordings import IDENTITY_FIELDS, RecordingClass, name_of
from focus_core.mongodb.subjects import Subject
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_answer
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword

# A model looks at so many recordings at most, the newest; the server looks at all (site-contract 5.3).
SCHEMA_SAMPLE = 100
# How many faulty recordings a failure names.
NAMED = 3
# The recorder begins the next recording a moment before it ends the last one.
_TURN_S = 5.0


class DataQuality:
    """The recordings of the site, which are only read."""

    @keyword(tags=("mongodb",))
    def documents_should_fit_their_schema(self, subject: Subject) -> None:
        """Fails when a document has a member missing or of another type than the contract's (5.1), naming it.

        Looked at twice: all documents by the server (``$jsonSchema``), the newest 100 by a model of our own. Subjects:
        recordings, metadata (of the fibre, in each recording), base paths, unrecognized folders.

        | Documents Should Fit Their Schema    base paths
        """
        collections = self._collections(subject)
        sample = [one for name in collections for one in self._newest(subject, name)]
        misfits = [
            one
            for name in collections
            for one in clients.mongodb().documents(name, mongo_schema.misfits(subject), limit=SCHEMA_SAMPLE)
        ]
        if not sample:
            raise AssertionError(f"There is nothing to look at: no {subject}.")
        both = {one["_id"]: one for one in [*sample, *misfits]}
        differ = mongo_schema.disagreements(subject, both.values(), [one["_id"] for one in misfits])
        if differ and len(misfits) < SCHEMA_SAMPLE:
            raise BenchError(f"The two schemas of {subject} do not agree: {'; '.join(differ[:NAMED])}.")
        faulty = [f"{name_of(one)}: {', '.join(mongo_schema.faults(subject, one))}" for one in misfits]
        fail_with(f"{len(faulty)} {subject} do not fit the schema", faulty)

    @keyword(tags=("mongodb",))
    def collections_should_be_those_of_the_contract(self) -> None:
        """Fails when an index of a collection is not as the contract of record has it, or a document is not.

        | Collections Should Be Those Of The Contract
        """
        fail_with("The database is not the contract", contract_check.problems(clients.mongodb()))

    @keyword(tags=("mongodb",))
    def recordings_should_be_only(self, *classes: RecordingClass) -> None:
        """Fails when a recording is of another class than the given ones; all recordings are looked at.

        Classes: historic, live, deleted, stale (live for more than 24 h), invalid (no start), orphan (at least two of
        uuid, start, end, deleted missing).

        | Recordings Should Be Only    historic    live    deleted
        """
        recordings = self._all()
        now = clients.mongodb().clock()
        logger.info(f"Recordings: {dict(mongo_recordings.classes_of(recordings, now))}")
        classified = [(entry, mongo_recordings.classify(entry, now)) for entry in recordings]
        others = [f"{name_of(entry)} is {kind}" for entry, kind in classified if kind not in classes]
        if others:
            raise AssertionError(
                f"{len(others)} of {len(recordings)} recordings are not {', '.join(classes)}: "
                f"{', '.join(others[:NAMED])}."
            )

    @keyword(tags=("mongodb",))
    def recordings_should_not_overlap(self) -> None:
        """Fails when a finished recording begins before an earlier one of the same base path has ended; deleted ones
        aside.

        | Recordings Should Not Overlap
        """
        problems = [
            problem
            for guid in clients.mongodb().recordings_collections()
            for problem in mongo_recordings.overlaps(clients.mongodb().recordings_of(guid, IDENTITY_FIELDS))
        ]
        fail_with("Recordings overlap", problems)

    @keyword(tags=("mongodb",))
    def recordings_should_not_lie_in_the_future(self) -> None:
        """Fails when a recording begins or ends after now, as the database's clock has it, and when that clock differs
        from this machine's by more than the site's ``clock_difference_s``.

        | Recordings Should Not Lie In The Future
        """
        recordings = self._all()
        before = time.time()
        now = clients.mongodb().clock()
        away = max(before - now.timestamp(), now.timestamp() - time.time(), 0)
        limit = site().timings.clock_difference_s
        logger.info(f"The clocks of MongoDB and of this machine differ by {away:.3f} s.")
        problems = [f"MongoDB's clock differs from this machine's by {away:.1f} s"] if away > limit else []
        fail_with("Recordings lie in the future", problems + mongo_recordings.in_future(recordings, now))

    @keyword(tags=("mongodb",))
    def next_recording_should_follow_without_a_gap(self) -> None:
        """Watches the recorder until it has ended one recording and begun the next: at most ``recording_s`` and
        ``reconnected_s``.

        Fails when that does not happen, when the second does not begin where the first ended (``recording_gap_s``),
        when it does not fit the schema, and when the number of recordings has ever become smaller.

        | Next Recording Should Follow Without A Gap
        """
        timings = site().timings
        for guid in self._recorded_to():
            first = self._live_recording(guid)
            ended, second = wait_until(
                f"Recording {name_of(first)} is followed by another one",
                self._watching(guid, first),
                timeout=timings.recording_s + timings.reconnected_s,
                interval=0.5,
            )
            (gap,) = mongo_recordings.gaps([ended, second])
            logger.info(f"{name_of(second)} follows {name_of(ended)} after {gap:.3f} s.")
            problems = [fault for subject in ("recordings", "metadata") for fault in _faults(subject, second)]
            if abs(gap) > timings.recording_gap_s:
                between = "passed between" if gap > 0 else "are in both of"
                problems.append(f"{abs(gap):.1f} s {between} {name_of(ended)} and {name_of(second)}")
            fail_with("The recorder did not go on as it must", problems)

    @keyword(tags=("mongodb",))
    def deleted_recordings_should_not_be_listed(self) -> None:
        """Fails when the Focus Server lists a recording that MongoDB marks as deleted; all are looked at.

        | Deleted Recordings Should Not Be Listed
        """
        answer = client().recordings(0, int(time.time()))
        check_answer(answer, OK, "Asking for all recordings")
        stored = recordings_list.stored(clients.mongodb())
        kept = [one.listed for one in stored if not one.deleted]
        deleted = [one.listed for one in stored if one.deleted and one.listed not in kept]
        if not deleted:
            raise AssertionError("MongoDB holds no deleted recording, so it cannot be seen that none is listed.")
        listed = [entry for entry in answer.json() if entry in deleted]
        fail_with(
            f"{len(listed)} of {len(deleted)} deleted recordings are listed",
            [f"{start}-{end} is deleted" for start, end in listed],
        )

    def _all(self) -> list[dict[str, Any]]:
        recordings = clients.mongodb().recordings(fields=IDENTITY_FIELDS)
        if not recordings:
            raise AssertionError("There is no recording at all.")
        return recordings

    def _recorded_to(self) -> list[str]:
        guids = [place.guid for place in clients.mongodb().base_paths() if not place.archive]
        if not guids:
            raise AssertionError("There is no base path that the recorder could write to.")
        return guids

    def _collections(self, subject: Subject) -> list[str]:
        if subject == "base paths":
            return [mongo_client.BASE_PATHS]
        if subject == "unrecognized folders":
            return clients.mongodb().unrecognized_collections()
        return clients.mongodb().recordings_collections()

    def _newest(self, subject: Subject, collection: str) -> list[dict[str, Any]]:
        if subject in ("recordings", "metadata"):
            return clients.mongodb().newest_of(collection, SCHEMA_SAMPLE)
        return clients.mongodb().documents(collection, limit=SCHEMA_SAMPLE)

    def _live_recording(self, guid: str) -> dict[str, Any]:
        """The one live recording of a base path; waits for the moment in which the recorder turns to the next."""
        timings = site().timings
        oldest = timings.recording_s + timings.reconnected_s

        def one() -> dict[str, Any]:
            now = clients.mongodb().clock().replace(tzinfo=None)
            live = clients.mongodb().documents(
                guid, {"end_time": None, "deleted": False, "start_time": {"$type": "date"}}
            )
            ages = {name_of(entry): (now - entry["start_time"]).total_seconds() for entry in live}
            if len(live) != 1 or max(ages.values()) > oldest:
                seen = ", ".join(f"{name} for {age:.0f} s" for name, age in ages.items()) or "none"
                raise NotYet(f"{seen}; one, for at most {oldest:g} s, is right")
            return live[0]

        return wait_until("One recording is live", one, timeout=_TURN_S)

    def _watching(
        self, guid: str, first: Mapping[str, Any]
    ) -> Callable[[], tuple[dict[str, Any], dict[str, Any]] | None]:
        most = 0

        def followed() -> tuple[dict[str, Any], dict[str, Any]] | None:
            nonlocal most
            count = clients.mongodb().count(guid)
            if count < most:
                raise AssertionError(f"There were {most} recordings while the recorder ran, then {count}.")
            most = count
            found = clients.mongodb().documents(guid, {"start_time": {"$gte": first["start_time"]}, "deleted": False})
            ended = [one for one in found if one["_id"] == first["_id"] and one.get("end_time")]
            later = [one for one in found if one["_id"] != first["_id"]]
            if not ended or not later:
                raise NotYet(f"{'ended' if ended else 'still live'}, {len(later)} later ones")
            return ended[0], min(later, key=lambda one: one["start_time"])

        return followed


def _faults(subject: Subject, recording: Mapping[str, Any]) -> Iterable[str]:
    return (f"{name_of(recording)}: {fault}" for fault in mongo_schema.faults(subject, recording))
