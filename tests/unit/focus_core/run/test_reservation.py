"""A site that machines share: who gets it, who has to wait, what an abandoned hold costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import run_id
from focus_core.run import reservation
from focus_core.run.reservation import NOBODY, Hold, Leases
from focus_core.site import loader as site_loader
from focus_core.site.model import Site
from kubernetes.client.exceptions import ApiException

THEN = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
OTHERS = Hold("20261122-100000-ab12", "dan@build-7", THEN, THEN, 0.3, "1")


class Shared:
    """What a cluster holds; each look may find something else."""

    def __init__(self, *seen: Hold | None) -> None:
        self.seen = list(seen)
        self.written: list[tuple[Hold, datetime | None]] = []
        self.faster = 0

    def read(self) -> Hold | None:
        return self.seen.pop(0) if len(self.seen) > 1 else self.seen[0]

    def write(self, hold: Hold, *, since: datetime | None) -> bool:
        if self.faster:
            self.faster -= 1
            return False
        self.written.append((hold, since))
        return True


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reservation, "_LOOK_S", 0.05)


def acquire(shared: Shared) -> None:
    reservation.acquire(shared, "staging")  # type: ignore[arg-type]


def test_a_free_site_is_taken() -> None:
    shared = Shared(None)
    acquire(shared)
    assert shared.written == [(NOBODY, None)]


def test_this_machine_shares_its_hold_and_the_same_run_keeps_its_time() -> None:
    earlier = replace(OTHERS, machine=reservation.this_machine())
    ours = replace(earlier, run=run_id())
    for hold, since in ((earlier, None), (ours, THEN)):
        shared = Shared(hold)
        acquire(shared)
        assert shared.written == [(hold, since)]


def test_shards_of_one_run_share_its_hold_on_all_machines_and_equal_ids_alone_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = replace(OTHERS, run=run_id())
    with pytest.raises(BenchError, match="that run still goes on"):
        acquire(Shared(ours, replace(ours, renewed=THEN + timedelta(seconds=10))))
    monkeypatch.setenv("FOCUS_FIRST_LANE", "4")
    shared = Shared(replace(OTHERS, run=run_id()))
    acquire(shared)
    assert shared.written == [(replace(OTHERS, run=run_id()), THEN)]


def test_a_hold_that_is_renewed_is_reported_with_who_and_since_when() -> None:
    shared = Shared(OTHERS, OTHERS, replace(OTHERS, renewed=THEN + timedelta(seconds=10), version="2"))
    with pytest.raises(BenchError) as refused:
        acquire(shared)
    assert str(refused.value) == (
        "Site staging is reserved by run 20261122-100000-ab12 of dan@build-7 since 2026-11-22 10:00:05 UTC, and that "
        "run still goes on: wait for its end, or ask its owner to end it; a hold that is not renewed ends by itself "
        "after 0.3 s."
    )
    assert shared.written == []


def test_a_hold_that_another_one_takes_over_meanwhile_is_reported() -> None:
    with pytest.raises(BenchError, match="of eve@lab since"):
        acquire(Shared(OTHERS, replace(OTHERS, machine="eve@lab")))


@pytest.mark.parametrize("after", [OTHERS, None, replace(OTHERS, machine="", run="")])
def test_a_hold_that_nobody_renews_is_taken_over(after: Hold | None) -> None:
    shared = Shared(OTHERS, after)
    acquire(shared)
    assert shared.written == [(after or NOBODY, None)]


def test_who_was_slower_looks_again_but_not_for_ever() -> None:
    shared = Shared(None)
    shared.faster = 2
    acquire(shared)
    assert len(shared.written) == 1
    shared.faster = 99
    with pytest.raises(BenchError, match="others change its lease focus-acceptance all the time"):
        acquire(shared)


@pytest.fixture
def staging() -> Site:
    site = site_loader.read("staging")
    assert isinstance(site, Site)
    return site


def test_only_a_site_that_asks_for_it_is_reserved(staging: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(reservation, "acquire", lambda _leases, name: asked.append(name))
    monkeypatch.setattr(reservation, "_renewed", {("staging", "panda")})
    reservation.reserve(replace(staging, reserve=None))
    assert asked == []
    reservation.reserve(staging)
    assert asked == ["staging"]
    with pytest.raises(BenchError, match="has no Kubernetes API by design: remove 'reserve'"):
        reservation.reserve(replace(staging, capabilities=["rest"]))


@dataclass
class Api:
    """The calls to a cluster, which answers the next one with ``answer``."""

    answer: Any
    calls: list[tuple[Any, ...]]

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **_: Any) -> Any:
            self.calls.append((name, *args))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        call.__name__ = name
        return call


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    found = Api(None, [])
    monkeypatch.setattr(Leases, "_coordination", found)
    yield found


def test_a_lease_is_read_as_kubernetes_writes_it(api: Api) -> None:
    leases = Leases(namespace="panda")
    spec = {"acquire_time": THEN, "renew_time": THEN, "lease_duration_seconds": 30}
    texts = {f"undo.{reservation.NAME}/1": "{}", f"stop.{reservation.NAME}/2": "Api.Broken", "theirs": "x"}
    api.answer = SimpleNamespace(
        metadata=SimpleNamespace(resource_version="7", annotations=texts),
        spec=SimpleNamespace(holder_identity="run-1 of dan@build-7", **spec),
    )
    assert leases.read() == Hold("run-1", "dan@build-7", THEN, THEN, 30, "7", {"1": "{}"}, {"2": "Api.Broken"})
    api.answer = ApiException(status=404, reason="Not Found")
    assert leases.read() is None
    api.answer = ApiException(status=403, reason="Forbidden")
    with pytest.raises(BenchError, match="refused read_namespaced_lease in namespace panda: 403"):
        leases.read()


def test_a_lease_is_made_or_replaced_as_it_was_seen(api: Api) -> None:
    leases = Leases(namespace="panda")
    assert leases.write(NOBODY, since=None)
    assert leases.write(replace(OTHERS, notes={"1": "{}"}), since=THEN)
    (made, _, new), (replaced, *_, changed) = api.calls
    assert (made, replaced) == ("create_namespaced_lease", "replace_namespaced_lease")
    assert "resourceVersion" not in new["metadata"]
    assert changed["metadata"]["resourceVersion"] == "1"
    assert changed["metadata"]["annotations"] == {f"undo.{reservation.NAME}/1": "{}"}
    assert changed["spec"]["holderIdentity"] == f"{run_id()} of {reservation.this_machine()}"
    assert changed["spec"]["acquireTime"] == "2026-11-22T10:00:05.000000Z"
    api.answer = ApiException(status=409, reason="Conflict")
    assert not leases.write(OTHERS, since=None)


def test_a_note_leaves_the_hold_as_it_is(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    leases = Leases(namespace="panda")
    monkeypatch.setattr(Leases, "read", lambda _self: replace(OTHERS, notes={"1": "{}"}))
    leases.note("2", "new")
    leases.note("1", None)
    leases.note("3", None)  # what is not there need not be taken away
    (*_, added), (*_, removed) = api.calls
    assert added["metadata"]["annotations"] == {"undo.focus-acceptance/1": "{}", "undo.focus-acceptance/2": "new"}
    assert removed["metadata"]["annotations"] == {}
    assert added["spec"]["holderIdentity"] == f"{OTHERS.run} of {OTHERS.machine}"
    assert added["spec"]["renewTime"] == "2026-11-22T10:00:05.000000Z"


def test_the_run_that_has_the_site_stops_its_shards_and_the_stop_ends_with_its_hold(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = Leases(namespace="panda")
    ours = replace(OTHERS, run=run_id(), notes={"1": "{}"})
    monkeypatch.setattr(Leases, "read", lambda _self: OTHERS)
    leases.stop(2, "Api.Broken")
    assert api.calls == [], "another run has the site"
    monkeypatch.setattr(Leases, "read", lambda _self: ours)
    leases.stop(2, "Api.Broken")
    stopped = replace(ours, stops={"2": "Api.Broken"})
    leases.write(stopped, since=THEN)
    leases.write(replace(stopped, run="another"), since=None)
    texts = [body["metadata"]["annotations"] for *_, body in api.calls]
    both = {"undo.focus-acceptance/1": "{}", "stop.focus-acceptance/2": "Api.Broken"}
    assert texts == [both, both, {"undo.focus-acceptance/1": "{}"}]


def test_a_hold_is_kept_for_another_shard_and_not_renewed_any_more(
    staging: Site, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Leases, "of_site", classmethod(lambda cls, _site: cls(namespace="panda")))
    monkeypatch.setattr(Leases, "read", lambda _self: replace(OTHERS, run=run_id()))
    monkeypatch.setattr(reservation, "_RENEWED_EVERY_S", 0.0)
    place = (staging.name, staging.kubernetes.namespace)
    monkeypatch.setattr(reservation, "_renewed", {place})
    reservation.keep_for(staging, 300)
    reservation._keep(Leases(namespace="panda"), place)  # returns: the hold stays as long as it was made
    ((*_, body),) = api.calls
    assert body["spec"]["leaseDurationSeconds"] == 300
    assert datetime.fromisoformat(body["spec"]["renewTime"]) > THEN
    reservation.keep_for(replace(staging, reserve=None), 300)
    assert len(api.calls) == 1


def test_who_has_the_site_says_that_it_is_under_load(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    leases = Leases(namespace="panda")
    monkeypatch.setattr(Leases, "read", lambda _self: replace(OTHERS, notes={"1": "{}"}))
    leases.announce("a load")
    (*_, body) = api.calls[0]
    assert body["metadata"]["annotations"] == {
        "undo.focus-acceptance/1": "{}",
        "activity.focus-acceptance/now": "a load",
    }
    assert str(replace(OTHERS, activity="a load")).endswith(" UTC for a load")
    assert leases.write(replace(OTHERS, activity="a load"), since=None)
    (*_, taken) = api.calls[1]
    assert taken["metadata"]["annotations"] == {}, "another run does something else"


def test_notes_are_left_unless_another_machine_lives(staging: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(hold: Hold | None) -> dict[str, str]:
        monkeypatch.setattr(Leases, "of_site", classmethod(lambda _cls, _site: Shared(hold)))
        return reservation.left_notes(staging)

    old = replace(OTHERS, notes={"1": "{}"})
    living = replace(old, renewed=datetime.now(UTC), seconds=30)
    assert seen(None) == {}
    assert seen(living) == {}
    assert seen(old) == seen(replace(living, machine=reservation.this_machine())) == {"1": "{}"}
    assert seen(replace(living, machine="")) == {"1": "{}"}


def test_an_old_hold_is_nobodys_for_people(staging: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Leases, "of_site", classmethod(lambda _cls, _site: Shared(OTHERS)))
    assert reservation.holder(staging) == ""
    fresh = replace(OTHERS, renewed=datetime.now(UTC), seconds=30)
    monkeypatch.setattr(Leases, "of_site", classmethod(lambda _cls, _site: Shared(fresh)))
    assert reservation.holder(staging).startswith("reserved by run 20261122-100000-ab12 of dan@build-7 since")
