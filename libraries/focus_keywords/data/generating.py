"""Makes test data on the site, and removes them at the end of the test."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from focus_core.base import cleanup, demands
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment, Percent
from focus_core.data import policy, profiles, sets
from focus_core.data.profiles import Alerts, Damage, Place, Profile, Recordings, Sender, Users
from focus_core.data.sets import DataSet
from focus_core.run.undo_records import OpenRecord
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword

_TAGS = ("Data",)
# Data of a test that could neither be removed at its end nor by the next run.
_LEASE = timedelta(hours=4)
_MOST_SEED = 999_999
# Of what may be left out, so that documentation and completion do not offer None.
_RECORDINGS: dict[str, Any] = {
    "count": int,
    "length": timedelta,
    "gap": timedelta,
    "deleted": Percent,
    "holes": int,
    "overlapping": int,
    "live": int,
    "damaged": Damage,
    "base_path": Place,
    "until": Moment,
    "seed": int,
}
_ALERTS: dict[str, Any] = {"count": int, "by": Sender, "over": timedelta, "seed": int}


class DataGenerator:
    """What is made carries the id of the run, and is gone after the test, or after the suite whose setup made it."""

    def __init__(self) -> None:
        # What this process has to remove, by the names of the sets: the record on disk and the entry of the clean-up.
        self._living: dict[str, tuple[OpenRecord, cleanup.CleanupRegistry, str]] = {}

    @keyword(tags=_TAGS, types={"profile": str, "until": Moment, "seed": int, "lease": timedelta})
    def generate_data(
        self, profile: str, *, seed: int | None = None, until: Moment | None = None, lease: timedelta = _LEASE
    ) -> DataSet:
        """Makes what a profile of ``variables/data`` asks for: quiet site, busy day, year of recordings, dirty data.

        The same ``seed`` makes the same data; without one it is chosen by chance and named in the log. Recordings lie
        before all others, or end at the latest at ``until``. After the ``lease`` any sweep may remove them, if that has
        not been done at the end of the test. Skipped where the site's policy forbids test data.

        | ${data} =    Generate Data    quiet site    seed=7
        | Get Recording Count    ==    ${data.recordings}    since=${data.start}    until=${data.end}
        """
        policy.check(site())
        return self._make(profiles.read(profile), seed, until, lease)

    @keyword(tags=_TAGS, types=_RECORDINGS)
    def generate_recordings(
        self,
        count: int,
        *,
        length: timedelta = timedelta(minutes=5),
        gap: timedelta = timedelta(0),
        deleted: Percent = Percent(0),  # noqa: B008 - a number
        holes: int = 0,
        overlapping: int = 0,
        live: int = 0,
        damaged: Damage | None = None,
        base_path: Place = "storage",
        until: Moment | None = None,
        seed: int | None = None,
    ) -> DataSet:
        """Makes ``count`` recordings of one ``length``, each a ``gap`` after the one before, in the folder that the
        recorder writes to (storage), where they can be played, or in a base path of their ``own``.

        ``deleted`` is the share of them that is deleted; ``holes`` of the gaps are as long as a recording;
        ``overlapping`` and ``live`` ones come beside them, and one that is ``damaged``: orphan, no start, stale, in
        future, end before start, repeated uuid, malformed uuid, text as deleted, text as time, no fibre. ``until`` and
        ``seed`` are those of `Generate Data`.

        | ${data} =    Generate Recordings    12    length=1 minute    gap=10 s    holes=1    seed=7
        | Get Recording Count    ==    12    since=${data.start}    until=${data.end}
        """
        policy.check(site())
        demands.at_least(1, count=count)
        asked = Recordings(count, length.total_seconds(), gap.total_seconds(), float(deleted), holes, overlapping, live)
        wrong: dict[Damage, int] = {damaged: 1} if damaged else {}
        return self._make(Profile("recordings", recordings=asked, damaged=wrong, base_path=base_path), seed, until)

    @keyword(tags=_TAGS, types=_ALERTS)
    def generate_alerts(
        self, count: int, *, by: Sender = "web app", over: timedelta = timedelta(hours=1), seed: int | None = None
    ) -> DataSet:
        """Makes alerts of all classes and severities along the fibre, and waits until they are listed.

        By the web app they begin now; by an algorithm they are messages of its runs on the site's exchange, with times
        spread ``over`` the last hour.

        | ${data} =    Generate Alerts    20    by=algorithm    over=10 minutes
        """
        policy.check(site())
        demands.at_least(1, count=count)
        return self._make(Profile("alerts", alerts=Alerts(count, by, over.total_seconds())), seed)

    @keyword(tags=_TAGS)
    def generate_users(self, count: int, *, role: str = "viewer") -> DataSet:
        """Signs up users of the web app with a role, whose names begin with that of the set.

        | ${data} =    Generate Users    2    role=viewer
        """
        policy.check(site())
        demands.at_least(1, count=count)
        return self._make(Profile("users", users=Users(count, role)), 0)

    @keyword(tags=_TAGS)
    def generate_regions(self, count: int) -> DataSet:
        """Adds regions to the web app, whose names begin with that of the set.

        | ${data} =    Generate Regions    3
        """
        policy.check(site())
        demands.at_least(1, count=count)
        return self._make(Profile("regions", regions=count), 0)

    @keyword(tags=_TAGS)
    def remove_data(self, data: DataSet) -> None:
        """Removes a data set before the end of its test.

        | ${data} =    Generate Recordings    2
        | Remove Data    ${data}
        | Get Data Sets    not contains    ${data.name}
        """
        policy.check(site())
        if data.name not in self._living:
            raise BenchError(f"This run did not make {data.name}, or has removed it; use 'run.py data remove'.")
        _, registry, entry = self._living[data.name]
        registry.done(entry)
        self._remove(data.name)

    def _make(
        self, profile: Profile, seed: int | None, until: Moment | None = None, lease: timedelta = _LEASE
    ) -> DataSet:
        chosen = random.randint(0, _MOST_SEED) if seed is None else seed  # noqa: S311 - no secret
        data, record = sets.make(site(), profile, seed=chosen, lease=lease, until=until)
        registry = cleanup.current()
        self._living[data.name] = (
            record,
            registry,
            registry.add(f"Data set {data.name}", lambda: self._remove(data.name)),
        )
        logger.info(f"Made {data} (seed {chosen}).")
        return data

    def _remove(self, name: str) -> None:
        record, _, _ = self._living.pop(name)
        record.undo(lambda: sets.undo(site(), record.record))
