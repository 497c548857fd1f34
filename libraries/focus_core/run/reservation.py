"""A real site is reserved as a whole, across machines: a Lease in its namespace names the holder.

Only a site whose file asks for it (``reserve: lease``) is. What runs on one machine shares the hold and is kept apart
by the lock of ``locks``; so do the shards of one run on any machines, which their plan keeps apart. A hold that nobody
renews ends by itself, so that a run that was killed keeps nobody out.

The Lease also carries notes, annotations that outlive a hold: what a run has to undo is found there by every machine.
And it carries the stop of a run in shards: a critical test that failed in one of them ends the others.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from focus_core.base.errors import BenchError
from focus_core.base.run_identity import is_shard, run_id, user
from focus_core.cluster.client import ClusterClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from focus_core.site.model import Site

NAME = "focus-acceptance"
# The prefixes of the annotations that are notes, and of those that stop the shards of the holder.
_NOTES, _STOPS = f"undo.{NAME}/", f"stop.{NAME}/"
# The annotation that says what the holder does, where others would feel it.
_ACTIVITY = f"activity.{NAME}/now"
# A hold that was not renewed for so long is over.
DURATION_S = 30
_RENEWED_EVERY_S = DURATION_S / 3
_LOOK_S = 1.0
_CONFLICT = 409
_NOT_FOUND = 404
# Between reading a lease and changing it somebody else may be faster; not time and again.
_TRIES = 5

_guard = threading.Lock()
_renewed: set[tuple[str, str]] = set()


@dataclass(frozen=True)
class Hold:
    """Who has the site: the run that reserved it, on whose machine ("user@host"), since when.

    ``renewed`` and ``version`` change with each renewal; ``seconds`` is how long the hold outlives the last one.
    ``notes`` are the texts that the Lease carries, by name; ``stops`` why the shards of this run end, by the number of
    their attempt; ``activity`` is what others would feel, as a load."""

    run: str
    machine: str
    since: datetime | None
    renewed: datetime | None
    seconds: float
    version: str
    notes: dict[str, str] = field(default_factory=dict)
    stops: dict[str, str] = field(default_factory=dict)
    activity: str = ""

    def __str__(self) -> str:
        since = f" since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        activity = f" for {self.activity}" if self.activity else ""
        return f"reserved by run {self.run} of {self.machine}{since}{activity}"


class Leases(ClusterClient):
    """The one lease of a site's namespace."""

    def read(self) -> Hold | None:
        """Who has the site; None while there is no lease, or nobody's."""
        try:
            lease = self._ask(self._coordination.read_namespaced_lease, NAME, self.namespace)
        except BenchError as error:
            if _status(error) == _NOT_FOUND:
                return None
            raise
        spec = lease.spec
        run, _, machine = (spec.holder_identity or "").rpartition(" of ")
        texts = lease.metadata.annotations or {}
        return Hold(
            run,
            machine,
            spec.acquire_time,
            spec.renew_time,
            spec.lease_duration_seconds or 0,
            lease.metadata.resource_version,
            _of_prefix(_NOTES, texts),
            _of_prefix(_STOPS, texts),
            texts.get(_ACTIVITY, ""),
        )

    def write(self, hold: Hold, *, since: datetime | None) -> bool:
        """Makes this run on this machine the holder, in the place of ``hold``; False when somebody else was faster."""
        now = datetime.now(UTC)
        stops, activity = (hold.stops, hold.activity) if hold.run == run_id() else ({}, "")
        ours = Hold(run_id(), this_machine(), since or now, now, DURATION_S, hold.version, hold.notes, stops, activity)
        return self._put(ours)

    def note(self, name: str, text: str | None) -> None:
        """Lets the Lease carry a note of that name from now on; None takes it away. Nothing where there is no Lease."""

        def noted(hold: Hold) -> Hold:
            notes = {key: kept for key, kept in hold.notes.items() if key != name}
            return replace(hold, notes=notes if text is None else {**notes, name: text})

        self._change(noted)

    def stop(self, attempt: int, text: str) -> None:
        """Ends the shards of this run that are in the same attempt; nothing where another run has the site."""
        self._change(
            lambda hold: replace(hold, stops={**hold.stops, str(attempt): text}) if hold.run == run_id() else hold
        )

    def keep_for(self, seconds: float) -> None:
        """Lets the hold of this run last so many seconds without renewal; nothing where another run has the site."""
        self._change(
            lambda hold: replace(hold, renewed=datetime.now(UTC), seconds=seconds) if hold.run == run_id() else hold
        )

    def announce(self, activity: str) -> None:
        """Lets the Lease say what its holder does from now on; empty: nothing that others would feel."""
        self._change(lambda hold: replace(hold, activity=activity))

    def _change(self, change: Callable[[Hold], Hold]) -> None:
        """Changes what the Lease carries as it is now; nothing where there is no Lease."""
        for _ in range(_TRIES):
            hold = self.read()
            if hold is None or change(hold) == hold or self._put(change(hold)):
                return
        raise BenchError(f"The lease {NAME} could not be changed: others change it all the time; try again.")

    def _put(self, hold: Hold) -> bool:
        annotations = {f"{_NOTES}{key}": text for key, text in hold.notes.items()}
        annotations |= {f"{_STOPS}{key}": text for key, text in hold.stops.items()}
        if hold.activity:
            annotations[_ACTIVITY] = hold.activity
        body: dict[str, Any] = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {"name": NAME, "annotations": annotations},
            "spec": {
                "holderIdentity": f"{hold.run} of {hold.machine}" if hold.machine else "",
                "leaseDurationSeconds": int(hold.seconds) or DURATION_S,
                "acquireTime": _text(hold.since),
                "renewTime": _text(hold.renewed),
            },
        }
        try:
            if hold.version:
                body["metadata"]["resourceVersion"] = hold.version
                self._ask(self._coordination.replace_namespaced_lease, NAME, self.namespace, body)
            else:
                self._ask(self._coordination.create_namespaced_lease, self.namespace, body)
        except BenchError as error:
            if _status(error) in (_CONFLICT, _NOT_FOUND):
                return False
            raise
        return True

    @cached_property
    def _coordination(self) -> Any:
        from kubernetes import client

        return client.CoordinationV1Api(self._api)


NOBODY = Hold("", "", None, None, 0, "")


def reserve(site: Site) -> None:
    """Takes the site for this run and machine, where its file asks for that, and keeps it until this process ends.

    A hold of another machine is watched for as long as it lasts without renewal, then taken over. Raises ``BenchError``
    that names who has the site, since when and what to do.
    """
    if site.reserve is None:
        return
    if "kubernetes" not in site.capabilities:
        raise BenchError(
            f"Site {site.name} is to be reserved by a lease and has no Kubernetes API by design: remove 'reserve' from "
            "its file, or add kubernetes to its capabilities."
        )
    acquire(Leases.of_site(site), site.name)
    place = (site.name, site.kubernetes.namespace)
    with _guard:
        if place not in _renewed:
            _renewed.add(place)
            threading.Thread(target=_keep, args=(Leases.of_site(site), place), name="reservation", daemon=True).start()


def acquire(leases: Leases, name: str) -> None:
    """Takes the lease of the site of that name. Raises ``BenchError`` while another machine renews it."""
    for _ in range(_TRIES):
        hold = leases.read() or NOBODY
        if not _is_shared(hold):
            hold = _abandoned(leases, hold, name)
        if leases.write(hold, since=hold.since if hold.run == run_id() else None):
            return
    raise BenchError(f"Site {name} could not be reserved: others change its lease {NAME} all the time; try again.")


def holder(site: Site) -> str:
    """Who has a site that is reserved by a lease, for people; empty when nobody has."""
    hold = Leases.of_site(site).read()
    if hold is None or not hold.machine or _is_over(hold):
        return ""
    return str(hold)


def keep_for(site: Site, seconds: float) -> None:
    """Lets the hold of this run outlive this process by so many seconds: another shard is going to take it up.

    Nothing where the site is not reserved by a lease, or another run has it.
    """
    if site.reserve is None:
        return
    with _guard:
        # Otherwise the next renewal would make the hold short again.
        _renewed.discard((site.name, site.kubernetes.namespace))
    Leases.of_site(site).keep_for(seconds)


def left_notes(site: Site) -> dict[str, str]:
    """The notes on the Lease of a site, by name; none of those that belong to a run of another machine that lives."""
    hold = Leases.of_site(site).read() if site.reserve else None
    if hold is None or (hold.machine not in ("", this_machine()) and not _is_over(hold)):
        return {}
    return hold.notes


def this_machine() -> str:
    """What runs as one user on one machine shares a hold."""
    return f"{user()}@{socket.gethostname()}"


def _is_shared(hold: Hold) -> bool:
    """Nobody's hold, one of this machine, or one of this run: the shards of a run share it wherever they run."""
    return hold.machine in ("", this_machine()) or (is_shard() and hold.run == run_id())


def _abandoned(leases: Leases, hold: Hold, name: str) -> Hold:
    """The hold of another machine when nobody renews it. Watched, not computed: clocks of two machines differ."""
    deadline = time.monotonic() + hold.seconds
    while time.monotonic() < deadline:
        time.sleep(_LOOK_S)
        now = leases.read() or NOBODY
        if not now.machine:
            return now
        if now.renewed != hold.renewed or now.machine != hold.machine:
            raise BenchError(
                f"Site {name} is {now}, and that run still goes on: wait for its end, or ask its owner to end it; a "
                f"hold that is not renewed ends by itself after {now.seconds:g} s."
            )
    return hold


def _keep(leases: Leases, place: tuple[str, str]) -> None:
    """Renews the hold as long as the process lives, nobody else has taken it and it is not kept for another shard."""
    while True:
        time.sleep(_RENEWED_EVERY_S)
        if place not in _renewed:
            return
        # A cluster that does not answer now is asked again; what somebody else took meanwhile stays his.
        with suppress(BenchError):
            hold = leases.read() or NOBODY
            if not _is_shared(hold):
                with _guard:
                    _renewed.discard(place)
                return
            leases.write(hold, since=hold.since)


def _is_over(hold: Hold) -> bool:
    return hold.renewed is not None and (datetime.now(UTC) - hold.renewed).total_seconds() > 2 * hold.seconds


def _of_prefix(prefix: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix(prefix): text for key, text in texts.items() if key.startswith(prefix)}


def _status(error: BenchError) -> int | None:
    return getattr(error.__cause__, "status", None)


def _text(moment: datetime | None) -> str | None:
    """As Kubernetes writes a MicroTime."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z" if moment else None
