"""Keywords about MongoDB: what questions leave behind, what must not be lost, and documents of the run's own."""

from __future__ import annotations

import time
from dataclasses import dataclass

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.disruption import undos
from focus_core.mongodb.client import UNRECOGNIZED_SUFFIX
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_status
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword

# Connections that other clients open meanwhile: at most so many for each request of ours, or there is a leak.
_CONNECTIONS_A_REQUEST = 0.5


@dataclass(frozen=True)
class OwnDocuments:
    """Documents of a collection of this run's own: the numbers that were acknowledged."""

    collection: str
    numbers: frozenset[int]


class MongoServer:
    """Connections, recordings that must not be lost, and documents of the run's own."""

    @keyword(tags=("mongodb",))
    def asking_for_recordings_should_leave_no_connection_open(self, *, requests: int = 20) -> None:
        """Asks the Focus Server for recordings so many times, and fails when MongoDB then has more open connections:
        half as many more as there were requests. For exclusive suites.

        | Asking For Recordings Should Leave No Connection Open    requests=20
        """
        demands.at_least(1, requests=requests)
        before = clients.mongodb().status()
        logger.info(
            f"MongoDB {before.version}, up for {before.uptime}: {before.connections} connections, "
            f"{before.available} more available; this process: {before.pool}"
        )
        for _ in range(requests):
            check_status(client().recordings(0, int(time.time())), OK, "Asking for recordings")

        def settled() -> bool:
            now = clients.mongodb().status()
            if now.connections - before.connections >= requests * _CONNECTIONS_A_REQUEST:
                raise NotYet(f"{now.connections} connections, {before.connections} before {requests} requests")
            return True

        wait_until("No connection to MongoDB is left open", settled, timeout=site().timings.reconnected_s / 3)

    @keyword(tags=("mongodb",))
    def unrecognized_folders_should_lie_below_their_base_path(self) -> None:
        """Fails when a folder that the indexer did not recognize lies outside of the base path that lists it.

        | Unrecognized Folders Should Lie Below Their Base Path
        """
        problems = []
        for place in clients.mongodb().base_paths():
            folders = clients.mongodb().documents(place.guid + UNRECOGNIZED_SUFFIX)
            names = [str(folder.get("folder_name")) for folder in folders]
            below = f"{place.path.rstrip('/')}/"
            problems += [f"{name} is not below {place.path}" for name in names if not name.startswith(below)]
        fail_with("Unrecognized folders lie outside of their base path", problems)

    @keyword(tags=("mongodb",))
    def no_recording_should_be_lost_since(self, count: int) -> None:
        """Fails when there are fewer recordings now than ``count``, taken earlier with `Get Recording Count`.

        | No Recording Should Be Lost Since    ${count}
        """
        demands.at_least(1, count=count)
        now = sum(clients.mongodb().count(name) for name in clients.mongodb().recordings_collections())
        if now < count:
            raise AssertionError(f"{count - now} of {count} recordings were lost; {now} are left.")

    @keyword(tags=("mongodb",))
    def write_acknowledged_documents(self, count: int = 20) -> OwnDocuments:
        """Writes so many documents into a collection of the run's own; each is acknowledged as on disk.

        The collection is dropped at the end of the test. Returns what was written.

        | ${written} =    Write Acknowledged Documents    50
        | Every Acknowledged Document Should Be There    ${written}
        """
        demands.at_least(1, count=count)
        written = OwnDocuments(unique("focus_own"), frozenset(range(count)))
        undos.register(
            site(), undos.OWN_COLLECTION, f"Collection {written.collection}", {"collection": written.collection}
        )
        clients.mongodb().write_own(written.collection, [{"number": number} for number in range(count)])
        return written

    @keyword(tags=("mongodb",))
    def every_acknowledged_document_should_be_there(self, written: OwnDocuments) -> None:
        """Fails unless the collection holds exactly the documents that were acknowledged.

        | Every Acknowledged Document Should Be There    ${written}
        """
        found = [document["number"] for document in clients.mongodb().documents(written.collection)]
        if len(found) != len(written.numbers) or set(found) != written.numbers:
            lost = len(written.numbers - set(found))
            raise AssertionError(
                f"{lost} of {len(written.numbers)} acknowledged documents are lost; the collection holds {len(found)}."
            )
