"""Data sets of a site: made, found, removed. What is about to be made stands on disk before, and is undone by whoever
opens the site next when this process is killed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from focus_core.base.quantities import Moment
from focus_core.data import documents, names, policy, webapp_objects
from focus_core.data.names import SetName
from focus_core.data.profiles import Profile
from focus_core.data.recordings import FIBRE, Source
from focus_core.run import undo_records

if TYPE_CHECKING:
    from focus_core.run.undo_records import OpenRecord, Record
    from focus_core.site.model import Site


@dataclass(frozen=True)
class DataSet:
    """Test data of a site that were made together.

    - ``name``: what each of them carries
    - ``run``: the id of the run that made them
    - ``made``: when (UTC)
    - ``until``: when their lease ends (UTC); a sweep removes them afterwards
    - ``recordings``, ``unrecognized``: number of documents in MongoDB
    - ``base_path``: the folder of the recordings; none where there are none
    - ``start``, ``end``: when the first of the finished and not deleted ones begins and the last ends (UTC); none
      where there is none
    - ``alerts``, ``users``, ``regions``: number of those that the web app holds
    """

    name: str
    run: str
    made: Moment
    until: Moment
    recordings: int = 0
    unrecognized: int = 0
    base_path: str | None = None
    start: Moment | None = None
    end: Moment | None = None
    alerts: int = 0
    users: int = 0
    regions: int = 0

    def __str__(self) -> str:
        held = {
            kind: getattr(self, kind)
            for kind in ("recordings", "unrecognized", "alerts", "users", "regions")
            if getattr(self, kind)
        }
        content = ", ".join(f"{number} {kind}" for kind, number in held.items()) or "nothing"
        return f"{self.name}: {content}, until {self.until}"


def make(
    site: Site,
    profile: Profile,
    *,
    seed: int,
    lease: timedelta,
    until: datetime | None = None,
    before_undo: Callable[[], None] = lambda: None,
) -> tuple[DataSet, OpenRecord]:
    """Makes a set, and holds the record of it: whoever removes the set undoes the record, who lets it stay forgets it.

    ``until`` is when finished recordings end at the latest; before all others where it is not given. When one part
    fails or the process is stopped, ``before_undo`` is called and what was made is removed again. Raises
    ``DataForbiddenError`` before anything is asked of the site.
    """
    policy.check(site)
    name = names.new(lease)
    parts = _parts(site, name, profile, seed, until)
    stored: documents.Stored | None = None
    kept = {"alerts": profile.alerts.count, "users": profile.users.count, "regions": profile.regions}
    record = undo_records.keep(site, names.RECORD_KIND, "", {"set": name.text, "parts": list(parts)})
    try:
        for part in parts.values():
            stored = part() or stored
        return _data_set(name, stored, kept), record
    except BaseException:
        before_undo()
        record.undo(lambda: remove_parts(site, name, list(parts)))
        raise


def undo(site: Site, record: Record) -> None:
    """Removes what a record names; nothing left to remove is fine."""
    remove_parts(site, names.parsed(record.details["set"]), record.details["parts"])


def remove_parts(site: Site, name: SetName, parts: list[str]) -> None:
    """Removes these parts of a set, those made last first."""
    for part in reversed(parts):
        _REMOVALS[part](site, name)


def remove(site: Site, name: str) -> None:
    """Removes a set wherever the site may hold something of it. Raises ``DataForbiddenError`` as ``make``."""
    policy.check(site)
    remove_parts(site, names.parsed(name), _possible(site))


def found(site: Site) -> list[DataSet]:
    """All data sets of which the site holds something, the oldest first. Raises ``DataForbiddenError`` as ``make``."""
    policy.check(site)
    stored = documents.found(site) if "mongodb" in site.capabilities else {}
    kept = webapp_objects.found(site) if "webapp" in site.capabilities else {}
    every = [names.parsed(name) for name in stored.keys() | kept.keys()]
    return [
        _data_set(name, stored.get(name.text), kept.get(name.text, {}))
        for name in sorted(every, key=lambda one: (one.made, one.text))
    ]


def expired(sets: list[DataSet], now: datetime | None = None) -> list[DataSet]:
    """Those whose lease is over."""
    return [one for one in sets if one.until <= (now or datetime.now(UTC))]


def _parts(
    site: Site, name: SetName, profile: Profile, seed: int, until: datetime | None
) -> Mapping[str, Callable[[], documents.Stored | None]]:
    """What the profile asks for, in the order in which it is made; what lies in MongoDB says what was stored."""
    # What the web app keeps has no fibre and ends now.
    now = name.made.replace(tzinfo=None)
    source = Source(name.text, seed, now, now, FIBRE)
    asked: dict[str, tuple[Any, Callable[[], documents.Stored | None]]] = {
        "users": (profile.users.count, lambda: webapp_objects.make_users(site, name, profile.users)),
        "regions": (profile.regions, lambda: webapp_objects.make_regions(site, name, profile.regions)),
        "documents": (profile.has_documents, lambda: documents.make(site, name, profile, seed, until)),
        "alerts": (profile.alerts.count, lambda: webapp_objects.make_alerts(site, source, profile.alerts)),
    }
    return {part: make for part, (wanted, make) in asked.items() if wanted}


def _possible(site: Site) -> list[str]:
    """The parts that a set on this site may have."""
    needed = {"users": "webapp", "regions": "webapp", "documents": "mongodb", "alerts": "webapp"}
    return [part for part, interface in needed.items() if interface in site.capabilities]


_REMOVALS: Mapping[str, Callable[[Any, SetName], None]] = {
    "users": webapp_objects.remove_users,
    "regions": webapp_objects.remove_regions,
    "documents": documents.remove,
    "alerts": webapp_objects.remove_alerts,
}


def _data_set(name: SetName, stored: documents.Stored | None, kept: Mapping[str, int]) -> DataSet:
    held = stored or documents.Stored()
    return DataSet(
        name.text,
        name.run,
        Moment.convert(name.made),
        Moment.convert(name.until),
        held.recordings,
        held.unrecognized,
        held.base_path,
        Moment.convert(held.start) if held.start else None,
        Moment.convert(held.end) if held.end else None,
        kept.get("alerts", 0),
        kept.get("users", 0),
        kept.get("regions", 0),
    )
