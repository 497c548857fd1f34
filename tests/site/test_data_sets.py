"""Data sets on a living site: made whole, removed whole, and nothing is left of a run that was killed at any moment."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from focus_core.data import profiles, sets
from focus_core.data.names import RECORD_KIND
from focus_core.data.profiles import Alerts, Profile, Recordings, Users
from focus_core.disruption import recovery
from focus_core.run import clients, undo_records
from focus_core.site import loader as site_loader
from focus_core.site.model import Site as SiteModel
from pymongo import MongoClient
from support.site_commands import Site, mongodb_login

KILLED = """
import sys
from datetime import timedelta
from focus_core.data import sets
from focus_core.data.profiles import Alerts, Profile, Recordings, Users
from focus_core.site import loader as site_loader
site = site_loader.read(sys.argv[1])
profile = Profile(
    "killed", recordings=Recordings(count=100, live=1), unrecognized=3, base_path=sys.argv[2],
    alerts=Alerts(5, "algorithm"), users=Users(1), regions=1,
)
print("begun", flush=True)
sets.make(site, profile, seed=7, lease=timedelta(hours=1))
print("made", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def site(simulated_site: Site) -> SiteModel:
    found = site_loader.read(f"{simulated_site['state_dir']}/site.yaml")
    assert isinstance(found, SiteModel)
    return found


@pytest.fixture
def database(simulated_site: Site) -> Iterator[Any]:
    with MongoClient(**mongodb_login(simulated_site), serverSelectionTimeoutMS=5000) as mongo:
        yield mongo[simulated_site["mongodb"]["database"]]


def content(site: SiteModel, database: Any) -> dict[str, Any]:
    """What the site holds, as far as nobody but tests changes it."""
    webapp = clients.webapp_client(site, site.users[0])
    (guid,) = [place["guid"] for place in database.base_paths.find({"is_archive": False})]
    return {
        "base paths": list(database.base_paths.find()),
        "collections": sorted(database.list_collection_names()),
        "deleted recordings": sorted(one["uuid"] for one in database[guid].find({"deleted": True})),
        "users": [one["username"] for one in webapp.call("GET", "user/get-all-users").body],
        "regions": webapp.regions(),
        "alerts": sorted(one["ext_id"] for one in webapp.alerts()),
    }


def historic(database: Any) -> set[str]:
    (guid,) = [place["guid"] for place in database.base_paths.find({"is_archive": False})]
    return {one["uuid"] for one in database[guid].find({"end_time": {"$ne": None}, "deleted": False}, {"uuid": 1})}


def test_a_set_is_made_found_and_removed(site: SiteModel, database: Any) -> None:
    before, recorded = content(site, database), historic(database)
    profile = Profile(
        "all", recordings=Recordings(count=40, gap=1, deleted=10, live=1), unrecognized=2,
        alerts=Alerts(12, "algorithm"), users=Users(1), regions=1,
    )  # fmt: skip
    data, record = sets.make(site, profile, seed=7, lease=timedelta(hours=1))
    assert (data.recordings, data.unrecognized, data.alerts, data.users, data.regions) == (41, 2, 12, 1, 1)
    assert data.start
    assert data.end
    assert (data.end - data.start).total_seconds() <= 40 * 301
    assert data in sets.found(site)
    assert not sets.expired([data])
    assert undo_records.something_left(site)
    record.undo(lambda: sets.undo(site, record.record))
    assert data.name not in [one.name for one in sets.found(site)]
    assert content(site, database) == before
    assert recorded <= historic(database)


@pytest.mark.nightly
def test_the_dirty_profile_has_a_base_path_of_its_own(site: SiteModel, database: Any) -> None:
    before = content(site, database)
    data, record = sets.make(site, profiles.read("dirty data"), seed=7, lease=timedelta(seconds=1))
    assert data.base_path == f"/prisma/root/{data.name}"
    assert (data.recordings, data.unrecognized) == (63, 60)
    assert set(database[data.name].index_information()) >= {"uuid_1", "start_time_1", "end_time_1"}
    record.forget()
    sets.remove(site, data.name)
    assert content(site, database) == before


@pytest.mark.parametrize("kills", [1, pytest.param(50, marks=pytest.mark.nightly)])
def test_killed_runs_leave_nothing(site: SiteModel, database: Any, kills: int) -> None:
    """Killed with -9 at moments that a seed chooses, from before the first call until after the last one."""
    before, recorded = content(site, database), historic(database)
    longest = _killed_after(site, "storage", None)
    assert recovery.recover(site, kind=RECORD_KIND)
    assert content(site, database) == before
    chance = random.Random(kills)  # noqa: S311 - moments, no secret
    left = 0
    for number in range(kills):
        _killed_after(site, "own" if number % 2 else "storage", chance.uniform(0, longest))
        left += len(recovery.recover(site, kind=RECORD_KIND))
        assert sets.found(site) == []
    assert not undo_records.something_left(site)
    assert left > 0
    assert content(site, database) == before
    assert recorded <= historic(database)


def _killed_after(site: SiteModel, place: str, seconds: float | None) -> float:
    """Makes a set in a process of its own and kills that so much later, or when all is made; how long it lived."""
    path = f"{site.state_dir}/site.yaml"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, path, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        assert process.stdout.readline() == "begun\n"
        begun = time.monotonic()
        if seconds is None:
            assert process.stdout.readline() == "made\n"
        else:
            time.sleep(seconds)
        return time.monotonic() - begun
    finally:
        process.kill()
        process.communicate()
